// Draws a device's metrics over time: figures as curves (uPlot), yes and no as bands. Gaps stay gaps.
"use strict";
(() => {
  const HOUR = 3600000;
  const LIVE_EVERY_MS = 10000;
  const SILENCE = 11 * 60000; // two heartbeats of 5 min and some patience, as the hub's series have it
  const HEIGHT = 170;
  const SVG = "http://www.w3.org/2000/svg";
  const plots = document.getElementById("plots");
  if (!plots) return;
  const language = document.documentElement.lang;
  const zone = plots.dataset.zone;
  const curves = [...plots.querySelectorAll('[data-chart="curve"]')];
  const bands = [...plots.querySelectorAll(".band")];
  const drawn = new Map();
  const ahead = Number(document.body.dataset.now) - Date.now(); // the hub's clock, not the phone's
  let hours = 24;
  let fetchedAt = 0;
  let turn = 0;

  const clock = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const byHour = clock({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const byDay = clock({ day: "numeric", month: "short" });
  const byMoment = clock({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const figure = (value, decimals) =>
    value.toLocaleString(language, { minimumFractionDigits: 0, maximumFractionDigits: decimals });

  function options(chart, since, until) {
    const decimals = Number(chart.dataset.decimals);
    const font = "12px Sarabun, sans-serif";
    const axis = { stroke: colour("--ink-2"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const readOut = chart.querySelector("output");
    const tell = (plot) => {
      const at = plot.cursor.idx;
      const value = at == null ? null : plot.data[1][at];
      readOut.textContent = value == null ? "" :
        `${figure(value, decimals)} ${chart.dataset.unit} · ${byMoment.format(plot.data[0][at] * 1000)}`;
    };
    return {
      width: chart.querySelector(".plot").clientWidth,
      height: HEIGHT,
      padding: [10, 10, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
      scales: {
        x: { min: since / 1000, max: until / 1000 },
        y: { range: "percent" in chart.dataset ? [0, 100] : range },
      },
      axes: [
        { ...axis, space: 70, size: 28, values: (_, splits) => splits.map((at) => (hours > 48 ? byDay : byHour).format(at * 1000)) },
        { ...axis, size: 46, space: 26, values: (_, splits) => splits.map((value) => figure(value, Math.max(decimals, 1))) },
      ],
      series: [{}, { stroke: colour("--accent"), width: 2, fill: colour("--accent-wash"), points: { show: false }, spanGaps: false }],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, fill: colour("--accent") } },
      hooks: { setCursor: [tell] },
    };
  }

  // A curve that hardly moves shall look like one: the axis spans at least a little.
  function range(_, low, high) {
    if (low == null || high == null) return [0, 1];
    const least = Math.max(Math.abs(high) * 0.02, 1);
    const room = Math.max((high - low) * 0.1, (least - (high - low)) / 2);
    return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  }

  // What was said last holds until now, unless the next word is overdue.
  function untilNow(points, until) {
    const last = points[points.length - 1];
    return last && last[1] != null && until - last[0] < SILENCE ? [...points, [until, last[1]]] : points;
  }

  function drawCurve(chart, found, since, until) {
    const scale = Number(chart.dataset.scale);
    const points = untilNow(found, until);
    const data = [points.map(([t]) => t / 1000), points.map(([, value]) => (value == null ? null : value / scale))];
    drawn.get(chart)?.destroy();
    drawn.delete(chart);
    const place = chart.querySelector(".plot");
    place.textContent = "";
    const nothing = !points.some(([, value]) => value != null);
    chart.classList.toggle("nothing", nothing);
    if (nothing) {
      place.textContent = plots.dataset.nothing;
      return;
    }
    drawn.set(chart, new uPlot(options(chart, since, until), data, place));
  }

  // A value holds until the next report; a point without a value begins a gap.
  function spans(points, until) {
    const found = [];
    points.forEach(([t, value], index) => {
      if (value == null) return;
      const end = index + 1 < points.length ? points[index + 1][0] : Math.min(until, t + SILENCE);
      const last = found[found.length - 1];
      if (last && last.value === value && last.end === t) last.end = end;
      else found.push({ start: t, end, value });
    });
    return found;
  }

  function drawBand(band, points, since, until) {
    const line = band.querySelector("svg");
    line.replaceChildren();
    const x = (t) => ((Math.max(t, since) - since) / (until - since)) * 1000;
    for (const span of spans(points, until)) {
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("x", x(span.start));
      rect.setAttribute("width", Math.max(1.5, x(span.end) - x(span.start)));
      rect.setAttribute("y", span.value ? 0 : 7);
      rect.setAttribute("height", span.value ? 20 : 6);
      rect.setAttribute("class", span.value ? "yes" : "no");
      const title = document.createElementNS(SVG, "title");
      const words = span.value ? band.dataset.yes : band.dataset.no;
      title.textContent = `${words}: ${byMoment.format(span.start)} – ${byMoment.format(span.end)}`;
      rect.append(title);
      line.append(rect);
    }
  }

  async function load() {
    const mine = ++turn;
    fetchedAt = Date.now();
    const until = fetchedAt + ahead;
    const since = until - hours * HOUR;
    const address = new URL(plots.dataset.url, location.href);
    [...curves, ...bands].forEach((each) => address.searchParams.append("metric", each.dataset.metric));
    address.searchParams.set("from", Math.floor(since));
    address.searchParams.set("to", Math.ceil(until));
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      const { series } = await answer.json();
      if (mine !== turn) return;
      plots.classList.remove("failed");
      const points = new Map(series.map((each) => [each.metric, each.points]));
      curves.forEach((chart) => drawCurve(chart, points.get(chart.dataset.metric) ?? [], since, until));
      bands.forEach((band) => drawBand(band, points.get(band.dataset.metric) ?? [], since, until));
      plots.dataset.drawn = hours;
      const first = Math.min(...series.flatMap((each) => each.points.slice(0, 1).map(([t]) => t)));
      if (!chosen && first > until - HOUR && hours > 1) choose(1);
    } catch {
      if (mine === turn) plots.classList.add("failed");
    }
  }

  const buttons = [...document.querySelectorAll("button[data-hours]")];
  function choose(span) {
    hours = span;
    buttons.forEach((each) => each.setAttribute("aria-pressed", Number(each.dataset.hours) === span));
    load();
  }
  // A device that is new shows its first hour, until somebody wants to see more.
  let chosen = false;
  buttons.forEach((button) => button.addEventListener("click", () => {
    chosen = true;
    choose(Number(button.dataset.hours));
  }));
  // Long spans hardly change within minutes; short ones follow.
  document.body.addEventListener("live", () => {
    const pause = hours <= 24 ? LIVE_EVERY_MS : 6 * LIVE_EVERY_MS;
    if (Date.now() - fetchedAt > pause && !document.hidden) load();
  });
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; load(); } });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", load);
  document.fonts.ready.then(load);
})();
