// The map on which one moves about: Leaflet (loaded before), the points of a list, gathered by a grid of our own, over outlines or tiles.
"use strict";

window.maillageMap = async (element) => {
  const { L } = window;
  const said = element.dataset, CELL = 60, CLOSEST = 16;
  const ask = async (address) => {
    const answer = await fetch(address, { headers: { accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const [land, points] = await Promise.all([ask(said.land), ask(said.points)]);
  const frame = element.querySelector(".move-frame");
  element.querySelector(".move-note").textContent = points.note;
  const map = L.map(frame, { maxZoom: CLOSEST, zoomControl: false, zoomSnap: 0.5, fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: said.near, zoomOutTitle: said.far }).addTo(map);
  L.geoJSON(land, { interactive: false, style: { className: "move-land" } }).addTo(map);
  if (said.tiles) {
    const tiles = L.tileLayer(said.tiles, { maxZoom: 19 }).addTo(map);
    map.attributionControl.addAttribution(document.createTextNode(said.credit).textContent.replace(/[<&]/g, (sign) => (sign === "<" ? "&lt;" : "&amp;")));
    tiles.once("load", () => frame.classList.add("move-tiled"));
  }

  // Those in the same square of the screen are one mark.
  const gather = () => {
    const cells = new Map(), seen = map.getBounds().pad(0.1);
    for (const point of points.features) {
      const [longitude, latitude] = point.geometry.coordinates;
      if (!seen.contains([latitude, longitude])) continue;
      const { x, y } = map.project([latitude, longitude]);
      const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
      const cell = cells.get(key) ?? { points: [], count: 0, x: 0, y: 0 };
      const count = point.properties.count;
      cell.points.push(point);
      cell.count += count;
      cell.x += x * count;
      cell.y += y * count;
      cells.set(key, cell);
    }
    return cells.values();
  };

  const number = (count) => count.toLocaleString(document.documentElement.lang);
  const sameSpot = (cell) => cell.points.every((point) => String(point.geometry.coordinates) === String(cell.points[0].geometry.coordinates));

  const links = (cell) => {
    const list = document.createElement("ul");
    list.className = "move-names";
    for (const { properties } of cell.points) {
      const link = document.createElement("a");
      link.href = properties.url;
      link.textContent = properties.count > 1 ? `${properties.name} (${number(properties.count)})` : properties.name;
      const row = document.createElement("li");
      row.append(link);
      list.append(row);
    }
    return list;
  };

  const mark = (cell) => {
    const alone = cell.points.length === 1, first = cell.points[0].properties;
    const text = document.createElement("span");
    text.textContent = cell.count > 1 ? number(cell.count) : "";
    const size = Math.min(18 + 4 * Math.log2(cell.count), 48);
    const name = alone ? `${first.name}${cell.count > 1 ? ` (${number(cell.count)})` : ""}` : said.together.replace("{n}", number(cell.count));
    const icon = L.divIcon({ className: `move-mark${alone && first.approximate ? " approximate" : ""}`, html: text, iconSize: [size, size] });
    const made = L.marker(map.unproject([cell.x / cell.count, cell.y / cell.count]), { icon, title: name, alt: name, keyboard: true });
    if (alone || map.getZoom() >= CLOSEST || sameSpot(cell)) made.bindPopup(() => links(cell), { maxHeight: 240 });
    else {
      const places = L.latLngBounds(cell.points.map(({ geometry: { coordinates: [longitude, latitude] } }) => [latitude, longitude]));
      const enter = () => {
        map.fitBounds(places.pad(0.1));
        frame.focus({ preventScroll: true });
      };
      made.on("click", enter);
      made.on("keypress", ({ originalEvent }) => { if (originalEvent.key === "Enter") enter(); });
    }
    made.on("add", () => made.getElement().setAttribute("aria-label", name));
    return made;
  };

  const marks = L.layerGroup().addTo(map);
  let open = false;
  const draw = () => {
    if (open) return;
    marks.clearLayers();
    for (const cell of gather()) marks.addLayer(mark(cell));
  };
  map.on("popupopen", () => { open = true; });
  map.on("popupclose", () => { open = false; });
  map.on("moveend", draw);
  const mainland = [[41.3, -5.2], [51.1, 9.6]];
  const within = points.features.filter(({ geometry: { coordinates: [longitude, latitude] } }) => latitude > 41 && latitude < 52 && longitude > -6 && longitude < 10);
  const shown = within.length ? within : points.features;
  map.fitBounds(shown.length ? L.latLngBounds(shown.map(({ geometry: { coordinates: [longitude, latitude] } }) => [latitude, longitude])).pad(0.05) : mainland, { maxZoom: 12 });
  return map;
};
