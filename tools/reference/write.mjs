// node tools/reference/write.mjs DIRECTORY: the vocabularies that `maillage reference` loads, and the outlines of the map.
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as map from './outlines.mjs';
import * as naf from './activities.mjs';
import * as territory from './territories.mjs';
import { french, writeTable } from './csv.mjs';

const data = fileURLToPath(new URL('../../data/', import.meta.url));
const directory = process.argv[2];
if (!directory) throw new Error('Usage: node tools/reference/write.mjs DIRECTORY');

const printed = (rows) => rows.map((row) => ({ ...row, label_fr: french(row.label_fr) }));
writeTable(join(directory, 'territory.csv'), territory.about, territory.columns, printed(territory.territories()));
writeTable(join(directory, 'naf.csv'), naf.about, naf.columns, printed(naf.activities(join(data, 'labels/naf-2008.tsv'))));

writeTable(join(directory, 'france-outlines.csv'), null, map.columns, map.outlines());

// The lists that are written by hand stand beside.
for (const file of readdirSync(data).filter((name) => name.endsWith('.csv'))) copyFileSync(join(data, file), join(directory, file));
