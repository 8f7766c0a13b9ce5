// Indicators: the list of all, or one of them; a click on the map puts a country into the chart or takes it out.
import { byId } from "./dom.js";
import { choose, store } from "./page.js";
import "./view.js";

const MOST = 8; // lines that can be told apart

store.watch((state) => state.choices.indicator, (indicator) => {
  for (const name of ["countries", "group", "axis", "rows"]) document.querySelector(`[data-name=${name}]`).hidden = !indicator;
  byId("series").hidden = !indicator;
});
store.watch((state) => state.answer, (answer) => { byId("series").textContent = answer?.title ?? ""; });

document.addEventListener("area", ({ detail }) => {
  if (!detail.clicked) return;
  const codes = String(store.get().choices.countries).split(",").filter(Boolean);
  const others = codes.filter((code) => code !== detail.code);
  const next = others.length < codes.length ? others : [...codes, detail.code];
  if (next.length <= MOST) choose({ countries: next.join(",") });
});
