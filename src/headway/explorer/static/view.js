// Every view with controls, one sentence, charts and tables.
import { byId, el } from "./dom.js";
import { answerAddress, carried, pageAddress, path } from "./address.js";
import { ask, newestWins } from "./api.js";
import { paintAll, room } from "./chart.js";
import { links, share } from "./share.js";
import { listen, state } from "./controls.js";
import { paintTables } from "./table.js";

// Where an answer takes long, only what moves is asked for while a slider does; the tables follow when it rests.
const MOVING = path === "whatif" ? { tables: "false" } : {};
const REST = 400;

const now = () => (byId("controls") ? state() : {});
let last = null;
let tablesLater = 0;

function paintWhole(answer) {
  last = answer;
  paintTables(byId("tables"), answer.tables);
  filter();
  document.dispatchEvent(new CustomEvent("whole", { detail: answer }));
}

async function complete(moved, asked) {
  for (const drawn of ["tables", "width"]) asked.searchParams.delete(drawn);
  try {
    const answer = await ask(asked.pathname + asked.search);
    if (last === moved) paintWhole(answer);
  } catch (error) {
    if (last === moved) trouble(error);
  }
}

async function paint(answer, asked) {
  last = answer;
  const address = new URL(asked, location.origin);
  byId("sentence").textContent = answer.sentence;
  byId("state").textContent = "";
  await paintAll(byId("charts"), answer.charts);
  clearTimeout(tablesLater);
  tablesLater = setTimeout(() => {
    byId("notes").replaceChildren(...[...(answer.differs ?? []), ...answer.notes].map((words) => el("p", {}, words)));
    links(now(), answer.charts.length);
    if (address.searchParams.has("tables")) tablesLater = setTimeout(() => complete(answer, address), REST);
    else paintWhole(answer);
  }, 60);
  if (answer.domains) onlyDomains(new Set(answer.domains));
  document.dispatchEvent(new CustomEvent("painted", { detail: answer }));
}

function onlyDomains(known) {
  // A view weighs its own domains only; the sliders of the others rest at their default.
  for (const one of document.querySelectorAll("fieldset .control")) one.hidden = !known.has(one.dataset.name);
}

function trouble(error) {
  byId("state").textContent = error.message;
  if (!last) byId("sentence").textContent = "No answer.";
}

function filter() {
  const find = byId("find");
  if (!find) return;
  const wanted = find.value.trim().toLowerCase();
  for (const row of byId("tables").querySelectorAll("tbody tr")) {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
  }
}

const want = newestWins(paint, trouble, (late) => {
  if (late) byId("state").textContent = "Computing …";
});

export function refresh(more = {}) {
  const chosen = now();
  history.replaceState(null, "", pageAddress(chosen));
  return want(answerAddress(chosen, "json", { ...more, ...MOVING, width: room(byId("charts")) }));
}

share(now, () => last);
byId("find")?.addEventListener("input", filter);
if (byId("controls")) {
  const first = carried();
  listen(() => refresh());
  want(answerAddress(now(), "json", { ...first, width: room(byId("charts")) }));
} else {
  want(answerAddress({}, "json", carried()));
}
// Charts are drawn for the room they have: whenever that changes, they are asked for again.
let drawnFor = room(byId("charts"));
new ResizeObserver(() => {
  const now = room(byId("charts"));
  if (Math.abs(now - drawnFor) < 20 || !byId("controls")) return;
  drawnFor = now;
  refresh();
}).observe(byId("charts"));

// A country in a chart of ranks opens its brief, as its row in the table does.
document.addEventListener("chosen", ({ detail }) => {
  const row = last?.tables[0]?.rows.find((one) => one.href && Object.values(detail).includes(one.country));
  if (row) location.assign(row.href);
});
