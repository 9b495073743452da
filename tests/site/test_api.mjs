#!/usr/bin/env node
// The API of the real program on a small demonstration network: every answer is what the OpenAPI text says, rights hold, conflicts and faults are told,
// files can be read by others, and what was acknowledged is there after a kill. Prints TAP.
// time limit: 300 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Site, Tap } from '../browser/site.mjs';

const OFFICER = 'charge@maillage.example', MEMBER = 'entreprise@maillage.example', ADMIN = 'administration@maillage.example';
const KINDS = ['organisation', 'membership', 'need'], PERSONAL = ['contact', 'email', 'telephone'];
const SAVES = 200, KILL_AFTER = 90;
const site = new Site(), tap = new Tap();
const tokens = {};
let ajv, company;

async function call(path, { token, method = 'GET', body, headers = {}, raw } = {}) {
  const sent = { ...headers };
  if (token) sent.authorization = `Bearer ${token}`;
  if (body !== undefined) sent['content-type'] = 'application/json';
  const response = await fetch(site.address + path, { method, headers: sent, body: raw ?? (body === undefined ? undefined : JSON.stringify(body)), redirect: 'manual' });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, headers: response.headers, type, text, json: /json/.test(type) ? JSON.parse(text) : undefined };
}

const api = (path, options) => call(`/api/v1/${path}`, options);
const token = async (email, ...words) => (await site.command('user', 'token', '--db', site.db, '--email', email, '--name', 'Essai', ...words)).trim();
const need = (title, more) => ({ title, company, type: 'people', ...more });

// A page of a list after the other, as the Link header says.
async function* pages(path, options) {
  for (let next = path; next;) {
    const page = await call(next, options);
    assert.equal(page.status, 200, page.text);
    yield page.json;
    next = /<([^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
}

async function all(kind, options, query = 'limit=500') {
  const items = [];
  for await (const page of pages(`/api/v1/${kind}?${query}`, options)) items.push(...page.items);
  return items;
}

function checkProblem(response, status) {
  assert.equal(response.status, status, response.text);
  assert.match(response.type, /^application\/problem\+json/);
  assert.equal(response.json.status, status);
  assert.ok(response.json.title?.length > 5);
}

await site.prepare();
try {
  await tap.point('tokens are made on the command line', async () => {
    tokens.officer = await token(OFFICER, '--write');
    tokens.admin = await token(ADMIN, '--write');
    tokens.member = await token(MEMBER, '--write');
    tokens.reader = await token(MEMBER);
    tokens.narrow = await token(OFFICER, '--write', '--role', 'funder');
    for (const one of Object.values(tokens)) assert.match(one, /^mlg_/);
    const accounts = await site.command('user', 'list', '--db', site.db);
    company = new RegExp(`${MEMBER}.*member@(\\d+)`).exec(accounts)[1];
  });

  await tap.point('the OpenAPI text is valid', async () => {
    const text = await api('openapi.json');
    const result = await new Validator().validate(text.json);
    assert.ok(result.valid, JSON.stringify(result.errors, null, 1));
    ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default ? addFormats.default(ajv) : addFormats(ajv);
    ajv.addSchema({ ...text.json, $id: 'api' });
    for (const kind of KINDS) assert.ok(text.json.paths[`/api/v1/${kind}`].get && text.json.paths[`/api/v1/${kind}/{id}`].patch);
  });

  for (const kind of KINDS) {
    await tap.point(`every ${kind} is of its schema and holds nothing else`, async () => {
      const check = ajv.getSchema(`api#/components/schemas/${kind}`), known = Object.keys(check.schema.properties);
      for (const who of [undefined, 'member', 'officer', 'admin']) {
        const items = await all(kind, { token: tokens[who] });
        assert.ok(items.length > 0);
        for (const item of items) {
          assert.ok(check(item), `${JSON.stringify(item)} ${JSON.stringify(check.errors)}`);
          for (const name of Object.keys(item)) assert.ok(known.includes(name), name);
        }
        const one = await api(`${kind}/${items[0].id}`, { token: tokens[who] });
        assert.deepEqual(one.json, items[0]);
      }
    });
  }

  await tap.point('pages follow one another, each record once', async () => {
    const seen = new Set();
    let total;
    for await (const page of pages('/api/v1/organisation?limit=37&sort=name&type=company', {})) {
      total = page.total;
      assert.ok(page.items.length <= 37);
      for (const item of page.items) {
        assert.ok(!seen.has(item.id), item.id);
        assert.equal(item.type, 'company');
        seen.add(item.id);
      }
    }
    assert.equal(seen.size, total);
    assert.equal((await api('organisation?limit=37&page=2')).headers.get('link').split(', ').length, 2);
    assert.equal((await api('organisation?page=9000')).json.items.length, 0);
    for (const bad of ['page=0', 'page=x', 'limit=501', 'sort=colour', 'near=here', 'around=Nulle-Part-sur-Rien', 'around=Lyon&within=0']) assert.ok([400, 422].includes((await api(`organisation?${bad}`)).status), bad);
  });

  await tap.point('a commune by its code, its name, its name and département, or its degrees is the same place', async () => {
    const total = async (query) => (await api(`organisation?limit=1&${query}`)).json.total;
    const byCode = await total('around=69123&within=40');
    assert.ok(byCode > 0 && byCode < await total('around=69123&within=400'));
    for (const same of ['around=Lyon&within=40', 'around=lyon%20(69)&within=40', 'near=45.75,4.85,40']) assert.ok(Math.abs(await total(same) - byCode) <= 1, same);
    const north = (await api('organisation?limit=500&around=Saint-Denis%20(93)&within=1')).json.items, south = (await api('organisation?limit=500&around=Saint-Denis%20(974)&within=1')).json.items;
    for (const item of south) assert.ok(!north.some((other) => other.id === item.id));
  });

  await tap.point('counts are what a plain count of the list gives', async () => {
    const lines = readFileSync('build/reference/naf.csv', 'utf8').split('\n'), above = new Map(lines.map((line) => [/^[^,]*/.exec(line)[0], /[^,]*$/.exec(line)[0]]));
    const section = (code) => { while (above.get(code)) code = above.get(code); return code; };
    const plain = { type: (item) => item.type, size: (item) => item.size, state: (item) => item.state, place: (item) => item.region,
      'place.departement': (item) => item.departement, sector: (item) => item.sector && section(item.sector) };
    const check = async (kind, names, filters, token) => {
      const { json } = await api(`${kind}?limit=1&facets=${names}&${new URLSearchParams(filters)}`, { token });
      for (const name of names.split(',')) {
        const own = name.split('.')[0], others = Object.entries(filters).filter(([field]) => field !== own), wanted = {};
        for (const item of await all(kind, { token }, `limit=500&${new URLSearchParams(others)}`)) {
          const value = plain[name](item);
          if (value) wanted[value] = (wanted[value] ?? 0) + 1;
        }
        const given = json.facets[name].filter((one) => one.count || filters[own] !== one.value);
        assert.deepEqual(Object.fromEntries(given.map((one) => [one.value, one.count])), wanted, `${kind} by ${name} of ${JSON.stringify(filters)}`);
        assert.ok(given.every((one, at) => one.label && (!at || given[at - 1].count >= one.count)), name);
        assert.ok(Object.keys(wanted).length > 0);
      }
    };
    await check('organisation', 'type,size,place,place.departement,sector', {});
    await check('organisation', 'type,size,place,sector', { size: 'small', q: 'fictif' });
    for (const token of [undefined, tokens.officer]) await check('need', 'state,place,sector', { state: 'open' }, token);
    for (const wrong of ['name', 'contact', 'nothing', 'place.commune', 'type.nothing', 'since', 'type,,nothing', 'place.'])
      checkProblem(await api(`organisation?facets=${wrong}`), 400);
    assert.ok(!('facets' in (await api('organisation?limit=1')).json));
    assert.match((await api('organisation?limit=1&facets=type,size')).headers.get('link'), /facets=type%2Csize/);
  });

  await tap.point('nobody sees or counts more than they may', async () => {
    const seen = {};
    for (const who of [undefined, 'member', 'officer', 'admin']) {
      seen[who] = await all('need', { token: tokens[who] });
      const { total } = (await api('need?limit=1', { token: tokens[who] })).json;
      assert.equal(total, seen[who].length);
    }
    assert.ok(seen[undefined].length < seen.officer.length);
    for (const item of seen[undefined]) {
      assert.equal(item.audience, 'public');
      for (const name of PERSONAL) assert.ok(!(name in item), name);
    }
    const open = new Set(seen[undefined].map((item) => item.id)), hidden = seen.officer.filter((item) => !open.has(item.id));
    assert.ok(hidden.length > 3);
    for (const item of hidden.slice(0, 20)) {
      assert.equal((await api(`need/${item.id}`)).status, 404);
      for (const path of [`/fr/needs/${item.id}`, `/fr/needs/${item.id}/history`]) assert.equal((await call(path)).status, 404);
      const panel = await call(`/fr/organisations/${item.company}`);
      assert.equal(panel.status, 200);
      assert.ok(!panel.text.includes(`/needs/${item.id}`), 'a panel shows a hidden need');
      const found = await api(`suggest/need?q=${encodeURIComponent(item.title)}`);
      assert.ok(found.json.items.every((one) => open.has(one.id)), 'a hidden need is proposed');
    }
  });

  await tap.point('labels and names are proposed', async () => {
    assert.ok((await api('vocabulary/naf?q=boulang')).json.items.some((item) => /boulang/i.test(item.label)));
    assert.ok((await api('vocabulary/territory?q=Lille&level=commune')).json.items.some((item) => item.code === '59350'));
    assert.deepEqual((await api('vocabulary/nothing?q=a')).json.items, []);
    const [first] = (await api('organisation?limit=1&type=company')).json.items;
    assert.ok((await api(`suggest/organisation?q=${encodeURIComponent(first.name)}`)).json.items.some((item) => item.id === first.id));
  });

  await tap.point('what did not change is not sent again', async () => {
    const first = await api(`organisation/${company}`), tag = first.headers.get('etag');
    assert.ok(tag);
    const again = await api(`organisation/${company}`, { headers: { 'if-none-match': tag } });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    const other = await api(`organisation/${company}`, { token: tokens.member, headers: { 'if-none-match': tag } });
    assert.equal(other.status, 200, 'the tag of the public is not that of a member, who sees more');
  });

  await tap.point('a record is filed, changed, stepped on and erased', async () => {
    const made = await api('need', { method: 'POST', token: tokens.member, body: need('Deux soudeurs « MIG »', { headcount: 2, skills: [], contact: 'Zoé', audience: 'private', start: '2027-01-05' }) });
    assert.equal(made.status, 201, made.text);
    const check = ajv.getSchema('api#/components/schemas/need'), path = made.headers.get('location').replace('/api/v1/', '');
    assert.ok(check(made.json), JSON.stringify(check.errors));
    assert.equal(made.json.contact, 'Zoé');
    assert.equal(made.json.version, 1);
    assert.equal((await api(path)).status, 404);
    const tag = made.headers.get('etag');
    const changed = await api(path, { method: 'PATCH', token: tokens.member, body: { headcount: 3 }, headers: { 'if-match': tag } });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual([changed.json.version, changed.json.headcount, changed.json.title], [2, 3, 'Deux soudeurs « MIG »']);
    checkProblem(await api(path, { method: 'PATCH', token: tokens.member, body: { headcount: 4 }, headers: { 'if-match': tag } }), 409);
    checkProblem(await api(path, { method: 'PATCH', token: tokens.member, body: { headcount: 4, version: 1 } }), 409);
    checkProblem(await api(path, { method: 'DELETE', token: tokens.member, headers: { 'if-match': tag } }), 409);
    checkProblem(await api(path, { method: 'PATCH', token: tokens.member, body: { headcount: 4 } }), 400);
    const stepped = await api(path, { method: 'PATCH', token: tokens.member, body: { version: 2, state: 'served' } });
    assert.equal(stepped.json.state, 'served', stepped.text);
    checkProblem(await api(path, { method: 'DELETE', token: tokens.reader }), 403);
    assert.equal((await api(path, { method: 'DELETE', token: tokens.member })).status, 204);
    checkProblem(await api(path, { token: tokens.member }), 404);
    checkProblem(await api(path, { method: 'DELETE', token: tokens.member }), 404);
  });

  await tap.point('fields and step of one request are kept together or not at all', async () => {
    const made = await api('need', { method: 'POST', token: tokens.member, body: need('Une presse') });
    const refused = await api(`need/${made.json.id}`, { method: 'PATCH', token: tokens.member, body: { version: 1, title: 'Deux presses', state: 'closed' } });
    assert.ok(refused.status >= 400, 'a reason was missing');
    const now = await api(`need/${made.json.id}`, { token: tokens.member });
    assert.deepEqual([now.json.title, now.json.version], ['Une presse', 1]);
    const nothing = await api(`need/${made.json.id}`, { method: 'PATCH', token: tokens.member, body: { version: 1 } });
    assert.deepEqual([nothing.status, nothing.json.version], [200, 1]);
    const both = await api(`need/${made.json.id}`, { method: 'PATCH', token: tokens.member, body: { version: 1, title: 'Deux presses', state: 'closed', reason: 'Louées' } });
    assert.deepEqual([both.json.title, both.json.state, both.json.reason], ['Deux presses', 'closed', 'Louées']);
  });

  await tap.point('rights and scopes of tokens hold', async () => {
    const body = need('Trois fraiseurs');
    checkProblem(await api('need', { method: 'POST', body }), 401);
    checkProblem(await api('need', { method: 'POST', body, token: 'mlg_0000000000000000000000000000000000000000000' }), 401);
    checkProblem(await api('need', { method: 'POST', body, token: tokens.reader }), 403);
    checkProblem(await api('need', { method: 'POST', body, token: tokens.narrow }), 403);
    checkProblem(await api('organisation', { method: 'POST', body: { name: 'A', type: 'company', place: 'Lille' }, token: tokens.member }), 403);
    const foreign = (await all('organisation', { token: tokens.member })).find((item) => item.type === 'company' && item.id !== company);
    checkProblem(await api('need', { method: 'POST', body: { ...body, company: foreign.id }, token: tokens.member }), 403);
    const [seen] = await all('need', { token: tokens.narrow }, 'limit=500');
    assert.ok(PERSONAL.every((name) => !(name in seen)), 'a narrow token reads no personal field');
  });

  await tap.point('faults are told field by field', async () => {
    const wrong = await api('need', { method: 'POST', token: tokens.member, body: need('', { headcount: 0, start: '2026-02-30', skills: ['magic'], colour: 'red' }) });
    checkProblem(wrong, 422);
    const fields = new Set(wrong.json.errors.map((one) => one.field));
    assert.ok(fields.has('colour'), wrong.text);
    const values = await api('need', { method: 'POST', token: tokens.member, body: need('', { headcount: 0, start: '2026-02-30', skills: ['magic'], sector: '62.01Z' }) });
    checkProblem(values, 422);
    assert.deepEqual(new Set(values.json.errors.map((one) => one.field)), new Set(['title', 'headcount', 'start', 'skills', 'sector']));
    checkProblem(await api('need', { method: 'POST', token: tokens.member, body: {} }), 422);
    for (const raw of ['', '[]', '{"title": ', '{"a": 1, "a": 2}', '\u0000']) {
      const refused = await api('need', { method: 'POST', token: tokens.member, body: {}, raw });
      assert.ok([400, 422].includes(refused.status), `${raw}: ${refused.status}`);
      assert.match(refused.type, /problem\+json/);
    }
  });

  await tap.point('what is not there is not found', async () => {
    for (const path of ['nothing', 'nothing/1', 'need/0', 'need/-1', 'need/x', 'need/12345', 'need/99999999999999999999', 'suggest/nothing?q=a'])
      checkProblem(await api(path, { token: tokens.admin }), 404);
    checkProblem(await api('nothing', { method: 'POST', body: {}, token: tokens.admin }), 404);
    assert.equal((await api('need', { method: 'PUT', body: {}, token: tokens.admin })).status, 405);
  });

  await tap.point('GeoJSON is valid and holds what the list holds', async () => {
    const file = await call('/fr/needs/export?format=geojson'), listed = await all('need', {});
    assert.match(file.type, /geo\+json/);
    assert.equal(file.json.type, 'FeatureCollection');
    assert.deepEqual(new Set(file.json.features.map((one) => one.id)), new Set(listed.map((one) => one.id)));
    for (const one of file.json.features) {
      assert.equal(one.type, 'Feature');
      assert.ok(one.geometry === null || (one.geometry.type === 'Point' && one.geometry.coordinates.length === 2));
      const [longitude, latitude] = one.geometry?.coordinates ?? [0, 45];
      assert.ok(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90);
      assert.ok(PERSONAL.every((name) => !(name in one.properties)));
    }
  });

  await tap.point('XLSX and CSV are read by others', async () => {
    const response = await fetch(`${site.address}/fr/organisations/export?format=xlsx`), path = join(site.folder, 'export.xlsx');
    writeFileSync(path, Buffer.from(await response.arrayBuffer()));
    const read = 'import openpyxl, json, sys\nsheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]\nrows = list(sheet.values)\nprint(json.dumps([rows[0], [row[0] for row in rows[1:]]]))';
    const [head, ids] = JSON.parse(execFileSync('/usr/bin/python3', ['-c', read, path], { maxBuffer: 1 << 26 }));
    const listed = await all('organisation', {});
    assert.deepEqual(new Set(ids), new Set(listed.map((one) => one.id)));
    assert.ok(head.includes('Nom') && head.includes('SIREN'));
    const csv = await call('/fr/organisations/export?format=csv');
    assert.ok(listed.every((one) => csv.text.includes(one.id)));
  });

  await tap.point('what is sent again under its key is kept once; other words under it are a conflict; another account has keys of its own', async () => {
    const headers = { 'idempotency-key': 'essai-cle-1' }, body = need('Besoin envoyé deux fois hapax');
    const first = await api('need', { method: 'POST', token: tokens.member, body, headers });
    const again = await api('need', { method: 'POST', token: tokens.member, body, headers });
    assert.deepEqual([first.status, again.status, again.json], [201, 200, first.json]);
    checkProblem(await api('need', { method: 'POST', token: tokens.member, body: need('Autres mots hapax'), headers }), 409);
    assert.equal((await api('need', { method: 'POST', token: tokens.officer, body, headers })).status, 201);
    assert.equal((await api('need', { method: 'POST', token: tokens.member, body, headers: { 'idempotency-key': 'non' } })).status, 400);
    assert.equal((await api('need?q=hapax', { token: tokens.member })).json.total, 2);
    await api(`need/${first.json.id}`, { method: 'DELETE', token: tokens.member, headers: { 'if-match': first.headers.get('etag') } });
    assert.equal((await api('need?q=hapax', { token: tokens.member })).json.total, 1);
  });

  await tap.point('every save that was acknowledged is there after a kill', async () => {
    const kept = [], before = (await api('need?limit=1', { token: tokens.member })).json.total;
    let ended = false;
    const save = async (number) => {
      try {
        const made = await api('need', { method: 'POST', token: tokens.member, body: need(`Besoin numéro ${number} zygomatique`) });
        if (made.status === 201) kept.push(made.json);
        if (kept.length === KILL_AFTER && !ended) {
          ended = true;
          site.process.kill('SIGKILL');
        }
      } catch { /* the program is gone */ }
    };
    for (let at = 0; at < SAVES; at += 4) await Promise.all([0, 1, 2, 3].map((more) => save(at + more)));
    assert.ok(ended && kept.length < SAVES);
    await site.ended;
    await site.start();
    for (const one of kept) assert.deepEqual((await api(`need/${one.id}`, { token: tokens.member })).json, one);
    const found = await all('need', { token: tokens.member }, 'q=zygomatique&limit=500'), ids = new Set(found.map((one) => one.id));
    assert.equal(ids.size, found.length);
    assert.ok(kept.every((one) => ids.has(one.id)));
    assert.ok(found.length - kept.length <= 4, 'at most those under way were kept unacknowledged');
    assert.equal((await api('need?limit=1', { token: tokens.member })).json.total, before + found.length);
  });
} finally {
  await site.stop();
  site.remove();
}
tap.end();
