#!/usr/bin/env node
// Two-step sign-in, as its person and an administrator meet it. The telephone is Debian's oathtool, its camera zbarimg. time limit: 300 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openBrowser, PASSWORD, signIn, Site, Tap } from './site.mjs';

const ADMIN = 'administration@maillage.example', MEMBER = 'entreprise@maillage.example', OFFICER = 'charge@maillage.example';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const site = new Site(), tap = new Tap(), known = {};
let browser, member, admin;

const url = (path) => `${site.address}/fr${path}`;
const newPage = async () => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR' })).newPage();
  page.setDefaultTimeout(20000);
  return page;
};
const text = (page) => page.locator('main').innerText();
const send = async (page, button) => {
  const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'), page.waitForEvent('load'), button.click()]);
  return answer.status();
};
// The telephone's clock, some half-minutes off.
const telephone = (steps = 0) =>
  execFileSync('oathtool', ['--totp', '--base32', known.secret, '--now', `@${Math.floor(Date.now() / 1000) + 30 * steps}`], { encoding: 'utf8' }).trim();
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
const firstStep = async (page, email) => {
  await page.goto(url('/sign-in?next=/fr/account'));
  await page.fill('main [name=email]', email);
  await page.fill('main [name=password]', PASSWORD);
  return send(page, page.locator('main .buttons button[type=submit]'));
};
const secondStep = async (page, code) => {
  await page.fill('main [name=code]', code);
  return send(page, page.locator('main .buttons button[type=submit]'));
};

await tap.point('the program starts; a person finds two-step sign-in on their account', async () => {
  await site.prepare();
  browser = await openBrowser();
  member = await newPage();
  await signIn(member, site.address, MEMBER);
  await member.goto(url('/account'));
  await member.click('main a:has-text("Connexion en deux étapes")');
  assert.match(await text(member), /absente/);
  await send(member, member.locator('main button:has-text("Commencer")'));
});

await tap.point('the square holds the key that is written beneath it, for a camera and for who types', async () => {
  await accessible(member);
  const picture = join(site.folder, 'square.png');
  await member.locator('svg.qr').screenshot({ path: picture });
  const address = execFileSync('zbarimg', ['--raw', '--quiet', picture], { encoding: 'utf8' }).trim();
  known.secret = (await member.locator('.secret').innerText()).replaceAll(' ', '');
  assert.match(known.secret, /^[A-Z2-7]{32}$/);
  assert.equal(address, `otpauth://totp/Maillage:entreprise@maillage.example?secret=${known.secret}&issuer=Maillage`);
  await member.reload();
  assert.equal((await member.locator('.secret').innerText()).replaceAll(' ', ''), known.secret);
});

await tap.point('nothing is asked until a first code was typed, with the password', async () => {
  const other = await newPage();
  await signIn(other, site.address, MEMBER);
  await other.context().close();
  const confirm = async (code, password) => {
    await member.fill('main [name=code]', code);
    await member.fill('main [name=password]', password);
    return send(member, member.locator('main .buttons button[type=submit]').first());
  };
  assert.equal(await confirm('000000', PASSWORD), 422);
  assert.equal(await confirm(telephone(), 'une autre phrase'), 422);
  assert.match(await member.locator('#errors').innerText(), /mot de passe/);
  assert.equal(await confirm(telephone(-1), PASSWORD), 200);
  known.codes = await member.locator('.codes code').allInnerTexts();
  assert.equal(new Set(known.codes).size, 10);
  await accessible(member);
  await member.goto(url('/account/second-step'));
  const later = await member.content();
  assert.ok(!later.includes(known.secret) && !known.codes.some((code) => later.includes(code)), 'shown once');
  assert.equal(statSync(`${site.db}.account-key`).mode & 0o777, 0o600);
});

await tap.point('the password alone opens nothing; a code opens once, and leads where one was going', async () => {
  const page = await newPage();
  assert.equal(await firstStep(page, MEMBER), 200);
  assert.equal(await page.locator('h1').innerText(), 'Encore une étape');
  await accessible(page);
  assert.deepEqual((await page.context().cookies()).filter(({ name }) => /session/.test(name)), []);
  assert.equal(await secondStep(page, '123456'), 422);
  assert.match(await page.locator('#errors').innerText(), /pas le bon/);
  const code = telephone();
  assert.equal(await secondStep(page, code.replace(/^.../, '$& ')), 303);
  assert.match(page.url(), /\/fr\/account$/);
  const again = await newPage();
  await firstStep(again, MEMBER);
  assert.equal(await secondStep(again, code), 422, 'the same code again');
  assert.equal(await secondStep(again, known.codes[0].toLowerCase()), 303, 'a recovery code');
  const third = await newPage();
  await firstStep(third, MEMBER);
  assert.equal(await secondStep(third, known.codes[0]), 422, 'the same recovery code again');
  for (const one of [page, again, third]) await one.context().close();
});

await tap.point('a made-up or old ticket leads back to the beginning', async () => {
  const page = await newPage();
  await firstStep(page, MEMBER);
  await page.locator('main [name=ticket]').evaluate((field) => { field.value = `${field.value.slice(0, -4)}AAAA`; });
  assert.equal(await secondStep(page, telephone(1)), 422);
  assert.equal(await page.locator('main [name=password]').count(), 1);
  await page.context().close();
});

await tap.point('an administrator turns it off for a person, and the log says so; nobody else can', async () => {
  admin = await newPage();
  await signIn(admin, site.address, ADMIN);
  await admin.goto(url('/admin/accounts?q=entreprise'));
  await admin.locator('main td a, main th a').first().click();
  const path = admin.url().replace(`${site.address}/fr`, '');
  const officer = await newPage();
  await signIn(officer, site.address, OFFICER);
  await officer.goto(url('/account'));
  const csrf = await officer.locator('main input[name=csrf]').first().getAttribute('value');
  assert.equal((await officer.request.post(url(path), { form: { csrf, act: 'factor' }, headers: { Origin: site.address } })).status(), 403);
  await send(admin, admin.locator('main form:has(input[value=factor]) button'));
  await admin.goto(url('/admin/log'));
  assert.match(await text(admin), /connexion en deux étapes retirée/);
  const page = await newPage();
  assert.equal(await firstStep(page, MEMBER), 303);
  await page.context().close();
});

await tap.point('the same by command', async () => {
  const factor = (...words) => site.command('user', 'factor', '--db', site.db, '--email', OFFICER, ...words);
  known.secret = (await factor('--begin')).match(/secret=([A-Z2-7]{32})/)[1];
  assert.match(await factor(), /^waiting/);
  assert.equal((await factor('--code', telephone())).trim().split('\n').length, 10);
  assert.match(await factor(), /^on\t.*\t10$/m);
  await factor('--off');
  assert.match(await factor(), /^off/);
});

await tap.point('a site may ask it of its administrators: until then they hold the role without its rights', async () => {
  await site.stop();
  await site.start('--administrators-two-steps');
  admin = await newPage();
  await admin.goto(url('/sign-in'));
  await admin.fill('main [name=email]', ADMIN);
  await admin.fill('main [name=password]', PASSWORD);
  await send(admin, admin.locator('main .buttons button[type=submit]'));
  assert.match(admin.url(), /second-step$/);
  assert.equal((await admin.goto(url('/admin/accounts'))).status(), 403);
  await admin.goto(url('/account'));
  await accessible(admin);
  assert.match(await admin.locator('.notice-warning').innerText(), /deux étapes/);
  await admin.click('.notice-warning a');
  await send(admin, admin.locator('main button:has-text("Commencer")'));
  known.secret = (await admin.locator('.secret').innerText()).replaceAll(' ', '');
  await admin.fill('main [name=code]', telephone());
  await admin.fill('main [name=password]', PASSWORD);
  await send(admin, admin.locator('main .buttons button[type=submit]').first());
  assert.equal((await admin.goto(url('/admin/accounts'))).status(), 200);
  await admin.goto(url('/account/second-step'));
  await accessible(admin);
});

if (browser) await browser.close();
await site.stop();
site.remove();
tap.end();
