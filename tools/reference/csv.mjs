// One vocabulary a file: lines "# key: value" about the list, then comma-separated rows (see docs/reference-data.md).
import { writeFileSync } from 'node:fs';

const cell = (value) => {
  const text = value === undefined || value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

// about: an object of head lines, or null for a plain table; rows: objects with the columns' names.
export function writeTable(path, about, columns, rows) {
  const head = Object.entries(about ?? {}).map(([key, value]) => `# ${key}: ${value}\n`);
  const lines = rows.map((row) => `${columns.map((column) => cell(row[column])).join(',')}\n`);
  writeFileSync(path, `${head.join('')}${columns.join(',')}\n${lines.join('')}`);
}

// "Saint-Étienne" and "SAINT ETIENNE" give the same word.
export const fold = (text) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe').replace(/[^a-z0-9]+/g, ' ').trim();

// French as it is printed: the typographic apostrophe, a narrow no-break space before high punctuation.
export const french = (text) => text.replaceAll("'", '’').replace(/ ([;:!?])/g, '\u202f$1');
