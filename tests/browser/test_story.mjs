#!/usr/bin/env node
// The story of a newcomer, in a browser, from an empty folder to the map, the files, the API, and back after a crash. Prints TAP.
// time limit: 300 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, PASSWORD, signIn, Site, Tap } from './site.mjs';

const OFFICER = 'charge@maillage.example', MEMBER = 'entreprise@maillage.example', STRANGER = 'ailleurs@essai.example';
const CONTACT = 'Jeanne Épreuve', CONTACT_EMAIL = 'jeanne.epreuve@essai.example';
const NETWORK_NEED = 'Recruter trois soudeurs pour la ligne nord', PRIVATE_NEED = 'Trouver un repreneur pour notre atelier';
const IMPORTED = 1000, FAULTY = 7;
const site = new Site(), tap = new Tap();
const known = {}; // what one step learns and a later one uses
let browser, context, page;

const text = (locator) => locator.innerText();
const open = (path) => page.goto(`${site.address}/fr${path}`);
const number = (words) => Number(words.replace(/[^\d]/g, ''));

// A number of nine digits with its check digit (Luhn), that the demonstration does not use.
function siren(rank) {
  const digits = String(91000000 + rank);
  const sum = Array.from(digits).reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

// A thousand companies as a spreadsheet writes them, seven of them wrong: { file, wrong: [line, field] }.
function writeCompanies() {
  const rows = Array.from({ length: IMPORTED }, (_, rank) => [`Atelier d’essai ${rank + 1}`, 'Entreprise', siren(rank), 'Lyon', 12 + (rank % 80)]);
  const wrong = [[11, 'SIREN'], [150, 'Nom'], [289, 'Commune'], [400, 'Effectif'], [555, 'SIREN'], [720, 'Type'], [1001, 'Effectif']];
  const spoil = (line, column, value) => { rows[line - 2][column] = value; };
  spoil(11, 2, '123456789');
  spoil(150, 0, '');
  spoil(289, 3, 'Nulle-Part-sur-Rien');
  spoil(400, 4, 'une douzaine');
  spoil(555, 2, siren(3));
  spoil(720, 1, 'Astéroïde');
  spoil(1001, 4, '-4');
  const file = join(site.folder, 'adhérents.csv');
  writeFileSync(file, `\uFEFFNom;Type;SIREN;Commune;Effectif\r\n${rows.map((row) => row.join(';')).join('\r\n')}\r\n`);
  return { file, wrong };
}

async function download(action) {
  const [got] = await Promise.all([page.waitForEvent('download'), action()]);
  const path = join(site.folder, got.suggestedFilename());
  await got.saveAs(path);
  return path;
}

function readSheet(path) {
  const script = 'import json, openpyxl, sys\nbook = openpyxl.load_workbook(sys.argv[1])\n'
    + 'print(json.dumps([[cell for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)], default=str))';
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', script, path], { encoding: 'utf8' }));
}

// An account at a company that is in no cluster of the officer's.
async function addStranger() {
  const all = await (await fetch(`${site.address}/api/v1/membership?limit=400`)).json();
  const ours = all.items.find((item) => item.organisation === known.companyUrl.split('/').pop()).cluster;
  const inside = new Set(all.items.filter((item) => item.cluster === ours).map((item) => item.organisation));
  const outside = all.items.find((item) => !inside.has(item.organisation)).organisation;
  const password = join(site.folder, 'password');
  writeFileSync(password, `${PASSWORD}\n`);
  await site.command('user', 'add', '--db', site.db, '--email', STRANGER, '--name', 'Ali Ailleurs', '--password-file', password);
  await site.command('user', 'role', '--db', site.db, '--email', STRANGER, '--organisation', String(outside), '--role', 'member');
}

async function pick(name, words) {
  const picker = page.locator(`fieldset[data-name=${name}]`);
  await picker.locator('input[type=search]').fill(words);
  await picker.locator('[role=option]').first().click();
}

async function file(action) {
  await page.locator('main form.form .buttons button[type=submit]').first().click();
  await page.locator('.notice-good').waitFor();
  assert.match(page.url(), /\/(needs|organisations)\/\d+$/, action);
  return page.url();
}

await tap.point('the program starts on a new database', async () => {
  await site.prepare();
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR', acceptDownloads: true });
  page = await context.newPage();
  page.setDefaultTimeout(20000);
  known.trouble = [];
  page.on('console', (message) => { if (message.type() === 'error') known.trouble.push(message.text()); });
  page.on('pageerror', (fault) => known.trouble.push(String(fault)));
  await open('/');
  assert.equal(await page.locator('h1').count(), 1);
});

await tap.point('a page for members leads to the sign-in form, which the keyboard alone reaches, fills and sends', async () => {
  await open('/needs/new');
  assert.match(page.url(), /\/sign-in\?next=/);
  const focused = () => page.evaluate(() => document.activeElement.name ?? '');
  for (let i = 0; i < 30 && await focused() !== 'email'; i++) await page.keyboard.press('Tab');
  assert.equal(await focused(), 'email');
  await page.keyboard.type(OFFICER);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await Promise.all([page.waitForURL(/\/fr\/needs\/new$/), page.keyboard.press('Enter')]);
});

await tap.point('a company of the cluster is found by the search box', async () => {
  await open('/space');
  await page.locator('.doors a', { hasText: 'Mon organisation' }).click();
  const member = page.locator('section', { has: page.locator('h2', { hasText: 'Adhérents' }) }).locator('.result h3').first();
  known.company = (await text(member)).split(' – ')[0];
  await page.fill('#site-search', known.company);
  await page.press('#site-search', 'Enter');
  await page.locator('.result h3 a', { hasText: known.company }).first().click();
  assert.equal(await text(page.locator('h1')), known.company);
  known.companyUrl = page.url();
});

await tap.point('an empty form is refused: the summary leads to each field, which says what is wrong', async () => {
  await open('/needs/new');
  const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'),
                                      page.locator('main .buttons button[type=submit]').first().click()]);
  assert.equal(answer.status(), 422);
  await page.locator('#errors').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'errors');
  assert.equal(await page.locator('#errors li').count(), 3);
  const targets = await page.locator('#errors a').evaluateAll((links) => links.map((link) => document.getElementById(link.hash.slice(1))?.name ?? link.hash));
  assert.deepEqual(targets, ['title', 'company.query', 'type']);
  await page.locator('#errors a').nth(2).click();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'type');
  assert.equal(await page.locator('.field-wrong').count(), 3);
});

await tap.point('a need is filed from the company’s sheet; skills are proposed from its words', async () => {
  await page.goto(known.companyUrl);
  await page.locator('main a', { hasText: 'Déposer un besoin' }).click();
  assert.equal(await page.locator('fieldset[data-name=company] input[type=radio]:checked').count(), 1, 'the company is there already');
  await page.fill('[name=title]', NETWORK_NEED);
  await page.selectOption('[name=type]', { label: 'Recruter' });
  await page.fill('[name=headcount]', '3');
  await page.fill('[name=contact]', CONTACT);
  await page.fill('[name=email]', CONTACT_EMAIL);
  known.need = await file('the first need');
  const shown = await text(page.locator('main'));
  assert.match(shown, /Soudage/i);
  assert.ok(shown.includes(CONTACT) && shown.includes(known.company));
  known.sector = await text(page.locator('dt', { hasText: 'Secteur' }).locator('+ dd'));
});

await tap.point('another one, with the company picked from suggestions, is for its clusters; not for the company alone, whose officer would lose it', async () => {
  await open('/needs/new');
  await pick('company', known.company);
  await page.fill('[name=title]', PRIVATE_NEED);
  await page.selectOption('[name=type]', { index: 3 });
  await page.check('[name=audience][value=private]');
  await page.locator('main form.form .buttons button[type=submit]').first().click();
  await page.locator('#errors a').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'audience');
  assert.equal(await page.locator('fieldset[data-name=company] input:checked').count(), 1, 'what was picked is kept');
  await page.check('[name=audience][value=circle]');
  known.privateNeed = await file('the need for the clusters');
});

await tap.point('without script, the same form is filed: search, tick, send', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: 'fr-FR', storageState: await context.storageState() });
  const sheet = await plain.newPage();
  await sheet.goto(`${site.address}/fr/needs/new`);
  await sheet.fill('[name=title]', 'Former deux régleurs sans script');
  await sheet.fill('[name="company.query"]', known.company);
  await sheet.click('button[name=pick][value=company]');
  assert.equal(await sheet.inputValue('[name=title]'), 'Former deux régleurs sans script', 'what was typed is kept');
  await sheet.locator('li.choice', { hasText: known.company }).locator('input[name=company]').check();
  await sheet.selectOption('[name=type]', { index: 4 });
  await sheet.click('main .buttons button[type=submit]');
  await sheet.locator('.notice-good').waitFor();
  assert.match(sheet.url(), /\/needs\/\d+$/);
  await plain.close();
});

await tap.point('the three needs are counted on the figures and on the map, filtered by sector', async () => {
  await page.goto(known.need);
  const code = (await (await fetch(`${site.address}/api/v1/vocabulary/naf?q=${encodeURIComponent(known.sector)}`)).json()).items[0].code;
  await open(`/understand/needs?company=${known.companyUrl.split('/').pop()}`);
  assert.equal(number(await text(page.locator('.list-sentence'))), 3);
  await open('/understand/needs');
  const all = number(await text(page.locator('.list-sentence')));
  await page.locator('.list-filters fieldset, .list-filters details', { hasText: 'Secteur' }).locator('input[type=checkbox]').first().check();
  await page.locator('.list-filters button[type=submit]').last().click();
  await page.locator('.chips').waitFor();
  const section = number(await text(page.locator('.list-sentence')));
  assert.ok(section > 0 && section < all, `${section} of ${all}`);
  known.sectorQuery = `sector=${encodeURIComponent(code)}`;
  await open(`/understand/needs?${known.sectorQuery}`);
  known.filtered = number(await text(page.locator('.list-sentence')));
  assert.ok(known.filtered >= 3, `${known.filtered} in ${known.sector}`);
  const rows = await page.locator('table', { hasText: 'Besoins par territoire' }).locator('tbody tr td:nth-child(2)').allInnerTexts();
  assert.equal(rows.reduce((total, cell) => total + number(cell), 0), known.filtered);
  await page.locator('.tabs a', { hasText: 'Carte' }).click();
  assert.equal(number(await text(page.locator('.list-sentence'))), known.filtered);
  assert.ok(await page.locator('svg a').count() > 0, 'areas lead to their lists');
});

await tap.point('the view is exported to GeoJSON and to XLSX, whole and right', async () => {
  await open(`/needs?${known.sectorQuery}`);
  const map = JSON.parse(readFileSync(await download(() => page.locator('.exports a', { hasText: 'GeoJSON' }).click()), 'utf8'));
  assert.equal(map.type, 'FeatureCollection');
  assert.equal(map.features.length, known.filtered);
  const need = map.features.find((feature) => JSON.stringify(feature.properties).includes(NETWORK_NEED));
  const [longitude, latitude] = need.geometry.coordinates;
  assert.ok(longitude > -62 && longitude < 56 && latitude > -22 && latitude < 52, `${longitude}, ${latitude}`);
  const rows = readSheet(await download(() => page.locator('.exports a', { hasText: 'XLSX' }).click()));
  const titles = rows.flat().filter((cell) => cell === NETWORK_NEED || cell === PRIVATE_NEED);
  assert.equal(titles.length, 2);
});

await tap.point('1,000 companies with 7 faulty lines: the report names each line, and nothing is kept yet', async () => {
  await open('/organisations');
  known.before = number(await text(page.locator('.list-sentence')));
  const companies = writeCompanies();
  await open('/organisations/import');
  await page.setInputFiles('[name=file]', companies.file);
  await page.locator('main .buttons button[type=submit]').first().click();
  await page.waitForURL(/\/import\/\d+$/, { timeout: 60000 });
  await page.locator('.figures').first().waitFor({ timeout: 60000 });
  const figures = (await page.locator('.figures .figure, .figures li').allInnerTexts()).map(number);
  assert.ok(figures.includes(IMPORTED - FAULTY) && figures.includes(FAULTY), figures.join(' '));
  const lines = await page.locator('main table tbody tr').evaluateAll((rows) => rows.map((row) => Array.from(row.cells, (cell) => cell.innerText.trim())));
  assert.deepEqual(lines.map(([line, field]) => [number(line), field]), companies.wrong);
  assert.ok(lines.every(([, , sentence]) => sentence.length > 15), 'each says what to do');
  const remarks = readFileSync(await download(() => page.locator('a[href$="/remarks"]').click()), 'utf8');
  assert.ok(remarks.includes('Nulle-Part-sur-Rien'));
  known.import = page.url();
  await open('/organisations');
  assert.equal(number(await text(page.locator('.list-sentence'))), known.before);
});

await tap.point('the good lines are applied and found in the list', async () => {
  await page.goto(known.import);
  await page.locator('button[value=apply]').click();
  await page.locator('button[value=undo]').waitFor({ timeout: 90000 });
  await open('/organisations');
  assert.equal(number(await text(page.locator('.list-sentence'))), known.before + IMPORTED - FAULTY);
  await page.fill('.list-filters [name=q]', 'Atelier essai 777');
  await page.press('.list-filters [name=q]', 'Enter');
  await page.locator('.result h3 a', { hasText: 'Atelier d’essai 777' }).waitFor();
});

await tap.point('a token made in one’s account fetches the same list through the API, page by page', async () => {
  await open('/account');
  await page.fill('[name=token_name]', 'Tableau de bord de l’essai');
  await page.locator('form', { has: page.locator('[name=token_name]') }).locator('.buttons button').click();
  const token = (await text(page.locator('.notice-good'))).split(/\s+/).pop();
  const headers = { authorization: `Bearer ${token}` };
  const names = [];
  let next = '/api/v1/organisation?limit=400&q=atelier';
  for (let turn = 0; next && turn < 10; turn++) {
    const answer = await fetch(site.address + next, { headers });
    assert.equal(answer.status, 200);
    const found = await answer.json();
    assert.ok(found.total >= IMPORTED - FAULTY);
    names.push(...found.items.map((item) => item.name));
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  assert.equal(new Set(names.filter((name) => name.startsWith('Atelier d’essai'))).size, IMPORTED - FAULTY);
  known.token = headers;
  const id = known.need.split('/').pop();
  const first = await fetch(`${site.address}/api/v1/need/${id}`, { headers });
  assert.equal((await first.json()).contact, CONTACT);
  const again = await fetch(`${site.address}/api/v1/need/${id}`, { headers: { ...headers, 'if-none-match': first.headers.get('etag') } });
  assert.equal(again.status, 304);
  assert.equal((await fetch(`${site.address}/api/v1/need/${known.privateNeed.split('/').pop()}`)).status, 404, 'nothing for the public');
});

await tap.point('the import is taken back as one', async () => {
  await page.goto(known.import);
  await page.locator('button[value=undo]').click();
  await page.locator('.lead', { hasText: 'défait' }).or(page.locator('.lead', { hasText: 'annul' })).or(page.locator('.lead', { hasText: 'repris' })).waitFor({ timeout: 90000 });
  await open('/organisations');
  assert.equal(number(await text(page.locator('.list-sentence'))), known.before);
});

await tap.point('a need is taken up, then closed with its reason; its history tells it', async () => {
  await page.goto(known.need);
  await page.locator('button[name=state][value=taken_up]').click();
  await page.locator('.notice-good').waitFor();
  assert.match(await text(page.locator('.page-head')), /Pris en charge/);
  await page.locator('button[name=state][value=closed]').click();
  await page.locator('#errors a').click();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'reason', 'not closed without a reason');
  assert.match(await text(page.locator('.page-head')), /Pris en charge/);
  await page.fill('[name=reason]', 'Le projet est reporté');
  await page.locator('button[name=state][value=closed]').click();
  await page.locator('.notice-good').waitFor();
  assert.match(await text(page.locator('main')), /Le projet est reporté/);
  await page.locator('main a', { hasText: 'Historique' }).click();
  const history = await text(page.locator('main'));
  for (const word of ['Déposé', 'Pris en charge', 'Clos', 'Le projet est reporté', 'Camille Chargée']) assert.ok(history.includes(word), word);
});

await tap.point('two tabs edit the same need: the second is told, keeps its words, and overwrites nothing', async () => {
  const other = await context.newPage();
  await page.goto(`${known.privateNeed}/edit`);
  await other.goto(`${known.privateNeed}/edit`);
  await page.fill('[name=title]', `${PRIVATE_NEED} (première)`);
  await file('the first tab');
  await other.fill('[name=title]', `${PRIVATE_NEED} (seconde)`);
  await other.locator('main .buttons button[type=submit]').first().click();
  await other.locator('#errors').waitFor();
  assert.equal(await other.inputValue('[name=title]'), `${PRIVATE_NEED} (seconde)`);
  assert.ok((await text(other.locator('main'))).includes(`${PRIVATE_NEED} (première)`), 'the other tab’s words are shown');
  await page.goto(known.privateNeed);
  assert.equal(await text(page.locator('h1')), `${PRIVATE_NEED} (première)`);
  await other.close();
});

await tap.point('stopped with kill -9 and started again, everything is there, and one is still signed in', async () => {
  const end = await site.stop('SIGKILL');
  assert.equal(end.signal, 'SIGKILL');
  await site.start();
  await page.goto(known.privateNeed);
  assert.equal(await text(page.locator('h1')), `${PRIVATE_NEED} (première)`);
  await page.goto(known.need);
  assert.match(await text(page.locator('main')), /Le projet est reporté/);
  const found = await (await fetch(`${site.address}/api/v1/need?${known.sectorQuery}`, { headers: known.token })).json();
  assert.equal(found.total, known.filtered);
});

await tap.point('one signs out; then what is for members asks to sign in', async () => {
  await page.locator('.site-account summary').click();
  await page.locator('.site-account button', { hasText: 'Se déconnecter' }).click();
  await page.locator('.site-account .sign-in').waitFor();
  assert.equal((await page.goto(known.privateNeed)).status(), 404);
  await open('/account');
  assert.match(page.url(), /\/sign-in/);
});

await tap.point('a member of another cluster’s company sees neither what is kept to our clusters nor the contacts of others', async () => {
  await addStranger();
  await signIn(page, site.address, STRANGER);
  assert.equal((await page.goto(known.privateNeed)).status(), 404);
  await page.goto(known.need);
  const shown = await text(page.locator('main'));
  assert.ok(shown.includes(NETWORK_NEED) && !shown.includes(CONTACT) && !shown.includes(CONTACT_EMAIL));
  assert.equal(await page.locator('main a', { hasText: 'Modifier' }).count(), 0);
  await open('/needs?q=repreneur');
  assert.equal(await page.locator('.result h3', { hasText: PRIVATE_NEED }).count(), 0);
  const file = readFileSync(await download(() => page.goto(`${site.address}/fr/needs/export?format=csv`).catch(() => {})), 'utf8');
  assert.ok(file.includes(NETWORK_NEED) && !file.includes(PRIVATE_NEED) && !file.includes(CONTACT_EMAIL));
});

await tap.point('a company keeps a need to itself: its officer does not see it', async () => {
  await page.context().clearCookies();
  await signIn(page, site.address, MEMBER);
  await open('/needs/new');
  assert.equal(await page.locator('fieldset[data-name=company] input:checked').count(), 1, 'one’s own company is proposed');
  await page.fill('[name=title]', 'Préparer une transmission');
  await page.selectOption('[name=type]', { index: 5 });
  await page.check('[name=audience][value=private]');
  const address = await file('the company’s own need');
  await page.context().clearCookies();
  await signIn(page, site.address, OFFICER);
  assert.equal((await page.goto(address)).status(), 404);
});

await tap.point('no page of the story troubled the browser, and the program ends well when asked', async () => {
  const refused = /status of (404|422|400|409)/; // pages that were asked for on purpose
  assert.deepEqual(known.trouble.filter((line) => !refused.test(line)), []);
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});

await browser?.close();
site.remove();
tap.end();
