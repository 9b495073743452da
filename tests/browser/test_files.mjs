#!/usr/bin/env node
// A document is attached to a need in the browser and comes back byte for byte, refused files say why beside their field and cost no other
// answer, others do not get it, and a server killed in the middle of an upload leaves nothing of it to see. Prints TAP.
// time limit: 300 s
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { Site, Tap, openBrowser, signIn } from './site.mjs';

const MEMBER = 'entreprise@maillage.example', MIB = 1 << 20;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const site = new Site(), tap = new Tap();
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3 * MIB + 12345)]);
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
const file = (name, buffer, mimeType = 'application/pdf') => ({ name, mimeType, buffer });
let browser, page, address, download, token;

const sentence = () => page.locator('#f-document-error').innerText();
const save = () => page.click('main .buttons button[type=submit]');

async function axe() {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate('axe.run(document)');
  assert.deepEqual(violations.map(({ id }) => id), []);
}

// What somebody who is not signed in is answered.
const others = async (path) => (await fetch(site.address + path, { redirect: 'manual' })).status;

await site.prepare();
try {
  browser = await openBrowser();
  page = await (await browser.newContext({ acceptDownloads: true, locale: 'fr-FR' })).newPage();
  await signIn(page, site.address, MEMBER);

  await tap.point('the form takes files, and a web page named .pdf is refused with what it is; the other answers stay', async () => {
    await page.goto(`${site.address}/fr/needs/new`);
    assert.equal(await page.getAttribute('main form.form', 'enctype'), 'multipart/form-data');
    await page.fill('[name=title]', 'Une presse pour pièces forgées');
    await page.selectOption('[name=type]', { index: 1 }).catch(() => page.locator('[name=type]').first().check());
    await page.check('[name=audience][value=private]');
    await page.setInputFiles('[name=document]', file('fiche.pdf', Buffer.from('<!doctype html><script>alert(1)</script>')));
    await save();
    assert.match(await sentence(), /fiche\.pdf.*page web.*PDF, image PNG, image JPEG/s);
    assert.equal(await page.inputValue('[name=title]'), 'Une presse pour pièces forgées');
    assert.equal(await page.getAttribute('[name=document]', 'aria-invalid'), 'true');
    await axe();
  });

  await tap.point('one that is too large is refused with both sizes', async () => {
    await page.setInputFiles('[name=document]', file('grand.pdf', Buffer.concat([pdf, pdf])));
    await save();
    assert.match(await sentence(), /grand\.pdf.*6,3.Mo.*5,0.Mo/s);
  });

  await tap.point('a file that came with a form that could not be saved is kept', async () => {
    await page.fill('[name=title]', '');
    await page.setInputFiles('[name=document]', file('../../Fiche technique « é ».pdf', pdf));
    await save();
    assert.match(await page.locator('.present-file').innerText(), /Fiche technique.*3,2.Mo/s);
    await page.fill('[name=title]', 'Une presse pour pièces forgées');
    await save();
    await page.waitForURL(/\/needs\/\d+$/);
    address = page.url();
    await axe();
  });

  await tap.point('it comes back byte for byte, as an attachment', async () => {
    const link = page.locator('main a[href*="/files/"]');
    download = await link.getAttribute('href');
    const [event] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.equal(event.suggestedFilename(), 'Fiche technique « é ».pdf');
    assert.equal(digest(await readFile(await event.path())), digest(pdf));
    const answer = await page.context().request.get(site.address + download);
    assert.equal(answer.headers()['x-content-type-options'], 'nosniff');
    assert.match(answer.headers()['content-security-policy'], /sandbox/);
    assert.match(answer.headers()['content-disposition'], /^attachment;/);
    assert.equal(answer.headers()['content-type'], 'application/pdf');
    const again = await page.context().request.get(site.address + download, { headers: { 'if-none-match': answer.headers().etag } });
    assert.equal(again.status(), 304);
  });

  await tap.point('others are told that there is nothing', async () => {
    assert.equal(await others(download), 404);
    assert.equal(await others(download.replace('/fr/files', '/api/v1/files')), 404);
    const stranger = (await site.command('user', 'token', '--db', site.db, '--email', 'financeur@maillage.example', '--name', 'Essai')).trim();
    const answer = await fetch(site.address + download.replace('/fr/files', '/api/v1/files'), { headers: { authorization: `Bearer ${stranger}` } });
    assert.equal(answer.status, 404);
  });

  await tap.point('through the API: brought raw and as a form, served, taken away; the version is asked for', async () => {
    token = (await site.command('user', 'token', '--db', site.db, '--email', MEMBER, '--name', 'Essai', '--write')).trim();
    const id = address.split('/').pop(), path = `${site.address}/api/v1/need/${id}`;
    const call = async (url, options = {}) => {
      const answer = await fetch(url, { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
      return { status: answer.status, etag: answer.headers.get('etag'), json: await answer.json() };
    };
    const now = await call(path);
    const png = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR0123456789', 'latin1');
    const raw = { method: 'POST', body: png, headers: { 'content-type': 'image/png' } };
    assert.equal((await call(`${path}/document?name=a.png`, raw)).status, 400);
    assert.equal((await call(`${path}/document?name=a.png`, { ...raw, headers: { ...raw.headers, 'if-match': '"1"' } })).status, now.json.version === 1 ? 200 : 409);
    const seen = await call(path);
    assert.equal(seen.json.document.media_type, 'image/png');
    assert.equal(await others(download), 404);
    assert.equal((await page.context().request.get(site.address + download)).status(), 404); // replaced
    const form = new FormData();
    form.set('file', new Blob([pdf]), 'b.pdf');
    const brought = await call(`${path}/document`, { method: 'POST', body: form, headers: { 'if-match': seen.etag } });
    assert.equal(brought.status, 200);
    assert.equal(brought.json.document.size, pdf.length);
    const served = await fetch(site.address + brought.json.document.address, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(digest(Buffer.from(await served.arrayBuffer())), digest(pdf));
    const bad = await call(`${path}/document?name=a.pdf`, { method: 'POST', body: '<svg/>', headers: { 'content-type': 'application/pdf', 'if-match': brought.etag } });
    assert.equal(bad.status, 422);
    assert.equal(bad.json.errors[0].field, 'document');
    const gone = await call(`${path}/document`, { method: 'DELETE', headers: { 'if-match': brought.etag } });
    assert.ok(gone.status === 200 && !('document' in gone.json));
    assert.equal((await call(`${path}/title`, { method: 'DELETE', headers: { 'if-match': gone.etag } })).status, 404);
  });

  await tap.point('columns are chosen in the page, and the filters of the list go along', async () => {
    await page.goto(`${site.address}/fr/needs?state=open`);
    await page.click('.exports a[href*="/export/columns"]');
    await axe();
    for (const box of await page.locator('[name=columns]').all()) await box.uncheck();
    for (const name of ['title', 'headcount']) await page.check(`[name=columns][value=${name}]`);
    await page.check('[name=format][value=json]');
    const [event] = await Promise.all([page.waitForEvent('download'), page.click('main .buttons button[type=submit]')]);
    const { items } = JSON.parse(await readFile(await event.path(), 'utf8'));
    const open = await (await page.context().request.get(`${site.address}/api/v1/need?state=open&limit=1`)).json();
    assert.equal(items.length, open.total);
    const narrow = await (await page.context().request.get(`${site.address}/api/v1/need?state=open&limit=1&columns=title`)).json();
    assert.ok('title' in narrow.items[0] && 'id' in narrow.items[0] && !('type' in narrow.items[0]));
    assert.equal((await page.context().request.get(`${site.address}/api/v1/need?columns=reader`)).status(), 400);
    assert.ok(items.every((item) => item.state === 'open' && 'title' in item && !('type' in item) && !('company' in item)));
  });

  await tap.point('a server killed while a file arrives shows nothing of it afterwards', async () => {
    const id = address.split('/').pop();
    const before = await (await fetch(`${site.address}/api/v1/need/${id}`, { headers: { authorization: `Bearer ${token}` } })).json();
    const socket = connect(site.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`POST /api/v1/need/${id}/document?name=c.pdf HTTP/1.1\r\nHost: 127.0.0.1:${site.port}\r\nAuthorization: Bearer ${token}\r\n` +
      `If-Match: "${before.version}"\r\nContent-Type: application/pdf\r\nContent-Length: ${pdf.length}\r\n\r\n`);
    socket.write(pdf.subarray(0, 2 * MIB));
    await new Promise((done) => setTimeout(done, 500));
    await site.stop('SIGKILL');
    await site.start();
    const after = await (await fetch(`${site.address}/api/v1/need/${id}`, { headers: { authorization: `Bearer ${token}` } })).json();
    assert.deepEqual(after, before);
  });
} finally {
  await browser?.close();
  await site.stop();
  site.remove();
}
tap.end();
