// Keeps the whole app on the phone. The list of files is filled in by the build.
// Folders with a hash in their name never change, and a file that stayed as it was is taken from the version before: an
// update downloads only what is new.

const BUILD = "@BUILD@";
const FILES = @FILES@; // [[address, bytes on the wire, bytes, half of the SHA-256], ...]
const PIECE = @PIECE@; // bytes of a larger file that are kept by themselves
const CACHE = `tungnha-${BUILD}`;
const INDEX = "/app/";
const AT_ONCE = 6;

// Flutter's ways of drawing, of which the page has chosen one (drawing.js).
const DRAWINGS = {
  skwasm: /main\.dart\.(wasm|mjs)$|\/canvaskit\/skwasm\./,
  chromium: /main\.dart\.js$|\/canvaskit\/chromium\//,
  full: /main\.dart\.js$|\/canvaskit\/canvaskit\./,
};
const drawing = DRAWINGS[new URL(self.location).searchParams.get("draw")] ?? DRAWINGS.full;
const isOther = (url) => Object.values(DRAWINGS).some((files) => files.test(url)) && !drawing.test(url);
const wanted = FILES.filter(([url]) => !isOther(url));
const known = new Set(wanted.map(([url]) => url));
const hashed = (url) => /^\/app\/\w+-[0-9a-f]{16}\//.test(url);

self.addEventListener("install", (event) => {
  if (event.addRoutes) addShortCuts(event).catch(console.error); // without them every file goes through "fetch" below
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());

// Browsers that can then take the files from the cache without waking this worker; a start is a tenth faster. The cache is
// asked for the whole address there, and what it does not have comes from the network alone: an address with a "?" goes
// through "fetch" below, which looks at the path.
async function addShortCuts(event) {
  const source = { cacheName: CACHE };
  const at = (pathname) => new URLPattern({ pathname, search: "" });
  const files = ["engine", "py", "code"].map((name) => ({ urlPattern: at(`/app/${name}-*`) }));
  await event.addRoutes([
    { condition: { urlPattern: at(INDEX), requestMode: "navigate" }, source },
    ...files.map((condition) => ({ condition, source })),
  ]);
}

async function install() {
  const total = wanted.reduce((sum, [, onWire]) => sum + onWire, 0);
  const progress = new BroadcastChannel("tungnha-install");
  const cache = await caches.open(CACHE);
  const queue = [...wanted];
  let done = 0;
  const arrived = (bytes) => {
    done += bytes;
    progress.postMessage({ done: Math.min(Math.round(done), total), total });
  };
  arrived(0);
  const earlier = await earlierFiles();
  const carry = async () => {
    for (let file; (file = queue.shift()); ) await put(cache, file, arrived, earlier);
  };
  // What has arrived stays in the cache when another file fails, so the next try goes on from there.
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, carry));
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) {
    progress.postMessage({ failed: failed.reason.name });
    throw failed.reason;
  }
  // The very first version serves the page that is waiting for it; a later one waits until the app is closed.
  if (!self.registration.active) await self.skipWaiting();
}

// A file counts once its bytes are those that the build listed: a line that was cut, a portal's page instead of a file, or a
// server in the middle of an upgrade, which answers with another version's page, are found here and tried again later.
async function put(cache, [url, onWire, size, digest], arrived, earlier) {
  if (await cache.match(url)) return arrived(onWire);
  const told = (read) => arrived((read / size) * onWire);
  const isRight = async (file) => file && (await digestOf(file.clone())) === digest;
  const pieces = size > PIECE ? Array.from({ length: Math.ceil(size / PIECE) }, (_none, number) => `${url}?piece=${number}`) : [];
  const forgetPieces = () => Promise.all(pieces.map((piece) => cache.delete(piece)));
  let file = await earlier(url);
  if (await isRight(file)) told(size);
  else {
    if (pieces.length) file = await inPieces(cache, url, pieces, size, told);
    else file = await whole(url, hashed(url) ? "default" : "no-cache", told);
    if (!(await isRight(file))) {
      await forgetPieces();
      file = await whole(url, "reload"); // a browser keeps for good what came under such an address, wrong or not
    }
    if (!(await isRight(file))) throw new DOMException(`${url} is not the file that was built`, "DataError");
  }
  await cache.put(url, file.clone()).catch(async () => {
    await forgetPieces(); // they take the room that is missing
    await cache.put(url, file);
  });
  await forgetPieces();
}

/**
 * A large file. It is asked for as a whole, which packs better, and kept piece by piece as it comes; after a cut only
 * the pieces that did not come are asked for.
 */
async function inPieces(cache, url, pieces, size, told) {
  const kept = await Promise.all(pieces.map((piece) => cache.match(piece)));
  // Where there is no room for a piece there may still be enough for the file.
  const keep = (number, piece) => cache.put(pieces[number], piece).catch(() => {});
  if (!kept.some(Boolean)) return whole(url, "default", told, keep);
  for (const [number, piece] of pieces.entries()) {
    const length = Math.min(PIECE, size - number * PIECE);
    if (kept[number]) {
      told(length);
      continue;
    }
    kept[number] = await whole(piece, "no-store", told);
    const came = (await kept[number].clone().blob()).size;
    if (came === size) return kept[number]; // from a server that knows no pieces
    if (came !== length) throw new Error(`${piece}: ${came} bytes`);
    await keep(number, kept[number].clone());
  }
  const bytes = await Promise.all(kept.map((piece) => piece.blob()));
  return new Response(new Blob(bytes), { headers: kept[0].headers });
}

/** What the server sends; `keep(number, piece)` gets each piece as soon as it has come. */
async function whole(url, how, told, keep) {
  const reply = await fetch(url, { cache: how });
  if (!reply.ok || reply.redirected) throw new Error(`${url}: ${reply.status}`);
  const headers = new Headers(reply.headers);
  headers.delete("content-encoding"); // the body has been unpacked on the way in
  headers.delete("content-length");
  const reader = reply.body.getReader();
  const pieces = [];
  let rest = [];
  let size = 0;
  for (let part; !(part = await reader.read()).done; ) {
    told?.(part.value.byteLength);
    rest.push(part.value);
    for (size += part.value.byteLength; keep && size >= PIECE; size -= PIECE) {
      const all = new Blob(rest);
      const piece = all.slice(0, PIECE);
      rest = [all.slice(PIECE)];
      await keep(pieces.push(piece) - 1, new Response(piece, { headers }));
    }
  }
  return new Response(new Blob([...pieces, ...rest]), { headers });
}

/** Finds the same file of an earlier version on this phone, whose folder had another name: most files stay as they are. */
async function earlierFiles() {
  const there = new Map();
  for (const name of (await caches.keys()).filter((one) => one.startsWith("tungnha-") && one !== CACHE)) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const { pathname, search } = new URL(request.url);
      if (!search) there.set(plain(pathname), [cache, request]); // else a piece of a file
    }
  }
  return async (url) => {
    const [cache, request] = there.get(plain(url)) ?? [];
    return cache?.match(request);
  };
}

function plain(url) {
  return url.replace(/^(\/app\/\w+)-[0-9a-f]{16}\//, "$1/");
}

async function digestOf(file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("tungnha-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith("/app/")) return;
  const address = request.mode === "navigate" ? INDEX : url.pathname;
  if (known.has(address)) event.respondWith(answer(address, request));
});

async function answer(address, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(address);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (address !== INDEX) throw error;
    return new Response(GONE, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

const GONE = `<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Từng Nhà</title><body style="font: 18px/1.5 sans-serif; padding: 24px"><h1>Chưa mở được ứng dụng</h1>
<p>Trình duyệt đã xóa các tệp của ứng dụng và máy đang không có mạng. Anh/chị đến nơi có mạng rồi bấm:</p>
<p><a href="/app/">Mở lại</a></p>`;
