// A page on a phone with a poor signal: registers the worker, keeps what is typed, sends forms through the outbox, and says what waits.
"use strict";
(() => {
  if (!Outbox.usable) return;
  const body = document.body;
  const person = body.dataset.person;
  const words = JSON.parse(body.dataset.phone);
  const AGAIN_MS = 10000, TYPED_MS = 400;
  const page = location.pathname;
  const whose = (form) => ("open" in form.dataset ? "" : person);
  const target = (form) => form.getAttribute("action").replace(/#.*/, "");
  const forms = () => [...document.querySelectorAll("form[data-outbox]")];
  const formOf = (url) => forms().find((form) => target(form) === url);

  // Until it has done what it is asked for, and no longer than it may take.
  function toWorker(worker, asked, patience = 60000) {
    return new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      setTimeout(done, patience);
      worker.postMessage(asked, [channel.port2]);
    });
  }

  // --- the worker, and the pages that it keeps ahead

  async function register() {
    if (!("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register("/worker.js");
    const registration = await navigator.serviceWorker.ready;
    if (body.dataset.kept) return;
    const ahead = [...document.querySelectorAll("a[data-ahead]")].map((link) => link.getAttribute("href"));
    const always = person ? ["/outbox", ...(body.dataset.ahead?.split(" ") ?? [])] : [];
    const paths = [page + location.search, ...always, ...ahead].filter(Boolean);
    await toWorker(registration.active, { keep: [...new Set(paths)] });
    body.dataset.keptAhead = "";
  }

  // --- a page that was kept says so, and is fetched anew as soon as that can be done

  const banner = document.getElementById("connection");
  if (body.dataset.kept) {
    banner.hidden = false;
    body.classList.add("lost");
    document.getElementById("connection-age").dataset.age = body.dataset.now;
  }

  // --- words beside a form

  function say(form, kind, text, ...more) {
    let hint = form.querySelector(":scope > [data-said]");
    if (!hint) {
      hint = document.createElement("div");
      hint.dataset.said = "";
      form.prepend(hint);
    }
    hint.className = `hint ${kind}`;
    hint.setAttribute("role", kind === "warn" ? "alert" : "status");
    const line = document.createElement("p");
    line.textContent = text;
    hint.replaceChildren(line, ...more);
    for (let outer = form.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    return hint;
  }
  const unsay = (form) => form.querySelector(":scope > [data-said]")?.remove();

  function button(text, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  }
  function link(text, href) {
    const made = document.createElement("a");
    Object.assign(made, { className: "button", textContent: text, href });
    return made;
  }
  const signIn = () => link(words.sign_in_now, `/sign-in?next=${encodeURIComponent(page + location.search)}`);

  // --- what is in a form

  async function fieldsOf(form, submitter) {
    const data = submitter ? new FormData(form, submitter) : new FormData(form);
    const chosen = [...data].filter(([name, value]) => name !== "photo" && !(value instanceof File && !value.size));
    const fields = chosen.map(([name, value]) => (value instanceof File ? [name, value, value.name] : [name, value]));
    return [...fields, ...(await Photos.of(form))];
  }

  // What was filled as people read it: the outbox shows it, and nothing of it is lost where the form is gone.
  function readable(form) {
    const said = [];
    for (const field of form.querySelectorAll("select, textarea, input:not([type=hidden], [type=file])")) {
      const chosen = !["radio", "checkbox"].includes(field.type) || field.checked;
      const words = field.matches("select") ? field.selectedOptions[0]?.textContent
        : ["radio", "checkbox"].includes(field.type) ? field.labels[0]?.textContent : field.value;
      if (chosen && field.value && words?.trim()) said.push(words.trim());
    }
    return said.join(" · ");
  }

  // Rows that were added are added again.
  function fieldNamed(form, name) {
    const find = () => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const [, rows] = /^f\.([\w-]+)\.\d+\./.exec(name) ?? [];
    const more = rows && form.querySelector(`[name^="f.${rows}.0."]`)?.closest("[data-rows]")?.querySelector(".more-rows");
    for (let tries = 0; more && !find().length && tries < 100; tries += 1) more.click();
    return find();
  }

  function setFile(input, blob, name) {
    const files = new DataTransfer();
    files.items.add(new File([blob], name, { type: blob.type }));
    input.files = files.files;
    input.dispatchEvent(new Event("restored", { bubbles: true }));
  }

  function setField(field, value, name) {
    if (value instanceof Blob) {
      if (field.type === "file") setFile(field, value, name);
    } else if (field.type === "radio" || field.type === "checkbox") {
      if (field.value === value) field.checked = true;
    } else if (field.type !== "file") {
      field.value = value;
      field.dispatchEvent(new Event("restored", { bubbles: true }));
    }
  }

  async function fill(form, fields) {
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
    for (const [name, value, filename] of fields) {
      if (name.startsWith("photo") || Outbox.NOT_TYPED.has(name)) continue;
      for (const field of fieldNamed(form, name)) setField(field, value, filename);
    }
    await Photos.fill(form, fields);
  }

  // --- what is typed is kept until it is sent: the session may end, the battery, or the patience

  let saving = null;
  const touched = new Set();
  async function saveTouched() {
    clearTimeout(saving);
    for (const form of touched) {
      touched.delete(form);
      if ("busy" in form.dataset) continue;
      await Outbox.saveDraft(whose(form), page, target(form), await fieldsOf(form), readable(form));
      if (!touched.has(form)) form.dataset.saved = "";
    }
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-outbox]");
    if (!form) return;
    touched.add(form);
    delete form.dataset.saved;
    clearTimeout(saving);
    saving = setTimeout(saveTouched, TYPED_MS);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) saveTouched(); });

  async function drop(form) {
    await Outbox.dropDraft(whose(form), page, target(form));
    location.reload();
  }

  async function restore() {
    const found = [...(await Outbox.drafts(person, page)), ...(person ? await Outbox.drafts("", page) : [])];
    for (const draft of found) {
      const form = formOf(draft.url);
      if (form) {
        await fill(form, draft.fields);
        say(form, "quiet", words.restored, button(words.discard, () => drop(form)));
      } else orphan(draft);
    }
  }

  // The step is not possible any more: what was typed is shown all the same.
  function orphan(draft) {
    const main = document.getElementById("main");
    if ([...main.querySelectorAll(".orphan")].some((each) => each.dataset.of === draft.key)) return;
    const told = document.createElement("div");
    told.className = "hint warn orphan";
    told.dataset.of = draft.key;
    const text = document.createElement("p");
    text.textContent = words.no_form;
    const typed = document.createElement("blockquote");
    typed.textContent = draft.typed;
    told.append(text, typed, button(words.discard, async () => {
      await Outbox.dropDraft(draft.who, draft.page, draft.url);
      told.remove();
    }));
    // Not into a part that is fetched again.
    main.prepend(told);
  }

  // --- sending

  // Whoever goes on to another page meanwhile is not called back.
  let leaving = false;
  addEventListener("beforeunload", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });

  function go(leads) {
    const to = new URL(leads, location.origin);
    if (to.origin !== location.origin) return;
    // Where it was only a file that was fetched, the page is still here a while later.
    if (leaving) {
      setTimeout(() => { leaving = false; go(leads); }, 3000);
      return;
    }
    const same = to.pathname === location.pathname && to.search === location.search;
    if (!same) {
      location.assign(to);
      return;
    }
    history.replaceState(null, "", to);
    location.reload();
  }

  // The hub says what is wrong: its page stands in place of this one, with what was typed.
  async function answered(form, item, outcome) {
    await Outbox.takeBack(item, item.who);
    const told = new DOMParser().parseFromString(outcome.html, "text/html").getElementById("main");
    if (!told?.querySelector("form[data-outbox], #refused, [role=alert]")) {
      say(form, "warn", told?.querySelector("h1")?.textContent.trim() || words.refused);
      delete form.dataset.busy;
      return;
    }
    document.getElementById("main").replaceChildren(...told.childNodes);
    htmx.process(document.getElementById("main"));
    body.dispatchEvent(new CustomEvent("htmx:afterSwap"));
    const anew = formOf(item.url);
    if (anew) await Photos.fill(anew, item.fields);
    const alert = document.querySelector("#main [role=alert]");
    alert?.scrollIntoView({ block: "center" });
  }

  const sending = new Set(); // by this page, at this moment: it does not say of these that they wait

  async function submit(form, submitter) {
    form.dataset.busy = "";
    say(form, "quiet", words.sending);
    const title = [document.querySelector("#main h1"), submitter ?? form.querySelector("[type=submit]")]
      .map((each) => each?.textContent.trim()).filter(Boolean).join(" · ");
    const fields = await fieldsOf(form, submitter);
    const id = Outbox.newKey();
    sending.add(id);
    let item;
    try {
      item = await Outbox.keep({ id, who: whose(form), url: target(form), page, title, fields, typed: readable(form) });
    } catch {
      // Nothing can be kept here: it goes the usual way.
      return form.submit();
    }
    touched.delete(form);
    await Outbox.dropDraft(item.who, page, item.url);
    const outcome = await Outbox.deliver(item.id);
    sending.delete(id);
    if (outcome.state === "sent") go(outcome.leads);
    else if (outcome.state === "refused") await answered(form, item, outcome);
    else {
      await waits();
      // Where the browser can, it is sent although nobody opens a page again.
      const registration = await navigator.serviceWorker?.getRegistration();
      await registration?.sync?.register("outbox").catch(() => undefined);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-outbox]") || event.submitter?.name === "more") return;
    event.preventDefault();
    if (!("busy" in form.dataset)) submit(form, event.submitter);
  });

  // --- what waits

  const bar = document.getElementById("waiting");
  const OPEN = new Set(["waiting", "sign-in", "refused"]);

  const awaited = new Set(); // forms of this page that wait: once they are sent, by whomever, the page goes on

  function mark(item) {
    const form = formOf(item.url);
    if (!form || item.page !== page) return;
    if (item.state === "refused") {
      say(form, "warn", words.refused, button(words.take_back, async () => {
        await Outbox.takeBack(item, item.who);
        location.reload();
      }));
      return;
    }
    form.dataset.busy = "kept";
    awaited.add(item.id);
    const since = words.kept.replace("%(moment)s", Outbox.moment(item.at));
    if (item.state === "sign-in") say(form, "warn", words.sign_in, signIn());
    else say(form, "quiet", since, link(words.see_outbox, "/outbox"));
  }

  async function waits() {
    const items = await Outbox.mine(person);
    const open = items.filter((item) => OPEN.has(item.state) && !sending.has(item.id));
    bar.hidden = !open.length;
    bar.querySelector("[data-count]").textContent = open.length;
    open.forEach(mark);
    const sentNow = items.filter((item) => item.state === "sent" && awaited.delete(item.id)).at(-1);
    if (sentNow) go(sentNow.leads);
    // Who reported a fault without signal finds here how it goes on.
    const done = items.filter((item) => item.state === "sent" && item.page === page && item.who === "").at(-1);
    const form = done && formOf(done.url);
    if (form && !open.some((item) => item.url === done.url)) {
      say(form, "ok", words.sent.replace("%(moment)s", Outbox.moment(done.sentAt)), link(words.see, done.leads));
    }
    return open.filter((item) => item.state !== "refused");
  }

  let flushing = false;
  async function flush() {
    if (flushing || document.hidden) return;
    flushing = true;
    try {
      const before = await waits();
      if (!before.length) return;
      await Outbox.flush();
      await waits();
    } catch {
      // No signal yet.
    } finally {
      flushing = false;
    }
  }

  addEventListener("outbox", waits);
  addEventListener("online", flush);
  addEventListener("pageshow", (event) => { if (event.persisted) flush(); });
  setInterval(flush, AGAIN_MS);

  // A page that was kept is fetched again once there is a signal, unless somebody types.
  if (body.dataset.kept) {
    const anew = async () => {
      // What waits here goes first: it leads on by itself.
      if (document.hidden || touched.size || awaited.size || sending.size || document.activeElement?.matches("input, textarea, select")) return;
      try {
        await Outbox.ask();
        location.reload();
      } catch {
        // Not yet.
      }
    };
    addEventListener("online", anew);
    setInterval(anew, AGAIN_MS);
  }

  // A part that is fetched again brings forms that know nothing: what was typed comes back, and what waits is said again.
  body.addEventListener("htmx:beforeSwap", (event) => {
    const forms = [...event.detail.target.querySelectorAll("form[data-outbox]")];
    if (forms.some((form) => touched.has(form) || form.dataset.busy === "")) event.detail.shouldSwap = false;
  });
  body.addEventListener("htmx:afterSwap", async (event) => {
    if (!event.detail?.target?.querySelector("form[data-outbox]")) return;
    await restore();
    await waits();
  });

  // --- signing out leaves nothing behind, and says so before

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out") return;
    event.preventDefault();
    const open = (await Outbox.mine(person)).filter((item) => OPEN.has(item.state));
    if (open.length && !confirm(words.sign_out.replace("%(n)s", open.length))) return;
    await Outbox.clear();
    await forgetPages();
    form.submit();
  });

  function forgetPages() {
    const worker = navigator.serviceWorker?.controller;
    return worker && toWorker(worker, { forget: true }, 2000);
  }

  // --- a link to a step opens its form

  function openStep() {
    const wanted = /^#step-\w+$/.test(location.hash) && document.querySelector(location.hash);
    const step = wanted && wanted.closest("details");
    if (!step) return;
    step.open = true;
    step.scrollIntoView({ block: "start" });
  }
  addEventListener("hashchange", openStep);

  // --- at the start

  async function begin() {
    await Outbox.tidy();
    await restore();
    openStep();
    await flush();
    await waits();
    body.dataset.phoneReady = "";
  }
  begin();
  addEventListener("load", () => register().catch(() => undefined));
})();
