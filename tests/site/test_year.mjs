#!/usr/bin/env node
// The year of a cluster in a browser: each figure opens on the lines that it counts; the workbook and the document say the same, read by other programs.
// Prints TAP. time limit: 120 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, signIn, Site, Tap } from '../browser/site.mjs';

const site = new Site(), tap = new Tap(), year = new Date().getFullYear();
const known = {};
let browser, officer;

const url = (path) => `${site.address}/fr${path}`;
const plain = (text) => text.replace(/\s/g, ' ');
const save = async (format) => {
  const answer = await officer.request.get(url(`/space/year/file/${format}?year=${year}`));
  assert.equal(answer.status(), 200);
  const path = join(site.folder, `bilan.${format}`);
  writeFileSync(path, await answer.body());
  return path;
};

await tap.point('the program starts', async () => {
  await site.prepare();
  browser = await openBrowser();
  officer = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR' })).newPage();
  officer.setDefaultTimeout(20000);
  await signIn(officer, site.address, 'charge@maillage.example');
});

await tap.point('My space leads to the year of the cluster', async () => {
  await officer.goto(url('/space'));
  await officer.locator('.doors a', { hasText: 'Le bilan de l’année' }).click();
  assert.match(await officer.locator('h1').innerText(), new RegExp(`L’année ${year}`));
});

await tap.point('each figure opens on as many lines', async () => {
  known.figures = await officer.locator('.beside tbody tr').evaluateAll((rows) => rows.map((row) => ({
    value: row.cells[0].innerText.trim(), count: Number(row.cells[1].innerText.replace(/\D/g, '')), href: row.querySelector('a').href })));
  assert.ok(known.figures.length > 10);
  for (const { href, count } of known.figures) {
    await officer.goto(href);
    assert.equal(await officer.locator('main tbody tr').count(), count, href);
  }
});

await tap.point('the workbook has a sheet a section, with as many lines, and the figures', async () => {
  const path = await save('xlsx');
  const read = JSON.parse(execFileSync('/usr/bin/python3', ['-c', `
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({sheet.title: [[str(cell.value) if cell.value is not None else "" for cell in row] for row in sheet.iter_rows()] for sheet in book}))`, path], { encoding: 'utf8' }));
  assert.deepEqual(Object.keys(read), ['Chiffres', 'Adhérents', 'Visites', 'Besoins', 'Événements', 'Bonnes pratiques', 'Source']);
  const all = read.Chiffres.filter(([, by]) => by === 'Ensemble');
  assert.equal(all.length, 5);
  for (const [section, , , count] of all) assert.equal(read[section].length - 1, Number(count), section);
  for (const { value, count } of known.figures) assert.ok(read.Chiffres.some((row) => row[2] === value && Number(row[3]) === count), `${value} ${count}`);
});

await tap.point('the document says the same, is tagged, and has a place to sign', async () => {
  const path = await save('pdf');
  const text = plain(execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }));
  for (const words of [`Bilan de l’année ${year}`, 'Certifié exact', 'Signature', 'Nom et qualité']) assert.ok(text.includes(words), words);
  for (const { value, count } of known.figures.slice(0, 8)) assert.match(text, new RegExp(`${plain(value).replace(/[()]/g, '.')} +${count}\\b`), value);
  assert.match(execFileSync('pdfinfo', [path], { encoding: 'utf8' }), /Tagged: +yes/);
});

await tap.point('a company has no such page', async () => {
  const member = await (await browser.newContext()).newPage();
  await signIn(member, site.address, 'entreprise@maillage.example');
  for (const path of ['/space/year', '/space/year/members', '/space/year/file/pdf', '/space/silent'])
    assert.equal((await member.request.get(url(path))).status(), 403, path);
});

await tap.point('what is not there is not found', async () => {
  for (const path of ['/space/year/nothing', '/space/year/file/doc']) assert.equal((await officer.request.get(url(path))).status(), 404, path);
});

await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});
site.remove();
tap.end();
