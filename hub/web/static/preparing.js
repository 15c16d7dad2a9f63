// Files that take a while to make: says that one is being made, and for how long, and hands it over when it is there. Without this
// script they are links and forms as any other.
"use strict";
(() => {
  const LONGEST_MS = 600000;
  const place = document.querySelector("[data-preparing]");
  const said = place?.querySelector("[data-said]");
  if (!said) return;
  const words = JSON.parse(place.dataset.preparing);
  let busy = false;

  function nameOf(answer) {
    const told = answer.headers.get("Content-Disposition") ?? "";
    const [, coded] = /filename\*=UTF-8''([^;]+)/i.exec(told) ?? [];
    const [, plain] = /filename="([^"]+)"/i.exec(told) ?? [];
    return coded ? decodeURIComponent(coded) : plain ?? "";
  }

  function hand(file, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async function prepare(address) {
    const begun = Date.now();
    const count = () => { said.textContent = words.busy.replace("%(n)s", Math.floor((Date.now() - begun) / 1000)); };
    const ticking = setInterval(count, 1000);
    busy = true;
    said.hidden = false;
    count();
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(LONGEST_MS) });
      const name = nameOf(answer);
      // What is wrong, the hub says on a page of its own.
      if (!answer.ok || !name) return location.assign(address);
      hand(await answer.blob(), name);
      said.textContent = words.done.replace("%(name)s", name);
    } catch {
      said.textContent = words.failed;
    } finally {
      clearInterval(ticking);
      busy = false;
    }
  }

  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[download]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!busy) prepare(link.href);
  });
  place.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get" || !new URL(form.action).pathname.endsWith(".pdf")) return;
    event.preventDefault();
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
    if (!busy) prepare(address.href);
  });
})();
