#!/usr/bin/env node
// Calendars and feeds of the real program, read by other people's programs (python3-icalendar, python3-feedparser): they keep the filters of the
// list, say what its records say, stay the same between two readings, and hold nothing that their reader may not see. Prints TAP.
// time limit: 300 s
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, Tap } from '../browser/site.mjs';

const OFFICER = 'charge@maillage.example', KINDS = ['organisations', 'memberships', 'needs', 'practices', 'events', 'equipment'];
const LONG = 'Échange à quatre, avec des « guillemets », des virgules, un point-virgule ; une barre \\ et 日本語 jusqu’au bout de la ligne';
const site = new Site(), tap = new Tap();
let token, event;

async function fetched(path, headers = {}) {
  const answer = await fetch(site.address + path, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function judged(kind, path, headers) {
  const { status, type, bytes } = await fetched(path, headers);
  assert.equal(status, 200, path);
  assert.match(type, kind === 'atom' ? /^application\/atom\+xml/ : /^text\/calendar/);
  const file = join(site.folder, `judged.${kind}`);
  writeFileSync(file, bytes);
  return JSON.parse(execFileSync('tests/site/judge_feeds.py', [kind, file], { maxBuffer: 1 << 26 }));
}

async function api(path, { method = 'GET', body } = {}) {
  const answer = await fetch(`${site.address}/api/v1/${path}`, {
    method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${text}`);
  return JSON.parse(text);
}

const ids = async (path) => (await api(path)).items.map((item) => item.id).sort();
const numbers = (entries) => entries.map((entry) => (entry.uid ?? entry.id).match(/\d{15,}/)[0]).sort();

await tap.point('the program starts', async () => {
  await site.prepare();
  token = (await site.command('user', 'token', '--db', site.db, '--email', OFFICER, '--name', 'Essai', '--write')).trim();
  const organisers = (await api('event?limit=500')).items.map((item) => item.organiser);
  const times = (one) => organisers.filter((other) => other === one).length;
  const own = organisers.sort((a, b) => times(b) - times(a))[0]; // the officer's cluster organises most
  event = await api('event', { method: 'POST', body: {
    title: LONG, type: 'exchange', organiser: own, starts: '2036-07-01T14:30', ends: '2036-07-01T16:00:00+02:00', audience: 'public',
    place: '69123', address: '3, rue du Port ; bâtiment B', description: 'Une ligne\n\nEt une autre, longue : ' + 'é'.repeat(300), register_until: '2036-06-20' } });
});

await tap.point('a calendar says what its events say', async () => {
  const { name, events } = await judged('calendar', '/fr/events/calendar.ics');
  const mine = events.find((one) => one.uid === `event-${event.id}@maillage`);
  assert.equal(name, 'Événements');
  assert.equal(mine.summary, LONG);
  assert.equal(mine.dtstart, '2036-07-01T12:30:00+00:00'); // two hours behind Paris in summer
  assert.equal(mine.dtend, '2036-07-01T14:00:00+00:00');
  assert.equal(mine.location, '3, rue du Port ; bâtiment B, Lyon');
  assert.equal(mine.status, 'CONFIRMED');
  assert.equal(mine.sequence, 0);
  assert.equal(mine.url, `${site.address}/fr/events/${event.id}`);
  assert.ok(mine.description.includes('é'.repeat(300)) && mine.description.includes('Une ligne\n\nEt une autre'));
});

await tap.point('a calendar keeps the filters of its list', async () => {
  for (const filter of ['type=exchange', 'type=exchange&type=online', 'place=69', 'q=robotisation', 'starts.from=2036-07-01&starts.until=2036-07-01']) {
    const { events } = await judged('calendar', `/fr/events/calendar.ics?${filter}`);
    assert.ok(events.length > 0, filter);
    assert.deepEqual(numbers(events), await ids(`event?limit=500&${filter}`), filter);
  }
});

await tap.point('a change keeps the identifier and grows the sequence; what is called off says so', async () => {
  const path = `/fr/events/calendar.ics?starts.from=2036-07-01`;
  assert.deepEqual(await judged('calendar', path), await judged('calendar', path));
  await api(`event/${event.id}`, { method: 'PATCH', body: { starts: '2036-07-02T09:00', ends: '2036-07-02T10:00', version: 1 } });
  let { events: [moved] } = await judged('calendar', path);
  assert.deepEqual([moved.uid, moved.sequence, moved.dtstart], [`event-${event.id}@maillage`, 1, '2036-07-02T07:00:00+00:00']);
  assert.ok(moved['last-modified'] >= moved.created);
  await api(`event/${event.id}`, { method: 'PATCH', body: { state: 'cancelled', reason: 'grève', version: 2 } });
  ({ events: [moved] } = await judged('calendar', path));
  assert.deepEqual([moved.status, moved.sequence], ['CANCELLED', 2]);
});

await tap.point('kinds that do not take place have no calendar', async () => {
  assert.equal((await fetched('/fr/needs/calendar.ics')).status, 404);
});

await tap.point('each list has its feed, with its filters', async () => {
  for (const kind of KINDS) {
    const feed = await judged('atom', `/fr/${kind}/feed.atom`);
    assert.equal(feed.links.self, `${site.address}/fr/${kind}/feed.atom`);
    assert.ok(feed.entries.length > 0, kind);
    for (const entry of feed.entries) {
      assert.equal(entry.link, `${site.address}/fr/${kind}/${numbers([entry])[0]}`);
      assert.ok(entry.title && entry.author && entry.updated <= feed.updated, JSON.stringify(entry));
    }
  }
  const feed = await judged('atom', '/fr/practices/feed.atom?q=soudeurs');
  assert.deepEqual(numbers(feed.entries), (await ids('practice?limit=50&q=soudeurs')));
  assert.equal(feed.links.alternate, `${site.address}/fr/practices?q=soudeurs`);
  assert.equal((await judged('atom', '/en/practices/feed.atom')).language, 'en');
});

await tap.point('nobody reads in a feed what they may not see', async () => {
  const hidden = await api('event', { method: 'POST', body: { title: 'Réunion interne & secrète <b>', type: 'meeting', organiser: event.organiser, starts: '2036-08-01T09:00', audience: 'private' } });
  for (const path of ['/fr/events/calendar.ics', '/fr/events/feed.atom']) {
    const { bytes } = await fetched(path);
    assert.ok(!bytes.includes(hidden.id) && !bytes.includes('secrète'), path);
  }
  // The contacts of members, that the officer may read on their pages, are in no feed.
  const { bytes } = await fetched('/fr/equipment/feed.atom');
  assert.ok(!bytes.includes('mailto:') && !/[a-z]@[a-z]/.test(bytes.toString()));
});

await tap.point('the page of a list tells browsers of its feed', async () => {
  const page = (await fetched('/fr/events?type=exchange')).bytes.toString();
  assert.match(page, /<link rel="alternate" type="application\/atom\+xml" href="\/fr\/events\/feed\.atom\?type=exchange">/);
  assert.match(page, /href="\/fr\/events\/calendar\.ics\?type=exchange"/);
});

await tap.point('the program ends well when asked', async () => assert.deepEqual(await site.stop('SIGTERM'), { code: 0, signal: null }, site.said));
site.remove();
tap.end();
