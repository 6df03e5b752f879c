// Has a snapshot for the next start made (snapshot.js): in a second, passing worker, some seconds after the first screen, while
// the page is seen and nobody touches it. It takes a second Python's memory, so a page that is hidden gives it up at once.

const AFTER_SCREEN = 8_000;
const AFTER_TOUCH = 4_000;
const LONGEST = 120_000;
const MOST_TRIES = 3;
const LOOK_EVERY = 1_000;

let touched = 0;
let tries = 0;

/** Call at the first screen. `wanted()` says whether it still is when the moment has come. */
export function makeLater(config, wanted) {
  touched = Date.now() + AFTER_SCREEN - AFTER_TOUCH;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => (touched = Math.max(touched, Date.now())), { capture: true, passive: true });
  }
  const looking = setInterval(() => {
    if (document.hidden || document.getElementById("scanner") || Date.now() - touched < AFTER_TOUCH) return;
    clearInterval(looking);
    if (wanted() && tries < MOST_TRIES) make(config, wanted);
  }, LOOK_EVERY);
}

function make(config, wanted) {
  tries += 1;
  const worker = new Worker(`${config.code}worker.js`, { type: "module" });
  const end = () => {
    clearTimeout(late);
    removeEventListener("visibilitychange", hidden);
    worker.terminate();
  };
  const hidden = () => {
    end();
    makeLater(config, wanted);
  };
  const late = setTimeout(end, LONGEST);
  addEventListener("visibilitychange", hidden);
  worker.onerror = end;
  worker.onmessage = ({ data }) => {
    if (data.kind !== "snapshot") return;
    end();
    if (data.isKept) performance.mark("tungnha:snapshot-kept");
  };
  worker.postMessage({ kind: "keep snapshot", config });
}
