// A Vega-Lite specification is compiled once; while its shape stays the same, only its data are replaced.
/* global walkMap, markMap, drawLines: of figures.js, which the pages of a site have too */
import { el } from "./dom.js";

const OPTIONS = { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false };

function lifted(spec) {
  const data = {};
  const layers = spec.layer.map((layer, index) => {
    if (!layer.data?.values) return layer;
    data[`d${index}`] = layer.data.values;
    return { ...layer, data: { name: `d${index}` } };
  });
  return { shape: { ...spec, layer: layers, datasets: undefined }, data };
}

function described(holder, chart) {
  holder.setAttribute("role", "img");
  holder.setAttribute("aria-label", `${chart.title}. ${chart.alternative}`);
}

// A map is drawn once; other countries marked on it change nothing else. Its parts say themselves what they show.
function paintMap(holder, chart) {
  if (holder.mark !== chart.svg) {
    const svg = document.adoptNode(new DOMParser().parseFromString(chart.svg, "image/svg+xml").documentElement);
    walkMap(svg, chart.order, (code, clicked) => document.dispatchEvent(new CustomEvent("area", { detail: { code, clicked } })));
    holder.replaceChildren(svg);
    holder.mark = chart.svg;
  }
  markMap(holder.firstElementChild, chart.marked);
}

function paintLines(holder, { figures }) {
  const place = el("div", {});
  holder.replaceChildren(el("h3", {}, "Over time"), place, el("p", { class: "aside" }, figures.told));
  holder.mark = null;
  drawLines(place, figures, figures.chosen, figures.log);
}

async function paint(holder, chart) {
  if (chart.svg || chart.figures) {
    holder.view?.finalize();
    holder.view = null;
    for (const name of ["role", "aria-label"]) holder.removeAttribute(name);
    (chart.svg ? paintMap : paintLines)(holder, chart);
    return;
  }
  const { shape, data } = lifted(chart.spec);
  const { description, ...visible } = shape;
  const mark = JSON.stringify(visible);
  if (holder.mark === mark && holder.view) {
    for (const [name, rows] of Object.entries(data)) {
      const before = holder.data[name];
      if (JSON.stringify(before) === JSON.stringify(rows)) continue;
      holder.view.data(name, structuredClone(rows));
    }
    holder.data = data;
    described(holder, chart);
    await holder.view.runAsync();
    return;
  }
  const old = holder.view;
  const drawn = await window.vegaEmbed(holder, { ...shape, datasets: structuredClone(data) }, OPTIONS);
  described(holder, chart); // after the library has written its own words there
  holder.querySelector("svg").setAttribute("aria-hidden", "true"); // the holder is the image, and says what it shows
  drawn.view.addEventListener("click", (_, item) => {
    if (item?.datum) document.dispatchEvent(new CustomEvent("chosen", { detail: item.datum }));
  });
  old?.finalize();
  Object.assign(holder, { mark, view: drawn.view, data });
}

// An answer that comes while an older one is being drawn stops it, so that no picture shows two answers.
export async function paintAll(host, charts) {
  const mine = (host.drawing = (host.drawing ?? 0) + 1);
  const wanted = new Map(charts.map((chart) => [chart.name, chart]));
  for (const figure of [...host.children]) if (!wanted.has(figure.dataset.name)) figure.remove();
  for (const chart of charts) {
    if (mine !== host.drawing) return;
    let figure = [...host.children].find((one) => one.dataset.name === chart.name);
    if (!figure) figure = host.appendChild(el("figure", { "data-name": chart.name }, el("div", { class: "drawn" })));
    await paint(figure.querySelector(".drawn"), chart);
  }
}

export const room = (host) => Math.max(320, Math.min(1000, Math.floor(host.getBoundingClientRect().width / 10) * 10));
