// Opens each page of the gallery in Chromium, at three widths, light and dark, under the site's own content security policy, and checks: axe-core
// finds nothing (text contrast AAA included), nothing is refused by the policy, nothing overflows sideways, and what the script promises.
// SHOTS=DIR keeps screenshots.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const build = process.env.BUILD ?? "build-test";
const shots = process.env.SHOTS;
const only = process.env.ONLY ?? "";
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'";
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const suggestions = { items: [{ code: "1", label: "Maintenance industrielle", hint: "I1304" }, { code: "2", label: "Maintenance automobile", hint: "I1604" }] };

let points = 0;
function check(name, good, detail = "") {
  points += 1;
  console.log(`${good ? "ok" : "not ok"} ${points} - ${name}`);
  if (!good && detail) console.log(String(detail).replace(/^/gm, "# "));
}

function serve(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    response.setHeader("content-security-policy", policy);
    if (path.startsWith("/api/")) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(suggestions));
    } else if (existsSync(join(folder, path)) && extname(path)) {
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      response.end(readFileSync(join(folder, path)));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function judge(page, name) {
  const source = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
  await page.evaluate(source);
  const found = await page.evaluate(() => globalThis.axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast-enhanced": { enabled: true } } }));
  check(`${name}: axe finds nothing`, found.violations.length === 0,
        found.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.html}\n  ${n.failureSummary}`).join("\n")}`).join("\n"));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const wide = over > 0 && await page.evaluate(() => Array.from(document.querySelectorAll("body *"))
    .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)).join("\n"));
  check(`${name}: nothing overflows`, over <= 0, `${over} px\n${wide}`);
}

async function open(browser, address, width, scheme, name) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: "reduce",
    locale: name.includes("-en") ? "en-GB" : "fr-FR" });
  const page = await context.newPage();
  const refused = [];
  page.on("console", (message) => { if (message.type() === "error") refused.push(message.text()); });
  page.on("pageerror", (fault) => refused.push(String(fault)));
  await page.goto(address);
  await page.evaluate(() => document.fonts.ready);
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  check(`${name}: nothing refused`, refused.length === 0, refused.join("\n"));
  return { page, context };
}

async function lookAtPages(browser, origin, folder) {
  for (const file of readdirSync(folder).filter((f) => f.endsWith(".html") && f.includes(only))) {
    const views = file.includes("-fr") ? [[320, "light"], [390, "light"], [390, "dark"], [1280, "light"], [1280, "dark"]] : [[390, "light"], [1280, "dark"]];
    for (const [width, scheme] of views) {
      const name = `${file.replace(".html", "")}-${width}-${scheme}`;
      const { page, context } = await open(browser, `${origin}/${file}`, width, scheme, name);
      await judge(page, name);
      await context.close();
    }
  }
}

async function useThePicker(browser, origin) {
  const { page, context } = await open(browser, `${origin}/form-fr.html`, 1280, "light", "picker");
  const field = page.getByRole("combobox", { name: /Compétences/ });
  await field.fill("maint");
  await page.getByRole("option").first().waitFor();
  await judge(page, "picker open");
  if (shots) await page.screenshot({ path: join(shots, "picker-open.png"), fullPage: true });
  await field.press("ArrowDown");
  await field.press("Enter");
  check("picker: the choice is a ticked box", await page.locator('input[name="skills"][value="1"]').isChecked());
  check("picker: the field is empty again", (await field.inputValue()) === "");
  check("picker: the list is closed", (await field.getAttribute("aria-expanded")) === "false");
  const place = page.getByRole("combobox", { name: /Où/ });
  await place.fill("lille");
  await page.getByRole("option").nth(1).click();
  const kept = await page.locator('input[name="place"]').evaluateAll((boxes) => boxes.map((box) => `${box.type} ${box.value} ${box.checked}`));
  check("picker: one answer replaces the other", kept.join() === "radio 2 true", kept.join());
  await context.close();
}

async function useThePages(browser, origin) {
  const { page, context } = await open(browser, `${origin}/form-errors-fr.html`, 390, "light", "errors");
  check("errors: the summary has the focus", await page.evaluate(() => document.activeElement.id === "errors"));
  await page.getByRole("link", { name: /31\/02\/2027/ }).click();
  check("errors: a line leads to its field", await page.evaluate(() => document.activeElement.name === "start"));
  check("errors: the refused date is shown as typed", (await page.locator('input[name="start"]').inputValue()) === "31/02/2027");
  await page.getByRole("button", { name: "Sombre" }).click();
  check("theme: kept in a cookie", (await context.cookies()).some((cookie) => cookie.name === "theme" && cookie.value === "dark"));
  check("theme: shown at once", await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme === "dark"));
  await page.getByRole("button", { name: "Automatique" }).click();
  check("theme: forgotten", !(await context.cookies()).some((cookie) => cookie.name === "theme"));
  await page.locator("body").press("Home");
  await page.locator(".menu summary").click();
  check("menu: opens", await page.getByRole("button", { name: "Se déconnecter" }).isVisible());
  await page.keyboard.press("Escape");
  check("menu: closes on Escape", !(await page.getByRole("button", { name: "Se déconnecter" }).isVisible()));
  await context.close();
}

async function useTheKeyboard(browser, origin) {
  const { page, context } = await open(browser, `${origin}/list-fr.html`, 1280, "light", "keyboard");
  await page.keyboard.press("Tab");
  check("skip link: first", await page.evaluate(() => document.activeElement.className === "skip"));
  await page.keyboard.press("Enter");
  check("skip link: leads to the content", await page.evaluate(() => document.activeElement.id === "content"));
  check("filters: open beside the list", await page.getByLabel(/Industries alimentaires/).isVisible());
  await page.setViewportSize({ width: 390, height: 800 });
  const small = await page.evaluate(() => Array.from(document.querySelectorAll("button, summary, input, select, nav a"))
    .filter((e) => e.checkVisibility() && !e.closest(".unseen") && !e.classList.contains("unseen") && e.type !== "hidden")
    .filter((e) => { const box = e.getBoundingClientRect(); return box.width > 1 && box.height > 1 && box.height < 20; }).map((e) => e.outerHTML.slice(0, 100)));
  check("targets: none lower than 20 px", small.length === 0, small.join("\n"));
  await context.close();
}

async function withoutScript(browser, origin) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${origin}/list-fr.html`);
  check("no script: filters open beside the list", await page.getByLabel(/Industries alimentaires/).isVisible());
  check("no script: a button applies them", await page.getByRole("button", { name: "Appliquer les filtres" }).isVisible());
  await page.goto(`${origin}/form-fr.html`);
  check("no script: a picker has its button", await page.locator('button[name="pick"]').first().isVisible());
  check("no script: no choice of theme", !(await page.locator(".theme-choice").isVisible()));
  await context.close();
}

const folder = mkdtempSync(join(tmpdir(), "maillage-gallery-"));
execFileSync(process.env.GALLERY ?? join(build, "tests/html/gallery"), [folder]);
if (shots) mkdirSync(shots, { recursive: true });
const server = await serve(folder);
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=fr-FR"] });
try {
  await lookAtPages(browser, origin, folder);
  if (!only) for (const use of [useThePicker, useThePages, useTheKeyboard, withoutScript]) await use(browser, origin);
} catch (fault) {
  check(`went to the end`, false, fault.stack);
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
console.log(`1..${points}`);
