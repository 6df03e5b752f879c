// Who scans a card without having the app sees what the card is, and downloads nothing.

const DATABASE = "tungnha.db";

/** Whether a card's link was opened where the app never was. */
export async function isStranger() {
  if (!location.hash.startsWith("#/c/")) return false;
  if (await navigator.serviceWorker?.getRegistration()) return false;
  try {
    const folder = await navigator.storage.getDirectory();
    for await (const name of folder.keys()) if (name === DATABASE) return false;
  } catch {
    // nothing can be kept here, so the app never was
  }
  return true;
}
