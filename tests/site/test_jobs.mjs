#!/usr/bin/env node
// Imports and exports as work in the background, on the real program: progress that grows, kill -9 and a polite stop in the middle, an end before its
// time, who sees what. Prints TAP.
// time limit: 240 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD, Site, Tap } from '../browser/site.mjs';

const OFFICER = 'charge@maillage.example', MEMBER = 'entreprise@maillage.example', ADMIN = 'administration@maillage.example';
const LINES = 20000, MOST_MS = 60000;
const site = new Site(), tap = new Tap();
const known = {};

// A person with a browser without script: cookies, forms, links.
class Person {
  constructor() { this.cookies = new Map(); }

  async ask(path, body) {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(site.address + path, { method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: { cookie, origin: site.address } });
    for (const line of response.headers.getSetCookie?.() ?? [response.headers.get('set-cookie')].filter(Boolean)) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.cookies.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, to: response.headers.get('location'), text };
  }

  async bytes(path) {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(site.address + path, { headers: { cookie } });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-disposition'), /attachment/);
    return Buffer.from(await response.arrayBuffer());
  }

  async post(path, fields, on = path) {
    const page = await this.ask(on);
    const form = new FormData();
    form.set('csrf', /name="csrf" value="([^"]+)"/.exec(page.text)[1]);
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof Blob) form.set(name, value, 'adhérents.csv');
      else form.set(name, value);
    }
    return this.ask(path, fields.file ? form : new URLSearchParams(Array.from(form)));
  }

  async signIn(email) {
    const answer = await this.post('/fr/sign-in', { email, password: PASSWORD });
    assert.equal(answer.status, 303, answer.text);
    return this;
  }
}

const file = (name) => new Blob([`Nom;Type;Commune\n${Array.from({ length: LINES }, (_, n) => `${name} ${n + 1};Entreprise;Lyon`).join('\n')}\n`]);
const progress = (page) => Number(/<progress[^>]* value="(\d+)"/.exec(page.text)?.[1] ?? NaN);
const total = async (words) => (await (await fetch(`${site.address}/api/v1/organisation?limit=1&q=${words}`, { headers: known.headers })).json()).total;

async function until(action, what) {
  const last = Date.now() + MOST_MS;
  for (;;) {
    const got = await action();
    if (got) return got;
    assert.ok(Date.now() < last, `in time: ${what}`);
    await pause(20);
  }
}

async function bring(person, name) {
  const sent = await person.post('/fr/organisations/import', { file: file(name) });
  assert.equal(sent.status, 303, sent.text);
  assert.match(sent.to, /\/organisations\/import\/\d+$/);
  const path = new URL(sent.to, site.address).pathname;
  await until(async () => (await person.ask(path)).text.includes('value="apply"'), 'the dry run ends');
  return path;
}

// Presses a button, without waiting for the end of the work, and waits until it is well under way.
async function begin(person, path, act) {
  person.post(path, { act }).catch(() => {});
  const seen = [];
  await until(async () => {
    const done = progress(await person.ask(path).catch(() => ({ text: '' })));
    if (done >= 0 && done !== seen.at(-1)) seen.push(done);
    return done > LINES / 20;
  }, `${act} is under way`);
  assert.ok(seen.every((done, rank) => rank === 0 || done > seen[rank - 1]), seen.join(' '));
  return seen.at(-1);
}

await site.prepare();
try {
  await tap.point('a file of 20,000 lines is checked in the background', async () => {
    const words = ['--name', 'Essai', '--db', site.db];
    known.headers = { authorization: `Bearer ${(await site.command('user', 'token', '--email', OFFICER, ...words)).trim()}` };
    known.officer = await new Person().signIn(OFFICER);
    known.path = await bring(known.officer, 'Atelier');
    const page = await known.officer.ask(known.path);
    assert.match(page.text, /20\s000/u);
    assert.equal(await total('atelier'), 0);
  });

  await tap.point('kill -9 in the middle of it: it goes on by itself, and every line is there once', async () => {
    const done = await begin(known.officer, known.path, 'apply');
    assert.ok(done < LINES);
    assert.deepEqual(await site.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
    await site.start();
    const page = await known.officer.ask(known.path);
    assert.ok(!page.text.includes('value="undo"') || progress(page) >= done, 'it was not over when the program was killed');
    await until(async () => (await known.officer.ask(known.path)).text.includes('value="undo"'), 'the import ends');
    assert.equal(await total('atelier'), LINES);
    const names = new Map();
    const csv = await site.command('export', 'organisation', '--db', site.db, '--columns', 'name', '--as', OFFICER);
    for (const line of csv.split('\n')) {
      const name = /(Atelier \d+)\b/.exec(line)?.[1];
      if (name) names.set(name, (names.get(name) ?? 0) + 1);
    }
    assert.equal(names.size, LINES);
    assert.ok(Array.from(names.values()).every((times) => times === 1));
    assert.match((await known.officer.ask('/fr/space/jobs')).text, /Import d’un fichier – adhérents\.csv/);
  });

  await tap.point('a polite stop in the middle of taking it back: the next start goes on', async () => {
    await begin(known.officer, known.path, 'undo');
    const start = Date.now();
    assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null });
    assert.ok(Date.now() - start < 8000, `${Date.now() - start} ms`);
    await site.start();
    await until(async () => (await known.officer.ask(known.path)).text.includes('value="apply"') || (await total('atelier')) === 0, 'it is taken back');
    await until(async () => /annulé/.test((await known.officer.ask(known.path)).text), 'the page says so');
    assert.equal(await total('atelier'), 0);
  });

  await tap.point('an import is stopped by who asked, told so, and taken back', async () => {
    const path = await bring(known.officer, 'Quincaillerie');
    await begin(known.officer, path, 'apply');
    const page = await known.officer.ask(path);
    const action = /action="([^"]*\/cancel[^"]*)"/.exec(page.text)[1].replaceAll('&amp;', '&');
    known.job = /jobs\/(\d+)/.exec(action)[1];
    const member = await new Person().signIn(MEMBER);
    assert.equal((await member.ask(`/fr/space/jobs/${known.job}`)).status, 404);
    assert.equal((await member.post(`/fr/space/jobs/${known.job}/cancel`, {}, '/fr/account')).status, 404);
    assert.equal((await member.ask('/fr/admin/jobs')).status, 403);
    const stopped = await known.officer.post(action, {}, '/fr/account');
    assert.deepEqual([stopped.status, stopped.to], [303, path]);
    const after = await until(async () => {
      const now = await known.officer.ask(path);
      return now.text.includes('value="undo"') && now;
    }, 'it stops');
    assert.match(after.text, /arrêté/);
    const some = await total('quincaillerie');
    assert.ok(some > 0 && some < LINES, `${some}`);
    await known.officer.post(path, { act: 'undo' });
    await until(async () => (await total('quincaillerie')) === 0, 'what was added goes');
  });

  await tap.point('the administrator sees all work and starts what was stopped again', async () => {
    const admin = await new Person().signIn(ADMIN);
    const page = await admin.ask('/fr/admin/jobs');
    assert.equal(page.status, 200);
    assert.match(page.text, /Droits du jour/);
    assert.ok(page.text.includes(`/jobs/${known.job}/retry`));
    assert.equal((await admin.ask(`/fr/space/jobs/${known.job}`)).status, 200);
  });

  await tap.point('a list of any size is streamed; a workbook of more than 20,000 rows is made in the background, for its owner alone', async () => {
    const path = await bring(known.officer, 'Verrerie');
    await known.officer.post(path, { act: 'apply' });
    await until(async () => (await known.officer.ask(path)).text.includes('value="undo"'), 'the import ends');
    const rows = (await known.officer.ask('/fr/organisations/export?format=csv')).text.split('\r\n').filter((line) => line.includes('Verrerie'));
    assert.equal(rows.length, LINES);
    const json = JSON.parse((await known.officer.ask('/fr/organisations/export?format=json&q=verrerie')).text);
    assert.equal(json.items.length, LINES);
    const asked = '/fr/organisations/export?format=xlsx&columns=name';
    assert.match((await known.officer.ask(asked)).text, /grand classeur/);
    const sent = await known.officer.post(asked, {});
    assert.match(sent.to, /\/space\/jobs\/\d+$/);
    const done = await until(async () => {
      const now = await known.officer.ask(sent.to);
      return now.text.includes(`${sent.to}/file`) && now;
    }, 'the workbook is ready');
    assert.match(done.text, /Le fichier est prêt/);
    const book = join(site.folder, 'classeur.xlsx'), rewritten = join(site.folder, 'classeur.csv');
    writeFileSync(book, await known.officer.bytes(`${sent.to}/file`));
    const script = 'import openpyxl, sys\nrows = openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True)\n'
      + 'open(sys.argv[2], "w").write("\\n".join(";".join(str(cell) for cell in row) for row in rows))';
    execFileSync('/usr/bin/python3', ['-c', script, book, rewritten]);
    const names = readFileSync(rewritten, 'utf8').split('\n').filter((line) => /;Verrerie \d+$/.test(line));
    assert.equal(new Set(names.map((line) => line.split(';').pop())).size, LINES);
    for (const email of [MEMBER, ADMIN]) assert.equal((await (await new Person().signIn(email)).ask(`${sent.to}/file`)).status, 404);
  });

  await tap.point('what is no table is told at once', async () => {
    const sent = await known.officer.post('/fr/organisations/import', { file: new Blob(['Couleur;Forme\nrouge;rond\n']) });
    assert.equal(sent.status, 400, sent.text.slice(0, 300));
    assert.match(sent.text, /Aucune colonne/);
  });

  await tap.point('the program stops without a word of a fault', async () => {
    assert.deepEqual(await site.stop(), { code: 0, signal: null });
    assert.ok(!/ fault /.test(site.said), site.said);
  });
} finally {
  site.remove();
}
tap.end();
