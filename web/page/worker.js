// Python in its own thread. Started by the page at once, beside Flutter; Flutter joins later with "connect".
// Speaks the protocol of Flet's stock python-worker.js: binary messages belong to Flet, objects are our own.
import { makeSave, openStorage } from "./storage.js";

const DATABASE = "/data/tungnha.db";
const flet_js = {}; // Flet's Python side puts its entry points here
const tungnha = { storage: "unavailable", storage_note: null, offline_ready: false, update_ready: false };
self.tungnha = tungnha;

let connect;
const connected = new Promise((resolve) => (connect = resolve));

self.onmessage = ({ data }) => {
  if (data instanceof Uint8Array) return flet_js.send?.(data);
  if (data.kind === "start") return start(data.config).catch(fail);
  if (data.kind === "connect") return connect(data);
  if (data.kind === "state") return Object.assign(tungnha, data.state);
};

const mark = (name) => self.postMessage({ kind: "mark", name, at: performance.timeOrigin + performance.now() });

function fail(error) {
  console.error(error);
  const lines = String(error?.message ?? error).trim().split("\n");
  self.postMessage({ kind: "failed", detail: lines[lines.length - 1] });
}

async function start(config) {
  mark("worker");
  Object.assign(tungnha, { origin: config.origin, userAgent: navigator.userAgent, build: config.build });
  const opening = openStorage();
  opening.then(({ state }) => self.postMessage({ kind: "storage", state }));

  const python = await bootPython(config);
  mark("python");
  python.registerJsModule("flet_js", flet_js);
  python.runPython("import boot; boot.warm()");
  mark("imports");

  const storage = await opening;
  if (storage.state === "busy") return; // the page shows why; Python must not see an empty database
  tungnha.storage = storage.state;
  tungnha.storage_note = storage.note;
  python.FS.mkdirTree("/data");
  if (storage.bytes) python.FS.writeFile(DATABASE, storage.bytes, { canOwn: true });
  tungnha.save = makeSave(storage, python.FS, DATABASE);
  mark("storage");

  python.runPython("boot.start()");
  mark("main");
  if (typeof flet_js.start_connection !== "function") throw new Error("main.py did not reach ft.run");

  const { args, documentUrl } = await connected;
  Object.assign(flet_js, { args, documentUrl });
  await flet_js.start_connection(sendToFlutter);
  mark("connected");
  self.postMessage({ kind: "connected" });
}

async function bootPython(config) {
  const packs = [fetchBytes(`${config.py}packages.pack`), fetchBytes(`${config.code}app.pack`)];
  const { loadPyodide } = await import(`${config.engine}pyodide/pyodide.mjs`);
  return loadPyodide({
    indexURL: `${config.engine}pyodide/`,
    stdLibURL: `${config.py}stdlib.zip`,
    lockFileContents: config.lock,
    packageBaseUrl: config.engine,
    env: { HOME: "/home/tungnha", PYTHONPATH: "/app:/packages" },
    fsInit: async (files) => {
      const [packages, app] = await Promise.all(packs);
      layOut(files, "/packages", packages);
      layOut(files, "/app", app);
    },
    stdout: (text) => console.log(text),
    stderr: (text) => console.error(text),
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
  for (const [path, size] of JSON.parse(new TextDecoder().decode(pack.subarray(4, at)))) {
    const parent = `${folder}/${path}`.replace(/\/[^/]*$/, "");
    if (!made.has(parent)) files.mkdirTree(parent);
    made.add(parent);
    files.writeFile(`${folder}/${path}`, pack.subarray(at, at + size), { canOwn: true });
    at += size;
  }
}

function sendToFlutter(message) {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
}
