// Small comforts of the office's pages; all of them work without it. A dropped or chosen file says its name, and what is chosen is counted.
"use strict";
(() => {
  const standing = [];
  for (const zone of document.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const chosen = zone.querySelector(".chosen");
    const warning = zone.querySelector("[data-too-large]");
    const most = Number(zone.dataset.most) * 1024 * 1024;
    const say = () => {
      const file = input.files[0];
      const fits = !file || file.size <= most;
      chosen.textContent = file ? file.name : "";
      warning.hidden = fits;
      // The browser then does not send it.
      input.setCustomValidity(fits ? "" : warning.textContent);
    };
    input.addEventListener("change", say);
    standing.push(say);
    for (const [event, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      zone.addEventListener(event, () => zone.classList.toggle("over", over));
    }
  }
  for (const form of document.querySelectorAll("[data-choose]")) {
    const count = form.querySelector("[data-count]");
    const say = () => {
      const chosen = form.querySelectorAll("input[name=schools]:checked").length;
      count.textContent = chosen ? String(chosen) : "";
    };
    form.addEventListener("change", say);
    standing.push(say);
  }
  // Somebody may have chosen before this script was there, and a browser that comes back chooses again what was chosen.
  for (const say of standing) {
    say();
    addEventListener("pageshow", say);
  }
})();
