// Getting the whole app onto the phone, and newer versions later, through the service worker (sw.js).

const LEFT = "tungnha-left-version";
const HOUR = 3_600_000;
const TRIES = 5;
const workers = navigator.serviceWorker;

/**
 * Make sure all files are on the phone before anything starts: everything is downloaded once, the progress shown is
 * the real one, and a started app is one that opens without a network.
 * Resolves to false where the browser cannot keep files (then they come from the network); rejects when offline.
 */
export async function putAppOnPhone(onProgress) {
  if (!workers) return false;
  if (workers.controller) return true;
  const progress = new BroadcastChannel("tungnha-install");
  let had = 0;
  progress.onmessage = ({ data }) => {
    had = data.done;
    onProgress(data.done, data.total);
  };
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = had;
      const registration = await workers.register("/app/sw.js", { scope: "/app/", updateViaCache: "none" });
      if (registration.active && !registration.installing) return true; // a forced reload: files are there
      if (await installed(registration.installing ?? registration.waiting)) return true;
      if (had === before) await new Promise((later) => setTimeout(later, 1500 * (tries + 1)));
    }
    throw new Error("the app could not be downloaded");
  } catch (error) {
    if (error.name === "SecurityError" || error.name === "NotSupportedError") return false;
    throw error;
  } finally {
    progress.close();
  }
}

function installed(worker) {
  return new Promise((answer) => {
    if (!worker) return answer(false);
    const look = () => {
      if (worker.state === "redundant") answer(false);
      if (worker.state === "activated") controlled().then(() => answer(true));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

function controlled() {
  if (workers.controller) return Promise.resolve();
  return new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
}

/** If a newer version lies ready on the phone, start that one instead. Called before anybody could type. */
export async function takeUpdate(build) {
  const registration = await workers?.getRegistration("/app/");
  if (!registration?.waiting || sessionStorage.getItem(LEFT) === build) return; // once per version, never in circles
  sessionStorage.setItem(LEFT, build);
  workers.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("take over");
}

/** Look for newer versions while the app is open; they are downloaded in the background for the next start. */
export async function watchForUpdates(onReady) {
  const registration = await workers?.getRegistration("/app/");
  if (!registration) return;
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && onReady());
  });
  let looked = Date.now();
  registration.update().catch(() => {});
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < HOUR) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
}
