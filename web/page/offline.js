// Getting the whole app onto the phone, and newer versions later, through the service worker (sw.js).

const LEFT = "tungnha-left-version";
const HOUR = 3_600_000;
const TRIES = 3;
const workers = navigator.serviceWorker;

/**
 * Make sure all files are on the phone before anything starts: everything is downloaded once, the progress shown is
 * the real one, and a started app is one that opens without a network.
 * Resolves to false where the browser keeps nothing (the files then come from the network); rejects when that fails.
 */
export async function putAppOnPhone(bestDrawing, onProgress) {
  if (!workers) return false;
  if (workers.controller) return true;
  const progress = new BroadcastChannel("tungnha-install");
  let had = 0;
  let problem = null;
  progress.onmessage = ({ data }) => {
    if (data.failed) return (problem = data.failed);
    had = data.done;
    onProgress(data.done, data.total);
  };
  try {
    for (let idle = 0; idle < TRIES; ) {
      const before = had;
      const registration = await register(bestDrawing());
      if (registration.active && !registration.installing) return true; // a forced reload: the files are there
      if (await installed(registration.installing ?? registration.waiting)) return true;
      if (problem === "QuotaExceededError") break;
      idle = had > before ? 0 : idle + 1; // a try that brought something was not in vain
      await new Promise((later) => setTimeout(later, 1500 * idle));
    }
  } catch (error) {
    if (!(error instanceof TypeError)) return false; // not allowed here; a TypeError means that sw.js did not come
    throw error;
  } finally {
    progress.close();
  }
  throw Object.assign(new Error("the app could not be downloaded"), { name: problem ?? "NetworkError" });
}

function register(drawing) {
  return workers.register(`/app/sw.js?draw=${drawing}`, { scope: "/app/", updateViaCache: "none" });
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

/** Look for newer versions now and while the app is open; they come in the background, for the next start. */
export async function watchForUpdates(drawing, onReady) {
  if (!workers?.controller) return;
  const registration = await register(drawing);
  const announce = (coming) => {
    if (!coming) return;
    const look = () => coming.state === "installed" && onReady();
    coming.addEventListener("statechange", look);
    look();
  };
  announce(registration.installing ?? registration.waiting);
  registration.addEventListener("updatefound", () => announce(registration.installing));
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < HOUR) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
}
