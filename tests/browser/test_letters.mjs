#!/usr/bin/env node
// Letters that bring people in, through a real mail server: a new account, an invitation, a forgotten password. time limit: 300 s
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openBrowser, PASSWORD, root, signIn, Site, Tap } from './site.mjs';

const ADMIN = 'administration@maillage.example', MANAGER = 'dirigeante@maillage.example', MEMBER = 'entreprise@maillage.example',
      OFFICER = 'charge@maillage.example', NEW = 'nouvelle@essai.example', PHRASE = 'les cigognes rentrent en mars';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const site = new Site(), tap = new Tap(), known = { read: 0 };
let browser, mail, manager, officer, person;

const url = (path) => `${site.address}/fr${path}`;
const newPage = async () => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR' })).newPage();
  page.setDefaultTimeout(20000);
  return page;
};
const pageOf = async (email) => { const page = await newPage(); await signIn(page, site.address, email); return page; };
const text = (page) => page.locator('main').innerText();
const send = async (page, button) => {
  const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'), page.waitForEvent('load'), button.click()]);
  return answer.status();
};
const submit = (page, act) => send(page, page.locator(act ? `main form:has(input[name=act][value=${act}])` : 'main form').last().locator('.buttons button[type=submit]').first());
const accessible = async (page) => {
  await page.evaluate(axe);
  for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `too wide at ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
};
const arrived = () => readdirSync(known.box).filter((name) => name.endsWith('.json')).length;
const letter = async () => {
  const path = join(known.box, `${known.read}.json`);
  for (let i = 0; i < 300 && !existsSync(path); i++) await new Promise((done) => setTimeout(done, 50));
  known.read++;
  return JSON.parse(readFileSync(path, 'utf8'));
};
const link = ({ body }) => body.match(/http\S+/)[0];
const invite = async (page, email, role, until) => {
  await page.goto(url(`/organisations/${known.company}/people`));
  await page.fill('[name=email]', email);
  await page.selectOption('[name=role]', role);
  if (until) await page.fill('[name=until]', until);
  return submit(page, 'give');
};
const roles = async (email) => (await site.command('user', 'role', '--email', email, '--list', '--db', site.db)).trim().split('\n').filter(Boolean).map((line) => line.split('\t'));
const nextYear = () => `${new Date().getFullYear() + 1}-06-30`;

await tap.point('without the site’s address no letter may leave', async () => {
  await site.prepare();
  browser = await openBrowser();
  person = await newPage();
  await person.goto(url('/sign-in'));
  await person.click('main a:has-text("Mot de passe oublié")');
  assert.match(await text(person), /Aucun courriel ne part de ce site/);
  assert.equal(await person.locator('main form').count(), 0);
  await site.stop();
  known.box = join(site.folder, 'box');
  await mkdir(known.box);
  mail = spawn(join(root, 'tests/mail/server.py'), [known.box], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((done) => mail.stdout.once('data', (words) => done(String(words).trim())));
  known.options = ['--mail-server', `smtp://127.0.0.1:${port}`, '--mail-from', 'maillage@essai.example', '--mail-without-tls'];
  await assert.rejects(site.start(...known.options), /address/);
  await site.start(...known.options, '--origin', site.address);
});

await tap.point('an administrator’s new account: a letter, its link, a password', async () => {
  const admin = await pageOf(ADMIN);
  await admin.goto(url('/admin/accounts/new'));
  await admin.fill('[name=email]', 'nadia@essai.example');
  await admin.fill('[name=name]', 'Nadia Neuve');
  await submit(admin);
  assert.match(await text(admin), /Un courriel est parti vers nadia@essai\.example/);
  assert.doesNotMatch(await admin.content(), /welcome\?key=/);
  const sent = await letter();
  assert.deepEqual([sent.to, sent.subject], ['nadia@essai.example', 'Maillage\u202f: votre compte']);
  assert.match(sent.body, /^Bonjour Nadia Neuve,\n\nAdama Administration \(fictif\) vous a ouvert un compte sur Maillage\.\n/);
  assert.ok(link(sent).startsWith(`${site.address}/fr/welcome?key=`));
  await person.goto(link(sent));
  await person.fill('[name=password]', PHRASE);
  await person.fill('[name=again]', PHRASE);
  await submit(person);
  assert.match(person.url(), /\/sign-in$/);
  await admin.context().close();
});

await tap.point('a manager invites two addresses; whether one has an account is not told', async () => {
  [manager, officer] = [await pageOf(MANAGER), await pageOf(OFFICER)];
  [[, known.company]] = await roles(MANAGER);
  const words = [];
  for (const email of [NEW, 'evaluation@maillage.example']) {
    assert.equal(await invite(manager, email, 'member'), 303);
    words.push((await text(manager)).split(email).join('…').replace(/Personne invitée[\s\S]*/, ''));
    assert.ok((await text(manager)).includes('Qui a été invité'));
    known[email] = await letter();
  }
  // The list of who was invited holds both; nothing else differs.
  assert.equal(words[0].split('Qui a été invité')[0], words[1].split('Qui a été invité')[0]);
  assert.equal((await roles('evaluation@maillage.example')).length, 1);
  const without = (one) => one.body.replace(/key=\S+/, '').replace(one.to, '');
  assert.equal(without(known[NEW]), without(known['evaluation@maillage.example']));
  assert.match(known[NEW].body, /Diane Dirigeante \(fictive\) vous invite sur Maillage\.\nOrganisation\u202f: .+\. Rôle\u202f: Adhérent\./);
  await accessible(manager);
});

await tap.point('someone new opens an account and has the role; the link then opens nothing', async () => {
  const where = link(known[NEW]);
  const guest = await newPage();
  for (let i = 0; i < 3; i++) assert.equal((await guest.goto(where)).status(), 200);
  await accessible(guest);
  await guest.fill('[name=name]', 'Nour Nouvelle');
  await guest.fill('[name=password]', 'court');
  await guest.fill('[name=again]', 'court');
  assert.equal(await submit(guest), 422);
  await guest.fill('[name=password]', PHRASE);
  await guest.fill('[name=again]', PHRASE);
  assert.equal(await submit(guest), 303);
  assert.deepEqual((await roles(NEW)).map((line) => line.slice(0, 2)), [['member', known.company]]);
  assert.equal((await guest.goto(where)).status(), 404);
  await manager.goto(url(`/organisations/${known.company}/people`));
  assert.match(await text(manager), /Nour Nouvelle/);
  assert.equal(await manager.locator('main form:has(input[value=withdraw])').count(), 1);
});

await tap.point('an invitation is answered by the account of its address only', async () => {
  const where = link(known['evaluation@maillage.example']);
  await officer.goto(where);
  assert.match(await text(officer), /est pour evaluation@maillage\.example/);
  assert.equal(await officer.locator('main form').count(), 0);
  const anonymous = await newPage();
  await anonymous.goto(where);
  await anonymous.click('main a:has-text("Se connecter")');
  await anonymous.fill('main [name=email]', 'evaluation@maillage.example');
  await anonymous.fill('main [name=password]', PASSWORD);
  await anonymous.click('main .buttons button[type=submit]');
  await anonymous.waitForURL((address) => address.pathname.endsWith('/invitation'));
  await accessible(anonymous);
  await send(anonymous, anonymous.locator('main .buttons button:has-text("Décliner")'));
  assert.equal((await roles('evaluation@maillage.example')).length, 1);
  assert.equal((await anonymous.goto(where)).status(), 404);
});

await tap.point('a manager gives no more than they hold; a member and an officer invite nobody to a company', async () => {
  const home = `/organisations/${known.company}/people`;
  const forge = async (page, role) => {
    await page.goto(url('/account'));
    const csrf = await page.locator('main input[name=csrf]').first().getAttribute('value');
    const form = { csrf, act: 'give', email: 'x@essai.example', role };
    return (await page.request.post(url(home), { form, headers: { Origin: site.address }, maxRedirects: 0 })).status();
  };
  for (const role of ['officer', 'region', 'funder', 'evaluator', 'administrator', '']) assert.equal(await forge(manager, role), 403, role);
  const member = await pageOf(MEMBER);
  for (const page of [member, officer]) assert.equal(await forge(page, 'member'), 403);
  assert.equal(arrived(), known.read);
});

await tap.point('a mandate has a last day; the officer accepts it, acts as the company, and both see it', async () => {
  assert.equal(await invite(manager, OFFICER, 'mandatary'), 422);
  assert.equal(await invite(manager, OFFICER, 'mandatary', `${new Date().getFullYear() + 4}-01-01`), 422);
  assert.equal(await invite(manager, OFFICER, 'mandatary', nextYear()), 303);
  const sent = await letter();
  await officer.goto(link(sent));
  await send(officer, officer.locator('main .buttons button:has-text("Accepter")'));
  assert.ok((await roles(OFFICER)).some((line) => line[0] === 'mandatary' && line[1] === known.company));
  assert.match(await text(officer), /Mandat · du .* au 30 juin/);
  await manager.goto(url(`/organisations/${known.company}/people`));
  assert.match(await text(manager), /Camille Chargée \(fictive\)\s+Mandat · du .* au 30 juin/);
});

await tap.point('an invitation dies with the right of who made it, and when it is withdrawn', async () => {
  await invite(manager, 'un@essai.example', 'member');
  await invite(manager, 'deux@essai.example', 'member');
  const [first, second] = [link(await letter()), link(await letter())];
  await send(manager, manager.locator('.row', { hasText: 'un@essai.example' }).locator('button'));
  assert.equal((await person.goto(first)).status(), 404);
  assert.equal((await person.goto(second)).status(), 200);
  const [, , role] = (await site.command('user', 'role', '--email', MANAGER, '--list', '--db', site.db)).split('\t');
  assert.ok(role);
  await site.command('user', 'role', '--email', MANAGER, '--role', 'manager', '--organisation', known.company, '--end', '--db', site.db);
  assert.equal((await person.goto(second)).status(), 404);
  assert.match(await text(person), /ne peut plus donner ce rôle/);
});

await tap.point('a forgotten password: the same page for any address, a letter for one that has an account', async () => {
  await person.goto(url('/forgotten'));
  await accessible(person);
  const pages = [];
  for (const email of ['personne@essai.example', NEW]) {
    await person.goto(url('/forgotten'));
    await person.fill('[name=email]', email);
    assert.equal(await submit(person), 200);
    pages.push(await text(person));
  }
  assert.equal(pages[0], pages[1]);
  const sent = await letter();
  assert.deepEqual([sent.to, sent.subject], [NEW, 'Maillage\u202f: un nouveau mot de passe']);
  const signedIn = await newPage();
  const enter = async (password) => {
    await signedIn.goto(url('/sign-in'));
    await signedIn.fill('main [name=email]', NEW);
    await signedIn.fill('main [name=password]', password);
    return send(signedIn, signedIn.locator('main .buttons button[type=submit]'));
  };
  assert.equal(await enter(PHRASE), 303, 'asking changes nothing');
  await person.goto(link(sent));
  await person.fill('[name=password]', `${PHRASE} enfin`);
  await person.fill('[name=again]', `${PHRASE} enfin`);
  assert.equal(await submit(person), 303);
  await signedIn.goto(url('/account'));
  assert.match(signedIn.url(), /sign-in/, 'sessions end with the password');
  assert.equal(await enter(PHRASE), 422);
  assert.equal(await enter(`${PHRASE} enfin`), 303);
  assert.equal((await person.goto(link(sent))).status(), 404);
});

await tap.point('a fourth asking for an address sends nothing, and says the same', async () => {
  for (let i = 0; i < 4; i++) {
    await person.goto(url('/forgotten'));
    await person.fill('[name=email]', 'evaluation@maillage.example');
    assert.equal(await submit(person), 200);
    assert.match(await text(person), /un courriel est en route/);
  }
  for (let i = 0; i < 3; i++) assert.equal((await letter()).to, 'evaluation@maillage.example');
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal(arrived(), known.read);
});

if (browser) await browser.close();
await site.stop();
mail?.kill();
site.remove();
tap.end();
