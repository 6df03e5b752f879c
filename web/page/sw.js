// Keeps the whole app on the phone. The list of files is filled in by the build.
// Folders with a hash in their name never change, so an update downloads only what is new.

const BUILD = "@BUILD@";
const FILES = @FILES@; // [[address, bytes on the wire, bytes], ...]
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

// Browsers that can then take the files from the cache without waking this worker; a start is a tenth faster.
async function addShortCuts(event) {
  const source = { cacheName: CACHE };
  const page = new URLPattern({ pathname: INDEX, search: "" });
  const files = new URLPattern({ pathname: "/app/(engine|py|code)-*" });
  await event.addRoutes([
    { condition: { urlPattern: page, requestMode: "navigate" }, source },
    { condition: { urlPattern: files }, source },
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
  const carry = async () => {
    for (let file; (file = queue.shift()); ) await put(cache, file, arrived);
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

async function put(cache, [url, onWire, bytes], arrived) {
  if (await cache.match(url)) return arrived(onWire);
  const before = hashed(url) && (await caches.match(url));
  if (before) {
    await cache.put(url, before);
    return arrived(onWire);
  }
  const reply = await fetch(url, hashed(url) ? {} : { cache: "no-cache" });
  if (!reply.ok || reply.redirected) throw new Error(`${url}: ${reply.status}`);
  if (url === INDEX) return putIndex(cache, reply).then(() => arrived(onWire));
  await cache.put(url, copyOf(reply, reply.body.pipeThrough(count((read) => arrived((read / bytes) * onWire)))));
}

// A server in the middle of an upgrade may answer with another version's page: then try again later.
async function putIndex(cache, reply) {
  const page = await reply.text();
  if (!page.includes(BUILD)) throw new Error("index.html belongs to another version");
  await cache.put(INDEX, copyOf(reply, page));
}

function copyOf(reply, body) {
  const headers = new Headers(reply.headers);
  headers.delete("content-encoding"); // the body has been unpacked on the way in
  headers.delete("content-length");
  return new Response(body, { status: 200, headers });
}

function count(read) {
  return new TransformStream({
    transform(chunk, out) {
      read(chunk.byteLength);
      out.enqueue(chunk);
    },
  });
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
