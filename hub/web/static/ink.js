// What charts are drawn with: the page's colours and room on a screen, black on white and as wide as a sheet on paper. Who draws
// says so with `follow`, and is told to draw again, at once, before the page is printed, after it, and when the screen turns dark.
"use strict";
self.Ink = (() => {
  const SHEET = 640; // A4 without its margins and a card's edge, in px of print
  const PAPER = {
    "--card": "#fff", "--line": "#ccc", "--ink-2": "#333", "--accent-wash": "#ddd",
    "--class-wash": "#f0f0f0", "--spell-wash": "#e4e4e4", "--spell-line": "#999",
  };
  const drawers = [];
  let printed = false;
  const again = () => drawers.forEach((draw) => draw());
  const turn = (to) => () => { printed = to; again(); };
  addEventListener("beforeprint", turn(true));
  addEventListener("afterprint", turn(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  return {
    colour: (name) => (printed ? PAPER[name] ?? "#000" : getComputedStyle(document.documentElement).getPropertyValue(name).trim()),
    width: (place) => (printed ? SHEET : place.clientWidth),
    follow: (draw) => drawers.push(draw),
  };
})();
