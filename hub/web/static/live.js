// Keeps a page live: listens for what changed, lets htmx fetch the parts again, counts ages on, and says so when the hub is gone.
"use strict";
(() => {
  const QUIET_MS = 40000; // the hub says something at least every 15 s
  const RETRY_MS = 3000;
  const body = document.body;
  const words = JSON.parse(body.dataset.ages);
  // The hub's clock, not the phone's: a phone may be minutes off.
  // A page that was kept by the phone's worker was made when it was kept, not now.
  const ahead = Number(body.dataset.now) - Number(body.dataset.kept ?? Date.now());
  const now = () => Date.now() + ahead;

  // --- ages that keep counting

  function age(t) {
    const seconds = Math.max(0, Math.floor((now() - t) / 1000));
    const steps = [[86400, "d"], [3600, "h"], [60, "min"], [5, "s"]];
    const step = steps.find(([size]) => seconds >= size);
    if (!step) return words.now;
    const count = step[1] === "s" ? seconds : Math.floor(seconds / step[0]);
    return words[step[1]].replace("%(n)s", count);
  }

  function countOn() {
    for (const element of document.querySelectorAll("time[data-age]")) {
      const text = age(Number(element.dataset.age));
      if (element.textContent !== text) element.textContent = text;
    }
  }
  setInterval(countOn, 1000);
  document.addEventListener("visibilitychange", countOn);
  document.addEventListener("ages", countOn); // a script has put new ones into the page

  // --- the stream

  const url = body.dataset.live;
  const banner = document.getElementById("connection");
  const bannerAge = document.getElementById("connection-age");
  let source = null;
  let heardAt = body.dataset.kept ? Number(body.dataset.now) : now();
  let lost = false;

  function heard() {
    heardAt = now();
    bannerAge.dataset.age = heardAt;
    if (lost) {
      lost = false;
      banner.hidden = true;
      body.classList.remove("lost");
    }
  }

  function lose() {
    if (lost) return;
    lost = true;
    banner.hidden = false;
    body.classList.add("lost");
    countOn();
  }

  function refresh() {
    body.dispatchEvent(new CustomEvent("live"));
  }

  // The page, and the word of the hub, carry the mark of a hub and a count: what changed since is fetched, all else stands here.
  function isNew(said) {
    const [hub, count] = said.split(".");
    const [ours, seen] = (body.dataset.seen ?? "").split(".");
    return body.dataset.kept !== undefined || hub !== ours || Number(count) > Number(seen);
  }

  function connect() {
    if (source) source.close();
    source = new EventSource(url);
    // What changed between the making of the page and now is fetched once; so is all after a time without a line.
    source.addEventListener("hello", (event) => {
      const anew = lost || isNew(event.data);
      heard();
      if (anew) refresh();
    });
    source.addEventListener("beat", heard);
    for (const topic of ["fleet", "node", "tickets", "ticket", "request"]) {
      source.addEventListener(topic, () => { heard(); refresh(); });
    }
    source.onerror = () => {
      lose();
      // Refused: perhaps nobody is signed in any more. The answer to a part leads to where one signs in.
      if (source.readyState === EventSource.CLOSED) refresh();
    };
  }

  // The browser tries again by itself, but not after every kind of failure, and not on a line that died without a word.
  function watch() {
    const silent = now() - heardAt > QUIET_MS;
    if (silent) lose();
    if (source.readyState === EventSource.CLOSED || (silent && navigator.onLine)) {
      heardAt = now() - QUIET_MS + RETRY_MS * 4;
      connect();
    }
  }

  if (url) {
    connect();
    setInterval(watch, RETRY_MS);
    addEventListener("offline", lose);
    addEventListener("online", connect);
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  }

  // --- the word of the session: a part that many share comes without it

  body.addEventListener("htmx:configRequest", (event) => {
    if (body.dataset.csrf) event.detail.headers["X-CSRF-Token"] = body.dataset.csrf;
  });
  body.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || !body.dataset.csrf || form.elements.namedItem("csrf")) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "csrf", value: body.dataset.csrf });
    form.append(field);
  });

  // --- parts

  // A form in use is not pulled away from under the fingers; the version it carries tells the hub what its reader had seen.
  function inUse(part) {
    const typed = [...part.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue || area.defaultValue);
    return typed || part.contains(document.activeElement);
  }
  // Asked twice: somebody may begin to type while the answer is under way.
  const kept = (part) => part.hasAttribute("data-keep") && inUse(part);
  body.addEventListener("htmx:beforeRequest", (event) => {
    if (kept(event.detail.elt)) event.preventDefault();
  });
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (kept(event.detail.target)) event.detail.shouldSwap = false;
  });

  // A part stays as its reader had it: what was unfolded stays so, and the keyboard stays where it was.
  const sign = (it) => it.id || it.getAttribute("href") || it.getAttribute("name") || it.textContent.trim();
  const alike = (part, tag, signed) => [...part.querySelectorAll(tag)].filter((it) => sign(it) === signed);
  const place = (part, it) => [it.tagName, sign(it), alike(part, it.tagName, sign(it)).indexOf(it)];
  const left = new WeakMap();
  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const target = detail?.target;
    if (!target) return;
    const at = document.activeElement;
    left.set(target, {
      folds: [...target.querySelectorAll("details")].filter((fold) => fold.querySelector("summary"))
        .map((fold) => [place(target, fold.querySelector("summary")), fold.open]),
      at: at !== target && target.contains(at) ? place(target, at) : null,
    });
  });
  body.addEventListener("htmx:afterSwap", ({ detail }) => {
    const target = detail?.target; // none where a script put the part there
    const was = left.get(target);
    if (!was) return;
    left.delete(target);
    const again = ([tag, signed, index]) => alike(target, tag, signed)[index];
    for (const [where, open] of was.folds) again(where)?.parentElement.toggleAttribute("open", open);
    if (was.at && !target.contains(document.activeElement)) again(was.at)?.focus({ preventScroll: true });
  });

  // What changed lights up for a moment.
  let before = new Map();
  const figures = (part) => [...part.querySelectorAll("[data-value]")];
  const key = (figure, index) => figure.dataset.value + "#" + index;
  body.addEventListener("htmx:beforeSwap", (event) => {
    before = new Map(figures(event.detail.target).map((figure, index) => [key(figure, index), figure.textContent]));
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    figures(event.detail.elt).forEach((figure, index) => {
      const old = before.get(key(figure, index));
      if (old !== undefined && old !== figure.textContent) figure.classList.add("changed");
    });
    countOn();
  });

  // --- a key that leads to the search, wherever nothing is being typed

  document.addEventListener("keydown", (pressed) => {
    const field = pressed.target.closest("input, textarea, select, [contenteditable]");
    if (pressed.key !== "/" || field || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const sought = document.querySelector("main .search input[type=search]") ?? document.getElementById("find");
    if (!sought) return;
    pressed.preventDefault();
    if (sought.matches("input")) sought.focus();
    else sought.click();
  });
})();
