// The file as Python's worker has it: in Python's memory, with the page (file.js) keeping it.

const PATIENCE_FOR_TRANSACTION = 5000;

/** The page's deeds for the worker. `answered` takes what the page answers. */
export function pageKeeps() {
  const asked = new Map();
  let last = 0;
  const ask = (what, given, handedOver) =>
    new Promise((done, failed) => {
      asked.set(++last, { done, failed });
      self.postMessage({ kind: "file", id: last, what, given }, handedOver);
    });
  const answered = ({ id, result, error }) => {
    const { done, failed } = asked.get(id);
    asked.delete(id);
    if (error) failed(Object.assign(new Error(error.message), { name: error.name }));
    else done(result);
  };
  const handOver = (what) => (bytes) => ask(what, [bytes], [bytes.buffer]);
  return { answered, save: handOver("save"), keepBeside: handOver("keepBeside"), putAside: () => ask("putAside", [], []) };
}

/**
 * A save() that has the page keep the file `path` of Python's file system.
 * One write at a time. Calls made during a write share the one that follows, which starts after all of them.
 */
export function makeSave({ state, note }, page, files, path) {
  let running = Promise.resolve();
  let next = null;

  return function save() {
    if (state !== "ready") return Promise.reject(new Error(`StorageUnavailable: ${note ?? state}`));
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
      if (bytes.length) await page.save(bytes);
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
