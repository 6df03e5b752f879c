// Files in IndexedDB, the one place where every browser keeps them on the disk before it says so ("strict"). Used by the
// page alone: on an iPhone a worker's connection that was lost while the phone slept does not come back.
// A file lies there in pages, so that a save writes only those that changed, and no value is so large that a browser puts
// it into a file of its own beside its database. One transaction holds them together.
// They belong to the page that owned them last: what an earlier page still wants to write is refused in the same
// transaction, so that a tab which wakes up late cannot write over newer work.

const SHELF = "tungnha", VERSION = 2; // in version 1 a file was one value among FILES
const FILES = "files"; // the length of each file, in bytes, by its name; and OWNER
const PAGES = "pages"; // by [name, number]
const OWNER = "owner";
const BESIDE = "beside"; // what the page shows of the file before anybody reads it: gone with the next save
const PAGE = 16_384; // bytes
const FINAL = ["QuotaExceededError", "NotOwner", "Damaged"]; // trying again changes nothing
const NEVER = ["SecurityError", "InvalidStateError"]; // this window has no such place
const TRIES = 6, PAUSE = 500; // a browser that was killed a moment ago may still hold its files
let connection = null;
let me = null;
let known = null; // { name, bytes }: what surely lies there of the file read or written last

/** From now on only this page writes; if it rejects, nobody is kept from writing. */
export async function own() {
  const name = crypto.getRandomValues(new Uint32Array(4)).join("-");
  await inTransaction("readwrite", ({ files }) => void files.put(name, OWNER));
  me = name;
}

/** Whether there is such a file. Rejects if that cannot be told. */
export async function holds(name) {
  if (!globalThis.indexedDB) return false;
  return (await inTransaction("readonly", ({ files }) => resultOf(files.count(name)))) > 0;
}

/** The bytes of a file, or null if there is none. Rejects with "Damaged" if a part of it is missing. */
export async function read(name) {
  const found = await find(name);
  if (found?.isInPages) known = { name, bytes: found.bytes };
  return found && found.bytes.slice();
}

/** What was kept beside the file since it was saved last; null if nothing was. */
export async function readBeside() {
  return (await find(BESIDE))?.bytes ?? null;
}

/** Keep this beside the file, until it is saved again. */
export function keepBeside(bytes) {
  return asOwner((shelf) => {
    forgetBeside(shelf);
    shelf.files.put(bytes.length, BESIDE);
    for (let at = 0; at < bytes.length; at += PAGE) shelf.pages.put(bytes.slice(at, at + PAGE).buffer, [BESIDE, at / PAGE]);
  });
}

function forgetBeside({ files, pages }) {
  files.delete(BESIDE);
  pages.delete(allOf(BESIDE));
}

async function find(name) {
  const [size, pages] = await inTransaction("readonly", (shelf) => {
    const asked = [shelf.files.get(name), shelf.pages.getAll(allOf(name))];
    return () => asked.map((request) => request.result);
  });
  if (size === undefined) return null;
  if (typeof size !== "number") return { bytes: new Uint8Array(size), isInPages: false };
  const bytes = new Uint8Array(size);
  if (pages.reduce((sum, page) => sum + page.byteLength, 0) !== size) throw new DOMException("pages are missing", "Damaged");
  pages.forEach((page, number) => bytes.set(new Uint8Array(page), number * PAGE));
  return { bytes, isInPages: true };
}

/** Make this the whole content of the file. It resolves when the transaction is on the disk: that is the receipt. */
export async function replace(name, bytes) {
  const before = known?.name === name ? known.bytes : null;
  known = null;
  try {
    await asOwner(({ files, pages }) => {
      forgetBeside({ files, pages });
      files.put(bytes.length, name);
      pages.delete(allOf(name, before ? Math.ceil(bytes.length / PAGE) : 0));
      for (const number of changedPages(before, bytes)) {
        pages.put(bytes.slice(number * PAGE, (number + 1) * PAGE).buffer, [name, number]); // never a Blob: it ends the process in some versions of Safari
      }
    });
    known = { name, bytes };
  } catch (error) {
    if (before && FINAL.includes(error.name)) known = { name, bytes: before };
    throw error;
  }
}

/** Give a file another name. */
export async function rename(name, other) {
  known = null;
  await asOwner(({ files, pages }) => {
    forgetBeside({ files, pages });
    files.get(name).onsuccess = ({ target }) => {
      files.put(target.result, other);
      files.delete(name);
    };
    pages.openCursor(allOf(name)).onsuccess = ({ target: { result: found } }) => {
      if (!found) return;
      pages.put(found.value, [other, found.key[1]]);
      found.delete();
      found.continue();
    };
  });
}

export async function remove(name) {
  known = null;
  await asOwner(({ files, pages }) => {
    forgetBeside({ files, pages });
    files.delete(name);
    pages.delete(allOf(name));
  });
}

function allOf(name, from = 0) {
  return IDBKeyRange.bound([name, from], [name, Infinity]);
}

function* changedPages(before, bytes) {
  for (let at = 0; at < bytes.length; at += PAGE) {
    if (!before || !isSame(before.subarray(at, at + PAGE), bytes.subarray(at, at + PAGE))) yield at / PAGE;
  }
}

function isSame(one, other) {
  if (one.length !== other.length || one.length % 4) return false;
  const [left, right] = [one, other].map((bytes) => new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

function resultOf(request) {
  return () => request.result;
}

function asOwner(work) {
  return inTransaction("readwrite", (shelf, refuse) => {
    const asking = shelf.files.get(OWNER);
    asking.onsuccess = () => (me && asking.result !== me ? refuse() : work(shelf));
  });
}

/** Do this in one transaction; it returns a function for the result. Where the connection was lost, once more over a new one. */
async function inTransaction(mode, work) {
  const shelf = await (connection ??= openPatiently());
  try {
    return await attempt(shelf, mode, work);
  } catch (error) {
    if (FINAL.includes(error.name)) throw error;
    shelf.close();
    connection = openPatiently();
    return attempt(await connection, mode, work);
  }
}

function attempt(shelf, mode, work) {
  return new Promise((done, failed) => {
    const transaction = shelf.transaction([FILES, PAGES], mode, { durability: "strict" });
    let why = null;
    const refuse = () => {
      why = new DOMException("another tab has the file", "NotOwner");
      transaction.abort();
    };
    transaction.onerror = ({ target }) => (why ??= target.error);
    transaction.onabort = () => failed(why ?? transaction.error ?? new DOMException("aborted", "AbortError"));
    const result = work({ files: transaction.objectStore(FILES), pages: transaction.objectStore(PAGES) }, refuse);
    transaction.oncomplete = () => done(result?.());
  });
}

async function openPatiently() {
  for (let tried = 1; ; tried++) {
    try {
      return await open();
    } catch (error) {
      if (tried === TRIES || !globalThis.indexedDB || NEVER.includes(error.name)) {
        connection = null; // the next one tries again
        throw error;
      }
      await new Promise((later) => setTimeout(later, PAUSE));
    }
  }
}

function open() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(SHELF, VERSION);
    opening.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) opening.result.createObjectStore(FILES);
      opening.result.createObjectStore(PAGES);
    };
    opening.onblocked = opening.onerror = () => failed(opening.error ?? new DOMException("blocked", "AbortError"));
    opening.onsuccess = () => {
      const shelf = opening.result;
      shelf.onclose = () => (connection = null);
      shelf.onversionchange = () => (shelf.close(), (connection = null)); // somebody deletes it, or a newer version of the app opens it
      done(shelf);
    };
  });
}
