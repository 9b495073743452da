#!/usr/bin/env node
// The Vega-Lite descriptions of charts: valid by the published schema, compiled without a warning by vega-lite, drawn by vega. Prints TAP.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'vega-lite';
import * as vega from 'vega';
import Ajv from 'ajv';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vega-'));
execFileSync(resolve(root, process.env.BUILD ?? 'build-test', 'tests/chart/chart_gallery'), [join(root, 'build/reference/france-outlines.csv'), folder]);
const schema = JSON.parse(readFileSync(require.resolve('vega-lite/build/vega-lite-schema.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allowUnionTypes: true, validateFormats: false });
const valid = ajv.compile(schema);

async function check(text) {
  const spec = JSON.parse(text);
  if (!valid(spec)) return JSON.stringify(valid.errors.slice(0, 3));
  const warnings = [];
  const remember = (...words) => { warnings.push(words.join(' ')); return logger; };
  const logger = { level: () => logger, error: remember, warn: remember, info: () => logger, debug: () => logger };
  const { spec: drawn } = compile(spec, { logger });
  const view = new vega.View(vega.parse(drawn), { renderer: 'none', logLevel: vega.None });
  const svg = await view.width(600).toSVG();
  if (warnings.length) return warnings.join('; ');
  const marks = (svg.match(/<path aria-label|role="graphics-symbol"/g) ?? []).length;
  return marks > 0 ? null : 'nothing was drawn';
}

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
