#!/usr/bin/env node
// Daily work in a browser: a company registers at an event of its cluster and asks to use an equipment; the other side sees it, answers and keeps the
// minutes. Prints TAP. time limit: 300 s
import assert from 'node:assert/strict';
import { openBrowser, signIn, Site, Tap } from './site.mjs';

const OFFICER = 'charge@maillage.example', MEMBER = 'entreprise@maillage.example';
const EVENT = 'Atelier d’essai : écrire un cahier des charges', BENCH = 'Banc d’essai de la démonstration';
const site = new Site(), tap = new Tap();
const known = {};
let browser, officer, member;

async function openAs(email, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  await signIn(page, site.address, email);
  return page;
}

async function pick(page, name, words) {
  const picker = page.locator(`fieldset[data-name=${name}]`);
  await picker.locator('input[type=search]').fill(words);
  await picker.locator('[role=option]').first().click();
}

async function send(page, pattern) {
  await page.click('main form.form .buttons button[type=submit]');
  await page.waitForURL(pattern);
}

const facts = (page) => page.locator('main').innerText();
const step = (page, state) => page.click(`form[action$="/step"] button[value=${state}]`);

await tap.point('the program starts', async () => {
  await site.prepare();
  browser = await openBrowser();
  officer = await openAs(OFFICER);
  member = await openAs(MEMBER);
  await officer.goto(`${site.address}/fr/space`);
  known.cluster = (await officer.locator('.doors a', { hasText: 'Mon organisation' }).getAttribute('href')).split('/').pop();
  await officer.goto(`${site.address}/fr/organisations/${known.cluster}`);
  known.clusterName = await officer.locator('h1').innerText();
});

await tap.point('an officer announces an event of one place, with its day and hour', async () => {
  await officer.goto(`${site.address}/fr/events/new?organiser=${known.cluster}`);
  await officer.fill('[name=title]', EVENT);
  await officer.check('[name=type][value=workshop]');
  assert.equal(await officer.getAttribute('[name=starts]', 'type'), 'datetime-local');
  await officer.fill('[name=starts]', '2036-07-01T14:30');
  await officer.fill('[name=ends]', '2036-07-01T16:30');
  await officer.fill('[name=places]', '1');
  await send(officer, /\/events\/\d+$/);
  known.event = officer.url();
  assert.match(await facts(officer), /1er juillet 2036 à 14:30 \(heure de Paris\)/);
});

async function registerAt(page, person) {
  await page.goto(known.event);
  await page.getByRole('link', { name: 'S’inscrire' }).click();
  await page.fill('[name=person]', person);
  await send(page, /\/registrations\/\d+$/);
  return page.url();
}

await tap.point('a company registers; a second person waits', async () => {
  known.first = await registerAt(member, 'Jeanne Épreuve');
  assert.match(await facts(member), /Inscrit\b/);
  known.second = await registerAt(member, 'Paul Essai');
  assert.match(await facts(member), /En liste d’attente/);
});

await tap.point('the organiser sees who comes', async () => {
  await officer.goto(known.event);
  const panel = await facts(officer);
  assert.match(panel, /Qui vient/);
  assert.match(panel, /Jeanne Épreuve/);
  assert.match(panel, /Paul Essai/);
});

await tap.point('when one gives up, who waited has the place', async () => {
  await member.goto(known.first);
  await step(member, 'cancelled');
  await member.waitForURL(known.first);
  await member.goto(known.second);
  assert.match(await facts(member), /Inscrit\b/);
  await member.goto(`${known.second}/history`);
  assert.match(await facts(member), /Maillage/);
});

await tap.point('the minutes are kept with the event once it was held', async () => {
  await officer.goto(known.event);
  await step(officer, 'held');
  await officer.goto(`${known.event}/edit`);
  await officer.fill('[name=minutes]', '## Décisions\n\n- Une trame commune');
  await send(officer, /\/events\/\d+$/);
  assert.equal(await officer.locator('main :is(h2, h3, h4)', { hasText: 'Décisions' }).count(), 1);
});

await tap.point('a company asks to use an equipment; whose it is answers', async () => {
  await officer.goto(`${site.address}/fr/equipment/new?organisation=${known.cluster}`);
  await officer.fill('[name=title]', BENCH);
  await officer.check('[name=type][value=machine]');
  await officer.fill('[name=description]', 'Moteurs jusqu’à 200 kW');
  await officer.fill('[name=access]', 'Avec un opérateur');
  await officer.fill('[name=price]', '650');
  await officer.check('[name=price_per][value=day]');
  await send(officer, /\/equipment\/\d+$/);
  await member.goto(officer.url());
  await member.getByRole('link', { name: 'Demander une réservation' }).click();
  await member.fill('[name=starts]', '2036-09-01T09:00');
  await member.fill('[name=ends]', '2036-09-01T08:00');
  await member.fill('[name=purpose]', 'Endurance d’un prototype');
  await member.fill('[name=person]', 'Jeanne Épreuve');
  await member.click('main form.form .buttons button[type=submit]');
  await member.waitForSelector('.field-wrong');
  assert.match(await facts(member), /La fin doit venir après le début/);
  await member.fill('[name=ends]', '2036-09-01T12:00');
  await send(member, /\/bookings\/\d+$/);
  const booking = member.url();
  await officer.goto(booking);
  assert.match(await facts(officer), /Jeanne Épreuve/);
  await officer.goto(`${booking}/edit`);
  assert.equal(await officer.locator('[name=purpose]').count(), 0); // what was asked is not the answerer's to change
  await officer.fill('[name=answer]', 'Venez avec la fiche du moteur.');
  await send(officer, /\/bookings\/\d+$/);
  await step(officer, 'accepted');
  await member.goto(booking);
  assert.match(await facts(member), /Acceptée[\s\S]*Venez avec la fiche du moteur/);
});

await tap.point('nobody else sees either', async () => {
  for (const url of [known.second, member.url()]) assert.equal((await fetch(url)).status, 404);
});

await tap.point('a company takes up a practice and reports its result; the page of the practice counts it', async () => {
  await officer.goto(`${site.address}/fr/practices/new?organisation=${known.cluster}`);
  await officer.fill('[name=title]', 'Un carnet de compétences d’essai');
  await officer.fill('[name=context]', 'Des départs');
  await officer.fill('[name=results]', 'Moins de départs');
  await send(officer, /\/practices\/\d+$/);
  const practice = officer.url();
  await member.goto(practice);
  await member.getByRole('link', { name: 'Reprendre cette pratique' }).click();
  await member.fill('[name=measure]', 'Départs avant trois mois');
  await member.fill('[name=unit]', '%');
  await member.check('[name=sought][value=lower]');
  await member.fill('[name=before]', '40');
  await send(member, /\/adoptions\/\d+$/);
  const adoption = member.url();
  for (const state of ['begun', 'in_place']) {
    await step(member, state);
    await member.goto(adoption);
  }
  await step(member, 'measured');
  assert.match(await facts(member), /Écrivez d’abord le résultat/);
  await member.goto(`${adoption}/edit`);
  await member.fill('[name=after]', '18');
  await send(member, /\/adoptions\/\d+$/);
  await step(member, 'measured');
  await member.goto(practice);
  const page = (await facts(member)).replace(/\s/g, ' ');
  assert.match(page, /Départs avant trois mois : 40 → 18 %/);
  assert.match(page, /Effet ?Mieux qu’avant ?1/);
  assert.match(page, /État ?Résultat mesuré ?1/);
  await member.click('.panel-counts a >> text=Mieux qu’avant');
  assert.equal(await member.locator('.result').count(), 1);
});

const rowsOf = async (page) => (await page.locator('.rows').innerText()).replace(/\s/g, ' ');

await tap.point('a list is kept with its filters, says what is new in it since, and leads to it', async () => {
  await officer.goto(`${site.address}/fr/needs?q=calandre&state=open`);
  await officer.click('.exports a >> text=Suivre cette liste');
  assert.match(await officer.inputValue('[name=name]'), /calandre.*Ouvert/);
  await officer.fill('[name=name]', '');
  await officer.click('main form.form .buttons button[type=submit]');
  assert.match(await facts(officer), /Donnez un nom/);
  await officer.fill('[name=name]', 'Calandres');
  await send(officer, /\/space\/searches$/);
  assert.match(await rowsOf(officer), /Calandres rien de nouveau depuis/);
  await member.goto(`${site.address}/fr/needs/new`);
  await member.fill('[name=title]', 'Une calandre pour notre ligne d’essai');
  await member.selectOption('[name=type]', { index: 3 });
  await send(member, /\/needs\/\d+$/);
  await officer.goto(`${site.address}/fr/space/searches`);
  await officer.click('button >> text=Voir la nouveauté');
  await officer.waitForURL(/\/needs\?sort=new/);
  assert.match(await officer.locator('.result').first().innerText(), /Une calandre pour notre ligne/);
  await officer.goto(`${site.address}/fr/space/searches`);
  assert.match(await rowsOf(officer), /Calandres rien de nouveau depuis/);
  await officer.click('button >> text=Ne plus suivre');
  await officer.waitForURL(/\/space\/searches$/);
  assert.match(await facts(officer), /Vous ne suivez encore aucune liste/);
});

await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});
site.remove();
tap.end();
