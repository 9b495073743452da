#!/usr/bin/env node
// Every chart and map in Chromium: axe-core finds nothing, no text is too small or cut, nothing is refused by the content policy, areas are
// reached by the keyboard. At 390 and 1280 px, light and dark. Prints TAP. time limit: 180 s
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const LEAST_TEXT = 11; // CSS pixels
const POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'";

function makePages(folder) {
  execFileSync(resolve(root, process.env.BUILD ?? 'build-test', 'tests/chart/chart_gallery'), [join(root, 'build/reference/france-outlines.csv'), folder]);
  const line = readFileSync(join(root, 'assets/assets.txt'), 'utf8').split('\n').find((row) => row.startsWith('site.css'));
  const sheets = line.split(/\s+/).slice(1).map((path) => readFileSync(join(root, path), 'utf8'));
  writeFileSync(join(folder, 'site.css'), sheets.join(''));
  for (const [, name, path] of readFileSync(join(root, 'assets/assets.txt'), 'utf8').matchAll(/^\?(\S+\.woff2)\s+(\S+)/gm)) copyFileSync(join(root, path), join(folder, name));
}

function serve(folder) {
  const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', woff2: 'font/woff2' };
  const server = createServer((request, response) => {
    const name = request.url.slice(1);
    if (!/^(charts-(fr|en)\.html|site\.css|[\w-]+\.woff2)$/.test(name)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[name.split('.').pop()], 'content-security-policy': POLICY });
    return response.end(readFileSync(join(folder, name)));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

// Runs in the page. Texts of drawings that are seen: how tall they are on the screen, and whether they leave the page.
function lookAtTexts() {
  const wrong = [];
  for (const text of document.querySelectorAll('.chart-drawing text, .map-drawing text')) {
    const box = text.getBoundingClientRect();
    if (!box.width) continue;
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    const figure = text.closest('figure').getBoundingClientRect();
    if (box.left < figure.left - 1 || box.right > figure.right + 1) wrong.push(`cut: ${text.textContent}`);
    if (size < text.ownerSVGElement.dataset.least) wrong.push(`${size.toFixed(1)} px: ${text.textContent}`);
  }
  return wrong;
}

async function check(browser, address, language, width, scheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: false });
  const page = await context.newPage();
  const refused = [];
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text()) && !/favicon/.test(message.text())) refused.push(message.text()); });
  await page.goto(`${address}/charts-${language}.html`);
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate((least) => document.querySelectorAll('svg').forEach((svg) => { svg.dataset.least = least; }), LEAST_TEXT);
  const texts = await page.evaluate(lookAtTexts);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`);
  await context.close();
  const violations = found.violations.map(({ id, nodes }) => `axe ${id}: ${nodes.length} (${nodes[0].html.slice(0, 150)})`);
  return [...refused, ...texts.slice(0, 5), ...(overflow > 0 ? [`the page is ${overflow} px too wide`] : []), ...violations];
}

// From the skip link, each Tab reaches the next département, none twice.
async function checkKeyboard(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${address}/charts-fr.html`);
  await page.locator('.map .chart-skip').first().focus();
  const names = [];
  for (let i = 0; i < 101; i++) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => document.activeElement.getAttribute('aria-label')));
  }
  await page.close();
  const wrong = new Set(names).size === 101 && names[0].startsWith('Ain') && names.at(-1).startsWith('Nord') ? [] : [`reached: ${new Set(names).size}, ${names[0]} to ${names.at(-1)}`];
  return wrong;
}

const folder = mkdtempSync(join(tmpdir(), 'charts-'));
makePages(folder);
const server = await serve(folder);
const address = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const cases = [390, 1280].flatMap((width) => ['light', 'dark'].map((scheme) => [width === 390 ? 'fr' : 'en', width, scheme]));
console.log(`1..${cases.length + 1}`);
let failed = 0;
const tell = (number, name, wrong) => {
  if (wrong.length) failed++;
  console.log(`${wrong.length ? 'not ok' : 'ok'} ${number} - ${name}${wrong.map((line) => `\n# ${line}`).join('')}`);
};
for (const [index, [language, width, scheme]] of cases.entries())
  tell(index + 1, `charts in ${language} at ${width} px, ${scheme}`, await check(browser, address, language, width, scheme));
tell(cases.length + 1, 'the map is reached by the keyboard', await checkKeyboard(browser, address));
await browser.close();
server.close();
rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
