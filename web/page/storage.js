// The one database file, kept by the browser (OPFS), and the rules that make "saved" true.
// Read once at start, written back whole by createWritable, whose close() swaps old for new in one go.

import { forgetSnapshots } from "./snapshot.js";

const FILE = "tungnha.db";
const LOCK = "tungnha-db";
const SQLITE = "SQLite format 3\0";
const PATIENCE_FOR_LOCK = 1500; // a page being reloaded gives its lock back a moment late
const PATIENCE_FOR_TRANSACTION = 5000;

/** Take the lock and read the file. Resolves to { state, bytes, note, folder }; never rejects. */
export async function openStorage() {
  if (!(await takeLock())) return { state: "busy", bytes: null, note: null };
  try {
    const folder = await navigator.storage.getDirectory();
    if (!("createWritable" in FileSystemFileHandle.prototype)) throw new Error("createWritable is missing");
    const names = [];
    for await (const name of folder.keys()) names.push(name);
    // A browser killed while writing leaves these half copies behind; the swap never happened, so they hold nothing.
    for (const name of names.filter((name) => name.endsWith(".crswap"))) await folder.removeEntry(name).catch(() => {});
    const found = names.includes(FILE) ? await read(folder) : { bytes: null, note: null };
    return { state: "ready", folder, ...found };
  } catch (error) {
    return { state: "unavailable", bytes: null, note: String(error) };
  }
}

function takeLock() {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((answer) => {
    const giveUp = new AbortController();
    const got = () => (answer(true), new Promise(() => {})); // until this worker ends
    navigator.locks.request(LOCK, { signal: giveUp.signal }, got).catch(() => answer(false));
    // A busy phone grants a lock late though nobody holds it: only a holder is a reason to give up.
    const look = async () => {
      const { held } = await navigator.locks.query();
      if (held.some(({ name }) => name === LOCK)) giveUp.abort(); // if it is this worker itself, nothing happens
      else setTimeout(look, PATIENCE_FOR_LOCK);
    };
    setTimeout(look, PATIENCE_FOR_LOCK);
  });
}

async function read(folder) {
  const handle = await folder.getFileHandle(FILE);
  let bytes;
  try {
    bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
  } catch (error) {
    return { bytes: null, note: await putAside(folder, handle, String(error)) };
  }
  if (bytes.length === 0) return { bytes: null, note: null }; // the first save ever was cut off
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, SQLITE.length));
  if (beginning !== SQLITE) return { bytes: null, note: await putAside(folder, handle, "not a SQLite file") };
  return { bytes, note: null };
}

/** Keep a file that cannot be read under another name. Returns the note for the app. */
async function putAside(folder, handle, why) {
  const name = `tungnha-hong-${new Date().toISOString().replace(/[:.]/g, "-")}.db`;
  await handle.move(folder, name);
  return `${name}: ${why}`;
}

/** Keep the stored file aside: Python found that it cannot be read. The next save writes a new one. */
export function makeKeepDamaged(storage) {
  return async () => {
    if (storage.state === "ready") await putAside(storage.folder, await storage.folder.getFileHandle(FILE), "damaged");
  };
}

/**
 * A save() that writes the file `path` of Python's file system back to the browser.
 * One write at a time. Calls made during a write share the one that follows, which starts after all of them.
 */
export function makeSave(storage, files, path) {
  let running = Promise.resolve();
  let next = null;

  return function save() {
    if (storage.state !== "ready") return Promise.reject(new Error(`StorageUnavailable: ${storage.note ?? storage.state}`));
    if (!next) {
      next = running.catch(() => {}).then(() => {
        next = null;
        running = write();
        return running;
      });
    }
    return next;
  };

  async function write() {
    try {
      await noOpenTransaction();
      if (!files.analyzePath(path).exists) return;
      const bytes = files.readFile(path);
      if (bytes.length === 0) return;
      try {
        await replaceFile(storage.folder, bytes);
      } catch (error) {
        // A snapshot can be made again, what people wrote cannot.
        if (error.name !== "QuotaExceededError" || !(await forgetSnapshots())) throw error;
        await replaceFile(storage.folder, bytes);
      }
    } catch (error) {
      throw new Error(`${error.name}: ${error.message}`); // the name reaches Python this way
    }
  }

  // While SQLite's journal lies beside the file, the file may be half changed.
  async function noOpenTransaction() {
    const until = Date.now() + PATIENCE_FOR_TRANSACTION;
    while (files.analyzePath(`${path}-journal`).exists) {
      if (Date.now() > until) throw Object.assign(new Error("a transaction stays open"), { name: "TransactionOpen" });
      await new Promise((later) => setTimeout(later, 20));
    }
  }
}

async function replaceFile(folder, bytes) {
  const handle = await folder.getFileHandle(FILE, { create: true });
  const writable = await handle.createWritable();
  try {
    await writable.write(bytes);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => {});
    throw error;
  }
}
