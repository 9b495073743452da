#!/usr/bin/env node
// The administrator's story in a browser: a new account and its link, roles given and ended, sessions and tokens withdrawn, the log; and what others are
// refused: the administrator's pages, giving roles, other organisations' people. Prints TAP. time limit: 240 s
import assert from 'node:assert/strict';
import { openBrowser, signIn, Site, Tap } from './site.mjs';

const ADMIN = 'administration@maillage.example', OFFICER = 'charge@maillage.example', MEMBER = 'entreprise@maillage.example';
const NEW = 'nadia.nouvelle@essai.example', COLLEAGUE = 'colas.collegue@essai.example', PHRASE = 'trois tasses de thé vert';
const site = new Site(), tap = new Tap();
const known = {};
let browser, admin, officer, member, person;

const url = (path) => `${site.address}/fr${path}`;

async function newPage() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR' });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  return page;
}

async function pageOf(email) {
  const page = await newPage();
  await signIn(page, site.address, email);
  return page;
}

// The form of the page that has this act, and its sending; gives the answer.
const form = (page, act) => page.locator(`main form:has(input[name=act][value=${act}])`);
async function send(page, where) {
  const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'),
                                      page.waitForEvent('load'), where.locator('button[type=submit]').last().click()]);
  return answer.status();
}

// A form's POST made by hand, with the page's own token: what a forger can do.
async function forge(page, from, path, fields) {
  await page.goto(url(from));
  const csrf = await page.locator('main input[name=csrf]').first().getAttribute('value');
  const answer = await page.request.post(url(path), { form: { csrf, ...fields }, headers: { Origin: site.address }, maxRedirects: 0 });
  return answer.status();
}

const status = async (page, path) => (await page.goto(url(path))).status();
const userCommand = (...words) => site.command('user', ...words, '--db', site.db);
async function roles(email) {
  return (await userCommand('role', '--email', email, '--list')).trim().split('\n').filter(Boolean).map((line) => line.split('\t'));
}

await tap.point('the program starts; four people sign in', async () => {
  await site.prepare();
  browser = await openBrowser();
  [admin, officer, member] = [await pageOf(ADMIN), await pageOf(OFFICER), await pageOf(MEMBER)];
  [known.cluster] = (await roles(OFFICER)).map((line) => line[1]);
  [known.company] = (await roles(MEMBER)).map((line) => line[1]);
});

await tap.point('the administrator makes an account and is shown a link once', async () => {
  await admin.goto(url('/space'));
  await admin.locator('.doors a', { hasText: 'Comptes' }).first().click();
  await admin.locator('a', { hasText: 'Nouveau compte' }).click();
  await admin.fill('[name=email]', NEW);
  await admin.fill('[name=name]', 'Nadia Nouvelle');
  assert.equal(await send(admin, admin.locator('main form')), 200);
  known.link = (await admin.locator('.notice-good').innerText()).match(/http\S+/)[0];
  assert.match(known.link, /^http:\/\/127\.0\.0\.1:\d+\/fr\/welcome\?key=[\w-]{43}$/);
  await admin.goto(url('/admin/accounts?q=nouvelle'));
  await admin.locator('main td a, main th a').first().click();
  known.account = admin.url().split('/').pop();
  assert.equal(await admin.locator('h1').innerText(), 'Nadia Nouvelle');
  assert.ok(!(await admin.content()).includes('welcome?key='));
});

await tap.point('an address that has an account is refused a second one', async () => {
  await admin.goto(url('/admin/accounts/new'));
  await admin.fill('[name=email]', NEW.toUpperCase());
  await admin.fill('[name=name]', 'Une autre');
  assert.equal(await send(admin, admin.locator('main form')), 409);
  assert.match(await admin.locator('#errors').innerText(), /déjà/);
});

await tap.point('the link: reading it changes nothing, a bad password neither; it serves once and opens no session', async () => {
  person = await newPage();
  for (let i = 0; i < 3; i++) assert.equal((await person.goto(known.link)).status(), 200);
  const choose = async (password, again) => {
    await person.fill('[name=password]', password);
    await person.fill('[name=again]', again);
    return send(person, person.locator('main form'));
  };
  assert.equal(await choose('court', 'court'), 422);
  assert.equal(await choose(PHRASE, `${PHRASE} !`), 422);
  await choose(PHRASE, PHRASE);
  assert.match(person.url(), /\/sign-in$/);
  await person.goto(url('/account'));
  assert.match(person.url(), /\/sign-in\?next=/, 'no session was opened');
  assert.equal((await person.goto(known.link)).status(), 404);
  await person.goto(url('/sign-in'));
  await person.fill('main [name=email]', NEW);
  await person.fill('main [name=password]', PHRASE);
  await person.click('main .buttons button[type=submit]');
  await person.waitForURL((address) => !address.pathname.endsWith('/sign-in'));
});

await tap.point('the administrator gives a role at an organisation, found by typing', async () => {
  const name = (await (await fetch(`${site.address}/api/v1/organisation/${known.cluster}`)).json()).name;
  await admin.goto(url(`/admin/accounts/${known.account}`));
  await admin.selectOption('[name=role]', 'officer');
  const picker = admin.locator('fieldset[data-name=organisation]');
  await picker.locator('input[type=search]').fill(name);
  await picker.locator('[role=option]').first().click();
  await send(admin, form(admin, 'give').last());
  assert.deepEqual((await roles(NEW)).map((line) => line.slice(0, 2)), [['officer', known.cluster]]);
  await person.goto(url('/account'));
  assert.ok((await person.locator('main').innerText()).includes(name));
});

// Where no letter leaves, the link is handed over; what the page says is the same whoever has an account.
await tap.point('an officer invites to the cluster to what an officer has; someone new accepts; the officer ends it', async () => {
  await officer.goto(url(`/organisations/${known.cluster}/people`));
  assert.deepEqual(await officer.locator('[name=role] option').evaluateAll((all) => all.map((one) => one.value).filter(Boolean)), ['member', 'officer']);
  await officer.fill('[name=email]', COLLEAGUE);
  await officer.selectOption('[name=role]', 'member');
  assert.equal(await send(officer, form(officer, 'give')), 200);
  const link = (await officer.locator('.notice-good').innerText()).match(/http\S+/)[0];
  assert.match(link, /\/fr\/invitation\?key=[\w-]{43}$/);
  assert.equal(await userCommand('list').then((text) => text.includes(COLLEAGUE)), false);
  const colleague = await newPage();
  await colleague.goto(link);
  await colleague.fill('[name=name]', 'Colas Collègue');
  await colleague.fill('[name=password]', PHRASE);
  await colleague.fill('[name=again]', PHRASE);
  await send(colleague, colleague.locator('main form'));
  assert.match(colleague.url(), /\/sign-in$/);
  assert.equal((await colleague.goto(link)).status(), 404);
  await officer.reload();
  assert.deepEqual((await roles(COLLEAGUE)).map((line) => line.slice(0, 2)), [['member', known.cluster]]);
  await send(officer, officer.locator('.row', { hasText: 'Colas Collègue' }).locator('form'));
  assert.notEqual((await roles(COLLEAGUE))[0][3], 'no end');
});

await tap.point('an officer gives no more than they hold, and nothing elsewhere', async () => {
  const give = (role) => ({ act: 'give', email: COLLEAGUE, name: 'Colas', role });
  const home = `/organisations/${known.cluster}/people`;
  for (const role of ['region', 'funder', 'evaluator', 'administrator', 'king', ''])
    assert.equal(await forge(officer, home, home, give(role)), 403, role);
  assert.equal(await status(officer, `/organisations/${known.company}/people`), 200, 'an officer sees who acts for a member');
  assert.equal(await forge(officer, home, `/organisations/${known.company}/people`, give('member')), 403);
  assert.equal((await roles(COLLEAGUE)).length, 1);
});

await tap.point('a member sees colleagues, gives no role, and sees no other organisation’s people', async () => {
  const home = `/organisations/${known.company}/people`;
  assert.equal(await status(member, home), 200);
  assert.equal(await form(member, 'give').count(), 0);
  assert.equal(await member.locator('main').innerText().then((text) => text.includes('@')), false, 'addresses are not shown');
  const fields = { act: 'give', email: COLLEAGUE, name: 'Colas', role: 'member' };
  assert.equal(await forge(member, '/account', home, fields), 403);
  assert.equal(await status(member, `/organisations/${known.cluster}/people`), 403);
  assert.equal(await status(member, '/organisations/1/people'), 403);
  const [mine] = await roles(MEMBER);
  assert.equal(mine[3], 'no end');
});

await tap.point('the administrator’s pages are closed to all others, reading and writing', async () => {
  const paths = ['/admin/accounts', '/admin/accounts/new', `/admin/accounts/${known.account}`, '/admin/log'];
  for (const path of paths) {
    assert.equal(await status(member, path), 403, path);
    assert.equal(await status(officer, path), 403, path);
  }
  const anonymous = await newPage();
  await anonymous.goto(url('/admin/accounts'));
  assert.match(anonymous.url(), /sign-in/);
  for (const page of [member, officer]) {
    for (const fields of [{ act: 'give', role: 'administrator' }, { act: 'link' }, { act: 'disable' }, { act: 'sign_out' }])
      assert.equal(await forge(page, '/account', `/admin/accounts/${known.account}`, fields), 403);
    assert.equal(await forge(page, '/account', '/admin/accounts/new', { email: 'x@essai.example', name: 'X' }), 403);
  }
  const without = await admin.request.post(url(`/admin/accounts/${known.account}`), { form: { act: 'disable' }, headers: { Origin: site.address } });
  assert.equal(without.status(), 403, 'without the form’s token');
});

await tap.point('a token limited to a role reads and writes within it only', async () => {
  await member.goto(url('/needs/new'));
  await member.fill('[name=title]', 'Besoin que nous gardons pour nous');
  await member.selectOption('[name=type]', { index: 3 });
  await member.check('[name=audience][value=private]');
  await member.click('main form.form .buttons button[type=submit]');
  await member.waitForURL(/\/needs\/\d+$/);
  const need = member.url().split('/').pop();
  await userCommand('role', '--email', MEMBER, '--role', 'evaluator', '--organisation', known.cluster);
  await member.goto(url('/account'));
  const make = async (name, keep) => {
    await member.fill('[name=token_name]', name);
    await member.check('[name=may_write][value="1"]');
    for (const box of await member.locator('[name=role]').all()) await box.setChecked(await box.getAttribute('value') === keep);
    assert.equal(await send(member, form(member, 'new_token')), 200);
    return (await member.locator('.notice-good').innerText()).match(/mlg_\S+/)[0];
  };
  const whole = await make('Tout', 'member'), narrow = await make('Évaluer', 'evaluator');
  const call = (token, more) => fetch(`${site.address}/api/v1/need/${need}`, { ...more, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...more?.headers } });
  const seen = await call(whole);
  assert.equal(seen.status, 200);
  assert.equal((await call(narrow)).status, 404);
  const list = async (token) => (await (await fetch(`${site.address}/api/v1/need?limit=500`, { headers: { Authorization: `Bearer ${token}` } })).json()).items.map((one) => one.id);
  assert.ok((await list(whole)).includes(need));
  assert.ok(!(await list(narrow)).includes(need));
  const body = JSON.stringify({ title: 'Changé' }), headers = { 'If-Match': seen.headers.get('etag') ?? '*' };
  assert.equal((await call(narrow, { method: 'PATCH', body, headers })).status, 404);
  const row = member.locator('.row', { hasText: 'Évaluer' });
  assert.match(await row.innerText(), /jusqu’au/);
  await send(member, row.locator('form'));
  assert.equal((await call(narrow)).status, 401);
  assert.equal((await call(whole)).status, 200);
});

await tap.point('name and language; signing out everywhere else', async () => {
  const elsewhere = await newPage();
  await signIn(elsewhere, site.address, MEMBER);
  await member.goto(url('/account'));
  await member.fill('[name=name]', 'Élie Renommé');
  await send(member, form(member, 'name'));
  assert.match(await member.locator('main').innerText(), /Élie Renommé/);
  await send(member, form(member, 'elsewhere'));
  await elsewhere.goto(url('/account'));
  assert.match(elsewhere.url(), /sign-in/);
  assert.equal(await status(member, '/account'), 200);
});

await tap.point('acting for one of several organisations', async () => {
  await member.goto(url('/account'));
  const other = form(member, 'act_for');
  assert.equal(await other.count(), 1);
  const before = await member.locator('.row', { hasText: 'vous agissez pour elle' }).innerText();
  await send(member, other);
  assert.notEqual(await member.locator('.row', { hasText: 'vous agissez pour elle' }).innerText(), before);
});

await tap.point('sessions ended and account barred by the administrator; let in again', async () => {
  assert.equal(await status(person, '/account'), 200);
  await admin.goto(url(`/admin/accounts/${known.account}`));
  await send(admin, form(admin, 'sign_out'));
  await person.goto(url('/account'));
  assert.match(person.url(), /sign-in/);
  await send(admin, form(admin, 'disable'));
  await person.fill('main [name=email]', NEW);
  await person.fill('main [name=password]', PHRASE);
  assert.equal(await send(person, person.locator('main form')), 422, 'barred');
  await send(admin, form(admin, 'enable'));
  await person.fill('main [name=password]', PHRASE);
  await person.click('main .buttons button[type=submit]');
  await person.waitForURL((address) => !address.pathname.endsWith('/sign-in'));
});

await tap.point('the last administrator is warned, and is not removed by one click', async () => {
  const [line] = (await userCommand('list')).split('\n').filter((one) => one.includes(ADMIN));
  await admin.goto(url(`/admin/accounts/${line.split('\t')[0]}`));
  assert.equal(await form(admin, 'disable').count(), 0, 'nobody bars themself');
  assert.equal(await send(admin, form(admin, 'end').first()), 409);
  assert.match(await admin.locator('main').innerText(), /dernière personne qui administre/);
  assert.equal((await roles(ADMIN))[0][3], 'no end');
  await send(admin, admin.locator('main form:has(input[name=confirm])'));
  assert.notEqual((await roles(ADMIN))[0][3], 'no end');
  assert.equal(await status(admin, '/admin/accounts'), 403);
  await userCommand('role', '--email', ADMIN, '--role', 'administrator');
  assert.equal(await status(admin, '/admin/accounts'), 200);
});

await tap.point('the log tells who did what to which account', async () => {
  await admin.goto(url('/admin/log'));
  const lines = await admin.locator('main tbody tr').evaluateAll((rows) => rows.map((row) => row.innerText.replace(/\s+/g, ' ')));
  const find = (...words) => assert.ok(lines.some((line) => words.every((word) => line.includes(word))), `${words.join(' | ')}\n${lines.join('\n')}`);
  find('Adama', 'compte créé', 'Nadia Nouvelle');
  find('Adama', 'lien de choix', 'Nadia Nouvelle');
  find('Nadia Nouvelle', 'mot de passe choisi');
  find('Adama', 'rôle donné', 'Nadia Nouvelle');
  find('Camille', 'rôle donné – Adhérent', 'Colas Collègue');
  find('Camille', 'rôle retiré – Adhérent', 'Colas Collègue');
  find('Élie Renommé', 'jeton créé – Évaluer');
  find('Élie Renommé', 'jeton retiré');
  find('Adama', 'compte désactivé', 'Nadia Nouvelle');
  find('ligne de commande', 'rôle donné – Administration', 'Adama');
  assert.ok(!lines.some((line) => line.includes('@')));
});

await tap.point('an account is erased in two steps; its number stays in the log and names nobody', async () => {
  const path = `/admin/accounts/${known.account}`;
  await admin.goto(url(path));
  assert.equal(await send(admin, form(admin, 'erase')), 409);
  assert.match(await admin.locator('main').innerText(), /Ce qu’elle a déposé demeure/);
  assert.equal(await status(admin, path), 200, 'asking is not erasing');
  await send(admin, form(admin, 'erase'));
  await send(admin, admin.locator('main form:has(input[name=confirm])'));
  assert.equal(await status(admin, path), 404);
  await person.goto(url('/account'));
  assert.match(person.url(), /sign-in/);
  await admin.goto(url('/admin/log'));
  const text = await admin.locator('main').innerText();
  assert.match(text, /compte effacé/);
  assert.doesNotMatch(text, /Nadia/);
});

await tap.point('a person leaves an organisation, and nobody else’s role', async () => {
  const leaver = await pageOf('financeur@maillage.example');
  await leaver.goto(url('/account'));
  const link = leaver.locator('main a', { hasText: 'Quitter' }).first();
  const path = (await link.getAttribute('href')).replace('/fr', '');
  const role = new URL(path, site.address).searchParams.get('role');
  await member.goto(url('/account'));
  assert.equal(await status(member, path), 404, 'a role of somebody else');
  assert.equal(await forge(member, '/account', '/account/leave', { id: role }), 404);
  await link.click();
  assert.match(await leaver.locator('h1').innerText(), /^Quitter /);
  await leaver.goto(url('/account'));
  assert.equal(await leaver.locator('main a', { hasText: 'Quitter' }).count(), 1, 'opening the page changes nothing');
  await leaver.goto(url(path));
  assert.equal(await send(leaver, form(leaver, 'leave')), 303);
  assert.match(await leaver.locator('main').innerText(), /Vous n’agissez plus pour elle/);
  assert.equal(await leaver.locator('main a', { hasText: 'Quitter' }).count(), 0);
  assert.equal(await status(leaver, path), 404);
});

if (browser) await browser.close();
await site.stop();
site.remove();
tap.end();
