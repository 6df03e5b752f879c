// One page at a time has the app's file: the one that holds the lock. The others wait, and may ask for it.

const LOCK = "tungnha-db";
const PATIENCE = 1500; // milliseconds; a page being reloaded gives its lock back a moment late
const NO_ANSWER = 5000; // a tab that a phone has put to sleep cannot let go by itself
const talk = new BroadcastChannel("tungnha-open");
let letGo = null; // gives the lock back, while this page has it

/**
 * Take the lock. Resolves to whether this page has it; if not, it is still waited for, and `nowFree` is called when it
 * comes. `giveUp` is awaited before the lock goes to a page that asks for it; `opened` gets the link that another page hands over.
 */
export function own({ giveUp, nowFree, opened }) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((answer) => {
    let isLate = false;
    const taken = () => {
      if (isLate) return nowFree();
      talk.onmessage = ({ data }) => heard(data, giveUp, opened);
      answer(true);
    };
    const robbed = () => ((letGo = null), giveUp()); // while this page slept
    navigator.locks.request(LOCK, () => held(taken)).catch(robbed);
    // A busy phone grants a lock late though nobody holds it: only a holder is a reason to give up.
    const look = async () => {
      if (letGo) return;
      const { held } = await navigator.locks.query();
      if (held.some(({ name }) => name === LOCK) && !letGo) answer(!(isLate = true));
      else setTimeout(look, PATIENCE);
    };
    setTimeout(look, PATIENCE);
  });
}

/** Give the lock back: this page is being left. */
export function disown() {
  letGo?.();
  letGo = null;
}

/** Hand a link to the page that has the file. */
export function handOverLink(link) {
  talk.postMessage({ link });
}

/** Ask the page that has the file to let go of it, and call `nowFree` when this page has it. */
export function askForIt(nowFree) {
  talk.postMessage({ please: true });
  navigator.locks.request(LOCK, () => held(nowFree)).catch(() => {});
  setTimeout(() => {
    if (!letGo) navigator.locks.request(LOCK, { steal: true }, () => held(nowFree)).catch(() => {});
  }, NO_ANSWER);
}

function held(taken) {
  return new Promise((free) => {
    letGo = free;
    taken();
  });
}

async function heard({ link, please }, giveUp, opened) {
  if (!letGo) return;
  if (link) return opened(link);
  if (!please) return;
  await giveUp();
  disown();
}
