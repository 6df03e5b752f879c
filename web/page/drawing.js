// Which of Flutter's ways of drawing is used: "skwasm", or "chromium" or "full" (two kinds of canvaskit).
// The service worker keeps the files of one way on the phone, so its address carries the choice.

/** What this browser does best. */
export function bestDrawing() {
  if (canSkwasm()) return "skwasm";
  return hasChromiumParts() ? "chromium" : "full";
}

/** What to draw with now: the way whose files are on the phone, as long as the browser can still do it. */
export function drawingNow() {
  const controller = navigator.serviceWorker?.controller;
  const kept = controller && new URL(controller.scriptURL).searchParams.get("draw");
  if (!kept || (kept === "skwasm" && !canSkwasm())) return bestDrawing();
  return kept;
}

/** The settings of Flutter's loader for a way of drawing. */
export function rendererSettings(drawing) {
  if (drawing === "skwasm") return { renderer: "skwasm", forceSingleThreadedSkwasm: true };
  return { renderer: "canvaskit", canvasKitVariant: drawing };
}

// The same questions that flutter.js asks.
function canSkwasm() {
  const structType = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0]);
  return navigator.vendor === "Google Inc." && WebAssembly.validate(structType) && hasWebGL() && hasChromiumParts();
}

function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

function hasChromiumParts() {
  return typeof ImageDecoder !== "undefined" && "v8BreakIterator" in Intl && "Segmenter" in Intl;
}
