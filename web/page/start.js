// The start of the app: files onto the phone (first visit only), then Python and Flutter side by side.
import { keepSnapshot, startPython, stopPython, tellPython } from "./bridge.js";
import { bestDrawing, drawingNow, rendererSettings } from "./drawing.js";
import { chooseKeeping } from "./keeping.js";
import { putAppOnPhone, takeUpdate, watchForUpdates } from "./offline.js";
import * as snapshotSwitch from "./snapshot-switch.js";
import { openScanner } from "./scan.js";
import * as splash from "./splash.js";
import { isStranger } from "./stranger.js";

document.documentElement.classList.add("running"); // from here on the splash speaks for itself

const config = JSON.parse(document.getElementById("build").textContent);
config.origin = location.origin;
config.snapshot = snapshotSwitch.begin();
globalThis.tungnha = { build: config.build, storage: null, offlineReady: false };

// A card scanned with the phone's camera opens a new tab while the app runs in another: let that one show it.
const links = new BroadcastChannel("tungnha-open");

const PHASES = { worker: 0.1, python: 0.35, imports: 0.7, storage: 0.75, main: 0.85, connected: 0.95 };

if (await isStranger()) await splash.showCard();
await globalThis.tungnhaPlace.ready; // place.js: this browser can run the app
config.keptIn = await chooseKeeping(globalThis.tungnhaPlace);

try {
  const offlineReady = await putAppOnPhone(bestDrawing, splash.showDownload);
  globalThis.tungnha.offlineReady = offlineReady;
  splash.showOpening(0.02);
  startPython(config, told, firstScreen);
  tellPython({ offline_ready: offlineReady });
  navigator.storage?.persist?.().then((persisted) => tellPython({ persisted }));
  startFlutter();
  setTimeout(() => splash.showSlow(), 60_000);
} catch (error) {
  console.error(error);
  splash.showDownloadFailed(error.name === "QuotaExceededError");
}

function told(message) {
  if (message.kind === "mark") {
    performance.mark(`tungnha:${message.name}`, { startTime: Math.max(0, message.at - performance.timeOrigin) });
    splash.showOpening(PHASES[message.name], message.name === "storage");
  } else if (message.kind === "storage") {
    globalThis.tungnha.storage = message.state;
    if (message.state === "busy") {
      stopPython();
      snapshotSwitch.succeeded(); // nothing was tried
      splash.showBusy(handOver());
    } else {
      takeOver();
      // Only the tab that holds the data may change the version, and only now, before anyone has typed anything.
      takeUpdate(config.build);
      watchForUpdates(bestDrawing(), () => tellPython({ update_ready: true }));
    }
  } else if (message.kind === "scan") {
    openScanner(config);
  } else if (message.kind === "failed") {
    if (config.snapshot) snapshotSwitch.turnOff().then(() => location.reload());
    else splash.showFailed(message.detail);
  }
}

function handOver() {
  if (location.hash.length < 3) return false;
  links.postMessage(location.hash);
  return true;
}

function takeOver() {
  links.onmessage = ({ data }) => (location.hash = data);
}

function firstScreen() {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark("tungnha:screen");
    splash.hide();
    snapshotSwitch.succeeded();
    if (config.snapshot) setTimeout(() => keepSnapshot(config), 5000);
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
addEventListener("pagehide", stopPython);
addEventListener("pageshow", (event) => event.persisted && location.reload());
