// Tables that are sorted by a click on a head: figures as figures, words as words of the reader's language.
"use strict";
(() => {
  const LEAST_ROWS = 3;
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // "1,234.50", "62.5%" and "–"; anything else is no figure.
  function figure(text) {
    const plain = text.replace(/[,\s%]/g, "");
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
  }

  function compare(one, other) {
    const [a, b] = [figure(one), figure(other)];
    if (a !== null && b !== null) return a - b;
    if (a !== null || b !== null) return a === null ? -1 : 1; // what is not known stands before what is
    return order.compare(one, other);
  }

  function sort(table, column, down) {
    const body = table.tBodies[0];
    const told = (row) => row.cells[column].textContent.trim();
    const rows = [...body.rows].sort((one, other) => (down ? -1 : 1) * compare(told(one), told(other)));
    body.append(...rows);
  }

  function offer(table, head, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sorts";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table, column, down);
    });
  }

  for (const table of document.querySelectorAll("main table.plain")) {
    const heads = table.tHead?.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
    if (table.tBodies[0]?.rows.length >= LEAST_ROWS) heads.forEach((head, column) => offer(table, head, column));
  }
})();
