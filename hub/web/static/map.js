// The map of schools: their states as shapes, clusters that show the worst state in them, and areas of incidents.
// Drawn from what stands in the page; it fetches nothing but boundaries, and tiles where the office has set some.
"use strict";
(() => {
  const box = document.getElementById("map");
  const words = JSON.parse(box.dataset.words);
  const ORDER = ["trouble", "quiet", "silent", "well", "absent"]; // the worst first, as hub.core.overview has it
  const NAMED = 30; // so few schools in sight show their names
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const steps = !still;
  const map = L.map(box, {
    zoomControl: false, attributionControl: false, minZoom: 4, maxZoom: 17, zoomSnap: 0.5,
    zoomAnimation: steps, fadeAnimation: steps, markerZoomAnimation: steps,
    // The page scrolls under finger and wheel until somebody wants the map itself.
    scrollWheelZoom: false, dragging: !matchMedia("(pointer: coarse)").matches,
  });
  L.control.zoom({ position: "bottomright", zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const wake = () => { map.scrollWheelZoom.enable(); map.dragging.enable(); };
  box.addEventListener("focusin", wake);
  box.addEventListener("pointerup", wake);
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) map.scrollWheelZoom.disable();
  });

  // --- what lies under the schools

  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { maxZoom: 19, referrerPolicy: "origin" }).addTo(map);
    const note = L.DomUtil.create("p", "map-whose");
    note.textContent = box.dataset.whose;
    box.append(note);
  }
  fetch(box.dataset.boundaries)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .then((shapes) => L.geoJSON(shapes, { interactive: false, style: { className: "boundary" } }).addTo(map).bringToBack())
    .catch(() => box.classList.add("plain-ground"));

  // --- schools

  const shown = new Map();
  let index = null;
  let schools = [];

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function shape(state) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "shape");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${box.dataset.shapes}#${state}`);
    svg.append(use);
    return svg;
  }

  function age(heard) {
    if (heard === null) return element("span", "", words.never);
    const time = element("time");
    time.dataset.age = heard;
    const line = element("span");
    line.append(`${words.heard} `, time);
    return line;
  }

  function label(school) {
    const named = element("span", "pin-name");
    named.append(element("b", "", school.name), element("span", "", words[school.state]));
    if (school.state !== "absent") named.append(age(school.heard));
    return named;
  }

  // What is shown of a school changes in place: whoever stands on it with the keyboard stays there.
  function pin(school, old) {
    const made = old || element(school.url ? "a" : "span");
    if (school.url) made.href = school.url;
    made.className = `pin ${school.state}`;
    made.draggable = false;
    made.dataset.school = school.key;
    made.replaceChildren(shape(school.state), label(school));
    return made;
  }

  function cluster(found, old) {
    const { worst, point_count: count, bad } = found.properties;
    const made = old || element("button");
    const state = ORDER[worst];
    made.type = "button";
    made.className = `cluster ${state}`;
    made.replaceChildren(shape(state), element("b", "", count));
    const told = [words.schools.replace("%(num)s", count)];
    if (state !== "well") told.push(`${words[state]}: ${bad[worst]}`);
    made.setAttribute("aria-label", `${told.join(", ")}. ${words.open}`);
    made.onclick = () => enter(found);
    return made;
  }

  function enter(found) {
    const at = [found.geometry.coordinates[1], found.geometry.coordinates[0]];
    const zoom = index.getClusterExpansionZoom(found.properties.cluster_id);
    if (zoom <= 16) {
      map.setView(at, zoom);
      return;
    }
    // They stand on one spot: no zoom parts them.
    const list = element("ul", "pin-list");
    for (const leaf of index.getLeaves(found.properties.cluster_id, 50)) {
      const line = element("li");
      line.append(pin(leaf.properties.school));
      list.append(line);
    }
    L.popup({ closeButton: true }).setLatLng(at).setContent(list).openOn(map);
  }

  function place(key, at, made) {
    const icon = L.divIcon({ className: "spot", html: made, iconSize: null });
    const marker = L.marker(at, { icon, keyboard: false, interactive: false }).addTo(map);
    shown.set(key, { marker, made });
  }

  function draw() {
    if (!index) return;
    const around = map.getBounds().pad(0.3);
    const zoom = Math.floor(map.getZoom());
    const found = index.getClusters([around.getWest(), around.getSouth(), around.getEast(), around.getNorth()], zoom);
    box.classList.toggle("named", found.length <= NAMED && zoom >= 10);
    const kept = new Set();
    for (const each of found) {
      const [lon, lat] = each.geometry.coordinates;
      const many = Boolean(each.properties.cluster);
      const key = many ? `cluster ${each.properties.cluster_id}` : each.properties.school.key;
      const old = shown.get(key);
      const made = many ? cluster(each, old?.made) : pin(each.properties.school, old?.made);
      kept.add(key);
      if (!old) place(key, [lat, lon], made);
      else old.marker.setLatLng([lat, lon]);
    }
    for (const [key, { marker }] of shown) {
      if (kept.has(key)) continue;
      marker.remove();
      shown.delete(key);
    }
    document.dispatchEvent(new CustomEvent("ages"));
    box.dataset.drawn = String(found.length);
  }

  // A finger that moved the map did not mean the school under it.
  let draggedAt = 0;
  map.on("dragend", () => { draggedAt = performance.now(); });
  box.addEventListener("click", (event) => {
    if (performance.now() - draggedAt < 80) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  // --- areas of incidents

  const areas = L.layerGroup().addTo(map);
  let areasDrawn = "";

  function drawAreas(told) {
    const text = JSON.stringify(told);
    if (text === areasDrawn) return;
    areasDrawn = text;
    areas.clearLayers();
    told.forEach((area, number) => {
      const ring = L.polygon(area.ring, { className: "area", interactive: false }).addTo(areas);
      const link = element("a", number % 2 ? "area-name below" : "area-name");
      link.href = area.url;
      link.textContent = area.schools > 1 ? `${area.name} (${words.schools.replace("%(num)s", area.schools)})` : area.name;
      const around = ring.getBounds();
      // Names of areas that lie in each other stand at different ends.
      const north = number % 2 ? around.getSouth() : around.getNorth();
      const icon = L.divIcon({ className: "spot", html: link, iconSize: null });
      L.marker([north, around.getCenter().lng], { icon, keyboard: false, interactive: false, zIndexOffset: 5000 }).addTo(areas);
    });
  }

  // --- from the page to the map, at first and whenever the page has news

  function read() {
    const source = document.getElementById("map-data");
    if (!source) return;
    const told = JSON.parse(source.dataset.map);
    schools = told.schools.map(([key, name, url, lat, lon, state, heard, devices, tickets]) => (
      { key, name, url, lat, lon, state, heard, devices, tickets }));
    index = new Supercluster({
      radius: 58, extent: 256, maxZoom: 16, minPoints: 2,
      map: ({ school }) => {
        const worst = ORDER.indexOf(school.state);
        return { worst, bad: ORDER.map((_, at) => Number(at === worst)) };
      },
      reduce: (all, more) => {
        all.worst = Math.min(all.worst, more.worst);
        all.bad = all.bad.map((count, at) => count + more.bad[at]);
      },
    });
    index.load(schools.map((school) => (
      { type: "Feature", properties: { school }, geometry: { type: "Point", coordinates: [school.lon, school.lat] } })));
    drawAreas(told.areas);
    draw();
  }

  function fit() {
    const bounds = L.latLngBounds(schools.map((school) => [school.lat, school.lon]));
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [36, 36], maxZoom: schools.length > 1 ? 12 : 5, animate: false });
  }

  map.setView([13.5, 101], 5);
  read();
  fit();
  draw();
  map.on("moveend zoomend", draw);
  document.body.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "overview") read(); });
  const all = document.getElementById("map-all");
  all.hidden = false;
  all.addEventListener("click", fit);
  box.classList.add("ready");
})();
