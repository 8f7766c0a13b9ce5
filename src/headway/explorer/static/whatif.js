// What if: besides what every view does, the waterfall and the whole world refine when the sliders rest.
import { byId } from "./dom.js";
import { answerAddress, query } from "./address.js";
import { ask } from "./api.js";
import { paintAll, room } from "./chart.js";
import { rest, set, state } from "./controls.js";
import { refresh } from "./view.js";

const REST = 500;
let before = null;
let latest = state();
let resting = 0;
let turn = 0;
let replaying = false;
let search = null;

const whole = (chosen) => answerAddress({ ...chosen }, "json", { whole: "true", width: room(byId("charts")) });

async function refine(mine) {
  const chosen = state();
  const why = byId("why");
  try {
    const told = await ask(`/why.json?${query(chosen)}&width=${room(byId("charts"))}`);
    if (mine !== turn) return;
    why.hidden = told.charts.length === 0;
    byId("why-sentence").textContent = told.sentence;
    await paintAll(byId("why-charts"), told.charts);
    const full = await ask(whole(chosen));
    if (mine !== turn) return;
    byId("sentence").textContent = full.sentence;
    await paintAll(byId("charts"), full.charts);
    byId("notes").firstElementChild?.replaceChildren(full.notes[0] ?? "");
  } catch (error) {
    if (mine === turn) byId("state").textContent = error.message;
  }
}

document.addEventListener("painted", ({ detail }) => {
  rest(detail.today);
  const select = byId("c-country");
  if (!select.value) select.value = detail.country;
  const mine = (turn += 1);
  clearTimeout(resting);
  if (!replaying) resting = setTimeout(() => refine(mine), REST);
});

document.addEventListener("whole", ({ detail }) => {
  byId("file").hidden = !detail.scenario_file;
  byId("file-text").textContent = detail.scenario_file;
});

byId("controls").addEventListener("input", () => {
  turn += 1;
  const chosen = state();
  if (query(chosen) !== query(latest)) {
    clearTimeout(byId("controls").settle);
    before ??= latest;
    byId("controls").settle = setTimeout(() => { remembered = before; before = null; byId("replay").disabled = false; }, 600);
    latest = chosen;
  }
});

let remembered = null;
const painted = () => new Promise((done) => document.addEventListener("painted", done, { once: true }));

byId("replay").addEventListener("click", async () => {
  if (!remembered || replaying) return;
  replaying = true;
  const [from, to] = [remembered, state()];
  const FRAMES = 10;
  for (let frame = 0; frame <= FRAMES; frame += 1) {
    const mixed = Object.fromEntries(
      Object.entries(to).map(([name, end]) => {
        const start = from[name];
        const both = typeof start === "number" && typeof end === "number" && start !== 0 && end !== 0;
        return [name, both ? Number((start + ((end - start) * frame) / FRAMES).toFixed(2)) : frame < FRAMES / 2 ? start : end];
      }),
    );
    set(mixed);
    const shown = painted();
    refresh();
    await Promise.race([shown, new Promise((done) => setTimeout(done, 2000))]);
  }
  replaying = false;
  set(to);
  refresh();
});

async function patient(url, signal) {
  for (;;) {
    const response = await fetch(url, { signal });
    if (response.status !== 429) return response;
    await new Promise((done) => setTimeout(done, 1000));
    signal.throwIfAborted();
  }
}

byId("find-setting").addEventListener("click", async () => {
  search = new AbortController();
  const [found, bar] = [byId("found"), byId("progress")];
  const asking = (on) => { byId("cancel").hidden = !on; bar.hidden = !on; byId("find-setting").disabled = on; };
  asking(true);
  bar.value = 0;
  found.textContent = "Searching …";
  try {
    const more = new URLSearchParams({ lever: byId("lever").value, probability: byId("wish").value });
    const response = await patient(`/search.ndjson?${[query(state()), more].filter(Boolean).join("&")}`, search.signal);
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
        if (told.done) bar.value = told.done;
        if ("found" in told) {
          found.textContent = told.sentence;
          if (told.found !== null) { remembered = state(); byId("replay").disabled = false; set({ [told.lever]: told.found }); refresh(); }
        }
      }
    }
  } catch (error) {
    found.textContent = error.name === "AbortError" ? "Cancelled." : error.message;
  }
  asking(false);
});
byId("cancel").addEventListener("click", () => search?.abort());
