#!/usr/bin/env node
// The Vega-Lite descriptions of charts: valid by the published schema, compiled without a warning by vega-lite, drawn by vega. Prints TAP.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './vega.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vega-'));
execFileSync(resolve(root, process.env.BUILD ?? 'build-test', 'tests/chart/chart_gallery'), [join(root, 'build/reference/france-outlines.csv'), folder]);
const files = readdirSync(folder).filter((name) => name.endsWith('.vl.json')).sort();
console.log(`1..${files.length + 1}`);
let failed = 0;
for (const [index, name] of files.entries()) {
  const wrong = await check(readFileSync(join(folder, name), 'utf8')).catch((error) => error.message);
  if (wrong) failed++;
  console.log(`${wrong ? 'not ok' : 'ok'} ${index + 1} - ${name}${wrong ? `\n# ${wrong}` : ''}`);
}
// The check itself can fail.
const refused = await check('{"$schema":"https://vega.github.io/schema/vega-lite/v5.json","mark":"bra","encoding":{}}').catch((error) => error.message);
if (!refused) failed++;
console.log(`${refused ? 'ok' : 'not ok'} ${files.length + 1} - a wrong description is refused`);
rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
