// Home: besides what every view does, the answer on one country, and what changed since an earlier edition.
import { byId, el, safeLink } from "./dom.js";
import { choose, shownCountry, store } from "./page.js";
import "./view.js";

store.watch((state) => state.answer, (answer, state) => {
  if (!answer) return;
  const code = shownCountry(state);
  byId("judgement").textContent = answer.judgement;
  byId("own-lines").replaceChildren(...answer.lines.flatMap(({ label, value }) => [el("dt", {}, label), el("dd", {}, value)]));
  byId("to-country").href = `/country?country=${code}`;
  byId("to-whatif").href = `/whatif?country=${code}`;
  byId("changes").textContent = answer.changes;
  byId("changed").replaceChildren(...answer.changed.map((one) => el("div", { class: "finding" },
    el("p", {}, safeLink(one.country, one.href), `: ${one.after}`),
    el("p", { class: "meta" }, `Before: ${one.before}${one.why ? ` Why: ${one.why}.` : ""}`))));
});

// A country of the map that is clicked, or reached by keys, is the one whose answer stands beside it.
document.addEventListener("area", ({ detail }) => choose({ country: detail.code }));
