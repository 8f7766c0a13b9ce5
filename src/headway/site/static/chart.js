// The chart of an indicator's page: countries by name and a logarithmic axis; figures.js draws it from the figures of the
// page's tables. Without it the page shows the chart that was drawn beforehand.
"use strict";

const figures = JSON.parse(document.getElementById("figures").textContent);
const tools = document.getElementById("chart-tools");
const place = document.getElementById("chart");
const addBox = document.getElementById("add");
const logBox = document.getElementById("log");
const picked = document.getElementById("picked");
let codes = figures.chosen;

function draw() {
  logBox.disabled = !positive(figures, codes);
  drawLines(place, figures, codes, logBox.checked && !logBox.disabled);
}

function show() {
  picked.replaceChildren(...codes.map((code, index) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = `${figures.series[code].name} ×`;
    button.setAttribute("aria-label", `Remove ${figures.series[code].name}`);
    button.style.borderColor = LINES[index][0];
    button.disabled = codes.length === 1;
    button.addEventListener("click", () => change(codes.filter(other => other !== code)));
    item.append(button);
    return item;
  }));
  addBox.disabled = codes.length >= LINES.length;
  draw();
}

function change(next) {
  codes = next;
  history.replaceState(null, "", `#show=${codes.join(",")}${logBox.checked ? "&log" : ""}`);
  show();
}

const named = Object.entries(figures.series).map(([code, { name }]) => [code, name]);
function add(sure) {
  const text = folded(addBox.value.trim());
  const fits = named.filter(([code, name]) => folded(name).startsWith(text) || folded(code) === text);
  const found = named.find(([, name]) => folded(name) === text) ?? (sure ? fits[0] : undefined);
  if (!text || !found) return;
  addBox.value = "";
  if (!codes.includes(found[0]) && codes.length < LINES.length) change([...codes, found[0]]);
}

document.getElementById("names").append(...named.map(([, name]) => new Option(name, name)));
addBox.addEventListener("input", () => add(false));
addBox.addEventListener("keydown", event => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  add(true);
});
logBox.checked = figures.log;
const asked = new URLSearchParams(location.hash.slice(1));
const wanted = (asked.get("show") ?? "").split(",").filter(code => Object.hasOwn(figures.series, code));
if (wanted.length) [codes, logBox.checked] = [wanted.slice(0, LINES.length), asked.has("log")];
logBox.addEventListener("change", () => change(codes));
tools.hidden = false;
document.getElementById("drawn").hidden = true;
let width = 0;
new ResizeObserver(() => {
  if (place.clientWidth === width) return;
  width = place.clientWidth;
  draw();
}).observe(place);
show();
