// Between Flutter on the page and Python in its worker. jsConnect, jsSend and jsDisconnect are the names
// Flet's Dart code calls; Flet's stock python.js has the same three.

import { serve } from "./file.js";

let worker = null;
let toFlutter = null; // Flutter's receiver, once it has asked for Python
let settle = null;
let messages = 0;
let finished = null;
const LONGEST_FINISH = 3000;

/** Start Python now. `told(message)` gets everything from the worker that is not Flet's own; it waits for `giveFile`. */
export function startPython(config, { told, firstScreen, firstSave }) {
  worker = new Worker(`${config.code}worker.js`, { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data instanceof Uint8Array) {
      toFlutter(data);
      messages += 1;
      if (messages === 2) firstScreen(); // the first answers Flutter's greeting, the second is the first screen
      return;
    }
    if (data.kind === "file") return serve(data, firstSave).then((answer) => worker?.postMessage(answer));
    if (data.kind === "finished") return finished?.();
    if (data.kind === "connected") settle?.resolve();
    if (data.kind === "failed") settle?.reject(data.detail);
    told(data);
  };
  worker.onerror = (event) => told({ kind: "failed", detail: event.message ?? "worker.js" });
  worker.postMessage({ kind: "start", config });
}

/** Give Python a fact it can read from js.tungnha. */
export function tellPython(state) {
  worker?.postMessage({ kind: "state", state });
}

/** Tell Python that somebody is there. */
export function tellTouch() {
  worker?.postMessage({ kind: "touch" });
}

/** Give Python the file that the page has opened. */
export function giveFile(file) {
  worker?.postMessage({ kind: "opened", file }, file.bytes ? [file.bytes.buffer] : []);
}

/** Let Python keep what it has, then stop it. */
export async function finishPython() {
  if (worker) {
    worker.postMessage({ kind: "finish" });
    await new Promise((done) => {
      finished = done;
      setTimeout(done, LONGEST_FINISH);
    });
  }
  stopPython();
}

export function stopPython() {
  worker?.terminate();
  worker = null;
}

globalThis.jsConnect = function (_app, args, receive) {
  toFlutter = receive;
  performance.mark("tungnha:flutter");
  const connecting = new Promise((resolve, reject) => (settle = { resolve, reject }));
  worker?.postMessage({ kind: "connect", args, documentUrl: document.URL });
  return connecting;
};

globalThis.jsSend = async function (_app, data) {
  worker?.postMessage(data, [data.buffer]);
};

globalThis.jsDisconnect = async function () {
  stopPython();
};
