// The list of households before Python has started, as the app left it with its file (app/ui/early_list.py). It looks like the
// app's own, is searched here, and keeps a tap on a door until the app can open it. Nothing of it is written.
import { search as searchIn } from "./early-search.js";
import { ICONS } from "./icons.js";
import * as shelf from "./shelf.js";

const VERSION = 2;
const [WAITING, TO_FIX, ASK_AGAIN, BEGUN, STALE, OPEN, FIRST, ASKED_FOR] = [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => 1 << bit);
const LEFT = ["moved", "vacant"]; // the statuses of who does not live there any more
const SOME = 60; // rows that are drawn at first; more when the end draws near
const REST = 700; // ms without a letter: the person is not in the middle of a word
let list = null;
let place = null;
let typedAt = 0;
let found = [];
let isOver = false; // the app is there

/** Show the list if there is one and the app would begin with it; `told({ early_search })` hears what is typed. */
export async function show(told) {
  const where = location.hash.replace(/^#?\/?/, "");
  if (where && where !== "households") return;
  const kept = await shelf.readBeside().catch(() => null);
  if (!kept || isOver) return;
  list = JSON.parse(new TextDecoder().decode(kept));
  if (list.version !== VERSION || (!where && list.places[0][0] !== "/households")) return;
  const columns = ["id", "village", "alley", "name", "address", "status", "outcome", "at", "marks"];
  list.rows = list.rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place]])));
  list.left = new Map();
  for (const { village, alley, marks } of list.rows) {
    const key = `${village} ${alley}`;
    if (marks & OPEN) list.left.set(key, (list.left.get(key) ?? 0) + 1);
  }
  place = draw(told);
  document.body.append(place);
  document.documentElement.classList.add("early");
  refresh("");
  place.querySelector(".doors").scrollTop = list.offset;
  performance.mark("tungnha:early-list");
}

/** What stands in the search now. */
export function searched() {
  return place?.querySelector("input").value ?? "";
}

/** Take the list away: the app stands under it. Not in the middle of a word that is typed. */
export async function hide() {
  isOver = true;
  if (!place) return;
  while (Date.now() - typedAt < REST) await new Promise((later) => setTimeout(later, 100));
  document.documentElement.classList.remove("early");
  const gone = place;
  place = null;
  gone.inert = true; // for a screen reader there are never two lists
  gone.classList.add("gone");
  setTimeout(() => gone.remove(), 250);
}

function draw(told) {
  const { words } = list;
  const top = element("header", {}, element("h1", { text: list.title }), element("p", { text: list.subtitle }));
  const bar = element("progress", { max: 1, value: list.progress, "aria-label": list.progress_words });
  const quiet = { autocomplete: "off", spellcheck: "false" };
  const field = element("input", { type: "search", placeholder: words.search, "aria-label": words.search, ...quiet });
  field.addEventListener("input", () => {
    typedAt = Date.now();
    told({ early_search: field.value });
    refresh(field.value);
  });
  const opening = element("p", { class: "opening", role: "status" }, icon("turning"), element("strong", { text: words.opening }));
  const lines = element("div", { class: "lines" });
  const search = element("label", { class: "field" }, icon("search"), field);
  const notices = element("div", { class: "notices" }, ...list.notices.map(notice));
  const doors = element("main", { class: "doors" }, opening, bar, notices, search, element("div", { class: "parts" }), lines);
  doors.addEventListener("scroll", () => {
    if (doors.scrollTop + doors.clientHeight * 2 > doors.scrollHeight) drawMore(lines);
  });
  const places = list.places.map(([route, name]) => {
    return element("a", { href: `#${route}`, class: route === "/households" ? "here" : "" }, icon(route), name);
  });
  const all = element("div", { id: "early" }, top, doors, element("nav", {}, ...places));
  all.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault(); // a page that was opened with a "?" would be loaded anew
    location.hash = link.hash;
    if (lines.contains(link)) keep(link);
  });
  return all;
}

/** What is asked to be done first; its way, if it has one, is a link that is kept as a door's is. */
function notice({ icon: sign, text, way }) {
  const link = way ? [element("a", { href: `#${way[0]}`, text: way[1] })] : [];
  return element("div", { class: "notice" }, icon(sign), element("div", {}, element("p", { text }), ...link));
}

/** The link stays in the address: the app opens it as soon as it is there. */
function keep(door) {
  place.querySelector(".kept")?.classList.remove("kept");
  door.classList.add("kept");
  place.querySelector(".opening strong").textContent = `${list.words.opening} ${door.querySelector("strong").textContent}`;
}

function refresh(search) {
  const parts = place.querySelector(".parts"), lines = place.querySelector(".lines");
  const fitting = searchIn(list.rows, search);
  found = fitting ?? list.rows.filter(isInPart);
  place.querySelector(".notices").hidden = Boolean(fitting);
  parts.replaceChildren(...(fitting ? [element("p", { text: fill(list.words.found, { count: found.length }) })] : chips()));
  lines.replaceChildren();
  // Of phone numbers and cards only the app knows.
  const nothing = /\d/.test(search) ? list.words.opening : fill(list.words.nothing, { search });
  if (fitting && !found.length) lines.append(element("p", { text: nothing }));
  drawMore(lines, Boolean(fitting));
}

function isInPart(row) {
  const part = list.shown;
  if (part === "gone") return LEFT.includes(row.status);
  if (LEFT.includes(row.status)) return false;
  if (part === "open") return Boolean(row.marks & OPEN);
  if (part === "visited") return isVisited(row);
  if (part === "waiting") return Boolean(row.marks & WAITING);
  if (part === "to_fix") return Boolean(row.marks & (TO_FIX | ASK_AGAIN));
  if (part === "refused" || part === "absent") return row.outcome === part && !(row.marks & ASK_AGAIN);
  return true;
}

function isVisited(row) {
  return ["completed", "refused"].includes(row.outcome) && !(row.marks & (ASK_AGAIN | STALE));
}

function chips() {
  const always = ["open", "visited", "all"];
  const there = list.chips.filter(([part, , count]) => count || always.includes(part) || part === list.shown);
  return there.map(([part, name, count]) => {
    const text = `${name} ${count.toLocaleString("vi-VN")}`;
    return element("span", { class: part === list.shown ? "chip on" : "chip", text });
  });
}

function drawMore(lines, isSearch = lines.dataset.search === "1") {
  lines.dataset.search = isSearch ? "1" : "0";
  const drawn = lines.querySelectorAll("a").length;
  let before = drawn ? heading(found[drawn - 1]) : null;
  const more = document.createDocumentFragment();
  for (const row of found.slice(drawn, drawn + SOME)) {
    const here = heading(row);
    if (!isSearch && here !== before) more.append(element("h2", { text: here }));
    before = here;
    more.append(line(row, isSearch));
  }
  lines.append(more);
}

function heading(row) {
  if (row.marks & FIRST) return list.words.first;
  const alley = list.alleys[row.alley] || list.words.no_alley;
  const where = list.villages.length ? `${list.villages[row.village]} · ${alley}` : alley;
  const left = list.left.get(`${row.village} ${row.alley}`);
  return left ? fill(list.words.alley, { alley: where, count: left }) : where;
}

function line(row, isSearch) {
  const [sign, state] = stateOf(row);
  const words = row.marks & ASKED_FOR ? fill(list.words.asked, { words: state }) : state;
  const withAlley = (isSearch || row.marks & FIRST) && row.address;
  const said = withAlley ? `${row.address} · ${words}` : words;
  const name = element("span", {}, element("strong", { text: row.name }), element("small", { text: said }));
  return element("a", { href: `#/households/${row.id}`, class: row.marks & STALE ? "stale" : "" }, icon(sign), name);
}

/** As app/ui/components/visit_state.py says it. */
function stateOf({ status, outcome, at, marks }) {
  const { words } = list;
  const hasLeft = LEFT.includes(status);
  const ended = hasLeft ? words.statuses[status] : outcome ? words.outcomes[outcome] : "";
  if (marks & TO_FIX) return ["to_fix", words.to_fix];
  if (marks & WAITING) return ["waiting", ended ? fill(words.waiting, { ended }) : words.waiting_edit];
  if (marks & ASK_AGAIN) return ["ask_again", words.ask_again];
  if (marks & BEGUN) return ["begun", words.begun];
  if (!outcome && !hasLeft) return ["not_met", words.not_met];
  const day = at && (!hasLeft || outcome === status) ? dayOf(at) : "";
  const when = day ? fill(words.confirmed, { ended, day }) : ended;
  if (hasLeft) return ["left", when];
  if (marks & STALE && day) return ["stale", fill(words.stale, { ended, day })];
  if (outcome === "refused") return ["refused", when];
  return [isVisited({ outcome, marks }) ? "visited" : "absent", when];
}

/** The day in Vietnam, which has no summer time, as the app writes it. */
function dayOf(at) {
  const [year, month, day] = new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 10).split("-");
  const { months } = list.words;
  return months.length ? `${Number(day)} ${months[month - 1]} ${year}` : `${day}/${month}/${year}`;
}

function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

function element(tag, { text, ...attributes }, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  made.append(...inside);
  return made;
}

function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("aria-hidden", "true");
  made.setAttribute("class", name.replace("/", ""));
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name] ?? "");
  made.append(path);
  return made;
}
