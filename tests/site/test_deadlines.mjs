#!/usr/bin/env node
// All deadlines in one list, calendar and feed, read by other people's programs: for everybody what everybody may read, by kind, territory and organisation;
// under a person's own address what that person may read, until it is ended. Prints TAP. time limit: 120 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, signIn, Site, Tap } from '../browser/site.mjs';

const OFFICER = 'charge@maillage.example';
const site = new Site(), tap = new Tap();
const day = (ahead) => new Date(Date.now() + ahead * 86400000).toISOString().slice(0, 10);
const known = {};
let token, browser, page;

async function api(path, { method = 'GET', body } = {}) {
  const answer = await fetch(`${site.address}/api/v1/${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

async function calendar(query = '', address = `${site.address}/fr/deadlines.ics${query}`) {
  const answer = await fetch(address);
  assert.equal(answer.status, 200, address);
  const file = join(site.folder, 'deadlines.ics');
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return JSON.parse(execFileSync('tests/site/judge_feeds.py', ['calendar', file])).events;
}

const mine = (events) => events.filter((one) => one.summary.includes('Cornouiller')).map((one) => one.uid).sort();

await tap.point('the program starts, with an event to register for and a visit to follow up', async () => {
  await site.prepare();
  token = (await site.command('user', 'token', '--db', site.db, '--email', OFFICER, '--name', 'Essai', '--write')).trim();
  known.cluster = (await api('visit?limit=1')).items[0].cluster;
  const event = (title, register_until, place) => api('event', { method: 'POST', body: { title: `Cornouiller ${title}`, type: 'meeting', organiser: known.cluster, starts: `${day(90)}T10:00:00Z`, register_until, place, audience: 'public' } });
  known.event = await event('public', day(20), '69123');
  known.late = await event('passé', day(-1), '69123');
  known.off = await event('annulé', day(21), '59350');
  await api(`event/${known.off.id}`, { method: 'PATCH', body: { version: 1, state: 'cancelled', reason: 'grève' } });
  const company = (await api('organisation', { method: 'POST', body: { name: 'Cornouiller et fils', type: 'company', place: '59350' } })).id;
  known.visit = await api('visit', { method: 'POST', body: { company, cluster: known.cluster, day: day(-3), next_day: day(10) } });
  known.uids = [`event-${known.event.id}-register_until@maillage`, `visit-${known.visit.id}-next_day@maillage`];
});

await tap.point('everybody reads those of what is public: neither past nor called off', async () => {
  const events = await calendar();
  assert.deepEqual(mine(events), [known.uids[0]]);
  const [one] = events.filter(({ uid }) => uid === known.uids[0]);
  assert.equal(one.summary, 'Inscription jusqu’au\u202f: Cornouiller public');
  assert.equal(one.dtstart, day(20));
  assert.equal(one.url, `${site.address}/fr/events/${known.event.id}`);
});

await tap.point('they are narrowed by kind, territory and organisation', async () => {
  for (const [query, there] of [['kind=event', true], ['kind=visit', false], ['place=R84', true], ['place=69', true], ['place=59', false], [`owner=${known.cluster}`, true], ['owner=123456789', false], ['own=1', false]])
    assert.equal(mine(await calendar(`?${query}`)).length > 0, there, query);
  const feed = await (await fetch(`${site.address}/fr/deadlines.atom?place=R84`)).text();
  assert.match(feed, /Cornouiller public/);
  assert.match(feed, /rel="self"[^>]*deadlines\.atom\?place=R84"/);
});

await tap.point('a person finds them all on the page, and makes an address of their own', async () => {
  browser = await openBrowser();
  page = await (await browser.newContext({ locale: 'fr-FR' })).newPage();
  await signIn(page, site.address, OFFICER);
  await page.goto(`${site.address}/fr/find`);
  await page.locator('.doors').getByRole('link', { name: 'Échéances' }).click();
  const titles = await page.locator('.result h3').allInnerTexts();
  assert.ok(titles.findIndex((title) => title.includes('et fils')) < titles.findIndex((title) => title.includes('public')));
  await page.click('text=Créer mon adresse');
  known.address = await page.locator('code.secret').innerText();
  assert.deepEqual(mine(await calendar('', known.address)), known.uids);
  assert.deepEqual(mine(await calendar('', `${known.address}&kind=visit`)), [known.uids[1]]);
  assert.equal(await page.evaluate(() => document.cookie.includes('key')), false);
});

await tap.point('what stands in the database does not give the address', async () => {
  const word = new URL(known.address).searchParams.get('key');
  assert.ok(word.length >= 32);
  assert.throws(() => execFileSync('grep', ['-q', word, site.db, `${site.db}-wal`]));
});

await tap.point('a new address ends the one before; ended, it gives nothing; nor does a wrong one', async () => {
  const first = known.address;
  await page.goto(`${site.address}/fr/deadlines`);
  await page.click('text=Créer mon adresse');
  known.address = await page.locator('code.secret').innerText();
  assert.equal((await fetch(first)).status, 404);
  assert.equal((await fetch(`${site.address}/fr/deadlines.ics?key=${'a'.repeat(32)}`)).status, 404);
  assert.deepEqual(mine(await calendar('', known.address)), known.uids);
  await page.goto(`${site.address}/fr/deadlines`);
  await page.click('text=Mettre fin à mon adresse');
  assert.equal((await fetch(known.address)).status, 404);
});

await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});
site.remove();
tap.end();
