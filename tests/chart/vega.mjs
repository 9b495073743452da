// Whether a text is a Vega-Lite description: valid by the published schema, compiled without a warning by vega-lite, drawn by vega.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compile } from 'vega-lite';
import * as vega from 'vega';
import Ajv from 'ajv';

const require = createRequire(import.meta.url);
const schema = JSON.parse(readFileSync(require.resolve('vega-lite/build/vega-lite-schema.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allowUnionTypes: true, validateFormats: false });
const valid = ajv.compile(schema);

// What is wrong with it, or null.
export async function check(text) {
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
