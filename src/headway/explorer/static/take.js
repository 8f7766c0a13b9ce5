// Under every chart: its files, the frame for another site, and the lines that give the same again.
import { el } from "./dom.js";
import { store } from "./page.js";

const FRAME = 190; // px that the words and the source line of a frame take beside its chart

// `/world?top=10` in another form: `/world.svg?top=10&chart=ranks`, `/embed/world?top=10&chart=ranks`.
function formOf(address, change, chart) {
  const [page, query] = address.split("?");
  const asked = [query, chart && `chart=${encodeURIComponent(chart)}`].filter(Boolean).join("&");
  return change(page) + (asked ? `?${asked}` : "");
}

export function frameOf(answer, chart, height) {
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const source = location.origin + formOf(answer.address, (page) => `/embed${page}`, chart.name);
  return `<iframe src="${escaped(source)}" title="${escaped(chart.title)}" width="100%" height="${height}" loading="lazy" style="border:0"></iframe>`;
}

function copyable(label, text) {
  const said = el("span", { role: "status" });
  const copy = async () => {
    try { await navigator.clipboard.writeText(text); said.textContent = " Copied."; } catch { said.textContent = " Select it and copy."; }
  };
  return [el("dt", {}, label, " ", el("button", { type: "button", "aria-label": `Copy: ${label}`, onclick: copy }, "Copy"), said), el("dd", {}, el("pre", { tabindex: "0" }, text))];
}

function contents(answer, chart, height) {
  const file = (shape, named) => el("a", { href: formOf(answer.address, (page) => `${page}.${shape}`, named ? chart.name : ""), download: `headway-${chart.name}.${shape}` }, shape.toUpperCase());
  const { command, python, r } = answer.reproduce;
  return [
    el("p", {}, "Chart ", file("svg", true), " ", file("png", true), " Data ", file("csv", false)),
    el("dl", {},
      ...copyable("In a page of yours", frameOf(answer, chart, height)),
      ...copyable("From a command", command), ...copyable("From Python", python), ...copyable("In R, from the CSV", r)),
  ];
}

function under(figure, answer, chart) {
  let fold = figure.querySelector(":scope > .take");
  if (!fold) {
    fold = el("details", { class: "take" }, el("summary", {}, "Embed, download or reproduce this"));
    figure.append(fold);
    fold.addEventListener("toggle", () => fold.fill());
  }
  fold.fill = () => {
    if (!fold.open) return;
    const height = Math.ceil(figure.querySelector(".drawn").getBoundingClientRect().height) + FRAME;
    fold.replaceChildren(fold.firstChild, ...contents(answer, chart, height));
  };
  fold.fill();
}

// Only answers with their tables say how they are made again: while a slider moves, the folds wait.
function answers({ answer, complete, why, parts }) {
  return [complete ? answer : null, why, ...Object.values(parts).map((part) => part.answer)].filter((one) => one?.reproduce);
}

function take() {
  const found = answers(store.get());
  for (const figure of document.querySelectorAll("figure[data-name]")) {
    for (const answer of found) {
      const chart = answer.charts.find((one) => one.name === figure.dataset.name);
      if (chart) under(figure, answer, chart);
    }
  }
}

let soon = 0;
const later = () => { clearTimeout(soon); soon = setTimeout(take, 50); };
store.watch((state) => (state.complete ? state.answer : null), later);
store.watch((state) => state.why, later);
new MutationObserver((changes) => {
  if (changes.some(({ addedNodes }) => [...addedNodes].some((one) => one.localName === "figure"))) later();
}).observe(document.getElementById("main"), { childList: true, subtree: true });
