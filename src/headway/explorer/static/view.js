// Every view with controls, one sentence, charts and tables: asked for when the choices change, drawn from the state.
import { byId, el } from "./dom.js";
import { newestWins } from "./api.js";
import { paintAll, room } from "./chart.js";
import { control } from "./controls.js";
import { answerAddress, path, queryOf, store } from "./page.js";
import { share } from "./share.js";
import { paintTables } from "./table.js";

const hasControls = Boolean(byId("controls"));

// Where a slider moves the model, the answer comes at first without tables and with the rest of the world held.
const quick = path === "whatif";
const wanted = (choices) =>
  quick
    ? answerAddress({ ...choices, whole: false }, "json", { tables: "false", width: room(byId("charts")) })
    : answerAddress(choices, "json", hasControls || path === "claim" ? { width: room(byId("charts")) } : {});

// The first chart stands with the sentence, the others where the page has a place of its own for them.
async function paintCharts(charts) {
  const others = byId("further-charts");
  await paintAll(byId("charts"), others ? charts.slice(0, 1) : charts);
  if (others) await paintAll(others, charts.slice(1));
}

let painting = Promise.resolve();

/** Takes an answer to these choices as the one that is shown; resolves when its charts are drawn. */
export function show(answer, complete, of) {
  store.set({ answer, complete, of, status: "", ...(answer.today && { today: answer.today }) });
  return painting;
}

const asked = new Map(); // choices by the request that is under way or will be next
const want = newestWins(
  (answer, url) => show(answer, !quick, asked.get(url)),
  (error) => store.set({ status: error.message }),
  (late) => { if (late) store.set({ status: "Computing …" }); },
);

function request(choices) {
  const url = wanted(choices);
  for (const old of [...asked.keys()].slice(0, -2)) asked.delete(old);
  asked.set(url, queryOf(choices));
  want(url);
}

function drawWords(answer, { status }) {
  if (answer && byId("claimed")) byId("claimed").textContent = answer.title;
  byId("sentence").textContent = answer?.sentence ?? (status && status !== "Computing …" ? "No answer." : "One moment …");
  byId("notes").replaceChildren(...[...(answer?.differs ?? []), ...(answer?.notes ?? [])].map((words) => el("p", {}, words)));
  // A view weighs its own domains only; the sliders of the others rest at their default.
  if (answer?.domains) for (const one of document.querySelectorAll("fieldset .control")) one.hidden = !answer.domains.includes(one.dataset.name);
}

function filter(find) {
  const words = find.trim().toLowerCase();
  for (const row of byId("tables").querySelectorAll("tbody tr")) {
    row.hidden = words !== "" && !row.textContent.toLowerCase().includes(words);
  }
}

share();
control();
store.watch((state) => state.status, (status) => { byId("state").textContent = status; });
store.watch((state) => (state.answer ? state.answer : state.status), (_, state) => drawWords(state.answer, state));
store.watch((state) => state.answer, (answer) => { if (answer) painting = paintCharts(answer.charts); });
store.watch((state) => (state.complete ? state.answer.tables : null), (tables, { find }) => {
  paintTables(byId("tables"), tables);
  filter(find);
});
store.watch((state) => state.find, filter);
byId("find")?.addEventListener("input", ({ target }) => store.set({ find: target.value }));

// Asked before anything is drawn for the choice: the server works while the page does.
store.watch((state) => queryOf(state.choices), (_, { choices }) => {
  request(choices);
  store.set({ complete: false });
}, true);
// Charts are drawn for the room they have: whenever that changes, they are asked for again. No room at all is no change:
// nobody sees them, as while a browser takes a picture of the whole page.
let drawnFor = room(byId("charts"));
new ResizeObserver(([{ contentRect }]) => {
  const now = room(byId("charts"));
  if (Math.abs(now - drawnFor) < 20 || contentRect.width < 1 || !hasControls) return;
  drawnFor = now;
  request(store.get().choices);
}).observe(byId("charts"));

// A country in a chart of ranks opens its brief, as its row in the table does.
document.addEventListener("chosen", ({ detail }) => {
  const row = store.get().answer?.tables[0]?.rows.find((one) => one.href && Object.values(detail).includes(one.country));
  if (row) location.assign(row.href);
});
