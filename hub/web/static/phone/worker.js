// The worker of the browser: shows the pages that were seen last when there is no signal, and sends what waits once there is one.
// Before it stands KNOWN: the version of the static files, those that every page needs, and the page for when nothing was kept.
"use strict";
importScripts(KNOWN.library);

const STATIC = `static-${KNOWN.version}`, PAGES = "pages", OPEN = "open-pages", NOTES = "notes";
const MOST_PAGES = 80, FRESH_MS = 10 * 60000;
const PATIENCE_MS = 6000; // on a line that has died without a word, what is kept is shown after that
const KEPT = /^\/(|office|repairs|trips(\/mine|\/new|\/\d+)?|tickets(\/\d+)?|requests(\/new)?(\/[\w%-]+)?|outbox|photos\/\d+\/small)$/;
const FOR_EVERYBODY = /^\/[er]\/[\w-]+$/;
const GONE = new Set([502, 503, 504]);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(STATIC);
    await cache.addAll(KNOWN.shell);
    // Made for nobody: it is shown to everybody.
    for (const path of Object.values(KNOWN.noSignal)) {
      const answer = await fetch(path, { credentials: "omit" });
      if (answer.ok) await cache.put(path, answer);
    }
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("static-") && name !== STATIC) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

// --- notes: whose pages are kept, and in which language they are

async function note(name) {
  const found = await (await caches.open(NOTES)).match(`/notes/${name}`);
  return found ? found.text() : "";
}
async function write(name, text) {
  await (await caches.open(NOTES)).put(`/notes/${name}`, new Response(text));
}

async function forget() {
  await caches.delete(PAGES);
  await write("person", "");
}

// --- keeping

// The page is the same in whichever language it was asked for.
function keyOf(url) {
  const address = new URL(url);
  address.hash = "";
  address.searchParams.delete("lang");
  return address.href;
}

async function shelf(answer, path) {
  if (FOR_EVERYBODY.test(path)) return OPEN;
  const person = answer.headers.get("X-Person");
  const before = await note("person");
  // Somebody else, or nobody any more: what the one before saw is not theirs.
  if (person !== null && person !== before) {
    await caches.delete(PAGES);
    await write("person", person);
  }
  return KEPT.test(path) && (person ?? before) ? PAGES : null;
}

async function keep(url, answer) {
  const path = new URL(url).pathname;
  const page = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  const name = page || path.startsWith("/photos/") ? await shelf(answer, path) : null;
  if (!name || !answer.ok || answer.redirected) return;
  const body = page ? await answer.text() : await answer.blob();
  if (page) await write("language", /<html lang="(\w+)"/.exec(body)?.[1] ?? "");
  const headers = new Headers(answer.headers);
  for (const each of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(each);
  headers.set("X-Kept-At", String(Date.now()));
  const cache = await caches.open(name);
  await cache.delete(keyOf(url), { ignoreVary: true });
  await cache.put(keyOf(url), new Response(body, { headers }));
  const all = await cache.keys();
  // In the order in which they came; one that comes anew goes to the end.
  for (const oldest of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await cache.delete(oldest, { ignoreVary: true });
}

async function kept(url) {
  const name = FOR_EVERYBODY.test(new URL(url).pathname) ? OPEN : PAGES;
  return (await caches.open(name)).match(keyOf(url), { ignoreVary: true });
}

// --- showing

// The page says itself how old it is: what it was kept at stands in it.
async function aged(answer) {
  const text = (await answer.text()).replace("<body ", `<body data-kept="${answer.headers.get("X-Kept-At")}" `);
  return new Response(text, { headers: answer.headers });
}

async function withoutSignal() {
  const language = await note("language");
  const path = KNOWN.noSignal[language] ?? Object.values(KNOWN.noSignal)[0];
  const found = await (await caches.open(STATIC)).match(path, { ignoreVary: true });
  return found ?? Response.error();
}

const within = (promise, patience) =>
  Promise.race([promise, new Promise((_, late) => setTimeout(() => late(new Error("late")), patience))]);

async function fromHub(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

async function page(event) {
  const url = event.request.url;
  const known = await kept(url);
  try {
    const answer = await (known ? within(fromHub(event), PATIENCE_MS) : fromHub(event));
    if (known && GONE.has(answer.status)) return aged(known);
    const copy = answer.clone();
    event.waitUntil(keep(url, copy).catch(() => undefined));
    return answer;
  } catch {
    return known ? aged(known) : withoutSignal();
  }
}

async function file(request) {
  const found = await (await caches.open(STATIC)).match(request);
  if (found) return found;
  try {
    const answer = await fetch(request);
    const lasts = new URL(request.url).searchParams.has("v") || request.destination === "font";
    if (answer.ok && lasts) await (await caches.open(STATIC)).put(request, answer.clone());
    return answer;
  } catch (lost) {
    // A page that was kept names the files of its time: those of today do.
    return (await caches.match(request, { ignoreSearch: true })) ?? Promise.reject(lost);
  }
}

async function photo(request) {
  const found = await kept(request.url);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await keep(request.url, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
  else if (event.request.mode === "navigate" && !/\.\w+$/.test(url.pathname)) event.respondWith(page(event));
  else if (/^\/photos\/\d+\/small$/.test(url.pathname)) event.respondWith(photo(event.request));
});

// --- what pages ask for

// Pages that will be wanted where there is no signal: today's schools, before the car leaves.
async function fetchAhead(paths) {
  for (const path of paths) {
    const url = new URL(path, location.origin).href;
    const known = await kept(url);
    if (known && Date.now() - Number(known.headers.get("X-Kept-At")) < FRESH_MS) continue;
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) await keep(url, answer);
  }
}

self.addEventListener("message", (event) => {
  const asked = event.data ?? {};
  const done = asked.forget ? forget() : fetchAhead((asked.keep ?? []).slice(0, MOST_PAGES / 2));
  event.waitUntil(done.catch(() => undefined).then(() => event.ports[0]?.postMessage("done")));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(Outbox.flush());
});
