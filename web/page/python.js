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
  const programs = how === "plainly" ? [] : compilePrograms(config);
  // Where programs are loaded before Python starts it only looks whether there is a file.
  let libraries = config.programs.map(() => new Uint8Array());
  const looking = how === "try snapshot" && findSnapshot(config).catch(console.error);
  const { loadPyodide } = await import(`${config.engine}pyodide/pyodide.mjs`);
  const options = {
    indexURL: `${config.engine}pyodide/`,
    stdLibURL: `${config.py}stdlib.zip`,
    lockFileContents: config.lock,
    packageBaseUrl: config.engine,
    env: { HOME: "/home/tungnha", PYTHONPATH: "/app:/packages" },
    enableRunUntilComplete: false, // it needs a feature (JSPI) that Safari and Firefox do not have
    fsInit: async (files) => {
      const [packages, app] = await Promise.all(packs);
      layOut(files, "/packages", packages);
      layOut(files, "/app", app);
      for (const [at, bytes] of (await Promise.all(libraries)).entries()) {
        files.writeFile(`/packages/${config.programs[at][0]}`, bytes, { canOwn: true });
      }
    },
    stdout: (text) => console.log(text),
    stderr: (text) => console.error(text),
  };
  if (how === "for a snapshot") return loadPyodide({ ...options, ...(await snapshotOptions(config, programs)) });
  const snapshot = await looking;
  if (!snapshot) {
    libraries = config.programs.map(([, name]) => fetchBytes(config.py + name));
    return loadPyodide(options);
  }
  try {
    const python = await loadPyodide({ ...options, ...(await snapshotOptions(config, programs, snapshot)) });
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

/** The packages' native libraries: [[path, promise of the program], ...]. From its own address a browser may keep it compiled. */
function compilePrograms(config) {
  return config.programs.map(([path, name]) => {
    const compiled = WebAssembly.compileStreaming(fetch(config.py + name));
    compiled.catch(() => {}); // said where it is asked for
    return [`/packages/${path}`, compiled];
  });
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
  for (const [name, size] of JSON.parse(new TextDecoder().decode(pack.subarray(4, at)))) {
    const path = `${folder}/${name}`;
    const parent = path.replace(/\/[^/]*$/, "");
    if (!made.has(parent)) files.mkdirTree(parent);
    made.add(parent);
    files.writeFile(path, pack.subarray(at, at + size), { canOwn: true });
    at += size;
  }
}
