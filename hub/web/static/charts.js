// Draws a device's metrics over time: figures as curves (uPlot), yes and no as bands, all on one axis of time.
// Behind them stand class hours, incidents, events and levels; long spans are hours, with their mean and bounds.
"use strict";
(() => {
  const MINUTE = 60000, HOUR = 60 * MINUTE;
  const LIVE_EVERY_MS = 10000;
  const SILENCE = 11 * MINUTE; // two heartbeats of 5 min and some patience, as the hub's series have it
  const LONG = 48 * HOUR; // longer spans are told in hours
  const NARROWEST = 10 * MINUTE, WIDEST = 400 * 24 * HOUR;
  const HEIGHT = 180;
  const SVG = "http://www.w3.org/2000/svg";
  const plots = document.getElementById("plots");
  if (!plots) return;
  const words = plots.dataset;
  // The day before the month, as the hub writes it.
  const language = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
  const curves = [...plots.querySelectorAll('[data-chart="curve"]')];
  const bands = [...plots.querySelectorAll(".band[data-metric]")];
  const drawn = new Map();
  const ahead = Number(document.body.dataset.now) - Date.now(); // the hub's clock, not the phone's
  const now = () => Date.now() + ahead;
  let hours = 24; // as chosen by a button; 0: some other part of the time, which then stays
  let since = 0, until = 0;
  let behind = { class: [], spells: [], events: [], levels: [] };
  let fetchedAt = 0;
  let turn = 0;
  let told = null; // what is drawn, to draw it again
  let chosen = false; // a device that is new shows its first hour, until somebody wants to see more

  const days = new Intl.DateTimeFormat(language, { timeZone: words.zone, day: "numeric", month: "short" });
  const byDay = (t) => days.format(t);
  const byHour = (t) => Outbox.clock(t, true);
  const byMoment = (t) => `${byDay(t)} ${Outbox.clock(t)}`;
  const { colour, width: wide } = Ink;
  const figure = (value, decimals) =>
    value.toLocaleString(language, { minimumFractionDigits: 0, maximumFractionDigits: decimals });
  const LINES = [["--accent", []], ["--warn", [8, 4]], ["--ok", [2, 3]], ["--bad", [10, 3, 2, 3]]];
  const within = (t) => Math.min(Math.max(t, since), until);
  const compared = () =>
    [...document.querySelectorAll("[data-compare][aria-pressed='true']")].map((each) => each.dataset.compare);

  // --- the picture behind the curves
  function paintBehind(plot) {
    const { ctx, bbox } = plot;
    const x = (t) => plot.valToPos(within(t) / 1000, "x", true);
    ctx.save();
    ctx.fillStyle = colour("--class-wash");
    for (const [start, end] of behind.class) if (end > since && start < until) {
      ctx.fillRect(x(start), bbox.top, Math.max(1, x(end) - x(start)), bbox.height);
    }
    for (const spell of behind.spells) paintSpell(ctx, bbox, x(spell.start), x(spell.end ?? until));
    ctx.restore();
  }

  function paintSpell(ctx, bbox, from, to) {
    const width = Math.max(2 * devicePixelRatio, to - from);
    ctx.fillStyle = colour("--spell-wash");
    ctx.fillRect(from, bbox.top, width, bbox.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, bbox.top, width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour("--spell-line");
    ctx.lineWidth = devicePixelRatio;
    for (let at = from - bbox.height; at < from + width; at += 9 * devicePixelRatio) {
      ctx.beginPath();
      ctx.moveTo(at, bbox.top + bbox.height);
      ctx.lineTo(at + bbox.height, bbox.top);
      ctx.stroke();
    }
    ctx.restore();
  }

  function paintBefore(plot, levels) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    for (const event of behind.events) if (event.t >= since && event.t <= until) {
      const x = plot.valToPos(event.t / 1000, "x", true);
      ctx.strokeStyle = colour("--ink-2");
      ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
      line(ctx, x, bbox.top, x, bbox.top + bbox.height);
    }
    ctx.font = `${11 * devicePixelRatio}px Sarabun, sans-serif`;
    ctx.textAlign = "right";
    for (const level of levels) {
      const y = plot.valToPos(level.shown, "y", true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.strokeStyle = ctx.fillStyle = colour(level.bound === "clear_sky" ? "--ok" : "--bad");
      ctx.setLineDash(level.bound === "clear_sky" ? [] : [7 * devicePixelRatio, 4 * devicePixelRatio]);
      line(ctx, bbox.left, y, bbox.left + bbox.width, y);
      ctx.fillText(level.words, bbox.left + bbox.width - 4 * devicePixelRatio, y - 4 * devicePixelRatio);
    }
    ctx.restore();
  }

  function line(ctx, ...[fromX, fromY, toX, toY]) {
    ctx.beginPath();
    ctx.moveTo(fromX, fromY);
    ctx.lineTo(toX, toY);
    ctx.stroke();
  }

  // --- curves
  function options(chart, levels, series, ranged) {
    const decimals = Number(chart.dataset.decimals);
    const font = "12px Sarabun, sans-serif";
    const axis = { stroke: colour("--ink-2"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const readOut = chart.querySelector("output");
    const tell = (plot) => {
      const at = plot.cursor.idx;
      const value = at == null ? null : plot.data[1][at];
      readOut.textContent = value == null ? "" :
        `${figure(value, decimals)} ${chart.dataset.unit} · ${byMoment(plot.data[0][at] * 1000)}`;
    };
    const choose = (plot) => {
      if (plot.select.width < 8) return;
      const edge = (x) => plot.posToVal(x, "x") * 1000;
      zoom(edge(plot.select.left), edge(plot.select.left + plot.select.width));
    };
    return {
      width: wide(chart.querySelector(".plot")),
      height: HEIGHT,
      padding: [10, 10, 0, 0],
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), words.zone),
      scales: {
        x: { min: since / 1000, max: until / 1000 },
        y: { range: "percent" in chart.dataset ? [0, 100] : (_, low, high) => range(low, high, levels) },
      },
      axes: [
        { ...axis, space: 70, size: 28, values: (_, splits) => splits.map((at) => (until - since > LONG ? byDay : byHour)(at * 1000)) },
        { ...axis, size: 46, space: 26, values: (_, splits) => splits.map((value) => figure(value, Math.max(decimals, 1))) },
      ],
      series,
      bands: ranged ? [{ series: [3, 2], fill: colour("--accent-wash") }] : [],
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 7 }, sync: { key: "device", setSeries: false } },
      hooks: { setCursor: [tell], setSelect: [choose], drawClear: [paintBehind], draw: [(plot) => paintBefore(plot, levels)] },
    };
  }

  // A curve that hardly moves shall look like one: the axis spans at least a little. What was learnt is always to be seen.
  function range(low, high, levels) {
    if (low == null || high == null) return [0, 1];
    for (const level of levels) {
      const near = level.bound !== "limit" || Math.abs(level.shown - (low + high) / 2) < 2 * Math.max(high - low, Math.abs(high) * 0.1);
      if (near) [low, high] = [Math.min(low, level.shown), Math.max(high, level.shown)];
    }
    const least = Math.max(Math.abs(high) * 0.02, 1);
    const room = Math.max((high - low) * 0.1, (least - (high - low)) / 2);
    return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  }

  // What was said last holds until now, unless the next word is overdue. An hour's mean stands in its middle.
  function placed({ points, step }) {
    if (step) return points.map(([t, value]) => [t + (value == null ? 0 : step / 2), value]);
    const last = points[points.length - 1];
    const holds = last && last[1] != null && until - last[0] < SILENCE;
    return holds ? [...points, [until, last[1]]] : points;
  }

  function tables(found, scale) {
    const scaled = (value) => (value == null ? null : value / scale);
    return found.map((series, number) => {
      const points = placed(series);
      const table = [points.map(([t]) => t / 1000), points.map(([, value]) => scaled(value))];
      if (number === 0 && series.step) {
        table.push(series.bands.map((band) => scaled(band?.[0])), series.bands.map((band) => scaled(band?.[1])));
      }
      return table;
    });
  }

  function strokes(found) {
    const edge = { stroke: "transparent", points: { show: false }, spanGaps: false };
    return found.flatMap((series, number) => {
      const [name, dash] = LINES[number % LINES.length];
      const own = { stroke: colour(name), width: 2, dash, points: { show: false }, spanGaps: false };
      return number === 0 && series.step ? [own, edge, edge] : [own];
    });
  }

  function drawCurve(chart, found) {
    const scale = Number(chart.dataset.scale);
    drawn.get(chart)?.destroy();
    drawn.delete(chart);
    const place = chart.querySelector(".plot");
    place.textContent = "";
    const telling = found.filter((series, number) => number === 0 || series.points.some(([, value]) => value != null));
    const nothing = !telling.some((series) => series.points.some(([, value]) => value != null));
    chart.classList.toggle("nothing", nothing);
    tellRange(chart, telling[0], scale);
    if (nothing) {
      place.textContent = words.nothing;
      return;
    }
    const all = tables(telling, scale);
    const levels = behind.levels.filter((level) => level.metric === chart.dataset.metric)
      .map((level) => ({ ...level, shown: level.value / scale }));
    const ranged = telling[0].step > 0;
    drawn.set(chart, new uPlot(options(chart, levels, [{}, ...strokes(telling)], ranged), uPlot.join(all), place));
  }

  // The same as the picture, for who does not see it.
  function tellRange(chart, series, scale) {
    const values = series.points.flatMap(([, value], at) => (value == null ? [] : [value, ...(series.bands[at] ?? [])]));
    const decimals = Number(chart.dataset.decimals);
    const tell = (value) => `${figure(value / scale, decimals)} ${chart.dataset.unit}`.trim();
    chart.querySelector(".chart-range").textContent = values.length
      ? `${words.lowest} ${tell(values.reduce((one, two) => Math.min(one, two)))} · ${words.highest} ${tell(values.reduce((one, two) => Math.max(one, two)))}` : "";
  }

  // --- yes and no: a value holds until the next report; a point without a value begins a gap; of hours a share
  function spans({ points, step }) {
    const found = [];
    points.forEach(([t, value], index) => {
      if (value == null) return;
      const end = step ? t + step : index + 1 < points.length ? points[index + 1][0] : Math.min(until, t + SILENCE);
      const last = found[found.length - 1];
      if (last && last.value === value && last.end === t) last.end = end;
      else found.push({ start: t, end, value });
    });
    return found;
  }

  const svg = (name, attributes, title) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (title) element.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: title }));
    return element;
  };
  const along = (t) => ((within(t) - since) / (until - since)) * 1000;
  const during = (start, end) => `${byMoment(start)} – ${byMoment(end)}`;

  function drawBand(band, series) {
    const strip = band.querySelector("svg");
    strip.replaceChildren();
    for (const { start, end, value } of spans(series)) {
      const [kind, said] = value > 0.995 ? ["yes", band.dataset.yes] : value < 0.005 ? ["no", band.dataset.no]
        : ["partly", `${band.dataset.yes} ${figure(value * 100, 0)} %`];
      const height = kind === "no" ? 6 : Math.max(4, 20 * value);
      const y = kind === "no" ? 7 : 20 - height;
      const width = Math.max(1.5, along(end) - along(start));
      strip.append(svg("rect", { x: along(start), width, y, height, class: kind }, `${said}: ${during(start, end)}`));
    }
  }

  // --- what happened, on the same axis, and as a list
  const SHAPES = {
    ticket_opened: "M0 -6 6 5 -6 5Z", recovered: "M-6 0 -2 5 6 -5", repaired: "M0 -6 6 0 0 6 -6 0Z", ticket_closed: "M-5 -5 5 -5 5 5 -5 5Z",
    restarted: "M0 -6V6M-6 0H6", silent: "M-5 -5 5 5M5 -5 -5 5", heard: "M0 -5A5 5 0 1 0 .1 -5",
  };

  function drawTimeline() {
    const strip = document.getElementById("timeline");
    strip.replaceChildren();
    for (const [start, end] of behind.class) if (end > since && start < until) {
      strip.append(svg("rect", { x: along(start), width: Math.max(1, along(end) - along(start)), y: 0, height: 12, class: "class" }, `${words.class}: ${during(start, end)}`));
    }
    for (const spell of behind.spells) {
      const [start, end] = [within(spell.start), within(spell.end ?? until)];
      strip.append(svg("rect", { x: along(start), width: Math.max(4, along(end) - along(start)), y: 16, height: 14, class: "spell" }, `${spell.words}: ${during(start, end)}`));
    }
    const stretch = 1000 / wide(strip); // marks keep their shape
    for (const event of behind.events) {
      strip.append(svg("path", { d: SHAPES[event.what], transform: `translate(${along(event.t)} 42) scale(${stretch} 1)`, class: `event ${event.what}` }, `${event.words}: ${byMoment(event.t)}`));
    }
    listWhatHappened();
  }

  function listWhatHappened() {
    const list = document.getElementById("happened");
    const told = [...behind.spells.map((spell) => ({ t: spell.start, end: spell.end, ...spell })), ...behind.events];
    told.sort((one, two) => two.t - one.t);
    list.replaceChildren(...told.slice(0, 60).map((each) => {
      const item = document.createElement("li");
      const when = document.createElement("time");
      when.textContent = byMoment(each.t);
      const what = document.createElement(each.url ? "a" : "span");
      if (each.url) what.href = each.url;
      what.textContent = each.words;
      const mark = svg("svg", { viewBox: "-8 -8 16 16", class: "event-mark", "aria-hidden": "true" });
      mark.append(each.what ? svg("path", { d: SHAPES[each.what], class: `event ${each.what}` }) : svg("rect", { x: -7, y: -5, width: 14, height: 10, class: "spell" }));
      item.append(mark, when, what);
      return item;
    }));
    const count = document.getElementById("happened-count");
    count.textContent = told.length;
  }

  // --- which part of the time
  function zoom(from, to) {
    const width = Math.min(Math.max(to - from, NARROWEST), WIDEST);
    const middle = (from + to) / 2;
    until = Math.min(Math.round(middle + width / 2), Math.ceil(now()));
    since = Math.max(0, Math.round(until - width));
    chosen = true;
    hours = 0;
    follow();
    load();
  }

  function follow() {
    buttons.forEach((each) => each.setAttribute("aria-pressed", Number(each.dataset.hours) === hours));
    document.getElementById("shown").textContent = hours ? "" : during(since, until);
  }

  function choose(span) {
    hours = span;
    follow();
    load();
  }

  const STEERS = {
    closer: (width) => zoom(since + width / 4, until - width / 4),
    farther: (width) => zoom(since - width / 2, until + width / 2),
    earlier: (width) => zoom(since - width / 2, until - width / 2),
    later: (width) => zoom(since + width / 2, until + width / 2),
  };

  // --- getting it
  const query = (device, metrics) => {
    const address = new URL(words.url, location.href);
    address.searchParams.set("device", device);
    metrics.forEach((metric) => address.searchParams.append("metric", metric));
    address.searchParams.set("from", since);
    address.searchParams.set("to", until);
    return address;
  };

  async function got(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  async function load() {
    const mine = ++turn;
    fetchedAt = Date.now();
    if (hours) {
      until = Math.ceil(now());
      since = Math.floor(until - hours * HOUR);
    }
    const metrics = [...curves, ...bands].map((each) => each.dataset.metric);
    const others = compared();
    try {
      const backdrop = new URL(`${words.school}/background`, location.href);
      backdrop.search = query(words.device, []).searchParams;
      const [own, found, ...rest] = await Promise.all([
        got(query(words.device, metrics)), got(backdrop),
        ...others.map((device) => got(query(device, curves.map((each) => each.dataset.metric)))),
      ]);
      if (mine === turn) draw(own.series, found, rest.map((each) => each.series), others);
    } catch {
      if (mine === turn) plots.classList.add("failed");
    }
  }

  function draw(own, found, others, names) {
    plots.classList.remove("failed");
    told = [own, found, others, names];
    behind = found;
    const of = (all, metric) => all.find((each) => each.metric === metric) ?? { points: [], bands: [], step: 0 };
    drawTimeline();
    curves.forEach((chart) => {
      const metric = chart.dataset.metric;
      drawCurve(chart, [of(own, metric), ...others.map((each) => of(each, metric))]);
      const file = new URL(`${words.school}/series.csv`, location.href);
      file.search = query(words.device, [metric]).searchParams;
      names.forEach((name) => file.searchParams.append("device", name));
      chart.querySelector(".chart-file").href = file;
    });
    bands.forEach((band) => drawBand(band, of(own, band.dataset.metric)));
    plots.dataset.drawn = hours || "zoomed";
    plots.dataset.compared = names.length;
    const first = Math.min(...own.flatMap((each) => each.points.slice(0, 1).map(([t]) => t)));
    if (!chosen && first > until - HOUR && hours > 1) choose(1);
  }

  // --- two fingers take hold of the time
  let pinch = null;
  const fingers = (event) => [...event.touches].map((touch) => touch.clientX).sort((one, two) => one - two);
  plots.addEventListener("touchstart", (event) => {
    const chart = event.target.closest(".chart");
    if (event.touches.length === 2 && chart) {
      const box = (chart.querySelector(".u-over") ?? chart).getBoundingClientRect();
      const at = (x) => since + ((x - box.left) / box.width) * (until - since);
      pinch = { box, held: fingers(event).map(at), to: null };
    }
  }, { passive: true });
  plots.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const [left, right] = fingers(event).map((x) => (x - pinch.box.left) / pinch.box.width);
    const width = (pinch.held[1] - pinch.held[0]) / Math.max(right - left, 0.05);
    const from = pinch.held[0] - left * width;
    pinch.to = [from, from + width];
    drawn.forEach((plot) => plot.setScale("x", { min: from / 1000, max: (from + width) / 1000 }));
  }, { passive: false });
  plots.addEventListener("touchend", () => {
    if (pinch?.to) zoom(...pinch.to);
    pinch = null;
  });

  const buttons = [...document.querySelectorAll("button[data-hours]")];
  buttons.forEach((button) => button.addEventListener("click", () => {
    chosen = true;
    choose(Number(button.dataset.hours));
  }));
  document.querySelectorAll("button[data-steer]").forEach((button) =>
    button.addEventListener("click", () => STEERS[button.dataset.steer](until - since)));
  document.querySelectorAll("[data-compare]").forEach((button) => button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    load();
  }));
  // Long spans hardly change within minutes; short ones follow. What somebody has looked out stays.
  document.body.addEventListener("live", () => {
    const pause = hours <= 24 ? LIVE_EVERY_MS : 6 * LIVE_EVERY_MS;
    if (hours && Date.now() - fetchedAt > pause && !document.hidden) load();
  });
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; load(); } });
  Ink.follow(() => { if (told) draw(...told); });
  document.fonts.ready.then(load);
})();
