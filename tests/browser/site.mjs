// What the browser tests share: the real program on a free port with a small demonstration network, Debian's Chromium, and TAP.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const PASSWORD = 'demonstration-maillage';
const program = resolve(root, process.env.MAILLAGE ?? 'build/maillage');
const START_MS = 60000;
const run = promisify(execFile);

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// The program served on a database of its own, in a folder of its own.
export class Site {
  async prepare(companies = 400) {
    this.folder = mkdtempSync(join(tmpdir(), 'maillage-browser-'));
    this.db = join(this.folder, 'site.db');
    await this.command('reference', '--db', this.db, '--directory', 'build/reference');
    await this.command('demo', '--db', this.db, '--companies', String(companies), '--needs', '150');
    this.port = await freePort();
    this.address = `http://127.0.0.1:${this.port}`;
    await this.start();
  }

  async command(...words) {
    return (await run(program, words, { cwd: root, maxBuffer: 1 << 26, timeout: 180000 })).stdout;
  }

  // more: words added to the command.
  start(...more) {
    this.said = '';
    this.process = spawn(program, ['serve', '--db', this.db, '--listen', `127.0.0.1:${this.port}`, '--unlimited', '--guesses', '6000', '--quiet', ...more],
                         { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: this.folder } });
    this.ended = new Promise((done) => this.process.once('exit', (code, signal) => done({ code, signal })));
    this.process.stderr.on('data', (text) => { this.said += text; });
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error('the program did not start in time')), START_MS);
      this.process.stdout.once('data', () => { clearTimeout(timer); done(); });
      this.ended.then(({ code }) => { clearTimeout(timer); fail(new Error(`the program ended with ${code}: ${this.said}`)); });
    });
  }

  // How the program ended: { code, signal }.
  async stop(signal = 'SIGTERM') {
    this.process?.kill(signal);
    const timer = setTimeout(() => this.process?.kill('SIGKILL'), 20000);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }

  remove() {
    if (this.process?.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }
}

export function openBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
           '--disable-sync'],
  });
}

export async function signIn(page, address, email, language = 'fr') {
  await page.goto(`${address}/${language}/sign-in`);
  await page.fill('main [name=email]', email);
  await page.fill('main [name=password]', PASSWORD);
  await page.click('main .buttons button[type=submit]');
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

// Points of TAP. A point that throws fails, is explained, and the next one runs.
export class Tap {
  constructor() { this.count = 0; this.failed = 0; }

  async point(name, action) {
    this.count++;
    try {
      await action();
      console.log(`ok ${this.count} - ${name}`);
    } catch (fault) {
      this.failed++;
      console.log(`not ok ${this.count} - ${name}`);
      console.log(String(fault?.stack ?? fault).replace(/^/gm, '# '));
    }
  }

  skip(name, why) { console.log(`ok ${++this.count} - ${name} # SKIP ${why}`); }

  end() {
    console.log(`1..${this.count}`);
    process.exitCode = this.failed ? 1 : 0;
  }
}
