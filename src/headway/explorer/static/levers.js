// The levers that move this country's lag most stand beside the chart; the others lie folded by theme.
import { byId, el } from "./dom.js";
import { ask } from "./api.js";
import { address } from "./address.js";
import { defaults, fields, shownCountry, store } from "./page.js";

// What an order of levers depends on: who is asked about and until when, not where the levers stand.
const ASKED = ["country", "against", "scenario", "since", "until"];
const untouched = (choices) => ({ ...defaults, ...Object.fromEntries(ASKED.map((name) => [name, choices[name]])) });
export const leversAddress = (choices) => address("/levers.json", fields, { ...choices, within: defaults.within, whole: true });

const controls = new Map([...document.querySelectorAll(".theme .control")].map((one) => [one.dataset.name, one]));
const homes = new Map([...controls].map(([name, one]) => [name, one.parentElement]));
for (const one of controls.values()) one.append(el("p", { class: "today" }), el("p", { class: "effect" }));

/** @param {string[]} first */
function place(first) {
  const focused = document.activeElement;
  byId("first").replaceChildren(...first.map((name) => controls.get(name)));
  for (const [name, one] of controls) if (!first.includes(name) && one.parentElement !== homes.get(name)) homes.get(name).append(one);
  for (const theme of document.querySelectorAll(".theme")) theme.hidden = !theme.querySelector(".control");
  if (focused?.closest(".control")) focused.focus();
}

function describe(told) {
  for (const [name, one] of controls) {
    const { today = "", effect = "" } = told[name] ?? {};
    one.querySelector(".today").textContent = today && `Today: ${today}`;
    one.querySelector(".effect").textContent = effect;
    one.classList.toggle("still", effect.startsWith("No effect"));
  }
}

/** Asks which levers stand first; an answer that comes too late is dropped. */
async function order(asked) {
  const left = () => leversAddress(untouched(store.get().choices)) !== asked;
  try {
    const answer = await ask(asked, { unless: left });
    if (!left()) store.set({ first: answer.first, effects: answer.told });
  } catch (error) {
    if (!left() && error.status !== 429) store.set({ first: [], effects: {} });
  }
}

export function levers() {
  store.watch((state) => state.first, (first) => { if (first) place(first); });
  store.watch((state) => state.effects, describe);
  // Asked for after the first answer stands, so that nobody waits for the chart because of it.
  store.watch((state) => (state.answer ? leversAddress(untouched(state.choices)) : ""), (asked) => { if (asked) order(asked); });
  store.watch((state) => (state.answer ? shownCountry(state) : ""), async (code) => {
    if (!code) return;
    const card = await ask(`/card.json?country=${code}`, { unless: () => shownCountry(store.get()) !== code }).catch(() => null);
    if (shownCountry(store.get()) === code) store.set({ card });
  });
  store.watch((state) => state.card, (card) => {
    byId("card").hidden = !card?.lines.length;
    byId("card-title").replaceChildren(card ? el("a", { href: `/country?country=${card.country}` }, card.name) : "");
    byId("card-lines").replaceChildren(...(card?.lines ?? []).map(({ label, value }) => el("div", {}, el("dt", {}, label), el("dd", {}, value))));
  });
}
