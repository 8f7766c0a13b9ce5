// The brief, part by part, so that the first part is there before the last is computed.
import { byId, el } from "./dom.js";
import { ask } from "./api.js";
import { paintAll, room } from "./chart.js";
import { control } from "./controls.js";
import { answerAddress, queryOf, store } from "./page.js";
import { share } from "./share.js";
import { table } from "./table.js";
import { openTrace } from "./trace.js";

const PARTS = ["standing", "ambition", "gap", "why", "strengths", "change", "outlook", "unknowns"];
const ORDER = ["ambition", "standing", "gap", "why", "strengths", "change", "outlook", "unknowns"];
let turn = 0;

function finding(item, charts, lead) {
  const number = item.number || "trace";
  const tier = el("span", { class: `tier ${item.tier}` }, `${item.mark} ${item.tier}`);
  const button = el(
    "button", { type: "button", class: "number", "aria-label": `${item.title}: ${number}. Open its trace`, onclick: () => openTrace(item.id) },
    number,
  );
  const holder = item.chart ? el("div", { class: "charts" }) : null;
  const made = el(
    "article", { class: `finding${lead ? " lead" : ""}`, id: item.anchor },
    el("p", { class: "said" }, item.sentence),
    el("p", { class: "meta" }, button, " ", tier, ...[item.interval, item.likelihood, item.period].filter(Boolean).map((words) => el("span", {}, words))),
    item.coverage ? el("p", { class: "aside" }, item.coverage) : null,
    item.caveat && !item.chart ? el("p", { class: "aside" }, item.caveat) : null,
    holder,
    item.rows.length
      ? el("details", {}, el("summary", {}, "Table"), table({ title: item.title, columns: Object.fromEntries(item.columns.map((name, k) => [k, name.replaceAll("_", " ")])), rows: item.rows }))
      : null,
  );
  const chart = charts.get(item.anchor);
  if (holder && chart) paintAll(holder, [chart]);
  return made;
}

function part(answer) {
  const charts = new Map(answer.charts.map((chart) => [chart.name, chart]));
  return answer.parts.map((one) => {
    const more = one.more.length
      ? el("details", { class: "more" }, el("summary", {}, `${one.more.length} further finding${one.more.length === 1 ? "" : "s"}`))
      : null;
    if (more) more.addEventListener("toggle", () => { if (more.open && more.children.length === 1) more.append(...one.more.map((item) => finding(item, charts, false))); });
    return el(
      "section", { class: "part", id: one.key, "aria-labelledby": `${one.key}-title` },
      el("h2", { id: `${one.key}-title` }, el("span", { class: "count", "aria-hidden": "true" }, `${one.number}`), ` ${one.title}`),
      el("p", { class: "question" }, one.question),
      ...one.missing.map((words) => el("p", { class: "missing" }, words)),
      ...one.body.map((item, place) => finding(item, charts, place === 0)),
      more,
    );
  });
}

const all = (choices) => ({ ...choices, part: "all", finding: "" });

const FRONT = 340; // px of the column beside the judgement
const FIRST = 2; // pictures there

// Pictures beside the judgement are asked for once more, as narrow as their column.
async function drawFront(parts) {
  const told = ORDER.flatMap((key) => parts[key]?.answer?.front ?? []);
  const wanted = [...new Map(told.map((one) => [one.finding, one])).values()].slice(0, FIRST);
  const mine = (byId("front").asked = JSON.stringify(wanted));
  const { choices } = store.get();
  const width = Math.max(320, Math.min(FRONT, room(byId("front"))));
  const asked = wanted.map(({ part: key, finding: name }) =>
    ask(answerAddress({ ...choices, part: key, finding: name }, "json", { width }), { unless: () => byId("front").asked !== mine }));
  const answers = await Promise.all(asked).catch(() => null);
  if (byId("front").asked === mine && answers) await paintAll(byId("front"), answers.flatMap((answer) => answer?.charts ?? []));
}

async function load(choices) {
  const mine = (turn += 1);
  store.set({ parts: {}, answer: null, judgement: [] });
  let left = PARTS.length;
  for (const key of PARTS) {
    store.set({ status: `Composing the brief: ${left} part${left === 1 ? "" : "s"} to go` });
    const told = { answer: null, error: "" };
    try {
      told.answer = await ask(answerAddress({ ...choices, part: key, finding: "" }, "json", { width: room(byId("parts")) }), { unless: () => mine !== turn });
    } catch (error) {
      told.error = error.message;
      if (error.status === 422) left = 1;
    }
    if (mine !== turn) return;
    const { parts, answer } = store.get();
    const judgement = told.answer?.judgement ?? [];
    store.set({ parts: { ...parts, [key]: told }, answer: answer ?? told.answer, ...(judgement.length ? { judgement } : {}) });
    left -= 1;
    if (!left) break;
  }
  if (store.get().answer && !store.get().judgement.length) await judge(choices, mine);
  if (mine === turn) store.set({ status: "" });
}

// A brief that no edition holds has its judgement once all parts are composed: they lie ready by then, and it takes seconds.
async function judge(choices, mine) {
  store.set({ status: "Putting the judgement together" });
  const whole = await ask(answerAddress(all(choices), "json"), { unless: () => mine !== turn }).catch(() => null);
  if (mine === turn && whole) store.set({ judgement: whole.judgement });
}

function drawTop(answer, { parts, judgement }) {
  const refused = Object.values(parts).find((one) => one.error && !answer);
  const [lead, ...rest] = judgement.length ? judgement : [answer?.sentence ?? refused?.error ?? "One moment …"];
  byId("sentence").textContent = lead;
  byId("argument").replaceChildren(...rest.map((words) => el("p", {}, words)));
  if (!answer) return;
  document.querySelector("h1").textContent = answer.name;
  document.title = `${answer.name} · Headway explorer`;
}

function drawParts(parts) {
  const holders = new Map([...byId("parts").children].map((one) => [one.dataset.part, one]));
  for (const key of ORDER) {
    const holder = holders.get(key) ?? byId("parts").appendChild(el("div", { "data-part": key }));
    if (holder.told === parts[key]) continue;
    holder.told = parts[key];
    const { answer, error } = parts[key] ?? {};
    holder.replaceChildren(...(answer ? part(answer) : error ? [el("p", { class: "missing" }, error)] : []));
  }
  const told = ORDER.flatMap((key) => parts[key]?.answer?.parts ?? []);
  byId("contents").replaceChildren(...told.map((one) => el("li", {}, el("a", { href: `#${one.key}` }, one.title))));
}

share();
control();
store.watch((state) => state.status, (status) => { byId("state").textContent = status; });
store.watch((state) => state.answer ?? state.parts, (_, state) => drawTop(state.answer, state));
store.watch((state) => state.judgement, (_, state) => drawTop(state.answer, state));
store.watch((state) => state.parts, drawParts);
store.watch((state) => JSON.stringify(Object.values(state.parts).map((one) => one.answer?.front)), (_, { parts }) => drawFront(parts));
store.watch((state) => queryOf(all(state.choices)), (_, { choices }) => load(choices));
