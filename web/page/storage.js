// The one database file, kept by the browser, and the rules that make "saved" true: read once at start, written back whole.
import * as folder from "./folder.js";
import { forgetSnapshots } from "./snapshot.js";

const FILE = "tungnha.db";
const LOCK = "tungnha-db";
const SQLITE = "SQLite format 3\0";
const PATIENCE_FOR_LOCK = 1500; // a page being reloaded gives its lock back a moment late
const PATIENCE_FOR_TRANSACTION = 5000;

/** The shelf (shelf.js) as a worker has it: the page does the work. `answered` takes what the page answers. */
export function shelfOfPage() {
  const asked = new Map();
  const ask = (what) => (...given) =>
    new Promise((done, failed) => {
      const id = crypto.randomUUID?.() ?? String(Math.random());
      asked.set(id, { done, failed });
      self.postMessage({ kind: "shelf", id, what, given });
    });
  const answered = ({ id, result, error }) => {
    const { done, failed } = asked.get(id);
    asked.delete(id);
    if (error) failed(Object.assign(new Error(error.message), { name: error.name }));
    else done(result);
  };
  return { answered, read: ask("read"), replace: ask("replace"), rename: ask("rename") };
}

/**
 * Take the lock and read the file from where `keptIn` says: "folder", "shelf" or null.
 * Resolves to { state, bytes, note, files }; never rejects.
 */
export async function openStorage(keptIn, shelf) {
  if (!(await takeLock())) return { state: "busy", bytes: null, note: null };
  if (!keptIn) return { state: "unavailable", bytes: null, note: "nothing is kept here" };
  const files = keptIn === "shelf" ? shelf : folder;
  try {
    return { state: "ready", files, ...(await read(files)) };
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

async function read(files) {
  let bytes;
  try {
    bytes = await files.read(FILE);
  } catch (error) {
    return { bytes: null, note: await putAside(files, String(error)) };
  }
  if (!bytes?.length) return { bytes: null, note: null }; // none yet, or the first save ever was cut off
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, SQLITE.length));
  if (beginning !== SQLITE) return { bytes: null, note: await putAside(files, "not a SQLite file") };
  return { bytes, note: null };
}

/** Keep a file that cannot be read under another name. Returns the note for the app. */
async function putAside(files, why) {
  const name = `tungnha-hong-${new Date().toISOString().replace(/[:.]/g, "-")}.db`;
  await files.rename(FILE, name);
  return `${name}: ${why}`;
}

/** Keep the stored file aside: Python found that it cannot be read. The next save writes a new one. */
export function makeKeepDamaged(storage) {
  return async () => {
    if (storage.state === "ready") await putAside(storage.files, "damaged");
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
        await storage.files.replace(FILE, bytes);
      } catch (error) {
        // A snapshot can be made again, what people wrote cannot.
        if (error.name !== "QuotaExceededError" || !(await forgetSnapshots())) throw error;
        await storage.files.replace(FILE, bytes);
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
