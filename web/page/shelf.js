// Files in IndexedDB, for browsers that cannot replace a file in their folder (folder.js). Used by the page alone: on an
// iPhone a worker's connection that was lost while the phone slept does not come back.

const SHELF = "tungnha", FILES = "files";
let connection = null;

export const canWrite = () => Boolean(globalThis.indexedDB);

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
  const whole = bytes.slice().buffer; // exactly these bytes; a Blob ends the process in some versions of Safari
  await inTransaction("readwrite", (files) => files.put(whole, name));
}

/** Give a file another name. */
export async function rename(name, other) {
  await inTransaction("readwrite", (files) => {
    const reading = files.get(name);
    reading.onsuccess = () => {
      files.put(reading.result, other);
      files.delete(name);
    };
  });
}

export async function remove(name) {
  await inTransaction("readwrite", (files) => files.delete(name));
}

/** Do this in one transaction. Where the connection was lost, once more over a new one. */
async function inTransaction(mode, work) {
  try {
    return await attempt(mode, work);
  } catch (error) {
    if (error.name === "QuotaExceededError") throw error;
    connection?.then((open) => open.close(), () => {});
    connection = null;
    return attempt(mode, work);
  }
}

async function attempt(mode, work) {
  const shelf = await (connection ??= open());
  return new Promise((done, failed) => {
    const transaction = shelf.transaction(FILES, mode, { durability: "strict" });
    const request = work(transaction.objectStore(FILES));
    transaction.oncomplete = () => done(request?.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
}

function open() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(SHELF, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(FILES);
    opening.onblocked = opening.onerror = () => failed(opening.error ?? new DOMException("blocked", "AbortError"));
    opening.onsuccess = () => {
      opening.result.onclose = opening.result.onversionchange = () => (connection = null);
      done(opening.result);
    };
  });
}
