// The consent, read by somebody of the commune: fetched once, kept beside the app, played without a network.

const CACHE = "recordings"; // not named after the app's version: sw.js deletes those of others
let playing = null;
let kept = null; // the file

/** Call `found(true)` once the recording is here, `found(false)` if the commune has none. */
export async function findRecording(address, found) {
  const cache = await caches.open(CACHE);
  const use = async (reply) => {
    kept = reply ? await reply.blob() : null;
    found(kept !== null);
  };
  await use(await cache.match(address));
  const reply = await fetch(address, { cache: "no-cache", credentials: "omit" }).catch(() => null);
  if (reply?.ok) {
    await cache.put(address, reply.clone());
    await use(reply);
  } else if (reply?.status === 404 && (await cache.delete(address))) {
    await use(null);
  }
}

export function playRecording() {
  stopRecording();
  playing = new Audio(URL.createObjectURL(kept));
  playing.onended = stopRecording;
  playing.play().catch(console.error);
}

export function stopRecording() {
  if (!playing) return;
  playing.pause();
  URL.revokeObjectURL(playing.src);
  playing = null;
}
