// Keeps the pages that an officer takes along (the note of a visit, the tour) readable without a network. Nothing else is intercepted, and nothing
// is sent from here: assets/visit.js does that.
"use strict";

const WAIT_MS = 6000, TAKEN = /^\/[a-z]{2}\/visits\/(note|tour)$/;
const prefix = "taken-along-";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says for which account it was made: pages of another one are forgotten.
self.addEventListener("message", (event) => {
  const { account, pages, files } = event.data;
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== prefix + account) await caches.delete(name);
    const cache = await caches.open(prefix + account);
    await Promise.all([...pages, ...files].map((address) => keep(cache, address)));
    event.ports[0]?.postMessage("kept");
  })());
});

async function keep(cache, address) {
  if (address.startsWith("/assets/") && await cache.match(address)) return;
  const answer = await fetch(address).catch(() => undefined);
  if (answer?.ok && !answer.redirected) await cache.put(address, answer);
}

async function current() {
  const name = (await caches.keys()).find((one) => one.startsWith(prefix));
  return name ? caches.open(name) : undefined;
}

// A network that does not answer counts as none.
function fetchSoon(request) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), WAIT_MS);
  return fetch(request, { signal: stop.signal }).finally(() => clearTimeout(timer));
}

async function page(request) {
  const cache = await current();
  try {
    const answer = await fetchSoon(request);
    if (answer.ok && !answer.redirected && cache) await cache.put(request.url, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await cache?.match(request.url) ?? await cache?.match(request.url, { ignoreSearch: true });
    if (!kept) throw fault;
    return kept;
  }
}

async function file(request) {
  return await (await current())?.match(request.url) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && TAKEN.test(pathname)) event.respondWith(page(event.request));
  else if (pathname.startsWith("/assets/")) event.respondWith(file(event.request));
});
