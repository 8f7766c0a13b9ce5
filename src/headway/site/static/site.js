// Works on what the page already says; without it every list and table stands whole.
"use strict";

const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

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

for (const table of document.querySelectorAll("table.sortable")) {
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

// The world map: what is under the pointer or in focus is told beside it, and its card stands open.
const tip = document.createElement("p");
tip.className = "tip";

function tell(text, x, y) {
  tip.textContent = text;
  if (!text) return;
  document.body.append(tip);
  tip.style.left = `${Math.max(4, Math.min(x + 14, document.documentElement.clientWidth - tip.offsetWidth - 4))}px`;
  tip.style.top = `${y + 18 + tip.offsetHeight < innerHeight ? y + 18 : y - 10 - tip.offsetHeight}px`;
}

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
  for (const area of world.querySelectorAll("a")) area.classList.toggle("chosen", area.dataset.code === code);
}

if (world) {
  // One stop of the tab key; the arrow keys go from country to country, from the nearest to the frontier outwards.
  const order = [...document.querySelectorAll(".map tbody th a")].map(link => link.getAttribute("href"));
  const areas = [...world.querySelectorAll("a")];
  const known = order.map(href => areas.find(area => area.getAttribute("href") === href));
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
      choose(area.dataset.code);
    });
    area.addEventListener("blur", () => tell(""));
    area.addEventListener("click", event => {
      if (event.detail === 0 || event.ctrlKey || event.metaKey) return; // the Enter key opens the brief
      event.preventDefault();
      choose(area.dataset.code);
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
  choose(location.hash.slice(1));
  const input = document.getElementById("find");
  input.addEventListener("input", () => {
    if (input.value.trim()) choose(document.querySelector(".countries li:not([hidden])")?.dataset.code);
  });
}
