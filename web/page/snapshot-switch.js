// Whether a start may use a snapshot of Python's memory (snapshot.js), and have one made for the next (snapshot-maker.js).
// On by itself where it was seen to hold; ?snapshot=1 or ?snapshot=0, once and then remembered, force it on or off.
import { forgetSnapshots, hasSnapshot } from "./snapshot.js";

const FORCED = "tungnha-snapshot"; // "1" or "0"
const OFF = "tungnha-snapshot-off"; // the build that starts plainly on this phone, for a snapshot of it went wrong
const UNFINISHED = "tungnha-unfinished-starts";
const MOST_UNFINISHED = 2;
const SMALLEST_MEMORY = 2; // GB, where the browser says it
const SEEN_TO_HOLD = /Chrome\/|Firefox\/|Version\/[\d.]+ .*Safari\//; // web/README.md says where

let build = null;
let isAllowed = false;
let isUsed = false;

/** Call just before Python starts. Resolves to whether it starts from a snapshot. */
export async function begin(config) {
  build = config.build;
  const asked = new URLSearchParams(location.search).get("snapshot");
  if (asked === "1" || asked === "0") {
    localStorage.setItem(FORCED, asked);
    localStorage.removeItem(OFF);
  }
  isAllowed = mayBe();
  isUsed = isAllowed && (await hasSnapshot(config).catch(() => false));
  if (isUsed) countStart();
  return isUsed;
}

function mayBe() {
  const forced = localStorage.getItem(FORCED);
  if (forced === "0" || localStorage.getItem(OFF) === build) return false;
  if (!globalThis.FileSystemWritableFileStream) return false; // Safari before 26: a file could not be written as a whole
  if (forced === "1") return true;
  if ((navigator.deviceMemory ?? SMALLEST_MEMORY) < SMALLEST_MEMORY) return false;
  return !isApplePhone() && SEEN_TO_HOLD.test(navigator.userAgent);
}

/** iPhones and iPads: no browser there may have the memory of a second Python. An iPad says that it is a Mac. */
function isApplePhone() {
  const agent = navigator.userAgent;
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
}

/** A page that dies while it restores tells nobody, so each start counts until its first screen. */
function countStart() {
  const unfinished = Number(localStorage.getItem(UNFINISHED) ?? 0);
  if (unfinished >= MOST_UNFINISHED) return void turnOff();
  localStorage.setItem(UNFINISHED, unfinished + 1);
}

/** Python's worker came as far as this mark. */
export function reached(mark) {
  if (mark === "python") finish(); // a plain start after all
  if (mark === "unrestored") turnOff();
}

/** The first screen stands, or nothing was tried. */
export function finish() {
  localStorage.removeItem(UNFINISHED);
  if (!hasMark("snapshot")) isUsed = false;
}

const hasMark = (name) => performance.getEntriesByName(`tungnha:${name}`).length > 0;

/** Whether this start's Python comes from a snapshot, as far as is known. */
export function isInUse() {
  return isUsed;
}

/** Whether one is to be made. Where there may be none, what is left of an earlier one goes. */
export function wantsOne() {
  if (!isAllowed) forgetSnapshots().catch(console.error);
  return isAllowed && !isUsed;
}

/** Something went wrong with it: this build starts plainly on this phone from now on. */
export async function turnOff() {
  isAllowed = isUsed = false;
  localStorage.setItem(OFF, build);
  localStorage.removeItem(UNFINISHED);
  await forgetSnapshots().catch(console.error);
}

/** Start again without it. */
export function startPlainly() {
  turnOff().then(() => location.reload());
}
