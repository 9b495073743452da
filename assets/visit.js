// The note of a visit, where there may be no network. What is typed is kept on the device at once; what is finished is kept there until the site has said
// that it has it, and is sent with one key at each try, so that the site keeps it once. Without this script the form is an ordinary one.
"use strict";

// Asks the worker to keep these pages, and what they are made of, readable without a network.
async function takeAlong(account, worker, pages) {
  if (!navigator.serviceWorker || !navigator.onLine) return;
  await navigator.serviceWorker.register(worker);
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/assets/"));
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { document.documentElement.dataset.taken = "yes"; };
  active.postMessage({ account, pages, files: files.map(({ pathname }) => pathname) }, [channel.port2]);
}

// A tour is taken along with the notes of its visits.
(() => {
  const tour = document.querySelector("[data-tour]"), MOST = 30;
  if (!tour) return;
  const notes = Array.from(document.querySelectorAll('.tour-stop a[href*="/visits/note"]'), ({ pathname, search }) => pathname + search).slice(0, MOST);
  addEventListener("load", () => takeAlong(tour.dataset.tour, tour.dataset.worker, [tour.dataset.note, location.pathname, location.pathname + location.search, ...notes]).catch(() => {}));
})();

(() => {
  const form = document.querySelector("form[data-note]");
  if (!form) return;
  const said = form.dataset, account = said.note, FIRST_MS = 1000, AGAIN_MS = 60000;
  const state = form.querySelector("[data-note-state]"), preview = form.querySelector("[data-note-preview]");
  const waiting = document.querySelector("[data-note-waiting]"), list = document.querySelector("[data-note-list]");
  const prefix = `maillage-visit:${account}:`;
  const field = (name) => form.elements.namedItem(name);
  const asked = new URLSearchParams(location.search).get("visit") ?? "";
  let key = newKey(), failed = 0, again;

  function newKey() { return crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""); }
  const say = (sentence, link) => {
    state.textContent = sentence;
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.text;
    state.append(" ", anchor);
  };

  // ---- what is kept on the device ----

  const all = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix)).map((name) => JSON.parse(localStorage.getItem(name)))
    .sort((a, b) => a.saved - b.saved);
  const put = (item) => {
    try {
      localStorage.setItem(prefix + item.key, JSON.stringify({ ...item, saved: item.saved ?? Date.now() }));
      return true;
    } catch {
      say(said.full);
      return false;
    }
  };
  const get = (one) => JSON.parse(localStorage.getItem(prefix + one) ?? "null");
  const drop = (item) => localStorage.removeItem(prefix + item.key);
  const values = () => Object.fromEntries(Array.from(new FormData(form)).filter(([name, value]) => !["csrf", "key"].includes(name) && value !== ""));

  function fill(item) {
    key = item.key;
    for (const element of form.elements) if (element.name && !["csrf", "key"].includes(element.name) && element.type !== "submit") element.value = item.values[element.name] ?? "";
    for (const name of ["visit", "version"]) item.values[name] ? hidden(name, item.values[name]) : field(name)?.remove();
    field("company").readOnly = Boolean(item.values.visit);
    for (const fold of form.querySelectorAll(".note-need")) fold.open = Array.from(fold.querySelectorAll("input, textarea, select")).some(({ value }) => value);
  }

  function hidden(name, value) {
    let element = field(name);
    if (!element) {
      element = document.createElement("input");
      element.type = "hidden";
      element.name = name;
      form.prepend(element);
    }
    element.value = value;
  }

  function clear() {
    const day = field("day").value;
    for (const element of form.elements) if (element.name && element.name !== "csrf" && element.type !== "submit") element.value = "";
    for (const name of ["visit", "version"]) field(name)?.remove();
    field("company").readOnly = false;
    field("day").value = day;
    for (const fold of form.querySelectorAll(".note-need")) fold.open = false;
    key = newKey();
  }

  // ---- sending ----

  // A token of the session as it is now: the one in a page that was kept may be of another session.
  async function freshToken() {
    const answer = await fetch(form.action, { cache: "no-store", headers: { accept: "text/html" } });
    if (!answer.ok && answer.status < 500 && answer.status !== 429) return null;
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-note]");
    return page?.dataset.note === account ? page.elements.namedItem("csrf").value : null;
  }

  async function sendOne(item, csrf) {
    const body = new URLSearchParams({ ...item.values, key: item.key, csrf });
    if (item.values.authority) body.set("seen", "1");
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    const json = /json/.test(answer.headers.get("content-type") ?? "") ? await answer.json() : {};
    if (answer.ok && json.id) {
      drop(item);
      say(said.sent.replace("{n}", item.values.company), { url: json.url, text: item.values.day });
    } else if (answer.status === 409 && json.theirs) put({ ...item, state: "conflict", message: json.message, theirs: json.theirs, visit: json.visit, version: json.version });
    else if (answer.status === 422) put({ ...item, state: "refused", message: json.message, errors: json.errors });
    else throw new Error(answer.status);
  }

  async function sendAll() {
    const ready = () => all().filter((item) => item.state === "ready");
    if (!ready().length) return;
    if (!navigator.onLine) return state.textContent || say(said.kept);
    say(said.sending);
    try {
      const csrf = await freshToken();
      if (!csrf) return say(said.signIn, { url: `${said.signInUrl}?next=${encodeURIComponent(location.pathname)}`, text: "→" });
      for (const item of ready()) {
        await sendOne(item, csrf);
        show();
      }
      failed = 0;
      if (state.textContent === said.sending) say("");
    } catch (fault) {
      clearTimeout(again);
      again = setTimeout(send, Math.min(FIRST_MS * 2 ** failed++, AGAIN_MS));
      say(/^\d/.test(fault.message) ? said.failed : said.kept);
    }
  }

  // One tab at a time; the others' turn comes when it is done, and then there is nothing left.
  const send = () => (navigator.locks ? navigator.locks.request("maillage-visits", sendAll) : sendAll()).finally(show);

  // ---- what is shown ----

  const button = (text, action, second = true) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = second ? "button second" : "button";
    element.textContent = text;
    element.addEventListener("click", action);
    return element;
  };
  const line = (text, kind = "p") => Object.assign(document.createElement(kind), { textContent: text });
  const label = (name) => form.querySelector(`label[for="f-${name}"]`)?.firstChild.textContent.trim() ?? name;

  // Both texts of each field that differs, for whoever chooses.
  function differences(item) {
    const table = document.createElement("dl");
    for (const [name, theirs] of Object.entries(item.theirs)) {
      const mine = item.values[name] ?? "";
      if (mine === (theirs ?? "")) continue;
      const shown = (value) => Array.from(field(name).options ?? []).find((option) => option.value === value)?.textContent ?? value;
      table.append(line(label(name), "dt"), line(`${said.theirsSay} : ${shown(theirs ?? "") || "–"}`, "dd"), line(`${said.mineSay} : ${shown(mine) || "–"}`, "dd"));
    }
    return table;
  }

  function row(item) {
    const element = document.createElement("li");
    element.className = "result note-item";
    const words = { draft: said.draft, ready: said.ready, refused: said.refused, conflict: said.conflict }[item.state];
    const title = line(`${item.values.company || "–"}, ${item.values.day ?? ""}`, "h3"), actions = line("");
    element.append(title, line(words, "p"));
    actions.className = "buttons";
    if (item.message) element.append(line(item.message));
    for (const fault of item.errors ?? []) element.append(line(`${label(fault.field)} : ${fault.detail}`));
    if (item.state === "conflict") {
      element.append(differences(item));
      actions.append(button(said.mine, () => { drop(item); put({ ...item, key: newKey(), state: "ready", message: undefined, theirs: undefined, values: { ...item.values, visit: item.visit, version: item.version } }); send(); }, false),
                     button(said.theirs, () => { if (confirm(said.dropSure)) drop(item); show(); }));
    } else {
      actions.append(button(said.edit, () => { fill(item); put({ ...item, state: "draft", message: undefined, errors: undefined }); show(); field("company").focus(); }),
                     button(said.drop, () => { if (confirm(said.dropSure)) drop(item); show(); }));
    }
    element.append(actions);
    return element;
  }

  function show() {
    const items = all().filter((item) => item.key !== key);
    waiting.hidden = !items.length;
    list.replaceChildren(...items.map(row));
  }

  // What the authority will read, before it is told.
  function showPreview(item) {
    const authority = field("authority").selectedOptions[0].textContent;
    const terms = ["company", "day", "summary", "next", "next_day"].filter((name) => item.values[name]).flatMap((name) => [line(label(name), "dt"), line(item.values[name], "dd")]);
    const needs = [1, 2, 3].map((number) => item.values[`need${number}.title`]).filter(Boolean).map((title) => line(title, "dd"));
    const told = document.createElement("dl");
    told.append(...terms, ...needs);
    const confirmed = button(form.querySelector("button[type=submit]").textContent, () => finish({ ...item, told: item.values.authority }), false);
    preview.replaceChildren(line(said.preview.replace("{n}", authority), "h2"), told, confirmed);
    preview.hidden = false;
    preview.focus();
  }

  function finish(item) {
    preview.hidden = true;
    if (!put({ ...item, state: "ready", saved: Date.now() })) return;
    clear();
    say(said.kept);
    show();
    send();
  }

  // ---- what happens ----

  let timer;
  form.addEventListener("input", () => {
    preview.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(keepDraft, 150);
  });
  function keepDraft() {
    clearTimeout(timer);
    const typed = values();
    if (get(key)?.state && get(key).state !== "draft") return;
    if (typed.company || typed.summary || typed.said) put({ key, state: "draft", context: typed.visit ?? "", values: typed, saved: Date.now() });
  }
  addEventListener("pagehide", keepDraft);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const item = { key, values: values() };
    put({ ...item, state: "draft", context: item.values.visit ?? "" });
    if (!item.values.company || !item.values.day) {
      say(said.needed);
      return field(item.values.company ? "day" : "company").focus();
    }
    if (item.values.authority) return showPreview(item);
    finish(item);
  });

  addEventListener("online", send);
  addEventListener("offline", () => say(said.offline));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (!document.hidden && all().some((item) => item.state === "ready")) send(); }, AGAIN_MS);

  // A page that was kept stands in for one that was not: it is not about the visit of the address.
  if ((field("visit")?.value ?? "") !== asked) clear();
  const unfinished = all().find((item) => item.state === "draft" && item.context === asked);
  if (unfinished && !form.querySelector(".field-wrong")) {
    fill(unfinished);
    say(said.resumed);
  }

  form.dataset.live = "";
  show();
  if (!navigator.onLine && !state.textContent) say(said.offline);
  addEventListener("load", () => {
    const note = new URL(form.action).pathname;
    takeAlong(account, said.worker, [note, note.replace(/note$/, "tour"), ...(asked ? [location.pathname + location.search] : [])]).catch(() => {});
    navigator.storage?.persist?.();
  });
  send();
})();
