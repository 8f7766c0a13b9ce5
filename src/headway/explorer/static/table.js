// A table under its charts, sorted by a click on a heading; rows may lead to another page.
/* global sortable: of figures.js */
import { el, safeLink } from "./dom.js";

const long = new Intl.NumberFormat("en", { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 4 });

const shown = (value, key) => {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  if (key === "year") return String(value);
  if (Math.abs(value) >= 1e7) return long.format(value).replace("-", "−");
  return value.toLocaleString("en", { maximumSignificantDigits: Math.abs(value) >= 1000 ? 7 : 3 }).replace("-", "−");
};

export function table({ title, columns, rows }) {
  const keys = Object.keys(columns);
  const numeric = new Set(keys.filter((key) => rows.some((row) => typeof row[key] === "number")));
  const cell = (row, key, first) => {
    const linked = row.href && (key === "country" || key === "source" || key === "title" || key === "label");
    const content = linked ? safeLink(shown(row[key], key), row.href) : shown(row[key], key);
    const facts = { class: numeric.has(key) ? "number" : null, "data-value": typeof row[key] === "number" ? row[key] : null };
    return first ? el("th", { scope: "row", ...facts }, content) : el("td", facts, content);
  };
  const head = keys.map((key) => el("th", { scope: "col", class: numeric.has(key) ? "number" : null }, columns[key]));
  const lines = rows.map((row) =>
    el("tr", { class: row.highlight ? "own" : null }, keys.map((key, place) => cell(row, key, place === 0))),
  );
  const made = el("table", {}, el("caption", {}, title), el("thead", {}, el("tr", {}, head)), el("tbody", {}, lines));
  sortable(made);
  return el("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": title }, made);
}

/** @param {Element} host @param {any[] | null} tables null while those of the answer shown are still to come */
export function paintTables(host, tables) {
  if (tables === null) {
    for (const fold of host.querySelectorAll("details")) fold.querySelector(".scroll")?.replaceWith(el("p", { class: "aside scroll" }, "The data follow when the answer stands."));
    return;
  }
  const open = host.classList.contains("open");
  const before = new Map([...host.querySelectorAll("details")].map((one) => [one.dataset.name, one.open]));
  host.replaceChildren(
    ...tables.map((one) => {
      if (open) return one.rows.length ? table(one) : "";
      const fold = el("details", { "data-name": one.name }, el("summary", {}, `${one.title}: the data`));
      const fill = () => { if (fold.open && fold.children.length === 1) fold.append(table(one)); };
      fold.addEventListener("toggle", fill);
      fold.open = before.get(one.name) ?? false;
      fill();
      return fold;
    }),
  );
}
