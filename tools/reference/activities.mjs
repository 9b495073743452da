// NAF rév. 2 from @socialgouv/codes-naf, which lacks the sections: those, and the English labels of the two upper levels, come
// from data/labels/naf-2008.tsv.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const LEVELS = { 1: 'section', 2: 'division', 4: 'group', 5: 'class', 6: 'subclass' };

export const columns = ['code', 'level', 'label_fr', 'label_en', 'parent'];

export const about = {
  scheme: 'naf',
  version: 2008,
  from: '2008-01-01',
  until: '2026-12-31',
  title_fr: 'Activités (NAF rév. 2)',
  title_en: 'Activities (NAF rev. 2)',
  source: 'Insee through the npm package @socialgouv/codes-naf; English: NACE Rev. 2 (Regulation (EC) 1893/2006)',
  licence: 'Licence Ouverte 2.0',
};

// Tab-separated: code, section, label_fr, label_en; sections first.
function upperLabels(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).slice(1);
  return lines.map((line) => line.split('\t')).map(([code, section, label_fr, label_en]) => ({ code, section, label_fr, label_en }));
}

const parentOf = (code, upper) => ({ 2: () => upper.get(code).section, 4: () => code.slice(0, 2), 5: () => code.slice(0, 4),
  6: () => code.slice(0, 5) })[code.length]();

export function activities(labelsFile) {
  const labels = upperLabels(labelsFile);
  const upper = new Map(labels.map((row) => [row.code, row]));
  const sections = labels.filter((row) => row.code.length === 1).map((row) => ({ ...row, level: LEVELS[1] }));
  const others = require('@socialgouv/codes-naf').map(({ id, label }) => ({ code: id, level: LEVELS[id.length], label_fr: label,
    label_en: upper.get(id)?.label_en, parent: parentOf(id, upper) }));
  return [...sections, ...others];
}
