#!/usr/bin/env node
// The map on which one moves about: points of the list under its filters and rights, by mouse and keyboard, on outlines of our own, and on tiles when
// the settings name some, under a content policy that names their origin and no other. Without script the drawn map stays. Prints TAP.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, signIn, Site, Tap } from './site.mjs';

const TILE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');
const site = new Site(), tap = new Tap();
let browser, trouble = [];

async function openMap(path, options = {}) {
  const context = await browser.newContext({ locale: 'fr-FR', ...options });
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (fault) => trouble.push(String(fault)));
  await context.route('https://tiles.example/**', (route) => route.fulfill({ contentType: 'image/png', body: TILE }));
  if (options.email) await signIn(page, site.address, options.email);
  await page.goto(site.address + path);
  return page;
}

async function openFrame(page) {
  await page.getByRole('button', { name: 'Se déplacer sur la carte' }).click();
  await page.waitForSelector('.move-mark');
}

const countOf = (marks) => marks.reduce((sum, text) => sum + (text === '' ? 1 : Number(text.replace(/\s/g, ''))), 0);
const points = async (page, query) => (await page.request.get(`${site.address}/fr/needs/points${query}`)).json();

await tap.point('the program starts', async () => {
  await site.prepare(2600);
  browser = await openBrowser();
});

await tap.point('the marks count the points that are in sight', async () => {
  const page = await openMap('/fr/needs/map');
  await openFrame(page);
  const mainland = (await points(page, '')).features.filter(({ geometry: { coordinates: [x, y] } }) => x > -6 && x < 10 && y > 41 && y < 52);
  assert.equal(countOf(await page.locator('.move-mark').allTextContents()), mainland.length);
  assert.equal(await page.locator('.move-land').count(), 101);
  assert.deepEqual(trouble, []);
  await page.context().close();
});

await tap.point('points are those of the list, under its filters and rights', async () => {
  const page = await openMap('/fr/needs/map?state=open');
  const open = await points(page, '?state=open'), all = await points(page, '');
  assert.ok(open.features.length > 0 && open.features.length < all.features.length);
  const sentence = await page.locator('.list-sentence').textContent();
  const lost = Number(/^(\d+)/.exec(open.note)?.[1] ?? 0);
  assert.equal(open.features.length + lost, Number(sentence.replace(/[^0-9]/g, '')));
  await signIn(page, site.address, 'charge@maillage.example');
  assert.ok((await points(page, '')).features.length > all.features.length);
  await page.context().close();
});

await tap.point('many records are counted by commune, none lost', async () => {
  const page = await openMap('/fr/organisations/map');
  const answer = await (await page.request.get(`${site.address}/fr/organisations/points`)).json();
  const total = Number((await page.locator('.list-sentence').textContent()).replace(/[^0-9]/g, '')), lost = Number(/(\d+) n/.exec(answer.note)?.[1] ?? 0);
  assert.ok(total > 2000 && answer.features.length < total);
  assert.equal(answer.features.reduce((sum, { properties }) => sum + properties.count, 0) + lost, total);
  assert.match(answer.features[0].properties.url, /^\/fr\/organisations\?place=/);
  const behind = await (await page.request.get(`${site.address}/api/v1/organisation?limit=1&${answer.features[0].properties.url.split('?')[1]}`)).json();
  assert.equal(behind.total, answer.features[0].properties.count);
  await page.context().close();
});

await tap.point('the keyboard alone: from mark to mark, closer, to a record', async () => {
  const page = await openMap('/fr/needs/map');
  await openFrame(page);
  const zoomed = () => page.locator('.move-mark').count();
  const first = await zoomed();
  for (let step = 0; step < 12 && !(await page.locator('.move-names a').count()); step++) {
    await page.locator('.move-mark').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForTimeout(150);
  }
  const link = page.locator('.move-names a').first();
  assert.match(await link.getAttribute('href'), /^\/fr\/needs\/\d+$/);
  assert.ok(first > 0);
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/fr\/needs\/\d+$/);
  assert.equal(await page.locator('h1').count(), 1);
  assert.deepEqual(trouble, []);
  await page.context().close();
});

await tap.point('without script the drawn map stays, and no button that does nothing', async () => {
  const page = await openMap('/fr/needs/map', { javaScriptEnabled: false });
  assert.ok(await page.locator('.map-drawing').isVisible());
  assert.equal(await page.getByRole('button', { name: 'Se déplacer' }).count(), 0);
  await page.context().close();
});

await tap.point('without tiles pages may load images from nowhere else', async () => {
  const answer = await fetch(`${site.address}/fr/needs/map`);
  assert.match(answer.headers.get('content-security-policy'), /img-src 'self' data:;/);
});

await tap.point('tiles of the settings are shown and credited, and theirs is the only origin added', async () => {
  await site.stop();
  const file = join(site.folder, 'site.conf');
  writeFileSync(file, 'tiles = https://tiles.example/{z}/{x}/{y}.png\ntiles-credit = © Tuiles & <compagnie>\n');
  await site.start('--config', file);
  const answer = await fetch(`${site.address}/fr/needs/map`);
  assert.match(answer.headers.get('content-security-policy'), /img-src 'self' data: https:\/\/tiles\.example;/);
  const page = await openMap('/fr/needs/map');
  await openFrame(page);
  await page.waitForSelector('img.leaflet-tile-loaded');
  assert.ok((await page.locator('.leaflet-control-attribution').textContent()).includes('© Tuiles & <compagnie>'));
  assert.deepEqual(trouble, []);
  await page.context().close();
});

await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});

site.remove();
tap.end();
