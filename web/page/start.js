// The start of the app: files onto the phone (first visit only), then Python and Flutter side by side.
import { finishPython, giveFile, startPython, stopPython, tellPython, tellTouch } from "./bridge.js";
import * as earlyList from "./early-list.js";
import { bestDrawing, drawingNow, rendererSettings } from "./drawing.js";
import { openFile } from "./file.js";
import { keepsHere, wasEmptied } from "./keeping.js";
import { putAppOnPhone, takeUpdate, watchForUpdates } from "./offline.js";
import { askForIt, disown, handOverLink, own } from "./owner.js";
import { findRecording, playRecording, stopRecording } from "./recording.js";
import { openScanner } from "./scan.js";
import { makeLater } from "./snapshot-maker.js";
import * as snapshotSwitch from "./snapshot-switch.js";
import { findVoice, speak } from "./speech.js";
import * as splash from "./splash.js";
import { isStranger } from "./stranger.js";
import { chooseTextSize, showTextSize, textSize } from "./text-size.js";

document.documentElement.classList.add("running"); // from here on the splash speaks for itself
showTextSize(); // before Flutter asks

earlyList.show(tellPython).catch(console.error); // beside everything else
const config = JSON.parse(document.getElementById("build").textContent);
config.origin = location.origin;
globalThis.tungnha = { build: config.build, storage: null, offlineReady: false };

const NOTHING_KEPT = { state: "unavailable", bytes: null, note: "nothing is kept here" };
const TRIED_AGAIN = "tungnha-tried-again";
let hasScreen = false;
const PHASES = { worker: 0.1, python: 0.35, imports: 0.7, storage: 0.75, main: 0.85, connected: 0.95 };

if (await isStranger()) await splash.showCard();
await globalThis.tungnhaPlace.ready; // place.js: this browser can run the app
config.isAppleTab = globalThis.tungnhaPlace.isAppleTab;
config.wasEmptied = await wasEmptied(globalThis.tungnhaPlace);
const isKept = await keepsHere(globalThis.tungnhaPlace);

try {
  const offlineReady = await putAppOnPhone(bestDrawing, splash.showDownload);
  globalThis.tungnha.offlineReady = offlineReady;
  splash.showOpening(0.02);
  config.snapshot = await snapshotSwitch.begin(config);
  startPython(config, { told, firstScreen, firstSave: askToKeep });
  tellPython({ offline_ready: offlineReady, early_search: earlyList.searched(), ...textSize() });
  navigator.storage?.persisted?.().then((persisted) => tellPython({ persisted }));
  tellRoom();
  findVoice(() => tellPython({ can_speak: true }));
  open();
  startFlutter();
  setTimeout(late, 60_000);
} catch (error) {
  console.error(error);
  splash.showDownloadFailed(error.name === "QuotaExceededError");
}

function told(message) {
  if (message.kind === "mark") {
    performance.mark(`tungnha:${message.name}`, { startTime: Math.max(0, message.at - performance.timeOrigin) });
    splash.showOpening(PHASES[message.name], message.name === "storage");
    snapshotSwitch.reached(message.name);
  } else if (message.kind === "scan") {
    openScanner(config);
  } else if (message.kind === "speak") {
    stopRecording();
    speak(message.text);
  } else if (message.kind === "find recording") {
    findRecording(message.address, (found) => tellPython({ has_recording: found })).catch(console.error);
  } else if (message.kind === "play recording") {
    playRecording();
  } else if (message.kind === "carry") {
    globalThis.tungnhaPlace.carry(message.code, message.seconds);
  } else if (message.kind === "text_size") {
    chooseTextSize(message.percent);
    tellPython(textSize());
  } else if (message.kind === "fatal") {
    stopped(message.detail);
  } else if (message.kind === "failed") {
    if (snapshotSwitch.isInUse()) snapshotSwitch.startPlainly();
    else splash.showFailed([message.detail, ...globalThis.tungnhaPlace.errors].join("\n"));
  }
}

/** Python itself broke down, as it does in some browsers. What was saved is saved; a start that broke is tried once more. */
function stopped(detail) {
  stopPython();
  if (snapshotSwitch.isInUse()) {
    if (!hasScreen) return snapshotSwitch.startPlainly();
    snapshotSwitch.turnOff();
  }
  if (!hasScreen && !sessionStorage.getItem(TRIED_AGAIN)) {
    sessionStorage.setItem(TRIED_AGAIN, "1");
    return location.reload();
  }
  splash.showStopped(detail);
}

function late() {
  if (!hasScreen && !document.hidden && snapshotSwitch.isInUse()) snapshotSwitch.startPlainly();
  else splash.showSlow();
}

/** Own the file and give it to Python, or show that another tab has it. */
async function open() {
  const isMine = await own({ giveUp, nowFree: () => location.reload(), opened: (link) => (location.hash = link) });
  if (!isMine) return showBusy();
  const file = isKept ? await openFile() : NOTHING_KEPT;
  globalThis.tungnha.storage = file.state;
  if (file.state === "unreadable") return showUnreadable(file.note);
  giveFile(file);
  // Only the tab that holds the data may change the version, and only now, before anyone has typed anything.
  takeUpdate(config.build);
  watchForUpdates(bestDrawing(), () => tellPython({ update_ready: true }));
}

function showUnreadable(detail) {
  stopPython();
  snapshotSwitch.finish(); // nothing was tried
  splash.showUnreadable(detail);
}

/** Another tab asked for the file, or took it while this one slept. */
async function giveUp() {
  await finishPython();
  globalThis.tungnha.storage = "busy";
  splash.showGivenUp(openHere);
}

function showBusy() {
  globalThis.tungnha.storage = "busy";
  stopPython();
  snapshotSwitch.finish(); // nothing was tried
  const hasLink = location.hash.length > 2;
  if (hasLink) handOverLink(location.hash); // a card scanned with the phone's camera opens a new tab
  splash.showBusy(hasLink, openHere);
}

function openHere() {
  askForIt(() => location.reload());
}

/** Ask the browser not to clear this place when the disk gets full: once there is something to keep, and once installed. */
function askToKeep() {
  navigator.storage?.persist?.().then((persisted) => tellPython({ persisted }));
}

async function tellRoom() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota) tellPython({ room: quota - usage });
}

addEventListener("visibilitychange", () => document.hidden || tellRoom());
addEventListener("resize", () => tellPython(textSize())); // the browser's own zoom, or the system's letters
addEventListener("appinstalled", askToKeep);

// For the PIN, which is asked after five minutes without a touch.
let touched = 0;
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, someoneIsThere, { capture: true, passive: true });
function someoneIsThere() {
  if (Date.now() - touched > 0 && Date.now() - touched < 5000) return;
  touched = Date.now();
  tellTouch();
}

function firstScreen() {
  hasScreen = true;
  sessionStorage.removeItem(TRIED_AGAIN);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark("tungnha:screen");
    earlyList.hide().then(splash.hide);
    snapshotSwitch.finish();
    makeLater(config, snapshotSwitch.wantsOne);
  }));
}

function startFlutter() {
  const settings = {
    ...rendererSettings(drawingNow()),
    entrypointBaseUrl: config.engine,
    assetBase: config.engine,
    canvasKitBaseUrl: `${config.engine}canvaskit/`,
    fontFallbackBaseUrl: `${config.engine}assets/fonts/`,
  };
  globalThis.flet = {
    pyodide: true,
    noCdn: true,
    multiView: false,
    webSocketEndpoint: "",
    routeUrlStrategy: "hash", // what stands after # in a card's link never reaches a server
    entrypointBaseUrl: config.engine,
    assetBase: config.engine,
    webRenderer: settings.renderer,
  };
  const loader = document.createElement("script");
  loader.src = `${config.engine}flutter.js`;
  loader.onerror = () => splash.showFailed("flutter.js");
  loader.onload = () => {
    _flutter.buildConfig = config.flutter;
    _flutter.loader.load({
      config: settings,
      onEntrypointLoaded: async (engine) => {
        performance.mark("tungnha:flutter-loaded");
        const app = await engine.initializeEngine(settings);
        flet.flutterApp = await app.runApp();
      },
    });
  };
  document.head.append(loader);
}

addEventListener("flutter-first-frame", () => performance.mark("tungnha:flutter-first-frame"), { once: true });

// A page that a browser keeps for "back" would keep the file's lock too, and it comes back with its drawing stopped.
addEventListener("pagehide", () => (stopPython(), disown()));
addEventListener("pageshow", (event) => event.persisted && location.reload());
