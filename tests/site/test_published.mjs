#!/usr/bin/env node
// Published figures of the whole network, as anyone gets them: page, files and API say the same; only what the cube holds may be asked; and whoever subtracts
// the needs that they may read finds nobody alone. Prints TAP. time limit: 300 s
import assert from 'node:assert/strict';
import { Site, Tap } from '../browser/site.mjs';

const FLOOR = 3, OFFICER = 'charge@maillage.example', MEMBER = 'entreprise@maillage.example', WIDTH = { public: 0, network: 1, circle: 2, private: 3 };
const site = new Site(), tap = new Tap();
let quarters = [];

async function get(path, token) {
  const response = await fetch(site.address + path, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text, json: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined };
}

async function figures(query = '') {
  const answer = await get(`/api/v1/figures/needs?${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

// Where a company counts among the needs that someone may read: its most widely shared, then first.
async function readable(quarter, token) {
  const [year, number] = quarter.split('-T').map(Number), month = (n) => String(n).padStart(2, '0');
  const last = new Date(Date.UTC(year, number * 3, 0)).toISOString().slice(0, 10), found = new Map();
  for (let page = 1, total = 1; (page - 1) * 200 < total; page++) {
    const { json } = await get(`/api/v1/need?filed.from=${year}-${month(number * 3 - 2)}-01&filed.until=${last}&limit=200&page=${page}`, token);
    total = json.total;
    for (const need of json.items) {
      const rank = [WIDTH[need.audience], need.filed, need.id.padStart(20, '0')], before = found.get(need.company);
      if (!before || rank.join() < before.rank.join()) found.set(need.company, { rank, need });
    }
  }
  return [...found.values()].map(({ need }) => need);
}

await site.prepare();
try {
  await tap.point('the quarters that are over are frozen by the night\'s work, which a first start does at once, and only once', async () => {
    for (let tries = 0; tries < 100 && (await get('/api/v1/figures/needs')).status === 404; tries++) await new Promise((done) => setTimeout(done, 200));
    await site.command('figures', '--db', site.db);
    quarters = Array.from((await get('/fr/understand/figures')).text.matchAll(/<option value="(\d{4}-T\d)"/g), ([, name]) => name).reverse();
    assert.ok(quarters.length >= 7, quarters.join());
    const now = new Date(), present = `${now.getUTCFullYear()}-T${Math.floor(now.getUTCMonth() / 3) + 1}`;
    assert.ok(!quarters.includes(present));
    assert.equal(await site.command('figures', '--db', site.db), '');
  });

  await tap.point('page, CSV, JSON, GeoJSON and API say the same', async () => {
    const quarter = quarters.at(-1), api = await figures(`quarter=${quarter}`);
    const france = api.items.find(({ area }) => area === 'FR');
    assert.ok(france.shown && france.companies >= FLOOR);
    assert.equal(api.items.length, 19);
    const csv = (await get(`/en/understand/figures/export?quarter=${quarter}&format=csv`)).text.replace(/^\ufeff/, '').trim().split('\r\n').slice(1);
    assert.equal(csv.length, api.items.length);
    api.items.forEach((item, index) => {
      const cells = csv[index].split(',');
      assert.equal(cells[2], item.area);
      assert.equal(cells[4], item.shown ? String(item.companies) : '');
    });
    assert.deepEqual((await get(`/en/understand/figures/export?quarter=${quarter}&format=json`)).json, api);
    const places = (await get(`/en/understand/figures/export?quarter=${quarter}&format=geojson`)).json;
    assert.deepEqual(places.features.map(({ properties }) => properties), api.items.slice(1));
    assert.equal((await get(`/en/understand/figures/export?quarter=${quarter}&format=xlsx`)).text.slice(0, 2), 'PK');
    const page = (await get(`/fr/understand/figures?quarter=${quarter}`)).text;
    assert.ok(page.includes('n.c.') && page.includes('moins de 3 entreprises'));
    assert.match(page, new RegExp(`filed.from=\\d{4}-\\d\\d-01[^"]*">${france.companies}<`));
  });

  await tap.point('only what the cube holds may be asked', async () => {
    for (const query of ['near=48.8,2.3,10', 'q=soudeur', 'filed.from=2026-01-01', 'company=1', 'kind=people&sector=C', 'kind=people.recruitment', 'sector=25', 'area=59350', 'level=commune', 'quarter=2026'])
      assert.ok([400, 422].includes((await get(`/api/v1/figures/needs?${query}`)).status), query);
    assert.equal((await get('/api/v1/figures/needs?quarter=1999-T1')).status, 404);
    for (const query of ['kind=people', 'sector=C', 'level=departement', 'area=R32', `quarter=${quarters[0]}`]) await figures(query);
  });

  await tap.point('subtracting what one may read leaves nobody alone', async () => {
    const readers = [undefined];
    for (const email of [OFFICER, MEMBER])
      readers.push((await site.command('user', 'token', '--db', site.db, '--email', email, '--name', 'Essai')).trim());
    let shown = 0, compared = 0;
    for (const quarter of quarters) for (const token of readers) {
      const needs = await readable(quarter, token);
      for (const level of ['region', 'departement']) for (const [query, of] of [['', () => true], ['kind=people', (need) => need.type.startsWith('people')], ['kind=skills', (need) => need.type.startsWith('skills')]])
        for (const item of (await figures(`quarter=${quarter}&level=${level}&${query}`)).items) {
          if (!item.shown) continue;
          assert.ok(item.companies >= FLOOR);
          const seen = needs.filter((need) => need.audience !== 'private' && of(need) && (item.area === 'FR' || need[level] === item.area)).length;
          const rest = item.companies - seen; // below 0: some that one may read are left out, too few being like them for another reader
          shown++;
          compared += seen > 0;
          assert.ok(rest <= 0 || rest >= FLOOR, `${quarter} ${item.area} ${query}: ${item.companies} less ${seen}`);
        }
    }
    assert.ok(shown > 30 && compared > 10, `${shown} figures, ${compared} compared`);
  });
} finally {
  await site.stop();
  site.remove();
}
tap.end();
