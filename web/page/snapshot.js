// A snapshot of Python's memory after the imports, made on this phone and for it; it takes the place of boot and imports.
// Behind a switch (start.js). Uses private options of Pyodide 314.0.7, so every use has a way back to a plain start.
// It must be made on the phone: the place of functions in memory differs between JavaScript engines.

const PREFIX = "snapshot-";
const ROOM_LEFT_FOR_DATA = 300_000_000;
const SIZE = "x-memory-size";

const nameFor = (config) => `${PREFIX}${config.build}-${navigator.userAgent}`;

/** The snapshot of this build and browser: { bytes, memory }, or null. */
export async function findSnapshot(config) {
  const reply = await caches.match("/snapshot", { cacheName: nameFor(config) });
  if (!reply) return null;
  return { bytes: new Uint8Array(await reply.arrayBuffer()), memory: Number(reply.headers.get(SIZE)) };
}

/** Drop all snapshots; whether there were any. */
export async function forgetSnapshots() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    await (await caches.open(name)).delete("/snapshot"); // a cache that is open somewhere gives its room back late
    await caches.delete(name);
  }
  return names.length > 0;
}

/** Boot a second Python with `boot`, import everything, keep its memory. Runs in a worker of its own. */
export async function keepSnapshot(config, boot) {
  if (await findSnapshot(config)) return;
  await forgetSnapshots();
  const { quota, usage } = await navigator.storage.estimate();
  if (quota - usage < ROOM_LEFT_FOR_DATA) return;
  const python = await boot(config, "for a snapshot");
  python.runPython("import boot; boot.warm()");
  const bytes = python.makeMemorySnapshot(() => {
    throw new Error("something of JavaScript is in Python's memory");
  });
  const cache = await caches.open(nameFor(config));
  await cache.put("/snapshot", new Response(bytes, { headers: { [SIZE]: String(python._module.HEAP8.length) } }));
}

/**
 * Options of loadPyodide to make a snapshot, or to start from one.
 * Native libraries are loaded before Python starts, always in this order, so that they lie at the same addresses.
 */
export async function snapshotOptions(config, laidOut, snapshot) {
  const { default: create } = await import(`${config.engine}pyodide/pyodide.asm.mjs`);
  const createPyodideModule = async (settings) => {
    const addresses = new Map(); // before its start the runtime fetches libraries by address, it cannot read its files
    const elsewhere = settings.locateFile;
    settings.locateFile = (path) => addresses.get(path) ?? elsewhere(path);
    settings.preRun.push((module) => {
      module.addRunDependency("native");
      laidOut.then(async (libraries) => {
        for (const path of libraries) {
          addresses.set(path, URL.createObjectURL(new Blob([module.FS.readFile(path)])));
          await module.loadDynamicLibrary(path, { loadAsync: true, nodelete: true, global: false }, {});
          URL.revokeObjectURL(addresses.get(path));
        }
        module.removeRunDependency("native");
      });
    });
    const module = await create(settings);
    if (snapshot && module.HEAP8.length < snapshot.memory) module.growMemory(snapshot.memory);
    return module;
  };
  const env = { HOME: "/home/tungnha", PYTHONPATH: "/app:/packages", PYTHONHASHSEED: "0" };
  return snapshot ? { createPyodideModule, _loadSnapshot: snapshot.bytes, env } : { createPyodideModule, _makeSnapshot: true, env };
}
