// Files in IndexedDB, the one place where every browser keeps them on the disk before it says so ("strict"). Used by the
// page alone: on an iPhone a worker's connection that was lost while the phone slept does not come back.
// They belong to the page that owned them last: what an earlier page still wants to write is refused in the same
// transaction, so that a tab which wakes up late cannot write over newer work.

const SHELF = "tungnha", FILES = "files", OWNER = "owner";
const FINAL = ["QuotaExceededError", "NotOwner"]; // trying again changes nothing
const TRIES = 6, PAUSE = 300; // a browser that was killed a moment ago may still hold its files
let connection = null;
let me = null;

/** From now on only this page writes; if it rejects, nobody is kept from writing. */
export async function own() {
  const name = crypto.getRandomValues(new Uint32Array(4)).join("-");
  await inTransaction("readwrite", (files) => files.put(name, OWNER));
  me = name;
}

/** Whether there is such a file. */
export async function holds(name) {
  return (await inTransaction("readonly", (files) => files.count(name)).catch(() => 0)) > 0;
}

/** The bytes of a file, or null if there is none. */
export async function read(name) {
  const found = await inTransaction("readonly", (files) => files.get(name));
  return found ? new Uint8Array(found) : null;
}

/** Make this the whole content of the file. It resolves when the transaction is on the disk: that is the receipt. */
export async function replace(name, bytes) {
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer; // exactly these bytes; a Blob ends the process in some versions of Safari
  await asOwner((files) => files.put(whole, name));
}

/** Give a file another name. */
export async function rename(name, other) {
  await asOwner((files) => {
    const reading = files.get(name);
    reading.onsuccess = () => {
      files.put(reading.result, other);
      files.delete(name);
    };
  });
}

export async function remove(name) {
  await asOwner((files) => files.delete(name));
}

function asOwner(work) {
  return inTransaction("readwrite", (files, refuse) => {
    const asking = files.get(OWNER);
    asking.onsuccess = () => (me && asking.result !== me ? refuse() : work(files));
  });
}

/** Do this in one transaction. Where the connection was lost, once more over a new one. */
async function inTransaction(mode, work) {
  try {
    return await attempt(mode, work);
  } catch (error) {
    if (FINAL.includes(error.name)) throw error;
    connection?.then((open) => open.close(), () => {});
    connection = null;
    return attempt(mode, work);
  }
}

async function attempt(mode, work) {
  const shelf = await (connection ??= openPatiently());
  return new Promise((done, failed) => {
    const transaction = shelf.transaction(FILES, mode, { durability: "strict" });
    let why = null;
    const refuse = () => {
      why = new DOMException("another tab has the file", "NotOwner");
      transaction.abort();
    };
    const request = work(transaction.objectStore(FILES), refuse);
    transaction.oncomplete = () => done(request?.result);
    transaction.onabort = transaction.onerror = () =>
      failed(why ?? transaction.error ?? new DOMException("aborted", "AbortError"));
  });
}

async function openPatiently() {
  for (let tried = 1; ; tried++) {
    try {
      return await open();
    } catch (error) {
      if (tried === TRIES || !globalThis.indexedDB) throw error;
      await new Promise((later) => setTimeout(later, PAUSE));
    }
  }
}

function open() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(SHELF, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(FILES);
    opening.onblocked = opening.onerror = () => failed(opening.error ?? new DOMException("blocked", "AbortError"));
    opening.onsuccess = () => {
      const shelf = opening.result;
      shelf.onclose = () => (connection = null);
      shelf.onversionchange = () => (shelf.close(), (connection = null)); // somebody deletes it
      done(shelf);
    };
  });
}
