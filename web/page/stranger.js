// Who scans a card without having the app sees what the card is, and downloads nothing.

import { wasKept } from "./keeping.js";

/** Whether a card's link was opened where the app never was. */
export async function isStranger() {
  if (!location.hash.startsWith("#/c/")) return false;
  if (await navigator.serviceWorker?.getRegistration()) return false;
  return !(await wasKept().catch(() => true));
}
