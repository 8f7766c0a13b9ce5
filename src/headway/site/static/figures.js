// Shared by the pages of a site and by the explorer: tables that are sorted, lines whose points are told, the world map.
"use strict";

const LINES = [["#0072b2", ""], ["#d55e00", ""], ["#009e73", ""], ["#cc79a7", ""], ["#0072b2", "7 4"], ["#d55e00", "7 4"],
  ["#009e73", "7 4"], ["#cc79a7", "7 4"]]; // as many as can be told apart
const compact = new Intl.NumberFormat("en", { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 4 });
const SCALES = [[1e12, "tn"], [1e9, "bn"], [1e6, "m"], [1e3, "k"]];
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: true });

const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const amount = value => `${Math.abs(value) >= 1e6 ? compact.format(value) : plain.format(value)}`.replace("-", "−");

function tick(value) {
  const [scale, sign] = SCALES.find(([scale]) => Math.abs(value) >= Math.max(scale, 1e4)) ?? [1, ""];
  return `${plain.format(value / scale)}${sign}`.replace("-", "−");
}

function element(name, attributes, ...content) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function pointsOf(figures, code) {
  const { values, low, high } = figures.series[code];
  return figures.periods.map(([when, period], index) => ({
    when, period, value: values[index], low: low?.[index] ?? null, high: high?.[index] ?? null,
  })).filter(point => point.value !== null);
}

function told(name, point, unit) {
  const range = point.low === null ? "" : ` (${amount(point.low)} to ${amount(point.high)})`;
  return `${name}, ${point.period}: ${amount(point.value)} ${unit}${range}`;
}

function steps(low, high, count) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(one => one * power).find(one => one >= raw);
  const found = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) {
    found.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return found;
}

function decades(low, high) {
  const found = [];
  const factors = Math.log10(high / low) > 3 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of factors) found.push(factor * 10 ** power);
  }
  return found.filter(value => value >= low * 0.999 && value <= high * 1.001);
}

// A line of words beside the pointer or the focus; none for an empty text.
const tip = document.createElement("p");
tip.className = "tip";
tip.setAttribute("aria-hidden", "true"); // what is in focus says the same by itself
document.addEventListener("keydown", event => { if (event.key === "Escape") tell(""); });

function tell(text, x, y) {
  tip.textContent = text;
  if (!text) return;
  document.body.append(tip);
  tip.style.left = `${Math.max(4, Math.min(x + 14, document.documentElement.clientWidth - tip.offsetWidth - 4))}px`;
  tip.style.top = `${y + 18 + tip.offsetHeight < innerHeight ? y + 18 : y - 10 - tip.offsetHeight}px`;
}

const positive = (figures, codes) => codes.flatMap(code => pointsOf(figures, code)).every(point => point.value > 0);

/**
 * Draws the lines of countries into a place: each is one stop of the tab key, and the pointer or its arrow keys tell a figure.
 * @param figures series by code, with the periods and the unit that they share
 */
function drawLines(place, figures, codes, log) {
  const shown = codes.map((code, index) => ({ code, name: figures.series[code].name, points: pointsOf(figures, code), index }));
  const all = shown.flatMap(one => one.points);
  const width = Math.max(300, place.clientWidth), height = width < 500 ? 320 : 400;
  const right = width < 500 ? 112 : 150, left = 58, top = 26, bottom = 28;
  let low = Math.min(...all.map(point => point.value)), high = Math.max(...all.map(point => point.value));
  if (!log) low = low < 0.4 * high ? Math.min(0, low) : low, high = Math.max(0, high); // from zero unless far above it
  if (low === high) log ? (low /= 2, high *= 2) : (high += 1);
  const first = Math.min(...all.map(point => point.when)), last = Math.max(...all.map(point => point.when));
  const scale = log ? Math.log10 : value => value;
  const y = value => top + (height - top - bottom) * (1 - (scale(value) - scale(low)) / (scale(high) - scale(low)));
  const x = when => left + (width - left - right) * (last > first ? (when - first) / (last - first) : 0.5);
  const svg = element("svg", { class: "lines", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": figures.title });
  svg.append(element("text", { x: 0, y: 12, class: "unit" }, figures.unit + (log ? ", logarithmic axis" : "")));
  for (const value of log ? decades(low, high) : steps(low, high, 5)) {
    svg.append(element("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: value === 0 ? "zero" : "grid" }));
    svg.append(element("text", { x: left - 6, y: y(value) + 4, class: "tick", "text-anchor": "end" }, tick(value)));
  }
  const years = steps(first, last, width < 500 ? 3 : 6).filter(Number.isInteger);
  for (const year of last > first ? years : [Math.floor(first)]) {
    svg.append(element("text", { x: x(Math.max(year, first)), y: height - 8, class: "tick", "text-anchor": "middle" }, String(year)));
  }
  const dot = element("circle", { r: 5, class: "at", visibility: "hidden" });
  const labels = [];
  const lines = shown.map(one => {
    const [colour, dash] = LINES[one.index];
    const path = one.points.map((point, at) => `${at ? "L" : "M"}${x(point.when).toFixed(1)} ${y(point.value).toFixed(1)}`).join("");
    const end = one.points[one.points.length - 1], start = one.points[0];
    const group = element("g", {
      tabindex: 0, role: "img", class: "line",
      "aria-label": `${told(one.name, start, figures.unit)}; ${told(one.name, end, figures.unit)}. The arrow keys tell the points between.`,
    });
    group.style.setProperty("--line-colour", colour);
    const band = one.points.filter(point => point.low !== null && (!log || point.low > 0));
    if (band.length > 1 && shown.length < 4) {
      const edge = [...band.map(point => [point.when, point.high]), ...band.reverse().map(point => [point.when, point.low])];
      const inside = value => Math.min(height - bottom, Math.max(top, y(value)));
      group.append(element("polygon", { class: "band", points: edge.map(([when, value]) => `${x(when)},${inside(value)}`).join(" ") }));
    }
    group.append(element("path", { d: path, "stroke-dasharray": dash }));
    if (one.points.length < 40) for (const point of one.points) group.append(element("circle", { cx: x(point.when), cy: y(point.value), r: 2 }));
    labels.push({ group, text: one.name, x: x(end.when) + 8, y: y(end.value) + 4 });
    svg.append(group);
    one.group = group;
    return one;
  });
  labels.sort((a, b) => a.y - b.y).forEach((label, at) => {
    if (at) label.y = Math.max(label.y, labels[at - 1].y + 15);
  });
  const over = labels.length ? labels[labels.length - 1].y - (height - bottom) : 0;
  for (const label of labels) {
    const room = Math.floor((width - label.x) / 7);
    const words = label.text.length > room ? `${label.text.slice(0, room - 1)}…` : label.text;
    label.group.append(element("text", { x: label.x, y: label.y - Math.max(0, over), class: "name" }, words));
  }
  svg.append(dot);

  const mark = (one, point) => {
    for (const other of lines) other.group.classList.toggle("faded", Boolean(one) && other !== one);
    dot.setAttribute("visibility", one ? "visible" : "hidden");
    if (!one) return tell("");
    dot.setAttribute("cx", x(point.when));
    dot.setAttribute("cy", y(point.value));
    dot.style.setProperty("--line-colour", LINES[one.index][0]);
    const box = svg.getBoundingClientRect();
    tell(told(one.name, point, figures.unit), box.left + x(point.when), box.top + y(point.value));
  };
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect(), px = event.clientX - box.left, py = event.clientY - box.top;
    let best = null;
    for (const one of lines) for (const point of one.points) {
      const far = Math.hypot(x(point.when) - px, y(point.value) - py);
      if (!best || far < best.far) best = { far, one, point };
    }
    best && best.far < 60 ? mark(best.one, best.point) : mark(null);
  });
  svg.addEventListener("pointerleave", () => mark(null));
  for (const one of lines) {
    let at = one.points.length - 1;
    one.group.addEventListener("focus", () => mark(one, one.points[at]));
    one.group.addEventListener("blur", () => mark(null));
    one.group.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      at = Math.min(one.points.length - 1, Math.max(0, at + step));
      mark(one, one.points[at]);
      one.group.setAttribute("aria-label", told(one.name, one.points[at], figures.unit));
    });
  }
  place.replaceChildren(svg);
}

/** Makes a click on a heading sort the rows; a cell sorts by its data-value where it has one, else by its text. */
function sortable(table) {
  const body = table.tBodies[0];
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("[aria-sort]").forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map(row => [key(row), row]);
      rows.sort(([a], [b]) => {
        if (!a || !b) return !a - !b;
        const order = isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
        return down ? -order : order;
      });
      body.append(...rows.map(([, row]) => row));
    });
  });
}

// The world map is one stop of the tab key; the arrow keys go from country to country in this order of their codes.
// What is under the pointer or in focus is told beside it, and `choose` is called with the code of what is in focus or
// clicked, and whether it was clicked.
function walkMap(world, order, choose) {
  const areas = [...world.querySelectorAll("a")];
  const known = order.map(code => areas.find(area => area.dataset.code === code)).filter(Boolean);
  for (const area of areas) {
    const title = area.querySelector("title");
    area.setAttribute("aria-label", title.textContent);
    title.remove();
    area.setAttribute("tabindex", "-1");
    area.addEventListener("pointermove", event => tell(area.getAttribute("aria-label"), event.clientX, event.clientY));
    area.addEventListener("pointerleave", () => tell(""));
    area.addEventListener("focus", () => {
      const box = area.getBoundingClientRect();
      tell(area.getAttribute("aria-label"), box.left + box.width / 2, box.top + box.height / 2);
      choose(area.dataset.code, false);
    });
    area.addEventListener("blur", () => tell(""));
    area.addEventListener("click", event => {
      if (event.detail === 0 || event.ctrlKey || event.metaKey) return; // the Enter key opens the page of the country
      event.preventDefault();
      choose(area.dataset.code, true);
    });
  }
  known[0]?.setAttribute("tabindex", "0");
  world.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !known.length) return;
    event.preventDefault();
    const here = known.indexOf(document.activeElement);
    known[here]?.setAttribute("tabindex", "-1");
    const next = known[(here + step + known.length) % known.length];
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}

function markMap(world, codes) {
  for (const area of world.querySelectorAll("a")) area.classList.toggle("chosen", codes.includes(area.dataset.code));
}
