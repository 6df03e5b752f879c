// Boots Pyodide with the app's files in memory; from a snapshot of an earlier start where there is one.
import { findSnapshot, forgetSnapshots, snapshotOptions } from "./snapshot.js";

/**
 * Resolves to Pyodide with everything on sys.path. `fromSnapshot` says whether the imports are done already, `isUnrestored`
 * whether there was a whole snapshot that could not be used.
 */
export async function bootPython(config, how = config.snapshot ? "try snapshot" : "plainly") {
  const packs = [fetchBytes(`${config.py}packages.pack`), fetchBytes(`${config.code}app.pack`)];
  compileAtOnce(`${config.engine}pyodide/pyodide.asm.wasm`);
  import(`${config.engine}pyodide/pyodide.asm.mjs`).catch(() => {}); // Pyodide says so when it asks for it
  const looking = how === "try snapshot" && findSnapshot(config).catch(console.error);
  const { loadPyodide } = await import(`${config.engine}pyodide/pyodide.mjs`);
  let isLaidOut;
  const laidOut = new Promise((resolve) => (isLaidOut = resolve));
  const options = {
    indexURL: `${config.engine}pyodide/`,
    stdLibURL: `${config.py}stdlib.zip`,
    lockFileContents: config.lock,
    packageBaseUrl: config.engine,
    env: { HOME: "/home/tungnha", PYTHONPATH: "/app:/packages" },
    enableRunUntilComplete: false, // it needs a feature (JSPI) that Safari and Firefox do not have
    fsInit: async (files) => {
      const [packages, app] = await Promise.all(packs);
      const native = layOut(files, "/packages", packages).filter((path) => path.endsWith(".so"));
      layOut(files, "/app", app);
      isLaidOut(native);
    },
    stdout: (text) => console.log(text),
    stderr: (text) => console.error(text),
  };
  if (how === "for a snapshot") return loadPyodide({ ...options, ...(await snapshotOptions(config, laidOut)) });
  const snapshot = await looking;
  if (!snapshot) return loadPyodide(options);
  try {
    const python = await loadPyodide({ ...options, ...(await snapshotOptions(config, laidOut, snapshot)) });
    python.runPython("import random; random.seed()"); // its state was frozen with the rest
    return Object.assign(python, { fromSnapshot: true });
  } catch (error) {
    console.error(error);
    await forgetSnapshots().catch(console.error);
    return Object.assign(await bootPython(config, "plainly"), { isUnrestored: true });
  }
}

/** Pyodide would begin with its program only after the snapshot has been read; so it is compiled beside that. */
function compileAtOnce(address) {
  const compiled = WebAssembly.compileStreaming(fetch(address));
  compiled.catch(() => {}); // said below
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (reply, imports) => {
    WebAssembly.instantiateStreaming = instantiateStreaming;
    reply.then((unread) => unread.body.cancel()).catch(() => {}); // of the same file
    const module = await compiled;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
}

async function fetchBytes(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
  return new Uint8Array(await reply.arrayBuffer());
}

// A pack is: length of the index, index as JSON ([[path, size], ...]), then the files. Nothing is copied.
function layOut(files, folder, pack) {
  let at = 4 + new DataView(pack.buffer).getUint32(0, true);
  const made = new Set();
  return JSON.parse(new TextDecoder().decode(pack.subarray(4, at))).map(([name, size]) => {
    const path = `${folder}/${name}`;
    const parent = path.replace(/\/[^/]*$/, "");
    if (!made.has(parent)) files.mkdirTree(parent);
    made.add(parent);
    files.writeFile(path, pack.subarray(at, at + size), { canOwn: true });
    at += size;
    return path;
  });
}
