#!/usr/bin/env node
// Every page, for each role, in French and English, light and dark, at 390 and 1280 px: axe finds nothing, nothing overflows, the browser is not
// troubled (content policy included), there is one main title, nothing is left in English on French pages. The pages are those that the
// tables of routes hold, so that a new one is looked at without being named here. Prints TAP. time limit: 480 s
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openBrowser, root, signIn, Site, Tap } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const ROLES = {
  anonymous: { lane: 0 },
  officer: { lane: 1, email: 'charge@maillage.example', import: '/organisations', denied: [/\/(needs|organisations)\/\d+\/erase$/] },
  member: { lane: 0, email: 'entreprise@maillage.example', import: '/needs',
            denied: [/\/(organisations|memberships)\/(new|import)$/, /\/memberships\/\d+\/(edit|erase)$/, /\/organisations\/\d+\/erase$/] },
  administrator: { lane: 1, email: 'administration@maillage.example', import: '/memberships',
                   denied: [/\/needs\/(new|import)$/, /\/needs\/\d+\/edit$/] },
};
const FILES = /\/(export|remarks)$/; // what is fetched, not looked at
const site = new Site(), tap = new Tap();
const record = {}; // of each kind, by its path
let browser;

// Paths of the GET pages that a file's table of routes holds.
function routesOf(file) {
  const rows = readFileSync(join(root, file), 'utf8').matchAll(/ROUTE\(HTTP_GET, "([^"]*)", ROUTE_PAGE,/g);
  return Array.from(rows, ([, path]) => path).filter((path) => !FILES.test(path));
}

function kindPaths() {
  const sources = readdirSync(join(root, 'product/kinds')).filter((name) => name.endsWith('.c'));
  return sources.flatMap((name) => Array.from(readFileSync(join(root, 'product/kinds', name), 'utf8').matchAll(/\.path = "([^"]+)"/g), ([, path]) => path));
}

function pagesFor(role) {
  const own = routesOf('product/pages/routes.c').map((path) => (path === '/search' ? '/search?q=a' : path));
  const ofKinds = kindPaths().flatMap((kind) => routesOf('platform/record/web.c').map((path) => {
    if (path.includes('{import}')) return role.imported?.startsWith(`${kind}/`) ? role.imported : null;
    return kind + path.replace('{id}', record[kind] ?? '1');
  }));
  return [...own, ...ofKinds.filter(Boolean), '/needs?q=zzzzzz', '/nothing-here'];
}

// The sentences of the program that have another form in French: none may stand on a French page.
function englishSentences() {
  const found = new Set(), french = new Map();
  const read = (folder, ends, pattern) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) read(path, ends, pattern);
      else if (entry.name.endsWith(ends)) for (const [, text] of readFileSync(join(root, path), 'utf8').matchAll(pattern)) found.add(text);
    }
  };
  for (const folder of ['platform', 'product']) read(folder, '.c', /N_\("((?:[^"\\]|\\.)*)"\)/g);
  read('templates', '.html', /\{\{t "([^"]*)"/g);
  for (const name of readdirSync(join(root, 'locale/fr')))
    for (const [, key, value] of readFileSync(join(root, 'locale/fr', name), 'utf8').matchAll(/^msgid "(.*)"\nmsgstr "(.*)"$/gm)) french.set(key, value);
  return Array.from(found).filter((text) => /[a-z]{2}/.test(text) && !text.includes('{') && french.get(text) !== text);
}

// Runs in the page: what is read there, sentence by sentence.
function readTexts(english) {
  const wrong = new Set(english);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const read = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('[lang]:not(html)')) read.push(walker.currentNode.textContent.trim());
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) read.push(element.getAttribute(name) ?? '');
  return Array.from(new Set(read.filter((text) => wrong.has(text))));
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function runAxe(page, rules) {
  const options = JSON.stringify({ runOnly: rules, resultTypes: ['violations'] });
  const found = await page.evaluate(`axe.run(document, ${options})`);
  return found.violations.map(({ id, nodes }) => `axe ${id}: ${nodes.length}, such as ${nodes[0].html.slice(0, 160)}`);
}

// The page as it stands, at each width, in each theme. Between themes only colours change, and they are those of French in English.
async function lookAt(page, language) {
  const wrong = [];
  const colours = language === 'fr' ? ['cat.color'] : null;
  const states = [[1280, 'light', RULES], [1280, 'dark', colours], [390, 'dark', RULES], [390, 'light', colours], [320, 'light', null]];
  await page.evaluate(axe);
  for (const [width, colorScheme, rules] of states) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    if (width === 390) await page.evaluate(() => document.querySelectorAll('details:not(.menu)').forEach((details) => { details.open = true; }));
    const too = await overflow(page);
    if (too > 0) wrong.push(`${too} px too wide at ${width}`);
    if (rules) wrong.push(...(await runAxe(page, rules)).map((line) => `${line} (${width} px, ${colorScheme})`));
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  return wrong;
}

const seen = new Set();

// Whether this very page was not looked at yet, for another role: tokens and the name of the account apart.
async function isNew(page, language) {
  const body = await page.evaluate(() => document.querySelector('main').innerHTML.replace(/name="csrf" value="[^"]*"/g, ''));
  const key = language + body;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

async function checkPage(page, role, language, path, english, trouble) {
  trouble.length = 0;
  const answer = await page.goto(`${site.address}/${language}${path}`);
  const expected = path === '/nothing-here' ? 404 : role.denied?.some((pattern) => pattern.test(path)) ? 403 : 200;
  const wrong = answer.status() === expected ? [] : [`answered ${answer.status()}, not ${expected}`];
  const titles = await page.locator('h1').count();
  if (titles !== 1) wrong.push(`${titles} main titles`);
  if (language === 'fr') wrong.push(...(await page.evaluate(readTexts, english)).map((text) => `in English: ${text}`));
  if (await isNew(page, language)) wrong.push(...await lookAt(page, language));
  wrong.push(...trouble.filter((line) => !/status of (403|404)/.test(line)));
  return wrong.map((line) => `/${language}${path}: ${line}`);
}

async function openAs(role) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  if (role.email) await signIn(page, site.address, role.email);
  return page;
}

// A need that all may see, at the member's company, whose cluster is the officer's; and an import that waits, with faults, for who may bring one.
async function makeRecords() {
  const member = await openAs(ROLES.member);
  await member.goto(`${site.address}/fr/space`);
  const company = (await member.locator('.doors a', { hasText: 'Mon organisation' }).getAttribute('href')).split('/').pop();
  await member.goto(`${site.address}/fr/needs/new`);
  await member.fill('[name=title]', 'Recruter deux soudeurs');
  await member.selectOption('[name=type]', { index: 3 });
  await member.fill('[name=contact]', 'Jeanne Épreuve');
  await member.check('[name=audience][value=public]');
  await member.click('main form.form .buttons button[type=submit]');
  await member.waitForURL(/\/needs\/\d+$/);
  record['/organisations'] = company;
  record['/needs'] = member.url().split('/').pop();
  record['/memberships'] = (await (await fetch(`${site.address}/api/v1/membership?organisation=${company}`)).json()).items[0].id;
  await member.context().close();
}

async function bringFile(page, role) {
  const file = join(site.folder, `lignes${role.import.replace('/', '-')}.csv`);
  const rows = { '/organisations': 'Nom;Type;Commune\nAtelier;Entreprise;Lyon\n;Entreprise;Nulle-Part', '/needs': 'Ce qu’il faut;Entreprise;Type de besoin\nUn tour;Personne;Recruter',
                 '/memberships': 'Organisation;Pôle;Rôle;Depuis\nPersonne;Nul;Membre;2024-01-01' };
  writeFileSync(file, rows[role.import]);
  await page.goto(`${site.address}/fr${role.import}/import`);
  await page.setInputFiles('[name=file]', file);
  await page.click('main form.form .buttons button[type=submit]');
  await page.waitForURL(/\/import\/\d+$/);
  role.imported = new URL(page.url()).pathname.slice(3);
}

async function checkRole(name, english) {
  const role = ROLES[name], trouble = [], found = { fr: [], en: [] };
  const page = await openAs(role);
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (fault) => trouble.push(String(fault)));
  if (role.import) await bringFile(page, role);
  for (const language of ['fr', 'en'])
    for (const path of pagesFor(role)) found[language].push(...await checkPage(page, role, language, path, english, trouble));
  await page.context().close();
  return found;
}

await tap.point('the program starts, with records to look at', async () => {
  await site.prepare();
  browser = await openBrowser();
  await makeRecords();
});

const english = englishSentences();
const results = {};
const lane = async (number) => {
  for (const name of Object.keys(ROLES).filter((one) => ROLES[one].lane === number)) results[name] = await checkRole(name, english).catch((fault) => fault);
};
await Promise.all([lane(0), lane(1)]);
for (const name of Object.keys(ROLES))
  for (const language of ['fr', 'en'])
    await tap.point(`all pages, ${name}, ${language}`, async () => {
      if (results[name] instanceof Error) throw results[name];
      assert.equal(results[name][language].join('\n'), '');
    });
await tap.point('enough pages were looked at', async () => assert.ok(seen.size > 100, `${seen.size} pages`));
await tap.point('the program ends well when asked', async () => {
  await browser.close();
  assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
});

site.remove();
tap.end();
