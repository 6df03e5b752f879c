// Whether to start from a snapshot of Python's memory (snapshot.js): ?snapshot=1 or ?snapshot=0 once, then remembered.
// Two starts in a row that did not get as far as a screen turn it off.

const ON = "tungnha-snapshot";
const UNFINISHED = "tungnha-unfinished-starts";

/** Call at the start; whether a snapshot may be used and made. */
export function begin() {
  const asked = new URLSearchParams(location.search).get("snapshot");
  if (asked === "1") localStorage.setItem(ON, "1");
  if (asked === "0") turnOff();
  if (localStorage.getItem(ON) !== "1") return false;
  const unfinished = Number(localStorage.getItem(UNFINISHED) ?? 0);
  if (unfinished >= 2) {
    turnOff();
    return false;
  }
  localStorage.setItem(UNFINISHED, unfinished + 1);
  return true;
}

/** Call when the first screen stands. */
export function succeeded() {
  localStorage.removeItem(UNFINISHED);
}

/** Forget the snapshot and start plainly from now on. */
export async function turnOff() {
  localStorage.removeItem(ON);
  localStorage.removeItem(UNFINISHED);
  for (const name of await caches.keys()) if (name.startsWith("snapshot-")) await caches.delete(name);
}
