#!/usr/bin/env node
// What every kind must pass, whatever it holds: the kinds and their fields are those that the API's description tells, so that a new one is tested as
// soon as it exists. A record is made from the description alone, then looked for, read, changed, taken away and erased by every way there is;
// a second one, private, must be nowhere for whom it does not concern. Prints TAP.
// time limit: 400 s
import assert from 'node:assert/strict';
import { openBrowser, signIn, Site, Tap } from '../browser/site.mjs';

const PEOPLE = ['charge', 'entreprise', 'region', 'administration', 'financeur', 'evaluation'].map((name) => `${name}@maillage.example`);
const FORMATS = ['csv', 'xlsx', 'json', 'geojson'], TRIES = 60;
const site = new Site(), tap = new Tap();
const tokens = {}, requests = {}, candidates = {};
let browser, description, serial = 0;

async function call(path, { who, method = 'GET', body, headers = {} } = {}) {
  const response = await fetch(site.address + path, {
    method, redirect: 'manual', body: body && JSON.stringify(body),
    headers: { ...headers, ...(who && { authorization: `Bearer ${tokens[who]}` }), ...(body && { 'content-type': 'application/json' }) },
  });
  const bytes = Buffer.from(await response.arrayBuffer()), text = bytes.toString();
  const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, bytes, text, json };
}
const api = (path, options) => call(`/api/v1/${path}`, options);
async function listed(path, options) {
  const { status, text, json } = await api(path, options);
  assert.equal(status, 200, `${path}: ${status} ${text.slice(0, 300)}`);
  return json.items;
}

// A page as a signed-in person, or as anybody ('').
async function open(who, path) {
  requests[who] ??= await (async () => {
    const context = await browser.newContext({ locale: 'fr-FR' });
    if (who) await signIn(await context.newPage(), site.address, who);
    return context.request;
  })();
  const response = await requests[who].get(site.address + path, { maxRedirects: 0 });
  return { status: response.status(), body: await response.body(), text: (await response.body()).toString() };
}

// ---- a value of each field, from its description ----

const luhn = (digits) => {
  const sum = Array.from(digits).reverse().reduce((total, digit, i) => total + (i % 2 ? Number(digit) : Math.floor(digit * 2 / 10) + digit * 2 % 10), 0);
  return digits + (10 - sum % 10) % 10;
};

// Any code of the list at that level; undefined when the list is empty here (services that are not set).
async function code({ 'x-codes': list, 'x-level': level }) {
  const codes = (candidates[list] ??= (await call(list)).json.items ?? []).filter((item) => (!level || item.level === level) && !item.retired);
  return codes.length ? codes[serial % codes.length].code : undefined;
}

// Clusters first: some kinds are theirs.
async function references(kind) {
  const ids = async (query) => (await api(`${kind}?limit=${TRIES}${query}`, { who: PEOPLE[3] })).json.items.map(({ id }) => id);
  return candidates[kind] ??= [...(kind === 'organisation' ? await ids('&type=cluster') : []), ...await ids('')];
}

async function sample(schema, attempt) {
  if (schema.type === 'array') return [await sample({ ...schema, type: 'string' }, attempt)];
  if (schema['x-codes']) return code(schema);
  if (schema['x-kind']) {
    const all = await references(schema['x-kind']);
    return all.at(attempt < 0 ? -1 - (-1 - attempt) % all.length : attempt % all.length);
  }
  if (schema.enum) return schema.enum[0];
  if (schema.properties?.commune) return { commune: '69123' };
  if (schema.properties?.from) return { from: '2026-01-01', to: '2026-06-30' };
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer') return schema.minimum ?? 2;
  if (schema.type === 'number') return 12.5;
  if (schema.format === 'date') return '2026-02-03';
  if (schema.format === 'date-time') return '2026-12-03T09:30:00.000Z';
  if (schema.format === 'email') return 'essai@exemple.fr';
  if (schema.format === 'uri') return 'https://www.exemple.fr/essai';
  if (schema.pattern === '^[0-9]{9}$') return luhn(String(81000000 + serial));
  if (schema.pattern === '^[0-9]{14}$') return luhn(`${luhn(String(82000000 + serial))}0001`);
  return `Essai ${word()}`;
}
const word = () => `quercitron${'abcdefghij'[serial % 10]}${'klmnopqrst'[Math.floor(serial / 10) % 10]}`;

// What a kind asks that its description does not say: one registers for an event that is yet to come, what is booked ends after it begins, and one
// organisation takes up a practice once; a visit is of the officer's own cluster.
const GIVEN = { visit: async () => ({ cluster: (await listed('visit?limit=1', { who: PEOPLE[0] }))[0].cluster }), booking: () => ({ ends: '2026-12-03T12:30:00.000Z' }), adoption: async () => ({ practice: (await references('practice'))[serial] }), registration: async () => ({ event: (await listed('event?limit=1&sort=when&state=planned'))[0].id }) };

// Whoever may makes the record: fields that nothing asks for and whose sample does not fit (a telephone is no word) are left out.
async function make(kind, extra = {}) {
  const schema = description.components.schemas[kind];
  const required = description.paths[`/api/v1/${kind}`].post.requestBody.content['application/json'].schema.allOf[1].required ?? [];
  const own = Object.entries(schema.properties).filter(([name, { readOnly, properties }]) =>
    !readOnly && !properties?.digest && !['version', 'audience', 'state', 'reason'].includes(name));
  extra = { ...await GIVEN[kind]?.(), ...extra };
  const links = own.filter(([name, property]) => property['x-kind'] && !(name in extra)).length;
  let last, told;
  for (const who of PEOPLE)
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const body = { ...extra };
      let references = 0; // two of one record point to two: the last one to a cluster first
      for (const [name, property] of own) body[name] ??= await sample(property, property['x-kind'] && ++references < links ? -1 - attempt : attempt);
      for (let round = 0; round < 4; round++) {
        last = await api(kind, { who, method: 'POST', body });
        const wrong = last.status === 422 ? last.json.errors.map(({ field }) => field).filter((field) => field in body && !(field in extra) && !required.includes(field)) : [];
        if (!wrong.length) break;
        for (const field of wrong) delete body[field];
      }
      if (last.status === 201) return { who, body, word: word(), item: last.json };
      if (!told || last.status === 422) told = last;
      if (last.status === 403 && !own.some(([, property]) => property['x-kind'])) break;
    }
  assert.fail(`nobody can make a ${kind}: ${told.status} ${told.text}`);
}

const same = (given, got) => (/^\d{4}-\d\d-\d\dT/.test(given) ? Date.parse(given) === Date.parse(got) : Array.isArray(given) ? given.every((item) => got.includes(item)) : typeof given === 'object' ? Object.keys(given).every((key) => given[key] === got[key]) : given === got);

// ---- the ways to a record ----

// A choice of the kind's list that is counted: a code if there is one, else its region, else its state.
function countedBy(kind) {
  const names = description.paths[`/api/v1/${kind}`].get.parameters.map(({ name }) => name), { properties } = description.components.schemas[kind];
  const coded = names.find((name) => properties[name]?.['x-codes'] || properties[name]?.enum), placed = names.find((name) => properties[name]?.properties?.commune);
  return coded ?? (placed ? `${placed}.region` : 'state');
}

// Whether each way leads there; `word` stands in no other record.
async function ways(kind, { item: { id }, word: text }, who) {
  const pages = description.components.schemas[kind]['x-pages'], query = `q=${text}`;
  const facet = countedBy(kind);
  const list = (await api(`${kind}?${query}&facets=${facet}`, { who })).json;
  const found = {
    record: (await api(`${kind}/${id}`, { who })).status === 200,
    list: list.items.some((item) => item.id === id), total: list.total > 0, facet: list.facets[facet].some(({ count }) => count > 0),
    suggestion: (await api(`suggest/${kind}?${query}`, { who })).text.includes(id),
    page: (await open(who, `/fr${pages}/${id}`)).status === 200, history: (await open(who, `/fr${pages}/${id}/history`)).status === 200,
    table: (await open(who, `/fr${pages}?${query}`)).text.includes(id),
  };
  for (const format of FORMATS) {
    const file = await open(who, `/fr${pages}/export?${query}&format=${format}`);
    assert.equal(file.status, 200, `${kind} ${format}: ${file.status}`);
    found[format] = format === 'xlsx' ? file.body.length : file.text.includes(text);
  }
  return found;
}

async function checkKind(kind) {
  serial++;
  const made = await make(kind), { who, item, body } = made, pages = description.components.schemas[kind]['x-pages'];
  const { properties } = description.components.schemas[kind];
  for (const [name, value] of Object.entries(body)) // about a person: who files it does not always read it
    assert.ok(same(value, item[name]) || (properties[name]['x-personal'] && !(name in item)), `${kind}.${name}: ${JSON.stringify(value)} became ${JSON.stringify(item[name])}`);
  const hasWords = Object.entries(body).some(([, value]) => typeof value === 'string' && value.includes(made.word));
  const found = await ways(kind, made, who);
  const { xlsx, suggestion, ...must } = found;
  const lost = Object.entries(must).filter(([, there]) => !there).map(([way]) => way);
  assert.deepEqual(hasWords ? lost : lost.filter((way) => ['record', 'page', 'history'].includes(way)), [], `${kind}: not found by`);
  const first = await api(`${kind}/${item.id}`, { who });
  assert.equal((await api(`${kind}/${item.id}`, { who, headers: { 'if-none-match': first.headers.get('etag') } })).status, 304);
  await checkForm(kind, pages, made);
  await checkChange(kind, made);
}

// Its form asks for each field that is not filled otherwise; an empty one is refused with words, and nothing is kept.
async function checkForm(kind, pages, { who, item }) {
  const form = await open(who, `/fr${pages}/${item.id}/edit`), blank = await open(who, `/fr${pages}/new`);
  assert.equal(blank.status, 200, `${pages}/new: ${blank.status}`);
  assert.ok([200, 403].includes(form.status), `${pages}/${item.id}/edit: ${form.status}`); // who files an organisation does not belong to it
  if (form.status === 200) assert.match(form.text, /name="version"/);
  const empty = await api(kind, { who, method: 'POST', body: {} });
  assert.ok([403, 422].includes(empty.status), `${kind} without anything: ${empty.status}`);
  if (empty.status === 422) assert.ok(empty.json.errors.length, empty.text);
}

// A stale version is refused; the change is in the history, in words.
async function checkChange(kind, { who, item, body }) {
  const texts = Object.entries(body).filter(([name, value]) => typeof value === 'string' && value.startsWith('Essai ') && name in item);
  for (const [name, value] of texts) {
    const changed = await api(`${kind}/${item.id}`, { who, method: 'PATCH', body: { version: item.version, [name]: `${value} deux` } });
    if (changed.status === 422) continue; // set when filed, not changed afterwards
    if (changed.status === 403) return; // files it for others
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json[name], `${value} deux`);
    const stale = await api(`${kind}/${item.id}`, { who, method: 'PATCH', body: { version: item.version, [name]: 'Essai trois' } });
    assert.equal(stale.status, 409, `${kind}: a stale version gives ${stale.status}`);
    return;
  }
}

// An organisation is its own: who files it cannot hide it, who belongs to it can.
async function makePrivate(kind) {
  const made = await make(kind, { audience: 'private' }).catch((fault) => fault);
  if (!(made instanceof Error)) return made;
  assert.match(made.message, /"field": "audience"/);
  const title = Object.entries(description.components.schemas[kind].properties).find(([, { maxLength, readOnly }]) => maxLength && !readOnly)[0];
  for (const who of PEOPLE)
    for (const id of (await api(`${kind}?limit=500`, { who })).json.items.map((item) => item.id)) {
      const { version } = (await api(`${kind}/${id}`, { who })).json;
      const hidden = await api(`${kind}/${id}`, { who, method: 'PATCH', body: { version, audience: 'private', [title]: `Essai ${word()}` } });
      if (hidden.status === 200) return { who, item: hidden.json, word: word() };
    }
  throw made;
}

// Nobody whom it does not concern finds a private record, by any way; in particular no file grows by it.
async function checkPrivate(kind) {
  serial++;
  const strangers = ['', PEOPLE[4]], { 'x-pages': pages } = description.components.schemas[kind];
  const empty = {};
  for (const who of strangers) empty[who] = (await open(who, `/fr${pages}/export?q=${word()}&format=xlsx`)).body.length;
  const made = await makePrivate(kind);
  assert.equal(made.item.audience, 'private');
  for (const who of strangers) {
    const { xlsx, ...found } = await ways(kind, made, who);
    assert.deepEqual(Object.keys(found).filter((way) => found[way]), [], `${kind}: ${who || 'anybody'} finds a private one by`);
    assert.ok(Math.abs(xlsx - empty[who]) < 64, `${kind}: the workbook has ${xlsx} bytes, ${empty[who]} before`);
  }
  return made;
}

const makeNext = (kind) => { serial++; return make(kind); };

// An erased record is nowhere, for its own people either.
async function checkErased(kind, made) {
  const answer = await api(`${kind}/${made.item.id}`, { who: made.who, method: 'DELETE' });
  if (answer.status === 403) return; // kept by who may not erase
  assert.equal(answer.status, 204, answer.text);
  const { xlsx, history, ...found } = await ways(kind, made, made.who);
  assert.deepEqual(Object.keys(found).filter((way) => found[way]), [], `${kind}: an erased one is found by`);
}

await site.prepare();
browser = await openBrowser();
try {
  for (const who of PEOPLE) tokens[who] = (await site.command('user', 'token', '--db', site.db, '--email', who, '--name', 'Essai', '--write')).trim();
  description = (await api('openapi.json')).json;
  for (const kind of Object.keys(description.components.schemas).filter((name) => description.components.schemas[name]['x-pages'])) {
    const { properties } = description.components.schemas[kind];
    let made;
    const needed = description.paths[`/api/v1/${kind}`].post.requestBody.content['application/json'].schema.allOf[1].required ?? [];
    const unset = await needed.reduce(async (name, next) => await name || (properties[next]['x-codes'] && !await code(properties[next]) && next), '');
    if (unset) { tap.skip(`${kind}: made from its description`, `nobody has set ${properties[unset]['x-codes']}`); continue; }
    await tap.point(`${kind}: made from its description, found by every way, changed`, () => checkKind(kind));
    const everybody = properties.audience.readOnly;
    await tap.point(`${kind}: ${everybody ? 'made again' : 'a private one is nowhere for others'}`, async () => { made = await (everybody ? makeNext : checkPrivate)(kind); });
    await tap.point(`${kind}: an erased one is nowhere`, async () => { assert.ok(made); await checkErased(kind, made); });
  }
} finally {
  await browser.close();
  await site.stop();
  site.remove();
  tap.end();
}
