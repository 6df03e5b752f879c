// Python in its own thread. Started by the page at once, beside Flutter; Flutter joins later with "connect".
// Speaks the protocol of Flet's stock python-worker.js: binary messages belong to Flet, objects are our own.
import { bootPython } from "./python.js";
import { keepSnapshot } from "./snapshot.js";
import { makeSave, pageKeeps } from "./storage.js";

const DATABASE = "/data/tungnha.db";
const flet_js = {}; // Flet's Python side puts its entry points here
const tungnha = { storage: "unavailable", storage_note: null, offline_ready: false, update_ready: false, text_size: 100, text_scale: 1 };
self.tungnha = tungnha;
const page = pageKeeps();

// Pyodide takes for an error what has a stack. What Safari's own functions reject with has none (a fetch without a network):
// Python would never hear of it, and wait.
if (!("stack" in Error.prototype)) Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });

let opened;
const opening = new Promise((resolve) => (opened = resolve)); // the file, once the page has read it
let connect;
const connected = new Promise((resolve) => (connect = resolve));

self.onmessage = ({ data }) => {
  if (data instanceof Uint8Array) return flet_js.send?.(data);
  if (data.kind === "start") return start(data.config).catch(fail);
  if (data.kind === "keep snapshot") return makeSnapshot(data.config);
  if (data.kind === "opened") return opened(data.file);
  if (data.kind === "file") return page.answered(data);
  if (data.kind === "finish") return finish();
  if (data.kind === "connect") return connect(data);
  if (data.kind === "state") return learn(data.state);
  if (data.kind === "touch") return self.dispatchEvent(new Event("touch"));
};

/** Keep what the page tells. Python reads most of it when it needs it; how large words are it must know at once. */
function learn(state) {
  const isLarger = "text_scale" in state && state.text_scale !== tungnha.text_scale;
  const isTyped = "early_search" in state && state.early_search !== (tungnha.early_search ?? "");
  Object.assign(tungnha, state);
  if (isTyped) self.dispatchEvent(new Event("early-search"));
  if (isLarger) self.dispatchEvent(new Event("text-scale"));
}

const mark = (name) => self.postMessage({ kind: "mark", name, at: performance.timeOrigin + performance.now() });

function fail(error) {
  console.error(error);
  const lines = String(error?.message ?? error).trim().split("\n");
  self.postMessage({ kind: "failed", detail: lines[lines.length - 1] });
}

async function start(config) {
  mark("worker");
  Object.assign(tungnha, { origin: config.origin, userAgent: navigator.userAgent, build: config.build });
  Object.assign(tungnha, { is_apple_tab: config.isAppleTab, was_emptied: config.wasEmptied });
  tungnha.can_scan = Boolean(config.scan);
  tungnha.scan = () => self.postMessage({ kind: "scan" });
  tungnha.speak = (text) => self.postMessage({ kind: "speak", text });
  tungnha.find_recording = (address) => self.postMessage({ kind: "find recording", address });
  tungnha.play_recording = () => self.postMessage({ kind: "play recording" });
  tungnha.choose_text_size = (percent) => self.postMessage({ kind: "text_size", percent });
  tungnha.carry_code = (code, seconds) => self.postMessage({ kind: "carry", code, seconds });

  const python = await bootPython(config);
  mark(python.fromSnapshot ? "snapshot" : "python");
  if (python.isUnrestored) mark("unrestored");
  python._api.on_fatal = (error) => self.postMessage({ kind: "fatal", detail: String(error) });
  python.registerJsModule("flet_js", flet_js);
  python.runPython("import boot; boot.warm()");
  mark("imports");

  const storage = await opening;
  tungnha.storage = storage.state;
  tungnha.storage_note = storage.note;
  python.FS.mkdirTree("/data");
  if (storage.bytes) python.FS.writeFile(DATABASE, storage.bytes, { canOwn: true });
  tungnha.save = makeSave(storage, page, python.FS, DATABASE);
  tungnha.keep_early_list = async (text) => {
    if (storage.state === "ready") await page.keepBeside(new TextEncoder().encode(text));
  };
  tungnha.keep_damaged = async () => {
    if (storage.state === "ready") await page.putAside();
  };
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

/** For the next start, in a worker that does nothing else (snapshot-maker.js). */
async function makeSnapshot(config) {
  const isKept = await keepSnapshot(config, bootPython).catch(console.error);
  self.postMessage({ kind: "snapshot", isKept: Boolean(isKept) });
}

/** Another page asks for the file: keep it once more, then say so. */
async function finish() {
  await tungnha.save?.().catch(console.error);
  self.postMessage({ kind: "finished" });
}

function sendToFlutter(message) {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
}
