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
