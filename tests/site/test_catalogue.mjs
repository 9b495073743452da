#!/usr/bin/env node
// The catalogue of open data as harvesters meet it: three forms that are one graph for others' readers (rapper, rdflib, n3), what DCAT-AP asks for by a SHACL
// validator, pages that add up to the whole, identifiers that stay, files that are there and hold what is public and nothing else. Prints TAP.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import n3 from 'n3';
import SHACL from 'rdf-validate-shacl';
import { root, Site, Tap } from '../browser/site.mjs';

const DCAT = 'http://www.w3.org/ns/dcat#', DCT = 'http://purl.org/dc/terms/', HYDRA = 'http://www.w3.org/ns/hydra/core#', TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const FORMS = { ttl: 'text/turtle', jsonld: 'application/ld+json', rdf: 'application/rdf+xml' };
const site = new Site(), tap = new Tap(), read = (text) => new n3.Store(new n3.Parser().parse(text));

async function get(path, accept) {
  const response = await fetch(path.startsWith('http') ? path : site.address + path, { headers: accept ? { accept } : {}, redirect: 'manual' });
  return { status: response.status, headers: response.headers, type: response.headers.get('content-type') ?? '', bytes: Buffer.from(await response.arrayBuffer()) };
}

async function graph(path, accept = FORMS.ttl) {
  const answer = await get(path, accept);
  assert.equal(answer.status, 200, answer.bytes.toString());
  return read(answer.bytes.toString());
}

const of = (store, type) => store.getSubjects(TYPE, type, null).map((term) => term.value);
const one = (store, subject, predicate) => store.getObjects(subject, predicate, null)[0]?.value;
const faults = async (store) => (await new SHACL(read(readFileSync(join(root, 'tests/site/dcat-ap.ttl'), 'utf8'))).validate(store)).results
  .map((result) => `${result.focusNode?.value} ${result.path?.value ?? ''} ${result.sourceConstraintComponent?.value.split('#')[1]}`);

await site.prepare();
await site.command('figures', '--db', site.db);
await site.stop();
await site.start('--contact', 'Réseau <d’essai>, donnees@reseau.example', '--publisher', 'Réseau "d’essai" & Cie');
try {
  await tap.point('the three forms are one graph, for rapper and rdflib; identifiers name every resource', async () => {
    const files = {};
    for (const [extension, type] of Object.entries(FORMS)) {
      const answer = await get('/catalogue', type);
      assert.equal(answer.status, 200);
      assert.equal(answer.type, type);
      assert.match(answer.headers.get('vary'), /\bAccept\b(?!-)/);
      writeFileSync(files[extension] = join(site.folder, `catalogue.${extension}`), answer.bytes);
    }
    const judged = JSON.parse(execFileSync('/usr/bin/python3', [join(root, 'tests/site/graphs.py'), files.ttl, files.jsonld, files.rdf]));
    assert.equal(judged.same, true);
    assert.equal(judged.blank, 0);
    assert.ok(judged.statements[0] > 500);
    for (const [form, file] of [['turtle', files.ttl], ['rdfxml', files.rdf]]) {
      const lines = execFileSync('rapper', ['-q', '-i', form, '-o', 'ntriples', file]).toString().trim().split('\n');
      assert.equal(new Set(lines).size, judged.statements[0]);
    }
  });

  await tap.point('the address without a form chooses by weights; people are led to the page', async () => {
    assert.equal((await get('/catalogue', 'text/turtle;q=0.2, application/rdf+xml;q=0.9')).type, FORMS.rdf);
    assert.equal((await get('/catalogue', '*/*')).type, FORMS.ttl);
    const person = await get('/catalogue', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8');
    assert.equal(person.status, 303);
    assert.match(person.headers.get('location'), /\/open-data$/);
    assert.equal((await get('/catalogue', 'image/png')).status, 406);
    assert.equal((await get('/catalogue/nothing', FORMS.ttl)).status, 404);
    for (const [extension, type] of Object.entries(FORMS)) assert.equal((await get(`/catalogue.${extension}`, 'image/png')).type, type);
  });

  await tap.point('a SHACL validator finds what DCAT-AP asks for, and misses it when it is taken away', async () => {
    const store = await graph('/catalogue');
    assert.deepEqual(await faults(store), []);
    for (const predicate of [`${DCT}title`, `${DCT}publisher`, `${DCAT}distribution`, `${DCAT}accessURL`, `${DCT}identifier`, `${DCAT}contactPoint`, `${HYDRA}view`]) {
      const cut = new n3.Store(store.getQuads(null, null, null, null).filter((quad) => quad.predicate.value !== predicate));
      assert.notDeepEqual(await faults(cut), [], predicate);
    }
  });

  await tap.point('pages add up to the whole, each with the same total', async () => {
    const whole = of(await graph('/catalogue'), `${DCAT}Dataset`).sort(), found = new Set();
    let pages = 0;
    for (let next = '/catalogue?page_size=4'; next; pages++) {
      const store = await graph(next), view = of(store, `${HYDRA}PartialCollectionView`)[0];
      const own = store.getObjects(null, `${DCAT}dataset`, null).map((term) => term.value);
      assert.ok(own.length <= 4 && own.length > 0);
      own.forEach((name) => { assert.ok(!found.has(name)); found.add(name); });
      assert.equal(one(store, null, `${HYDRA}totalItems`), String(whole.length));
      assert.deepEqual(await faults(store), []);
      next = one(store, view, `${HYDRA}next`);
      assert.equal(one(store, view, `${HYDRA}previous`) === undefined, pages === 0);
    }
    assert.deepEqual([...found].sort(), whole);
    assert.equal(pages, Math.ceil(whole.length / 4));
    assert.match(one(await graph('/catalogue.ttl?page_size=4'), null, `${HYDRA}next`), /\/catalogue\.ttl\?page_size=4&page=2$/);
  });

  await tap.point('every public list, the figures and the code lists are there, and a list that nobody may read is not', async () => {
    const names = of(await graph('/catalogue'), `${DCAT}Dataset`).map((name) => name.split('/catalogue/')[1]);
    for (const name of ['organisation', 'need', 'membership', 'practice', 'figures-need', 'codes-naf', 'codes-territory']) assert.ok(names.includes(name), name);
    assert.ok(!names.includes('handover'));
  });

  await tap.point('identifiers stay after a restart; each leads to its own description', async () => {
    const before = of(await graph('/catalogue'), `${DCAT}Dataset`).sort();
    await site.stop();
    await site.start();
    assert.deepEqual(of(await graph('/catalogue'), `${DCAT}Dataset`).sort(), before);
    const whole = await graph('/catalogue');
    for (const name of before) {
      const own = await graph(name);
      assert.deepEqual(own.getQuads(name, null, null, null).map(String).length, whole.getQuads(name, null, null, null).length, name);
    }
  });

  await tap.point('every file is there, of the type that is said, without an account', async () => {
    const store = await graph('/catalogue');
    for (const file of of(store, `${DCAT}Distribution`)) {
      const answer = await get(one(store, file, `${DCAT}downloadURL`));
      assert.equal(answer.status, 200, file);
      const media = one(store, file, `${DCAT}mediaType`).split('/media-types/')[1];
      assert.equal(answer.type.split(';')[0], media, file);
      if (/json/.test(media)) JSON.parse(answer.bytes);
      if (/sheet$/.test(media)) assert.equal(answer.bytes.subarray(0, 2).toString(), 'PK');
    }
  });

  await tap.point('a list holds what is public and nothing else: the count of the page, and no contact', async () => {
    const { items, total } = await (await fetch(`${site.address}/api/v1/organisation?limit=500`)).json();
    const file = JSON.parse((await get('/fr/organisations/export?format=json')).bytes);
    const rows = file.items ?? file.records ?? file;
    assert.equal(rows.length, total);
    assert.ok(items.every((item) => item.audience === 'public' && !('contact' in item) && !('email' in item)));
    const page = (await get('/fr/open-data')).bytes.toString();
    assert.match(page, new RegExp(`${total} lignes publiques`));
  });

  await tap.point('a code list as CSV and JSON says the same, with its licence', async () => {
    const csv = (await get('/api/v1/codes/naf/csv')).bytes.toString().trim().split('\r\n'), json = JSON.parse((await get('/api/v1/codes/naf/json')).bytes);
    assert.equal(csv.length - 1, json.items.length);
    assert.equal(json.licence, 'Licence Ouverte 2.0');
    assert.ok(json.items.some(({ code, parent, level }) => code === '10.11Z' && parent === '10.11' && level));
    assert.equal((await get('/api/v1/codes/naf/geojson')).status, 404);
  });
} finally {
  await site.stop();
  site.remove();
}
tap.end();
