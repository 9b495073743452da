// Every page that the program says it serves (maillage routes), seen by all roles: test_axe.mjs and test_axe_more.mjs, which run side by side, have
// half of the routes each, so that no structure of page is looked at twice.
//
// Each route is loaded for each role in French, light, 1280 px: status, language, one main title, width, the browser's complaints (content policy
// included), nothing left in English. What has a new structure there is loaded in English, dark, 390 px as well. axe runs once for each structure of the
// main part, and of what stands around it, in each language: tags, classes, roles and which of them hold text; what repeats counts once. There the
// other pairs of language, theme and width are covered by contrast, all that a theme changes, and by width, down to 320 px.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openBrowser, root, signIn, Site, Tap } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], CONTRAST = ['cat.color'];
const ROLES = {
  public: {},
  officer: { email: 'charge@maillage.example', import: '/organisations', keeps: 'need&q=a' },
  member: { email: 'entreprise@maillage.example', import: '/needs' },
  region: { email: 'region@maillage.example' },
  funder: { email: 'financeur@maillage.example' },
  evaluator: { email: 'evaluation@maillage.example' },
  administrator: { email: 'administration@maillage.example', import: '/memberships' },
};
const QUERIES = { '/search': '?q=a', '/space/searches/new': '?of=need&state=open' };
const MORE = ['/needs?q=zzzzzz', '/organisations?around=Nulle-Part', '/needs?around=Lille&within=50&state=open', '/understand/needs?level=departement', '/nothing-here'];
const site = new Site(), tap = new Tap();
const ids = { '/space/year/': 'members', '/space/year/file/': 'pdf' }; // of a record, by the path that goes before it
const seen = new Set(), answered = new Set();
let browser, routes, own, files;

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

// Runs in the page: what it holds that one can tell at once, and its structure.
function readPage(english) {
  const wrong = new Set(english), read = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('[lang]:not(html)')) read.push(walker.currentNode.textContent.trim());
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) read.push(element.getAttribute(name) ?? '');
  const main = document.querySelector('main');
  const outline = (element) => {
    const own = Array.from(element.attributes, ({ name, value }) => (/^(class|role|type|scope|hidden|open)$/.test(name) ? `${name}=${value}` : name)).sort().join(' ');
    const text = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.textContent.trim()) ? '+' : '';
    let last = '', within = '';
    for (const child of element.children) {
      const one = child === main && element !== main ? '<main>' : outline(child);
      if (one !== last) within += one;
      last = one;
    }
    return `<${element.localName} ${own}>${text}${within}`;
  };
  return { language: document.documentElement.lang, titles: document.querySelectorAll('h1').length, english: Array.from(new Set(read.filter((text) => wrong.has(text)))),
           frame: outline(document.body), main: main ? outline(main) : '', wide: document.documentElement.scrollWidth - document.documentElement.clientWidth };
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function runAxe(page, rules, where) {
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify({ runOnly: rules, resultTypes: ['violations'] })})`);
  return found.violations.map(({ id, nodes }) => `axe ${id}: ${nodes.length}, such as ${nodes[0].html.slice(0, 160)} (${where})`);
}

async function setState(page, width, colorScheme) {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
}

// A structure that was not seen yet in this language: axe as the page stands, then contrast and width otherwise.
async function lookAt(page, width, colorScheme) {
  const other = colorScheme === 'light' ? 'dark' : 'light', wrong = [];
  await page.evaluate(axe);
  wrong.push(...await runAxe(page, RULES, `${width} px, ${colorScheme}`));
  await page.evaluate(() => document.querySelectorAll('details:not(.menu)').forEach((details) => { details.open = true; }));
  await setState(page, width, other);
  wrong.push(...await runAxe(page, CONTRAST, `${width} px, ${other}, all open`));
  for (const narrow of [390, 320]) {
    await setState(page, narrow, other);
    const too = await overflow(page);
    if (too > 0) wrong.push(`${too} px too wide at ${narrow}`);
  }
  await setState(page, width, colorScheme);
  return wrong;
}

async function checkPage(page, language, path, route, english, trouble) {
  const [width, colorScheme] = language === 'fr' ? [1280, 'light'] : [390, 'dark'];
  trouble.length = 0;
  const answer = await page.goto(`${site.address}/${language}${path}`);
  const status = answer.status(), wrong = [];
  const read = await page.evaluate(readPage, language === 'fr' ? english : []);
  if (![200, 403, 404].includes(status)) wrong.push(`answered ${status}`);
  if (status === 200) answered.add(route);
  if (read.language !== language) wrong.push(`its language is said to be ${read.language}`);
  if (read.titles !== 1) wrong.push(`${read.titles} main titles`);
  if (read.wide > 0) wrong.push(`${read.wide} px too wide at ${width}`);
  wrong.push(...read.english.map((text) => `in English: ${text}`));
  const keys = [`${language} ${read.frame}`, `${language} ${read.main}`];
  const isNew = keys.some((key) => !seen.has(key));
  if (isNew) {
    keys.forEach((key) => seen.add(key));
    wrong.push(...await lookAt(page, width, colorScheme));
  }
  wrong.push(...trouble.filter((line) => !/status of (403|404)/.test(line)));
  return { isNew, wrong: wrong.map((line) => `/${language}${path}: ${line}`) };
}

async function openAs(role) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce', locale: 'fr-FR' });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  if (role.email) await signIn(page, site.address, role.email);
  return page;
}

// A need that all may see, at the member's company, whose cluster is the officer's.
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
  const account = ['--db', site.db, '--email', ROLES.officer.email];
  await site.command('user', 'token', ...account, '--name', 'Tableur', '--role', 'officer');
  QUERIES['/welcome'] = `?key=${(await site.command('user', 'link', ...account)).trim().split('key=')[1]}`;
  ids['/organisations/'] = company;
  QUERIES['/invitation'] = await makeInvitation(company);
  ids['/needs/'] = member.url().split('/').pop();
  ids['/memberships/'] = (await (await fetch(`${site.address}/api/v1/membership?organisation=${company}`)).json()).items[0].id;
  await member.goto(`${site.address}/fr/account`);
  QUERIES['/account/leave'] = new URL(await member.locator('main a[href*="/account/leave"]').first().getAttribute('href'), site.address).search;
  await member.context().close();
}

// Where no letter leaves, who invites is shown the link.
async function makeInvitation(company) {
  const manager = await openAs({ email: 'dirigeante@maillage.example' });
  await manager.goto(`${site.address}/fr/organisations/${company}/people`);
  await manager.fill('[name=email]', 'invitee@essai.example');
  await manager.selectOption('[name=role]', 'member');
  await manager.click('main form.form .buttons button[type=submit]');
  const link = await manager.locator('.notice-good').innerText();
  await manager.context().close();
  return `?key=${link.trim().split('key=')[1]}`;
}

// An import that waits, with faults, for who may bring one.
async function bringFile(page, role) {
  const file = join(site.folder, `lignes${role.import.replace('/', '-')}.csv`);
  const rows = { '/organisations': 'Nom;Type;Commune\nAtelier;Entreprise;Lyon\n;Entreprise;Nulle-Part', '/needs': 'Ce qu’il faut;Entreprise;Type de besoin\nUn tour;Personne;Recruter',
                 '/memberships': 'Organisation;Pôle;Rôle;Depuis\nPersonne;Nul;Membre;2024-01-01' };
  writeFileSync(file, rows[role.import]);
  await page.goto(`${site.address}/fr${role.import}/import`);
  await page.setInputFiles('[name=file]', file);
  await page.click('main form.form .buttons button[type=submit]');
  await page.waitForURL(/\/import\/\d+$/);
  ids[`${role.import}/import/`] = page.url().split('/').pop();
}

async function keepSearch(page, list) {
  await page.goto(`${site.address}/fr/space/searches/new?of=${list}`);
  await page.click('main form.form .buttons button[type=submit]');
  await page.waitForURL(/\/space\/searches$/);
}

// What stands before a parameter leads to a page that lists what it may be.
async function findIds(page) {
  for (const route of routes) {
    const before = route.slice(0, route.indexOf('{'));
    if (!route.includes('{') || ids[before]) continue;
    await page.goto(`${site.address}/fr${before.slice(0, -1)}`);
    const links = await page.locator('main a').evaluateAll((all) => all.map((link) => new URL(link.href).pathname));
    const found = links.find((link) => link.startsWith(`/fr${before}`) && /^\d+$/.test(link.slice(before.length + 3).split('/')[0]));
    if (found) ids[before] = found.slice(before.length + 3).split('/')[0];
  }
}

const pathOf = (route) => route.replace(/\{[^}]*\}/, ids[route.slice(0, route.indexOf('{'))] ?? '1') + (QUERIES[route] ?? '');

// Routes that answer with a file are fetched, not looked at: told by what comes, for who may see the most.
async function findFiles(pages) {
  files = new Set();
  for (const page of pages)
    for (const route of routes) {
      const answer = await page.request.get(`${site.address}/fr${pathOf(route)}`);
      if (answer.ok() && !/^text\/html/.test(answer.headers()['content-type'] ?? '')) files.add(route), answered.add(route);
    }
}

async function checkRole(name, english) {
  const role = ROLES[name], trouble = [], found = { fr: [], en: [] };
  const page = await openAs(role);
  page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
  page.on('pageerror', (fault) => trouble.push(String(fault)));
  if (role.import) await bringFile(page, role);
  if (role.keeps) await keepSearch(page, role.keeps);
  let next = own.filter((one) => !files.has(one));
  for (const [language, width, colorScheme] of [['fr', 1280, 'light'], ['en', 390, 'dark']]) {
    const fresh = [];
    await setState(page, width, colorScheme);
    for (const route of next) {
      const { isNew, wrong } = await checkPage(page, language, pathOf(route), route, english, trouble);
      found[language].push(...wrong);
      if (isNew) fresh.push(route);
    }
    next = fresh;
  }
  await page.context().close();
  return found;
}

// Pages that nobody could open where they were looked at: somebody may, by what their own file brought.
async function neverOpened() {
  const missing = own.filter((route) => !answered.has(route) && !MORE.includes(route)), open = () => missing.filter((route) => !isEmpty(route));
  for (const name of Object.keys(ROLES)) {
    if (!open().length) break;
    const page = await openAs(ROLES[name]);
    if (ROLES[name].import) await bringFile(page, ROLES[name]);
    await findIds(page);
    for (const route of [...missing])
      if ((await page.request.get(`${site.address}/fr${pathOf(route)}`)).ok()) missing.splice(missing.indexOf(route), 1);
    await page.context().close();
  }
  return missing;
}

// A kind of which the demonstration holds nothing: its pages are looked at as not found, and its records are said to be left out.
const isEmpty = (route) => route.includes('{') && !ids[route.slice(0, route.indexOf('{'))];

// half: 0 or 1.
export async function lookAtPages(half) {
  const results = {};
  await tap.point('the program starts, and says which pages it serves', async () => {
    await site.prepare();
    const rows = (await site.command('routes')).trim().split('\n').map((line) => line.split('\t'));
    routes = rows.filter(([method, , type]) => method === 'GET' && type === 'page').map(([, path]) => path);
    assert.ok(routes.length > 30, `${routes.length} pages`);
    own = [...routes, ...MORE].filter((route, index) => index % 2 === half);
    browser = await openBrowser();
    await makeRecords();
    const pages = [];
    for (const name of ['officer', 'administrator', 'member']) {
      pages.push(await openAs(ROLES[name]));
      await bringFile(pages.at(-1), ROLES[name]);
      await findIds(pages.at(-1));
    }
    await findFiles(pages);
    for (const page of pages) await page.context().close();
  });
  const english = englishSentences();
  for (const name of Object.keys(ROLES)) {
    results[name] = await checkRole(name, english).catch((fault) => fault);
    for (const language of ['fr', 'en'])
      await tap.point(`all pages, ${name}, ${language}`, async () => {
        if (results[name] instanceof Error) throw results[name];
        assert.equal(results[name][language].join('\n'), '');
      });
  }
  let missing = [];
  await tap.point('each route was opened by somebody', async () => {
    missing = await neverOpened();
    assert.deepEqual(missing.filter((route) => !isEmpty(route)), []);
  });
  for (const route of missing.filter(isEmpty)) tap.skip(route, 'the demonstration holds none');
  await tap.point('enough structures of pages were looked at', async () => assert.ok(seen.size > 60, `${seen.size}`));
  await tap.point('the program ends well when asked', async () => {
    await browser.close();
    assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said);
  });
  site.remove();
  tap.end();
}
