// Whether this browser keeps what is written; where it does not, or will not for long, the person is told before a code is used.
import { readFromFolder } from "./folder.js";
import { FILE } from "./file.js";
import * as shelf from "./shelf.js";

const TRIAL = "tungnha-thu";

/** Whether what is written is kept here. May show where to go instead; false if the person wants to look all the same. */
export async function keepsHere(place) {
  const before = await wasKept().catch(() => place.wasHere); // what cannot be told now is not taken for nothing
  if (place.isInside && (place.code || !before)) await place.showWayOut();
  if (before) return true;
  if ((await isPrivate()) || !(await keeps())) {
    await place.showNothingKept();
    return false;
  }
  if (place.isAppleTab && place.code) await place.showHomeScreen();
  return true;
}

/** Whether somebody signed in here and the file is gone. An icon of an iPhone's home screen has cookies of Safari's, so it cannot tell. */
export async function wasEmptied(place) {
  return place.wasHere && !place.isAppleIcon && !(await wasKept().catch(() => true));
}

/** Whether the app's file is here. Rejects if that cannot be told. */
export async function wasKept() {
  return (await shelf.holds(FILE)) || (await readFromFolder(FILE)) !== null;
}

/** A private window of Safari or Firefox has no folder, and a shelf that is emptied when it is closed. */
async function isPrivate() {
  if (!navigator.storage?.getDirectory) return false;
  return navigator.storage.getDirectory().then(() => false, () => true);
}

async function keeps() {
  const written = crypto.getRandomValues(new Uint8Array(16));
  try {
    await shelf.replace(TRIAL, written);
    const read = await shelf.read(TRIAL);
    await shelf.remove(TRIAL);
    return String(read) === String(written);
  } catch {
    return false;
  }
}
