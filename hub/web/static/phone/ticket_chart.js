// The metric that speaks for a ticket, around its onset: small, drawn when it is about to come into sight, or else once the page is
// there and nothing more urgent is to be done, so that it stands on paper too.
"use strict";
(() => {
  const HEIGHT = 150;
  const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]];
  const language = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
  const { colour } = Ink;
  const drawn = new Map(); // of each place: what is drawn there, and the picture of it

  function script(address) {
    if (self.uPlot) return Promise.resolve();
    return new Promise((done, failed) => {
      const made = document.createElement("script");
      Object.assign(made, { src: address, onload: done, onerror: failed });
      document.head.append(made);
    });
  }

  async function series(place) {
    const asked = JSON.parse(place.dataset.urls).map(async (address) => {
      const url = new URL(address, location.href);
      url.searchParams.set("metric", place.dataset.metric);
      url.searchParams.set("from", place.dataset.since);
      url.searchParams.set("to", place.dataset.until);
      url.searchParams.set("points", "300");
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()).series[0]?.points ?? [];
    });
    return Promise.all(asked);
  }

  // When it began, and when it went away: a line and a word each.
  function marks(place) {
    return (plot) => {
      const pen = plot.ctx;
      pen.save();
      pen.font = `${12 * devicePixelRatio}px Sarabun, sans-serif`;
      // One below the other: they may be minutes apart.
      for (const [line, [at, words, ink]] of [[place.dataset.onset, place.dataset.began, "--bad"], [place.dataset.recovered, place.dataset.went, "--ok"]].entries()) {
        if (!at) continue;
        const x = plot.valToPos(Number(at) / 1000, "x", true);
        if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) continue;
        pen.strokeStyle = pen.fillStyle = colour(ink);
        pen.lineWidth = 2 * devicePixelRatio;
        pen.beginPath();
        pen.moveTo(x, plot.bbox.top);
        pen.lineTo(x, plot.bbox.top + plot.bbox.height);
        pen.stroke();
        const left = x + pen.measureText(words).width + 10 < plot.bbox.left + plot.bbox.width;
        pen.textAlign = left ? "left" : "right";
        // Between yes and no, else at the top; on a ground of its own, so that no curve strikes it out.
        const first = "switch" in place.dataset ? plot.bbox.height / 2 : 12 * devicePixelRatio;
        const spot = [words, x + (left ? 6 : -6), plot.bbox.top + first + 16 * line * devicePixelRatio];
        pen.strokeStyle = colour("--card");
        pen.lineWidth = 4 * devicePixelRatio;
        pen.strokeText(...spot);
        pen.fillText(...spot);
      }
      pen.restore();
    };
  }

  // As wide as the widest word beside the axis, in whatever language.
  function room(plot, words) {
    plot.ctx.save();
    plot.ctx.font = plot.axes[1].font[0];
    const widest = Math.max(0, ...(words ?? []).map((each) => plot.ctx.measureText(each).width));
    plot.ctx.restore();
    return Math.max(44, Math.ceil(widest / devicePixelRatio) + 12);
  }

  function options(place, count, width) {
    const zone = place.dataset.zone, scale = Number(place.dataset.scale), decimals = Number(place.dataset.decimals);
    const days = place.dataset.until - place.dataset.since > 3 * 86400000;
    const byDay = new Intl.DateTimeFormat(language, { timeZone: zone, day: "numeric", month: "short" });
    const told = (at) => (days ? byDay.format(at) : Outbox.clock(at, true));
    const axis = { stroke: colour("--ink-2"), font: "12px Sarabun, sans-serif", grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const yesNo = "switch" in place.dataset;
    const figure = (value) => (yesNo ? (value ? place.dataset.yes : place.dataset.no)
      : (value / scale).toLocaleString(language, { maximumFractionDigits: decimals }));
    return {
      width, height: HEIGHT, padding: [10, 8, 0, 0], legend: { show: false }, cursor: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
      scales: {
        x: { min: place.dataset.since / 1000, max: place.dataset.until / 1000 },
        y: yesNo ? { range: [-0.15, 1.15] } : { range: (_, low, high) => (low == null ? [0, 1] : [low - Math.max(1, (high - low) * 0.15), high + Math.max(1, (high - low) * 0.15)]) },
      },
      axes: [
        { ...axis, space: 60, size: 26, values: (_, splits) => splits.map((at) => told(at * 1000)) },
        { ...axis, size: room, splits: yesNo ? () => [0, 1] : undefined, values: (_, splits) => splits.map(figure) },
      ],
      series: [{}, ...Array.from({ length: count }, (_, at) => ({
        stroke: colour("--accent"), width: 2, dash: DASHES[at], spanGaps: false, points: { show: false },
        paths: yesNo ? uPlot.paths.stepped({ align: 1 }) : undefined,
      }))],
      hooks: { draw: [marks(place)] },
    };
  }

  function paint(place, count, data) {
    drawn.get(place)?.plot.destroy();
    place.replaceChildren();
    drawn.set(place, { count, data, plot: new uPlot(options(place, count, Ink.width(place)), data, place) });
  }

  async function draw(place) {
    try {
      const [found] = await Promise.all([series(place), script(place.dataset.script)]);
      const full = found.filter((points) => points.some(([, value]) => value != null));
      if (!full.length) throw new Error("nothing");
      const tables = full.map((points) => [points.map(([t]) => t / 1000), points.map(([, value]) => (value == null ? null : Number(value)))]);
      const data = tables.length > 1 ? uPlot.join(tables) : tables[0];
      paint(place, full.length, data);
      place.dataset.drawn = full.length;
    } catch {
      // Without signal, or where nothing is kept of that time: the sentences beside it tell the same.
      place.closest("figure").hidden = true;
    }
  }

  function begin(place) {
    if ("begun" in place.dataset) return;
    place.dataset.begun = "";
    draw(place);
  }
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) begin(entry.target);
  }, { rootMargin: "800px" });
  const places = () => document.querySelectorAll("[data-speaks]:not([data-begun])");
  const look = () => places().forEach((place) => watch.observe(place));
  const rest = () => places().forEach(begin);
  document.body.addEventListener("htmx:afterSwap", look);
  look();
  Ink.follow(() => drawn.forEach(({ count, data }, place) => paint(place, count, data)));
  const later = self.requestIdleCallback ?? ((act) => setTimeout(act, 200));
  if (document.readyState === "complete") later(rest);
  else addEventListener("load", () => later(rest));
})();
