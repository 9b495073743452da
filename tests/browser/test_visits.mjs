#!/usr/bin/env node
// An officer's visits on a telephone: planned, taken along, noted with the network cut, sent once when it is back; what was changed meanwhile, what is
// refused and what an answer lost on the way leaves. Prints TAP. time limit: 300 s
import assert from 'node:assert/strict';
import { openBrowser, signIn, Site, Tap } from './site.mjs';

const OFFICER = 'charge@maillage.example', PHONE = { viewport: { width: 390, height: 844 }, locale: 'fr-FR', hasTouch: true, isMobile: true };
const site = new Site(), tap = new Tap();
const known = {};
let browser, context, page, token;

const text = async (where = page) => (await where.locator('main').innerText()).replace(/\s/g, ' ');
const kept = () => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('maillage-visit:')).map((name) => JSON.parse(localStorage.getItem(name))));
const waiting = (state, count = 1) => page.waitForFunction(([one, many]) => Object.keys(localStorage).filter((name) => name.startsWith('maillage-visit:'))
  .filter((name) => JSON.parse(localStorage.getItem(name)).state === one).length === many, [state, count]);
const empty = () => page.waitForFunction(() => !Object.keys(localStorage).some((name) => name.startsWith('maillage-visit:')));
const save = () => page.click('form[data-note] > .buttons button');

async function api(path, { method = 'GET', body } = {}) {
  const answer = await fetch(`${site.address}/api/v1/${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}
const found = async (words) => (await api(`visit?q=${encodeURIComponent(words)}`)).items;

async function write(company, summary, more = {}) {
  await page.fill('[name=company]', company);
  await page.fill('[name=summary]', summary);
  for (const [name, value] of Object.entries(more)) await page.fill(`[name="${name}"]`, value);
}

async function openNote(query = '') {
  await page.goto(`${site.address}/fr/visits/note${query}`);
  await page.waitForSelector('form[data-live]');
}

await tap.point('the program starts', async () => {
  await site.prepare();
  token = (await site.command('user', 'token', '--db', site.db, '--email', OFFICER, '--name', 'Essai', '--write')).trim();
  browser = await openBrowser();
  context = await browser.newContext(PHONE);
  page = await context.newPage();
  page.setDefaultTimeout(15000);
  await signIn(page, site.address, OFFICER);
});

await tap.point('companies not seen for long are chosen, and a day is planned; pressing twice plans once', async () => {
  await page.goto(`${site.address}/fr/space`);
  await page.getByRole('link', { name: 'Mes visites' }).click();
  await page.fill('[name=within]', '900');
  await page.click('text=Chercher des entreprises');
  const before = (await api('visit?limit=1')).total;
  const rows = page.locator('.plan-row');
  assert.ok(await rows.count() >= 3);
  assert.match(await rows.first().innerText(), /jamais visité/);
  for (const at of [0, 1, 2]) await rows.nth(at).locator('input').check();
  known.names = await Promise.all([0, 1, 2].map(async (at) => (await rows.nth(at).innerText()).split(' – ')[0].trim()));
  await page.fill('[name=day]', '2026-01-14');
  await page.evaluate(() => { const form = document.querySelector('main form[method=post]'); fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then(() => { document.title = 'once'; }); });
  await page.waitForFunction(() => document.title === 'once');
  await page.click('text=Prévoir ces visites');
  await page.waitForURL(/\/visits\/tour\?from=2026-01-14/);
  assert.equal((await api('visit?limit=1')).total, before + 3);
});

await tap.point('the tour puts them in order, with a sketch, and fits a sheet', async () => {
  const order = await page.locator('.tour-stop h3').allInnerTexts();
  assert.deepEqual([...order].sort(), [...known.names].sort());
  assert.equal(await page.locator('.tour-dot').count(), 3);
  assert.match(await text(), /3 visites, une boucle de [\d ]+ km à vol d’oiseau/);
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  assert.ok(pdf.match(/\/Type\s*\/Page\b/g).length <= 2);
  assert.match(pdf, /MediaBox \[0 0 59[45]\.\d+ 84[12]/);
});

await tap.point('the tour and its notes are taken along', async () => {
  await page.waitForSelector('html[data-taken=yes]');
  known.notes = await page.locator('.tour-stop a[href*="/visits/note"]').evaluateAll((links) => links.map((link) => link.pathname + link.search));
  await context.setOffline(true);
  await page.reload();
  assert.equal(await page.locator('.tour-stop').count(), 3);
});

await tap.point('without a network a planned visit is noted with a need, and kept on the device', async () => {
  await page.goto(site.address + known.notes[0]);
  assert.match(await text(), /Pas de réseau/);
  await page.fill('[name=summary]', 'Quercitron : projet de four électrique');
  await page.fill('[name=said]', 'Le banquier hésite');
  await page.locator('.note-need summary').first().click();
  await page.fill('[name="need1.title"]', 'Quercitron : un bureau d’études thermiques');
  await page.selectOption('[name="need1.type"]', { index: 1 });
  await save();
  assert.match(await text(), /Gardé sur cet appareil/);
  assert.match(await page.locator('[data-note-list]').innerText(), /Attend le réseau/);
});

await tap.point('so is one that was not planned; what is half written outlives the page', async () => {
  await page.goto(`${site.address}/fr/visits/note`);
  await write(known.names[1], 'Tilleul : reprise familiale');
  await save();
  await waiting('ready', 2);
  await write(known.names[2], 'Charme : à moitié');
  await page.reload();
  assert.equal(await page.inputValue('[name=summary]'), 'Charme : à moitié');
  assert.match(await text(), /note inachevée/);
  assert.deepEqual(await found('Tilleul'), []);
});

await tap.point('when the network is back they are sent, each once', async () => {
  await context.setOffline(false);
  await waiting('ready', 0);
  for (const word of ['Quercitron', 'Tilleul']) assert.equal((await found(word)).length, 1, word);
  const [visit] = await found('Quercitron');
  assert.equal(known.notes[0].split('=')[1], visit.id);
  assert.equal((await api(`visit/${visit.id}`)).state, 'held');
  const needs = (await api('need?q=Quercitron')).items;
  assert.equal(needs.length, 1);
  assert.equal((await api(`need/${needs[0].id}`)).visit, visit.id);
  await page.goto(`${site.address}/fr/visits/${visit.id}`);
  assert.match(await text(), /Besoins relevés.*bureau d’études thermiques/);
});

await tap.point('an answer that is lost on the way makes no second one', async () => {
  await openNote();
  assert.equal(await page.inputValue('[name=summary]'), 'Charme : à moitié');
  let lost = 0, reached = false;
  await page.route('**/visits/note', async (route) => {
    if (route.request().method() !== 'POST' || lost++) return route.continue();
    await route.fetch(); // the site has it; the telephone never learns
    reached = true;
    return route.abort();
  });
  await page.fill('[name=summary]', 'Charme : un second atelier');
  await save();
  await page.waitForFunction(() => /Gardé sur cet appareil/.test(document.querySelector('[data-note-state]').textContent));
  for (let i = 0; i < 200 && !reached; i++) await new Promise((done) => setTimeout(done, 50));
  assert.equal((await found('Charme')).length, 1);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await empty();
  assert.equal((await found('Charme')).length, 1);
  assert.equal(lost, 2);
  await page.unroute('**/visits/note');
});

await tap.point('what somebody else changed meanwhile is shown beside one’s own, and one chooses', async () => {
  await openNote(known.notes[1].replace(/.*\?/, '?'));
  await context.setOffline(true);
  await page.fill('[name=summary]', 'Aubépine : le mien');
  await save();
  await waiting('ready');
  const id = known.notes[1].split('=')[1];
  await api(`visit/${id}`, { method: 'PATCH', body: { version: (await api(`visit/${id}`)).version, summary: 'Aubépine : celui du collègue' } });
  await context.setOffline(false);
  await waiting('conflict');
  const shown = await page.locator('[data-note-list]').innerText();
  assert.match(shown, /Modifié entre-temps/);
  assert.match(shown, /Aubépine : celui du collègue[\s\S]*Aubépine : le mien/);
  assert.equal((await api(`visit/${id}`)).summary, 'Aubépine : celui du collègue');
  await page.click('text=Envoyer la mienne à la place');
  await empty();
  assert.equal((await api(`visit/${id}`)).summary, 'Aubépine : le mien');
});

await tap.point('what is refused stays on the device, with why, and is corrected there', async () => {
  await openNote();
  await write('Inconnue au bataillon', 'Sureau : entreprise introuvable');
  await save();
  await waiting('refused');
  assert.match(await page.locator('[data-note-list]').innerText(), /À corriger[\s\S]*Aucune entreprise n’est connue sous ce nom/);
  await page.locator('[data-note-list]').getByRole('button', { name: 'Corriger' }).click();
  await page.fill('[name=company]', known.names[2]);
  await save();
  await empty();
  assert.equal((await found('Sureau')).length, 1);
});

await tap.point('what an authority will read is shown before it is told', async () => {
  await openNote();
  await write(known.names[2], 'Viorne : pour la Région', { said: 'Secret de fabrique' });
  await page.selectOption('[name=authority]', { index: 1 });
  await save();
  const preview = page.locator('[data-note-preview]');
  assert.match(await preview.innerText(), /Région[\s\S]*lira[\s\S]*Viorne/);
  assert.doesNotMatch(await preview.innerText(), /Secret/);
  assert.deepEqual(await found('Viorne'), []);
  await preview.getByRole('button').click();
  await empty();
  assert.ok((await api(`visit/${(await found('Viorne'))[0].id}`)).authority);
});

await tap.point('signed out, nothing that was taken along is left; what waits stays and is sent once signed in again', async () => {
  await openNote();
  await context.setOffline(true);
  await write(known.names[2], 'Bouleau : en attente');
  await save();
  await waiting('ready');
  await context.clearCookies();
  await context.setOffline(false);
  await page.waitForFunction(() => /Connectez-vous/.test(document.querySelector('[data-note-state]').textContent));
  await page.goto(`${site.address}/fr/`);
  await page.waitForFunction(async () => !(await caches.keys()).some((name) => name.startsWith('taken-along-')));
  assert.equal((await kept()).length, 1);
  await signIn(page, site.address, OFFICER);
  await openNote();
  await empty();
  assert.equal((await found('Bouleau')).length, 1);
});

await tap.point('without script the same form is sent as any other', async () => {
  const plain = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
  const other = await plain.newPage();
  await signIn(other, site.address, OFFICER);
  await other.goto(`${site.address}/fr/visits/note`);
  await other.fill('[name=company]', 'Personne');
  await other.fill('[name=summary]', 'Fusain : sans script');
  await other.click('form[data-note] > .buttons button');
  assert.match(await text(other), /Aucune entreprise n’est connue/);
  assert.equal(await other.inputValue('[name=summary]'), 'Fusain : sans script');
  await other.fill('[name=company]', known.names[2]);
  await other.selectOption('[name=authority]', { index: 1 });
  await other.click('form[data-note] > .buttons button');
  assert.match(await text(other), /Ce que Région .* lira/);
  assert.deepEqual(await found('Fusain'), []);
  await other.click('text=Garder, et les informer');
  await other.waitForURL(/\/visits\/\d+$/);
  assert.equal((await found('Fusain')).length, 1);
});

await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});
site.remove();
tap.end();
