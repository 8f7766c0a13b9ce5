// Works on what the page already says; without it every list and table stands whole.
"use strict";

for (const input of document.querySelectorAll("input[data-filters]")) {
  const items = [...document.getElementById(input.dataset.filters).querySelectorAll("[data-find]")];
  const count = document.getElementById(`${input.id}-count`);
  const filter = () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const text = folded(item.dataset.find);
      item.hidden = !words.every(word => text.includes(word));
      shown += !item.hidden;
    }
    count.textContent = words.length ? `${shown} of ${items.length}` : "";
  };
  input.closest("p").hidden = false;
  input.addEventListener("input", filter);
  input.addEventListener("keydown", event => {
    const first = items.find(item => !item.hidden)?.querySelector("a");
    if (event.key === "Enter" && input.value.trim() && first) location.href = first.href;
  });
  filter();
}

document.querySelectorAll("table.sortable").forEach(sortable);

// The world map: the card of the country that is clicked or in focus stands open.
const answer = document.getElementById("answer");
const world = document.querySelector("svg.world");
let chosen = "";

function choose(code) {
  const item = code && document.querySelector(`.countries li[data-code="${CSS.escape(code)}"]`);
  if (!item || code === chosen) return;
  chosen = code;
  const [head, distance, body] = item.cloneNode(true).children;
  const list = body.querySelector("dl");
  const link = answer.querySelector(".meta");
  link.firstElementChild.href = head.firstElementChild.getAttribute("href");
  answer.replaceChildren(head, distance, body.firstElementChild, ...(list ? [list] : []), link);
  markMap(world, [code]);
}

if (world) {
  // From the nearest to the frontier outwards, as in the table below the map.
  const order = [...document.querySelectorAll(".map tbody tr")].map(row => row.dataset.code);
  walkMap(world, order, choose);
  choose(location.hash.slice(1));
  const input = document.getElementById("find");
  input.addEventListener("input", () => {
    if (input.value.trim()) choose(document.querySelector(".countries li:not([hidden])")?.dataset.code);
  });
}
