// The service worker: keeps the shell of the app, whole and of one making, and gives it without a network.
// SHELL is written before this by the county: a name drawn from the contents, the page, and every file of it.
// Nothing that speaks of people is ever kept here; that lies sealed in the store.

/* global SHELL */

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(SHELL.name);
    await cache.addAll([SHELL.page, ...SHELL.files].map((address) => new Request(address, { cache: "reload", credentials: "same-origin" })));
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const turn = async () => {
    for (const name of await caches.keys()) if (name.startsWith("field-") && name !== SHELL.name) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(turn());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const known = address.pathname === SHELL.page ? SHELL.page : SHELL.files.includes(address.pathname) ? address.pathname : "";
  if (!known) return;
  const answer = async () => {
    const cache = await caches.open(SHELL.name);
    return (await cache.match(known)) ?? fetch(request);
  };
  event.respondWith(answer());
});
