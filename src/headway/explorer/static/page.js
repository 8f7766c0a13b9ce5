// The one state of a page. Everything on it is drawn from here; a control's event says what was chosen, and no more.
import { address, defaultsOf, load, query } from "./address.js";
import { createStore } from "./state.js";

/** @typedef {import("./address.js").Choices} Choices */
/**
 * @typedef {object} PageState
 * @property {Choices} choices what the address says
 * @property {Record<string, number>} today where levers stand that nobody has moved
 * @property {any} answer the answer that is shown; null before the first
 * @property {boolean} complete whether it is the answer of the address, with its tables: not the quick one of a moving slider
 * @property {string} of the query that it answers
 * @property {string} status what is going on, or went wrong
 * @property {string} told what was copied
 * @property {string} find words to look for in the tables
 * @property {Record<string, string>} unknown what was typed as a country and is none, by control
 * @property {Record<string, { answer: any, error: string }>} parts of a brief that have come so far
 * @property {string[]} judgement sentences of the brief's judgement, once they are there
 * @property {string[] | null} first levers that stand beside the chart; null while unknown
 * @property {Record<string, { today: string, effect: string }>} effects what each lever does
 * @property {any} card the answer on the country in a few lines
 * @property {any} why the split of the change among the levers
 * @property {Choices | null} undo the choices before the last change
 * @property {boolean} replaying
 * @property {{ lever: string, probability: string, running: boolean, done: number, said: string }} search
 */

const body = document.body;
const VERSIONS = ["snapshot", "model"]; // what an address was made with; a choice of the reader's leaves it behind
export const path = body.dataset.path;
export const fields = JSON.parse(body.dataset.fields);
export const defaults = defaultsOf(fields);

/** @type {import("./state.js").Store<PageState>} */
export const store = createStore({
  choices: load(fields, body.dataset.address),
  today: {},
  answer: null,
  complete: false,
  of: "",
  status: "",
  told: "",
  find: "",
  unknown: {},
  parts: {},
  judgement: [],
  first: null,
  effects: {},
  card: null,
  why: null,
  undo: null,
  replaying: false,
  search: { lever: "spending", probability: "0.5", running: false, done: 0, said: "" },
});

/** What the reader chooses; what leads to the same address changes nothing. @param {Choices} change */
export function choose(change) {
  const { choices } = store.get();
  const kept = Object.fromEntries(Object.entries(choices).filter(([name]) => !VERSIONS.includes(name)));
  const next = { ...defaults, ...kept, ...change };
  if (query(fields, next) !== query(fields, kept)) store.set({ choices: next });
}

export const pageAddress = (choices) => address(`/${path}`, fields, choices);
export const answerAddress = (choices, shape, more = {}) => address(`/${path}.${shape}`, fields, choices, more);
export const queryOf = (choices) => query(fields, choices);

/** The address with the evidence and the posterior that the page was seen with. */
export const sharedAddress = (choices) =>
  location.origin + pageAddress({ ...choices, snapshot: body.dataset.snapshot, model: body.dataset.model });

/** The country that is shown: the one chosen, else the one that the answer took. @param {PageState} state */
export const shownCountry = ({ choices, answer }) => choices.country || answer?.country || "";

store.watch(
  (state) => pageAddress(state.choices),
  (text) => { if (text !== location.pathname + location.search) history.replaceState(null, "", text); },
);
addEventListener("popstate", () => store.set({ choices: load(fields, location.search) }));
