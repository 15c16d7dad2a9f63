// Forms that wait for a signal, and what was typed into forms that were not sent yet: kept in this browser (IndexedDB), by person.
// Used by pages and by the worker. A form carries a key of its own, so that the hub carries it out once however often it comes.
"use strict";
self.Outbox = (() => {
  const NAME = "dltv-fleet", FORMS = "forms", DRAFTS = "drafts";
  const DAY_MS = 86400000;
  const FORGET_SENT_MS = 7 * DAY_MS, FORGET_MS = 60 * DAY_MS;
  const ASK_MS = 10000, SEND_MS = 120000;
  const usable = "indexedDB" in self && "FormData" in self;
  const channel = "BroadcastChannel" in self ? new BroadcastChannel("outbox") : null;
  const NOT_TYPED = new Set(["csrf", "once", "version"]);
  let opening = null;

  // --- the place

  function base() {
    opening ??= new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore(FORMS, { keyPath: "id" });
        asked.result.createObjectStore(DRAFTS, { keyPath: "key" });
      };
      asked.onsuccess = () => {
        // Another page may want to clear it all.
        asked.result.onversionchange = () => { asked.result.close(); opening = null; };
        done(asked.result);
      };
      asked.onerror = () => { opening = null; failed(asked.error); };
    });
    return opening;
  }

  async function store(name, mode, act) {
    const database = await base();
    return new Promise((done, failed) => {
      const transaction = database.transaction(name, mode);
      const asked = act(transaction.objectStore(name));
      // What is told to be kept is on the disk, not under way to it.
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  }

  const put = (name, value) => store(name, "readwrite", (all) => all.put(value));
  const get = (name, key) => store(name, "readonly", (all) => all.get(key));
  const drop = (name, key) => store(name, "readwrite", (all) => all.delete(key));
  const every = (name) => store(name, "readonly", (all) => all.getAll());

  function tell() {
    channel?.postMessage("changed");
    self.dispatchEvent(new Event("outbox"));
  }
  if (channel) channel.onmessage = () => self.dispatchEvent(new Event("outbox"));

  // Only a page that came over a safe line has crypto.randomUUID.
  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // As the hub tells moments: by its clock, wherever the phone thinks that it is.
  const told = (shown, locale) => new Intl.DateTimeFormat(locale, { ...shown, timeZone: document.body.dataset.zone });

  // bare: without the word for it, as beside an axis. Charts ask often.
  let hands, pattern;
  function clock(at, bare = false) {
    hands ??= told({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB");
    pattern ??= JSON.parse(document.body.dataset.phone).clock;
    const parts = hands.formatToParts(at);
    const part = (type) => parts.find((each) => each.type === type).value;
    const shown = bare ? pattern.replace(/\s*'[^']*'/, "") : pattern;
    return shown.replace("HH", part("hour")).replace("mm", part("minute")).replaceAll("'", "");
  }

  function moment(at) {
    const lang = document.documentElement.lang;
    // The day before the month and, in Thai, the year of the Buddhist era.
    const day = told({ day: "numeric", month: "short", year: "numeric" }, lang === "en" ? "en-GB" : lang).format(at);
    return `${day} ${clock(at)}`;
  }

  // --- what waits

  // who: whose form it is; empty where the page is for everybody
  async function keep({ id, who, url, page, title, fields, typed }) {
    const item = { id, who, url, page, title, fields, typed, at: Date.now(), state: "waiting", tries: 0 };
    await put(FORMS, item);
    tell();
    return item;
  }

  async function mine(person) {
    const items = (await every(FORMS)).filter((item) => item.who === "" || item.who === person);
    return items.sort((one, other) => one.at - other.at);
  }

  async function remove(id) {
    await drop(FORMS, id);
    tell();
  }

  async function tidy() {
    const now = Date.now();
    for (const item of await every(FORMS)) {
      const old = item.state === "sent" ? now - item.sentAt > FORGET_SENT_MS : now - item.at > FORGET_MS;
      if (old) await drop(FORMS, item.id);
    }
    for (const draft of await every(DRAFTS)) if (now - draft.at > FORGET_MS) await drop(DRAFTS, draft.key);
  }

  // --- sending

  async function ask() {
    const answer = await fetch("/outbox/me", { cache: "no-store", signal: AbortSignal.timeout(ASK_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function bodyOf(item, csrf) {
    const body = new FormData();
    for (const [name, value, filename] of item.fields) {
      if (NOT_TYPED.has(name) && name !== "version") continue;
      if (value instanceof Blob) body.append(name, value, filename);
      else body.append(name, value);
    }
    body.set("once", item.id);
    if (csrf) body.set("csrf", csrf);
    return body;
  }

  async function post(item) {
    const me = await ask();
    if (item.who && item.who !== me.person) return { state: "sign-in" };
    const answer = await fetch(item.url, {
      method: "POST",
      body: bodyOf(item, me.csrf),
      headers: { "X-Outbox": "1" },
      signal: AbortSignal.timeout(SEND_MS),
    });
    const leads = answer.headers.get("X-Leads-To");
    if (answer.ok && leads) return { state: "sent", leads };
    if (answer.status === 401) return { state: "sign-in" };
    if (answer.ok || answer.status === 429 || answer.status >= 500) return { state: "waiting", status: answer.status };
    return { state: "refused", status: answer.status, html: await answer.text() };
  }

  async function attempt(id) {
    const item = await get(FORMS, id);
    if (!item) return { state: "gone" };
    if (item.state === "sent") return { state: "sent", leads: item.leads };
    let outcome;
    try {
      outcome = await post(item);
    } catch {
      // No signal, or the answer was lost: whether the hub has it, it will say when the form comes again.
      outcome = { state: "waiting" };
    }
    const now = Date.now();
    const after = { ...item, state: outcome.state, status: outcome.status ?? 0, tries: item.tries + 1, triedAt: now };
    if (outcome.state === "sent") Object.assign(after, { fields: [], typed: "", leads: outcome.leads, sentAt: now });
    // Somebody may have dropped it meanwhile.
    if (await get(FORMS, id)) await put(FORMS, after);
    tell();
    return outcome;
  }

  // One at a time, whatever pages are open: the others wait for their turn, and then find it sent.
  const alone = (act) => (navigator.locks ? navigator.locks.request("outbox", act) : act());
  const deliver = (id) => alone(() => attempt(id));

  // All that wait, in the order in which they were filled. person: where it is known who is signed in; else it is asked for
  async function flush(person) {
    const who = person ?? (await ask()).person;
    let sent = 0;
    for (const item of await mine(who)) {
      if (item.state !== "waiting" && item.state !== "sign-in") continue;
      const outcome = await deliver(item.id);
      if (outcome.state === "sent") sent += 1;
      // Without signal the next one would not go either.
      if (outcome.state === "waiting" && !outcome.status) break;
    }
    return sent;
  }

  // --- what is typed, before it is sent

  const draftKey = (person, page, url) => `${person} ${page} ${url}`;

  // typed: the same as people read it
  async function saveDraft(person, page, url, fields, typed) {
    const own = fields.filter(([name]) => !NOT_TYPED.has(name));
    await put(DRAFTS, { key: draftKey(person, page, url), who: person, page, url, fields: own, typed, at: Date.now() });
  }
  const dropDraft = (person, page, url) => drop(DRAFTS, draftKey(person, page, url));
  const drafts = async (person, page) =>
    (await every(DRAFTS)).filter((each) => each.who === person && each.page === page);

  // Back into the form: there it is looked at again, together with what the hub knows now.
  async function takeBack(item, person) {
    await saveDraft(person, item.page, item.url, item.fields, item.typed);
    await remove(item.id);
  }

  // Whoever signs out leaves nothing behind.
  async function clear() {
    for (const name of [FORMS, DRAFTS]) await store(name, "readwrite", (all) => all.clear());
    tell();
  }

  return {
    usable, newKey, keep, mine, remove, tidy, ask, deliver, flush, clear, saveDraft, dropDraft, drafts, takeBack, clock, moment, NOT_TYPED,
  };
})();
