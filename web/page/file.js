// The app's file, as the page keeps it for Python's worker: read once at the start, replaced as a whole at each save.
import { readFromFolder, removeFromFolder } from "./folder.js";
import * as shelf from "./shelf.js";
import { forgetSnapshots } from "./snapshot.js";

export const FILE = "tungnha.db";
const SQLITE = "SQLite format 3\0";
const DEEDS = { save, keepBeside: shelf.keepBeside, putAside: () => putAside("damaged") };
let hasSaved = false;

/**
 * Own the file and read it. Resolves to { state, bytes, note }, never rejects: state is "ready" or "unreadable", note says why
 * it is, or what was put aside because it is damaged.
 */
export async function openFile() {
  try {
    await makingRoom(() => shelf.own()).catch(unlessFull); // on a full disk what is there can still be read, and sent
    const earlier = await takeOverFromFolder();
    return { state: "ready", ...(earlier ? { bytes: earlier, note: null } : await read()) };
  } catch (error) {
    return { state: "unreadable", bytes: null, note: String(error) };
  }
}

/** Do what Python's worker asks: { id, what, given } is answered by { id, result } or { id, error }. */
export async function serve({ id, what, given }, onFirstSave) {
  try {
    const result = await DEEDS[what](...given);
    if (what === "save" && !hasSaved) onFirstSave();
    hasSaved ||= what === "save";
    return { kind: "file", id, result };
  } catch (error) {
    return { kind: "file", id, error: { name: error.name, message: error.message } };
  }
}

function save(bytes) {
  return makingRoom(() => shelf.replace(FILE, bytes));
}

/** A snapshot can be made again, what people wrote cannot. */
async function makingRoom(write) {
  try {
    await write();
  } catch (error) {
    if (error.name !== "QuotaExceededError" || !(await forgetSnapshots())) throw error;
    await write();
  }
}

function unlessFull(error) {
  if (error.name !== "QuotaExceededError") throw error;
}

/** Move an earlier version's file onto the shelf. Returns its bytes where there is no room yet for a second copy. */
async function takeOverFromFolder() {
  const bytes = await readFromFolder(FILE);
  if (!bytes) return null;
  try {
    if (!(await shelf.holds(FILE))) await save(bytes);
  } catch (error) {
    unlessFull(error);
    return bytes;
  }
  await removeFromFolder(FILE);
  return null;
}

async function read() {
  let bytes;
  try {
    bytes = await shelf.read(FILE);
  } catch (error) {
    if (error.name !== "Damaged") throw error; // it may be readable the next time
    return { bytes: null, note: await putAside(error.message) };
  }
  if (!bytes?.length) return { bytes: null, note: null };
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, SQLITE.length));
  if (beginning !== SQLITE) return { bytes: null, note: await putAside("not a SQLite file") };
  return { bytes, note: null };
}

/** Keep a file that cannot be read under another name; the next save writes a new one. Returns the note for the app. */
async function putAside(why) {
  const name = `tungnha-hong-${new Date().toISOString().replace(/[:.]/g, "-")}.db`;
  await shelf.rename(FILE, name);
  return `${name}: ${why}`;
}
