// The sum of a plan while somebody types: what the line would cost then, in place of what it costs now.
"use strict";

(() => {
  const sums = document.getElementById("sums");
  if (!sums) return;
  const budget = Number(sums.dataset.budget);
  const total = Number(sums.dataset.total);
  const shownSum = sums.querySelector("[data-sum]");
  const shownRest = sums.querySelector("[data-rest]");
  const over = sums.querySelector("[data-over]");
  const words = shownSum.textContent.replace(/[-\d.,\u00a0]+/, "{}").trim();
  const write = (satang) => words.replace("{}", (satang / 100).toLocaleString("en-US", { maximumFractionDigits: 2 }));

  const amount = (field) => Number(field.value.replaceAll(",", "").trim());
  const costOf = (form) => {
    const cost = amount(form.querySelector("[data-pieces]")) * Math.round(amount(form.querySelector("[data-price]")) * 100);
    return Number.isFinite(cost) ? cost : Number(form.dataset.line);
  };

  const show = (form) => {
    const sum = total - Number(form.dataset.line) + costOf(form);
    shownSum.textContent = write(sum);
    shownRest.textContent = write(budget - sum);
    shownRest.classList.toggle("bad", sum > budget);
    over.hidden = sum <= budget;
  };

  for (const form of document.querySelectorAll("form[data-line]")) {
    form.addEventListener("input", () => show(form));
  }
})();
