// The brief, part by part, so that the first part is there before the last is computed.
import { byId, el } from "./dom.js";
import { answerAddress, carried, pageAddress } from "./address.js";
import { ask } from "./api.js";
import { paintAll, room } from "./chart.js";
import { links, share } from "./share.js";
import { listen, state } from "./controls.js";
import { table } from "./table.js";
import { openTrace } from "./trace.js";

const PARTS = ["standing", "ambition", "gap", "why", "strengths", "change", "outlook", "unknowns"];
const ORDER = ["ambition", "standing", "gap", "why", "strengths", "change", "outlook", "unknowns"];
let turn = 0;
let first = null;

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

async function load() {
  const mine = (turn += 1);
  const chosen = state();
  history.replaceState(null, "", pageAddress(chosen));
  byId("parts").replaceChildren(...ORDER.map((key) => el("div", { "data-part": key })));
  byId("contents").replaceChildren();
  byId("argument").replaceChildren();
  links(chosen, 0);
  first = null;
  let left = PARTS.length;
  const versions = carried();
  for (const key of PARTS) {
    byId("state").textContent = `Composing the brief: ${left} part${left === 1 ? "" : "s"} to go`;
    try {
      const answer = await ask(answerAddress({ ...chosen, part: key }, "json", { ...versions, width: room(byId("parts")) }));
      if (mine !== turn) return;
      if (!first) {
        first = answer;
        const [lead, ...rest] = answer.judgement.length ? answer.judgement : [answer.sentence];
        byId("sentence").textContent = lead;
        byId("argument").replaceChildren(...rest.map((words) => el("p", {}, words)));
        document.querySelector("h1").textContent = answer.name;
        document.title = `${answer.name} · Headway explorer`;
        const select = byId("c-country");
        if (!select.value) select.value = answer.country;
      }
      byId("parts").querySelector(`[data-part="${key}"]`).replaceChildren(...part(answer));
    } catch (error) {
      if (mine !== turn) return;
      byId("parts").querySelector(`[data-part="${key}"]`).replaceChildren(el("p", { class: "missing" }, error.message));
      if (error.status === 422) { byId("sentence").textContent = error.message; break; }
    }
    left -= 1;
  }
  byId("state").textContent = "";
  byId("contents").replaceChildren(
    ...[...document.querySelectorAll(".part")].map((one) => el("li", {}, el("a", { href: `#${one.id}` }, one.querySelector("h2").lastChild.textContent.trim()))),
  );
}

share(state, () => first);
listen(load);
load();
