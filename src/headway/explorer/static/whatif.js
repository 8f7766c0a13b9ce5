// What if: besides what every view does, the whole world, its tables and the waterfall follow when the sliders rest.
import { byId } from "./dom.js";
import { ask } from "./api.js";
import { paintAll, room } from "./chart.js";
import { levers, leversAddress } from "./levers.js";
import { answerAddress, choose, queryOf, store } from "./page.js";
import { show } from "./view.js";

const REST = 500;
let resting = 0;
let settling = 0;
let search = null;

// The answer of the address, whole and with tables; then why. An answer that comes after the next change is dropped.
async function refine(answer) {
  const { choices } = store.get();
  const current = (shown) => store.get().choices === choices && store.get().answer === shown;
  const left = () => store.get().choices !== choices;
  const width = room(byId("charts"));
  try {
    const full = await ask(answerAddress(choices, "json", { width }), { unless: left });
    if (!current(answer)) return;
    store.set({ why: null });
    show(full, true, queryOf(choices));
    const why = await ask(`/why.json?${queryOf(choices)}&width=${width}`, { unless: left });
    if (current(full)) store.set({ why });
    const told = await ask(leversAddress(choices), { unless: left });
    if (current(full)) store.set({ effects: told.told });
  } catch (error) {
    if (!left()) store.set({ status: error.message });
  }
}

// An answer to other choices than those that stand now is on its way out: nothing is built on it.
store.watch((state) => (!state.complete && state.of === queryOf(state.choices) ? state.answer : null), (answer) => {
  clearTimeout(resting);
  if (answer) resting = setTimeout(() => { if (!store.get().replaying) refine(answer); }, REST);
});

store.watch((state) => (state.complete ? state.why : null), (why) => {
  byId("why").hidden = !why?.charts.length;
  byId("why-sentence").textContent = why?.sentence ?? "";
  if (why) paintAll(byId("why-charts"), why.charts);
});
store.watch((state) => (state.complete ? state.answer.scenario_file : ""), (text) => {
  byId("file").hidden = !text;
  byId("file-text").textContent = text;
});

levers();

// Replay: the choices before the last change, a change being over when nothing has moved for a while.
let last = store.get().choices;
let before = null;
store.watch((state) => state.choices, (choices) => {
  if (!store.get().replaying && queryOf(choices) !== queryOf(last)) {
    const from = (before ??= last);
    clearTimeout(settling);
    settling = setTimeout(() => { store.set({ undo: from }); before = null; }, 600);
  }
  last = choices;
});
store.watch((state) => !state.undo || state.replaying, (off) => { byId("replay").disabled = off; });

const drawn = (from) => new Promise((done) => {
  const look = () => (store.get().answer === from ? setTimeout(look, 20) : done());
  look();
});

byId("replay").addEventListener("click", async () => {
  const { undo: from, choices: to, replaying } = store.get();
  if (!from || replaying) return;
  store.set({ replaying: true });
  const FRAMES = 10;
  for (let frame = 0; frame <= FRAMES; frame += 1) {
    const mixed = Object.fromEntries(
      Object.entries(to).map(([name, end]) => {
        const start = from[name];
        const both = typeof start === "number" && typeof end === "number" && start !== 0 && end !== 0;
        return [name, both ? Number((start + ((end - start) * frame) / FRAMES).toFixed(2)) : frame < FRAMES / 2 ? start : end];
      }),
    );
    const { answer, choices } = store.get();
    choose(mixed);
    if (store.get().choices !== choices) await Promise.race([drawn(answer), new Promise((done) => setTimeout(done, 2000))]);
  }
  store.set({ replaying: false });
  refine(store.get().answer);
});

async function patient(url, signal) {
  for (;;) {
    const response = await fetch(url, { signal });
    if (response.status !== 429) return response;
    await new Promise((done) => setTimeout(done, 1000));
    signal.throwIfAborted();
  }
}

const searching = (change) => store.set({ search: { ...store.get().search, ...change } });
byId("lever").addEventListener("input", ({ target }) => searching({ lever: target.value }));
byId("wish").addEventListener("input", ({ target }) => searching({ probability: target.value }));
store.watch((state) => state.search, ({ lever, probability, running, done, said }) => {
  byId("lever").value = lever;
  byId("wish").value = probability;
  byId("cancel").hidden = byId("progress").hidden = !running;
  byId("find-setting").disabled = running;
  byId("progress").value = done;
  byId("found").textContent = said;
});

byId("find-setting").addEventListener("click", async () => {
  search = new AbortController();
  searching({ running: true, done: 0, said: "Searching …" });
  const { choices, search: { lever, probability } } = store.get();
  try {
    const more = new URLSearchParams({ lever, probability });
    const response = await patient(`/search.ndjson?${[queryOf(choices), more].filter(Boolean).join("&")}`, search.signal);
    if (!response.ok) throw new Error((await response.json()).detail[0].msg);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
      const lines = text.split("\n");
      text = lines.pop();
      for (const line of lines) {
        const told = JSON.parse(line);
        if (told.done) searching({ done: told.done });
        if ("found" in told) {
          searching({ said: told.sentence });
          if (told.found !== null) choose({ [told.lever]: told.found });
        }
      }
    }
  } catch (error) {
    searching({ said: error.name === "AbortError" ? "Cancelled." : error.message });
  }
  searching({ running: false });
});
byId("cancel").addEventListener("click", () => search?.abort());
