// A snapshot of Python's memory after the imports, made on this phone and for it; it takes the place of boot and imports.
// Where it may be used says snapshot-switch.js. Uses private options of Pyodide 314.0.7, so every use has a way back to a plain
// start. It must be made on the phone: the place of functions in memory differs between JavaScript engines.

const FOLDER = "snapshots";
const ROOM_LEFT_FOR_DATA = 300_000_000;
const ROOM_FOR_ITSELF = 70_000_000;
const FACTS = 4; // before the memory itself: its length, its sum, how large it was, and how many functions lay in the table
const HEAD = 4 * FACTS; // bytes
const AT_ONCE = 4_000_000; // bytes

/** Whether there may be one for this build and browser; it has not been looked at yet. */
export async function hasSnapshot(config) {
  return Boolean(await fileOf(config));
}

/** The snapshot of this build and browser: { bytes, memory, functions }, or null. One that was cut short or changed is dropped. */
export async function findSnapshot(config) {
  const file = await fileOf(config);
  if (!file) return null;
  const kept = await file.getFile().then((found) => found.arrayBuffer());
  if (kept.byteLength > HEAD) {
    const bytes = new Uint8Array(kept, HEAD);
    const [length, sum, memory, functions] = new Uint32Array(kept, 0, FACTS);
    if (bytes.length === length && sumOf(bytes) === sum) return { bytes, memory, functions };
  }
  console.warn("the snapshot is damaged");
  await forgetSnapshots();
  return null;
}

// In a folder of files and not in a cache: it is read in half the time.
async function folder(how) {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, how);
}

/** The file, or null where there is none and `how` does not say that one is to be made. */
async function fileOf(config, how) {
  const browser = sumOf(new TextEncoder().encode(`${navigator.userAgent}   `)); // whole words are summed
  try {
    return await (await folder(how)).getFileHandle(`${config.build}-${browser}`, how);
  } catch (error) {
    if (error.name !== "NotFoundError") throw error;
    return null;
  }
}

/** A sum that no cut and no hole leaves as it was. SHA-256 would take a second copy of 60 MB, and more time on a phone. */
function sumOf(bytes) {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let [a, b, c, d] = [bytes.length, 1, 2, 3]; // four sums side by side, which a processor does in the time of one
  const step = (sum, word) => {
    const mixed = Math.imul(sum ^ word, 0x9e3779b1);
    return mixed ^ (mixed >>> 15);
  };
  for (let at = 0; at < words.length; at += 4) {
    a = step(a, words[at]);
    b = step(b, words[at + 1]);
    c = step(c, words[at + 2]);
    d = step(d, words[at + 3]);
  }
  return [b, c, d].reduce(step, a) >>> 0;
}

/** Drop all snapshots but one that is just being made; whether there were any. */
export async function forgetSnapshots() {
  const files = await folder().catch(() => null);
  const names = [];
  if (files) for await (const name of files.keys()) names.push(name);
  const dropped = names.map((name) => files.removeEntry(name).then(() => true, () => false));
  return (await Promise.all(dropped)).includes(true);
}

/** Boot a second Python with `boot`, import everything, keep its memory; whether it is kept. Runs in a worker of its own. */
export async function keepSnapshot(config, boot) {
  await forgetSnapshots(); // other builds'
  const { quota, usage } = await navigator.storage.estimate();
  if (quota - usage < ROOM_LEFT_FOR_DATA + ROOM_FOR_ITSELF) return false;
  const python = await boot(config, "for a snapshot");
  python.runPython("import boot; boot.warm(everything=True)");
  const serializer = () => {
    throw new Error("something of JavaScript is in Python's memory");
  };
  const bytes = python.makeMemorySnapshot({ serializer });
  const { HEAP8, functionsAtStart } = python._module;
  try {
    await write(await fileOf(config, { create: true }), bytes, [bytes.length, sumOf(bytes), HEAP8.length, functionsAtStart]);
  } catch (error) {
    await forgetSnapshots();
    throw error;
  }
  return true;
}

/** All or nothing: what was written is the file once it is closed. */
async function write(file, bytes, facts) {
  const place = await file.createWritable();
  try {
    await place.write(Uint32Array.from(facts));
    // A copy each time: of a view, WebKit writes all that lies under it.
    for (let from = 0; from < bytes.length; from += AT_ONCE) await place.write(bytes.slice(from, from + AT_ONCE));
  } catch (error) {
    await place.abort().catch(() => {});
    throw error;
  }
  await place.close();
}

/**
 * Options of loadPyodide to make a snapshot, or to start from one.
 * Native libraries are loaded before Python starts, always in this order, so that they lie at the same addresses.
 */
export async function snapshotOptions(config, programs, snapshot) {
  const { default: create } = await import(`${config.engine}pyodide/pyodide.asm.mjs`);
  const load = async (module) => {
    module.addRunDependency("native");
    const how = { loadAsync: true, nodelete: true, global: false };
    for (const [path, program] of programs) {
      module.preloadedWasm[path] = await module.loadWebAssemblyModule(await program, how, path, {});
      await module.loadDynamicLibrary(path, how, {});
    }
    module.functionsAtStart = module.wasmTable.length;
    module.removeRunDependency("native");
  };
  const createPyodideModule = async (settings) => {
    // The module waits for ever for a dependency that fails.
    const failed = new Promise((_none, reject) => settings.preRun.push((module) => load(module).catch(reject)));
    const module = await Promise.race([create(settings), failed]);
    if (snapshot && module.functionsAtStart !== snapshot.functions) throw new Error("functions lie elsewhere than in the snapshot");
    if (snapshot && module.HEAP8.length < snapshot.memory) module.growMemory(snapshot.memory);
    return module;
  };
  const env = { HOME: "/home/tungnha", PYTHONPATH: "/app:/packages", PYTHONHASHSEED: "0" };
  return snapshot ? { createPyodideModule, _loadSnapshot: snapshot.bytes, env } : { createPyodideModule, _makeSnapshot: true, env };
}
