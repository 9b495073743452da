// The site's script: an enhancement. Without it everything works by links and forms.
"use strict";

// Light, dark, or as the system says: kept in a cookie, so that the server writes the page in that theme at once.
function startTheme() {
  const choice = document.querySelector("[data-theme-choice]");
  if (!choice) return;
  const buttons = choice.querySelectorAll("[data-theme-set]");
  const show = () => {
    const current = document.documentElement.dataset.theme ?? "";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeSet === current));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const theme = button.dataset.themeSet;
      const age = theme ? 31536000 : 0;
      document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      show();
    });
  }
  choice.hidden = false;
  show();
}

// Menus close on Escape and on a click elsewhere.
function startMenus() {
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.menu[open]");
    close();
    menu?.querySelector("summary").focus();
  });
}

// Pages that were taken along (assets/visit-worker.js) do not outlive the session.
function forgetTakenAlong() {
  if (!window.caches || !navigator.onLine || !document.querySelector(".site-account .sign-in")) return;
  caches.keys().then((names) => names.filter((name) => name.startsWith("taken-along-")).forEach((name) => caches.delete(name))).catch(() => {});
}

// Filters stand open beside the list where there is room.
function openFilters(root) {
  if (!matchMedia("(width >= 62rem)").matches) return;
  for (const fold of root.querySelectorAll("[data-open-wide]")) fold.open = true;
}

function startCount(field) {
  const line = document.getElementById(`${field.id}-count`);
  if (!line) return;
  const most = Number(field.dataset.most);
  const update = () => {
    const left = most - Array.from(field.value).length;
    const sentence = left < 0 ? line.dataset.over : line.dataset.left;
    line.textContent = sentence.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
    line.classList.toggle("count-over", left < 0);
  };
  field.addEventListener("input", update);
  update();
}

// A picker: suggestions as one types (the combobox pattern of the ARIA authoring practices); the answers are kept as
// ticked boxes, as without script.
class Picker {
  constructor(element) {
    this.element = element;
    this.input = element.querySelector(".picker-search input");
    this.picked = element.querySelector(".picked");
    this.single = element.dataset.picker === "radio";
    this.options = [];
    this.active = -1;
    this.build();
    this.listen();
  }

  build() {
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.element.querySelector("legend").textContent.trim());
    this.list.hidden = true;
    this.said = document.createElement("p");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    this.input.after(this.list);
    this.element.append(this.said);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
                                 ["aria-controls", this.list.id]]) this.input.setAttribute(name, value);
    this.element.classList.add("picker-live");
  }

  listen() {
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), 150);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) this.choose(Array.from(this.list.children).indexOf(option));
    });
  }

  async search() {
    const words = this.input.value.trim();
    this.request?.abort();
    if (!words) return this.close();
    this.request = new AbortController();
    const address = new URL(this.element.dataset.suggest, location.href);
    address.searchParams.set("q", words);
    try {
      const headers = { accept: "application/json", "accept-language": document.documentElement.lang };
      const answer = await fetch(address, { signal: this.request.signal, headers });
      if (answer.ok) this.show((await answer.json()).items ?? []);
    } catch (fault) {
      if (fault.name !== "AbortError") this.close();
    }
  }

  show(items) {
    this.options = items;
    this.active = -1;
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = items.length ? this.element.dataset.found.replace("{n}", items.length) : this.element.dataset.none;
  }

  option(item, index) {
    const option = document.createElement("li");
    option.className = "suggestion";
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const label = document.createElement("span");
    label.textContent = item.label;
    option.append(label);
    if (item.hint) {
      const hint = document.createElement("span");
      hint.className = "suggestion-hint";
      hint.textContent = item.hint;
      option.append(hint);
    }
    return option;
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "Escape" && open) this.close();
    else if (event.key === "ArrowDown" && open) this.move(1);
    else if (event.key === "ArrowUp" && open) this.move(-1);
    else if (event.key === "Enter" && (open || this.input.value.trim())) this.choose(Math.max(this.active, 0));
    else return;
    event.preventDefault();
  }

  move(step) {
    const count = this.options.length;
    this.active = (this.active + step + count) % count;
    Array.from(this.list.children).forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.active));
      if (index !== this.active) return;
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
  }

  choose(index) {
    const item = this.options[index];
    if (!item) return;
    const value = String(item.code ?? item.id);
    if (this.single) this.picked.replaceChildren();
    const present = Array.from(this.picked.querySelectorAll("input")).find((box) => box.value === value);
    if (present) present.checked = true;
    else this.picked.append(this.box(value, item.label));
    this.input.value = "";
    this.close();
    this.element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  box(value, label) {
    const row = document.createElement("li");
    row.className = "choice";
    const box = document.createElement("input");
    box.type = this.element.dataset.picker;
    box.name = this.element.dataset.name;
    box.value = value;
    box.checked = true;
    box.id = `${this.input.id}-${value.replace(/\W/g, "_")}`;
    const words = document.createElement("label");
    words.htmlFor = box.id;
    words.textContent = label;
    row.append(box, words);
    return row;
  }

  close() {
    this.list.hidden = true;
    this.options = [];
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

// A single answer that is ticked can be taken back, which a radio button alone does not allow.
function allowTakingBack(element) {
  element.addEventListener("click", (event) => {
    const box = event.target.closest("input[type=radio]");
    if (!box || !element.contains(box)) return;
    if (box.dataset.was === "on") box.checked = false;
    for (const other of element.querySelectorAll("input[type=radio]")) other.dataset.was = other.checked ? "on" : "";
  });
  for (const box of element.querySelectorAll("input[type=radio]")) box.dataset.was = box.checked ? "on" : "";
}

// A field that takes a commune: names proposed by the browser's own list as one types.
function startPlaces(field) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-list`;
  field.after(list);
  field.setAttribute("list", list.id);
  const departement = (code) => code.slice(0, code.startsWith("97") ? 3 : 2);
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const address = new URL(field.dataset.suggest, location.href);
      address.searchParams.set("q", field.value.replace(/\(.*/, ""));
      const answer = await fetch(address, { headers: { accept: "application/json" } }).catch(() => null);
      const items = answer?.ok ? ((await answer.json()).items ?? []) : [];
      list.replaceChildren(...items.map((item) => new Option("", `${item.label} (${departement(String(item.code))})`)));
    }, 150);
  });
}

// A map on which one moves about, fetched when it is asked for. The drawn one stays.
function startMap(element) {
  const said = element.dataset, button = element.querySelector("button"), frame = element.querySelector(".move-frame");
  const load = (name, make) => new Promise((done, fail) => {
    const made = document.createElement(name);
    made.addEventListener("load", done);
    made.addEventListener("error", fail);
    make(made);
    document.head.append(made);
  });
  const fetchAll = async () => {
    await load("link", (sheet) => { sheet.rel = "stylesheet"; sheet.href = said.sheet; });
    if (!window.L) await load("script", (script) => { script.src = said.leaflet; });
    if (!window.maillageMap) await load("script", (script) => { script.src = said.script; });
    await window.maillageMap(element);
  };
  element.hidden = false;
  element.classList.add("move-live");
  button.addEventListener("click", () => {
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
    if (frame.hidden || element.classList.contains("move-made")) return;
    element.classList.add("move-made");
    fetchAll().catch(() => {
      frame.hidden = true;
      element.querySelector(".move-note").textContent = said.lost;
    });
  });
}

function enhance(root) {
  openFilters(root);
  root.querySelectorAll("textarea[data-most]").forEach(startCount);
  root.querySelectorAll(".move-map:not(.move-live)").forEach(startMap);
  root.querySelectorAll("input[data-suggest]:not([list])").forEach(startPlaces);
  for (const element of root.querySelectorAll("[data-picker]:not(.picker-live)")) {
    new Picker(element);
    allowTakingBack(element);
  }
}

startTheme();
forgetTakenAlong();
startMenus();
enhance(document);
document.getElementById("errors")?.focus();
document.addEventListener("htmx:after:swap", () => enhance(document));
