#!/usr/bin/env node
// My data: a person sees and takes away what is held about them, asks for its erasure; an administrator finds it without reading it, erases, answers.
// Prints TAP. time limit: 120 s
import assert from 'node:assert/strict';
import { openBrowser, signIn, Site, Tap } from './site.mjs';

const MEMBER = 'entreprise@maillage.example', ADMIN = 'administration@maillage.example';
const site = new Site(), tap = new Tap();
const url = (path) => `${site.address}/fr${path}`;
let browser, member, admin;

async function pageOf(email) {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'fr-FR' })).newPage();
  page.setDefaultTimeout(20000);
  await signIn(page, site.address, email);
  return page;
}

const text = (page) => page.locator('main').innerText();
async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.click()]);
}

await tap.point('the program starts', async () => {
  await site.prepare();
  browser = await openBrowser();
  [member, admin] = [await pageOf(MEMBER), await pageOf(ADMIN)];
});

await tap.point('My space leads to what is held about me', async () => {
  await member.goto(url('/space'));
  await press(member, member.locator('.doors a', { hasText: 'Mes données' }));
  const seen = await text(member);
  for (const words of [MEMBER, 'Élie Entreprise', 'Mes rôles', 'Qui vient']) assert.ok(seen.includes(words), words);
});

const fetchFile = async (format) => (await member.request.get(url(`/account/data/file?format=${format}`))).text();

await tap.point('the files have all of it', async () => {
  const { parts } = JSON.parse(await fetchFile('json'));
  const names = parts.map(({ name }) => name);
  for (const name of ['account', 'roles', 'sessions', 'records', 'read']) assert.ok(names.includes(name), `${name} in ${names}`);
  const values = parts.find(({ name }) => name === 'records').items.flatMap(({ fields }) => fields.map(({ value }) => value));
  assert.ok(values.includes(MEMBER));
  const csv = await fetchFile('csv');
  assert.ok(csv.includes(MEMBER) && csv.split('\r\n').length > 20);
});

await tap.point('a request waits for its answer', async () => {
  await member.goto(url('/account/data'));
  await press(member, member.locator('main .form button.button').last());
  assert.match(await text(member), /Dites ce que vous demandez/);
  await member.check('main [name=wish][value=erase]');
  await member.fill('main [name=words]', 'Mes inscriptions passées');
  await press(member, member.locator('main .form button.button').last());
  assert.match(await text(member), /Mes inscriptions passées/);
  assert.match(await text(member), /la réponse est due/);
});

await tap.point('the administrator finds it, is not shown it, erases it and answers', async () => {
  await admin.goto(url('/admin/personal-data'));
  assert.match(await text(admin), /Effacer ce qui est gardé/);
  await admin.fill('main [name=q]', MEMBER);
  await press(admin, admin.locator('main form[method=get] button'));
  const rows = admin.locator('main .row form');
  const count = await rows.count();
  assert.ok(count > 0);
  await press(admin, rows.first().locator('button'));
  assert.equal(await rows.count(), count - 1);
  await press(admin, admin.locator('main tbody a, main .table a').first());
  await admin.check('main [name=outcome][value=done]');
  await admin.fill('main [name=answer]', 'Une inscription est effacée.');
  await press(admin, admin.locator('main .form:has([name=outcome]) button.button').last());
  assert.match(await text(admin), /Aucune demande n’attend/);
  await member.goto(url('/account/data'));
  assert.match(await text(member), /Une inscription est effacée/);
});

await tap.point('nobody else opens the administrator’s page', async () => {
  assert.equal((await member.goto(url('/admin/personal-data'))).status(), 403);
});

await tap.point('the pages that the law asks for: periods of each kind, 106 criteria, who answers', async () => {
  await member.goto(url('/privacy'));
  const kept = await text(member);
  for (const words of ['Répondre au besoin', '36 mois', 'Inscription', 'CNIL']) assert.ok(kept.includes(words), words);
  await member.goto(url('/accessibility'));
  assert.match(await text(member), /non conforme/);
  const criteria = await member.locator('main tbody tr').evaluateAll((rows) => rows.map((row) => row.firstElementChild.textContent.match(/[0-9.]+/)[0]));
  assert.equal(criteria.length, 106);
  assert.equal(new Set(criteria).size, 106);
  assert.equal(criteria.at(-1), '13.12');
  await member.goto(url('/legal'));
  assert.match(await text(member), /Direction de la publication/);
  await admin.goto(url('/admin/retention'));
  assert.match(await text(admin), /Part la nuit prochaine/);
});

if (browser) await browser.close();
await site.stop();
site.remove();
tap.end();
