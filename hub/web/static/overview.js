// The overview: keeps what depends on the hour and on its reader fresh, and loads the map after the page has been painted,
// on a phone when somebody asks for it: its libraries are half as much as the page, and the line is poor.
"use strict";
(() => {
  const MINE_MS = 10000; // what waits for a reader is asked for by each reader alone
  const MINUTE_MS = 60000;
  const body = document.body;

  // --- what waits for whoever looks: at once, then at most every ten seconds, and never not at all

  let askedAt = -MINE_MS;
  let waiting = 0;

  function askMine() {
    waiting = 0;
    askedAt = performance.now();
    body.dispatchEvent(new CustomEvent("mine"));
  }

  body.addEventListener("live", () => {
    if (waiting) return;
    waiting = setTimeout(askMine, Math.max(0, askedAt + MINE_MS - performance.now()));
  });

  // Class goes on, and tickets grow older, although nothing happens.
  setInterval(() => {
    if (!document.hidden) body.dispatchEvent(new CustomEvent("live"));
  }, MINUTE_MS);

  // --- the map: no byte of it before the page stands, and none where it is never looked at

  const box = document.getElementById("map");
  if (!box) return;

  function style(href) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    document.head.append(link);
    return new Promise((done, failed) => Object.assign(link, { onload: done, onerror: failed }));
  }

  function script(src) {
    const element = Object.assign(document.createElement("script"), { src });
    document.head.append(element);
    return new Promise((done, failed) => Object.assign(element, { onload: done, onerror: failed }));
  }

  async function load() {
    const parts = JSON.parse(box.dataset.parts);
    try {
      await Promise.all([style(parts.style), ...parts.libraries.map(script)]);
      await script(parts.map);
    } catch {
      // The list below says the same.
      box.closest("section").classList.add("failed");
    }
  }

  const ask = document.getElementById("map-load");
  const frugal = matchMedia("(max-width: 40rem)").matches || Boolean(navigator.connection?.saveData);

  // Once, whoever comes first.
  let loading = null;
  function fetchMap() {
    ask.hidden = true;
    loading ??= load();
  }

  const idle = window.requestIdleCallback || ((call) => setTimeout(call, 200));
  const sight = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    sight.disconnect();
    idle(fetchMap);
  }, { rootMargin: "200px" });
  function watch() {
    if (!frugal) {
      sight.observe(box);
      return;
    }
    ask.hidden = false;
    ask.addEventListener("click", fetchMap);
  }
  if (document.readyState === "complete") watch();
  else addEventListener("load", watch, { once: true });
})();
