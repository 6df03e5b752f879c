// Where this browser keeps the file: in its folder, or where it cannot write there, on the page's shelf. What holds the
// file already is never left: unsent work lies there.
import * as folder from "./folder.js";
import * as shelf from "./shelf.js";

const FILE = "tungnha.db";
const TRIAL = "tungnha-thu";
const PLACES = { folder, shelf };

/** "folder", "shelf", or null where nothing is kept and the person wants to look all the same. May show where to go instead. */
export async function chooseKeeping(place) {
  const before = await wasKeptIn();
  if (place.isInside && (place.code || !before)) await place.showWayOut();
  if (before) return before;
  if (!(await isPrivate())) for (const name of Object.keys(PLACES)) if (await keeps(PLACES[name])) return name;
  await place.showNothingKept();
  return null;
}

/** Where the app's file is; null where it never was. */
export async function wasKeptIn() {
  for (const [name, files] of Object.entries(PLACES)) if (files.canWrite() && (await files.holds(FILE))) return name;
  return null;
}

/** A private window of Safari or Firefox has no folder, and a shelf that is emptied when it is closed. */
async function isPrivate() {
  if (!navigator.storage?.getDirectory) return false;
  return navigator.storage.getDirectory().then(() => false, () => true);
}

async function keeps(files) {
  const written = crypto.getRandomValues(new Uint8Array(16));
  try {
    if (!files.canWrite()) return false;
    await files.replace(TRIAL, written);
    const read = await files.read(TRIAL);
    await files.remove(TRIAL);
    return String(read) === String(written);
  } catch {
    return false;
  }
}

/** Do for the worker what it asks of the shelf: { id, what, given } is answered by { id, result } or { id, error }. */
export async function serveShelf({ id, what, given }) {
  try {
    return { kind: "shelf", id, result: await shelf[what](...given) };
  } catch (error) {
    return { kind: "shelf", id, error: { name: error.name, message: error.message } };
  }
}
