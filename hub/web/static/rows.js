// Fields of rows: one more empty row without asking the hub. Without a script the same button asks it, and nothing typed is lost.
"use strict";

const NUMBER = /^(.*?[.-])(\d+)([.-][a-z0-9_]+(?:-fault)?)$/;

function anew(row, number) {
  const copy = row.cloneNode(true);
  copy.querySelectorAll(".fault").forEach((each) => each.remove());
  copy.querySelector(".row-number").textContent = number + 1;
  copy.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+$/, number + 1));
  for (const each of copy.querySelectorAll("[id], [name], [for]")) {
    for (const key of ["id", "name", "for"]) {
      const told = each.getAttribute(key);
      if (told) each.setAttribute(key, told.replace(NUMBER, `$1${number}$3`));
    }
    each.removeAttribute("aria-invalid");
    if ("value" in each) each.value = "";
  }
  return copy;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rows] .more-rows");
  if (!button) return;
  event.preventDefault();
  const rows = button.parentElement.querySelectorAll(".asked-row");
  const copy = anew(rows[rows.length - 1], rows.length);
  button.before(copy);
  copy.querySelector("input, select, textarea").focus();
});
