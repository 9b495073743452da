#!/usr/bin/env node
// Charts and maps taken away from a page: the same figures as its tables, as CSV, as an SVG that stands alone, and as Vega-Lite that vega-lite
// compiles; under the filters and the rights of the page. Prints TAP. time limit: 300 s
import assert from 'node:assert/strict';
import { openBrowser, signIn, Site, Tap } from '../browser/site.mjs';
import { check } from '../chart/vega.mjs';

const PAGES = ['/fr/understand/needs', '/fr/needs/map', '/en/understand/needs?level=departement&sector=C', '/fr/organisations/map?sector=C'];
const site = new Site(), tap = new Tap();
let browser, context, page;

// The figures that a page shows: the tables beneath its drawings, and the addresses of their files.
const shown = () => page.evaluate(() => Array.from(document.querySelectorAll('figure.chart'), (figure) => ({
  question: figure.querySelector('.chart-question').textContent,
  rows: Array.from(figure.querySelectorAll('.chart-data tbody tr'), (row) => Array.from(row.cells, (cell) => cell.textContent.trim())),
  files: Object.fromEntries(Array.from(figure.querySelectorAll('.chart-files a'), (link) => [link.textContent, link.href])),
})));

// A figure as a page writes it, or a file: the same number.
const plain = (text) => text.replace(/[\s\u202f\u00a0]/g, '').replace(',', '.');
const rowsOf = (csv) => csv.replace(/^\ufeff/, '').trim().split('\r\n').slice(1).map((line) => line.split(';').map((cell) => cell.replace(/^"|"$/g, '')));

async function fetchFile(address, type) {
  const answer = await context.request.get(address);
  assert.equal(answer.status(), 200, address);
  assert.match(answer.headers()['content-type'], type);
  assert.match(answer.headers()['content-disposition'], /^attachment; filename="[a-z0-9-]+\./);
  return answer.text();
}

function sameAsTable(figure, csv, language) {
  const rows = rowsOf(csv), isMap = rows[0]?.length === 3 && figure.rows[0]?.length === 2;
  assert.equal(rows.length, figure.rows.length);
  const number = (text) => (language === 'fr' ? plain(text) : text.replace(/,(?=\d{3})/g, ''));
  rows.forEach((row, index) => {
    const cells = isMap ? row.slice(1) : row;
    assert.equal(cells[0], figure.rows[index][0]);
    assert.equal(plain(cells[1]), number(figure.rows[index][1]));
  });
}

async function checkSvg(text) {
  assert.match(text, /^<\?xml [^>]*\?>\n<svg xmlns=/);
  const seen = await page.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
    return { wrong: parsed.querySelector('parsererror')?.textContent, links: parsed.querySelectorAll('a').length, names: source.includes('var('),
             texts: Array.from(parsed.querySelectorAll('text'), (one) => one.textContent).join(' ') };
  }, text);
  assert.equal(seen.wrong, undefined);
  assert.equal(seen.links, 0);
  assert.equal(seen.names, false);
  return seen.texts;
}

await tap.point('the program starts', async () => {
  await site.prepare();
  browser = await openBrowser();
  context = await browser.newContext({ locale: 'fr-FR' });
  page = await context.newPage();
});

for (const path of PAGES)
  await tap.point(`each figure of ${path} as CSV, SVG and Vega-Lite`, async () => {
    await page.goto(site.address + path);
    const figures = await shown();
    assert.ok(figures.length > 0);
    for (const figure of figures) {
      assert.ok(figure.rows.length > 0, figure.question);
      sameAsTable(figure, await fetchFile(figure.files.CSV, /^text\/csv/), path.slice(1, 3));
      const texts = await checkSvg(await fetchFile(figure.files.SVG, /^image\/svg\+xml/));
      assert.ok(texts.replace(/\s+/g, ' ').includes(figure.question.replace(/\s+/g, ' ').slice(0, 20)), figure.question);
      assert.equal(await check(await fetchFile(figure.files['Vega-Lite'], /^application\/json/)), null, figure.question);
    }
  });

await tap.point('a map as Vega-Lite holds each area once, with its figure', async () => {
  await page.goto(`${site.address}/fr/understand/needs?level=departement`);
  const [map] = await shown();
  const areas = JSON.parse(await fetchFile(map.files['Vega-Lite'], /json/)).data.values.features;
  assert.equal(areas.length, 101);
  assert.equal(new Set(areas.map((area) => area.properties.code)).size, 101);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  assert.equal(sum(areas.map((area) => area.properties.value ?? 0)), sum(map.rows.map((row) => Number(plain(row[1])))));
  // The Enclave des papes is a hole in the Drôme, not a second piece of it.
  const drome = areas.find((area) => area.properties.code === '26').geometry.coordinates;
  assert.deepEqual(drome.map((polygon) => polygon.length).sort(), [2]);
});

await tap.point('rights are those of the page', async () => {
  const total = async () => {
    await page.goto(`${site.address}/fr/understand/needs`);
    const [map] = await shown();
    return rowsOf(await fetchFile(map.files.CSV, /csv/)).reduce((sum, row) => sum + Number(row[2]), 0);
  };
  const before = await total();
  await signIn(page, site.address, 'charge@maillage.example');
  assert.ok(await total() > before);
});

await tap.point('a figure that is not there is not found', async () => {
  for (const words of ['figure=9&as=csv', 'figure=x&as=csv', 'figure=1&as=doc', 'figure=1'])
    assert.equal((await context.request.get(`${site.address}/fr/understand/needs?${words}`)).status(), 404, words);
});

await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});

site.remove();
tap.end();
