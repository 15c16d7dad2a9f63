// A school's sheet on a phone with a poor signal: what is typed stays on the device until it has been sent. Without a script the
// page works as well, and only what was not sent is lost when the browser closes.
"use strict";

const sent = document.querySelector("[data-forget]");
const form = document.getElementById("survey");

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Private windows may keep nothing.
  }
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

function forget(path) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`survey:${path}`)) localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

if (sent) forget(sent.dataset.forget);

if (form) {
  const key = `survey:${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((field) => field.name.startsWith("a."));
  const typed = () => fields().map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
  const blank = JSON.stringify(typed());
  const before = kept(key);
  if (before && !("typed" in form.dataset) && JSON.stringify(before) !== blank && before.length === fields().length) {
    fields().forEach((field, at) => {
      if (before[at][0] !== field.name) return;
      if (field.type === "checkbox") field.checked = before[at][1];
      else field.value = before[at][1];
      const row = field.closest("details");
      if (row && field.value && field.type !== "checkbox") row.open = true;
    });
    document.getElementById("restored").hidden = false;
  }
  document.getElementById("anew").addEventListener("click", () => {
    keep(key, null);
    location.reload();
  });
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    form.removeAttribute("data-kept");
    waiting = setTimeout(() => {
      keep(key, JSON.stringify(typed()));
      form.setAttribute("data-kept", "");
    }, 300);
  });
  const bad = form.querySelector("[aria-invalid]");
  if (bad) document.getElementById("refused").scrollIntoView();
}
