// Native inputs, drawn from the state: every value is told with its unit, every slider resets on a double click.
import { codeOf, nameOf } from "./countries.js";
import { byId, el } from "./dom.js";
import { choose, defaults, shownCountry, store } from "./page.js";

const form = () => byId("controls");
const inputs = () => [...document.querySelectorAll(".control input[name], .control select[name]")];

// A slider whose parameter is 0 at its right end ("never"), or not given where the lever stands today.
const home = (input, today) => {
  const given = defaults[input.name];
  return input.dataset.zero && !given ? Number(input.max) : given ?? today[input.name] ?? Number(input.dataset.empty);
};
const position = (input, value, today) => (value === null || (input.dataset.zero && !value) ? home(input, today) : value);
const valueAt = (input, at) => {
  if (input.dataset.zero && at >= Number(input.max)) return 0;
  return defaults[input.name] === null && at === home(input, store.get().today) ? null : at;
};

function told(input, at) {
  if (input.dataset.zero && at >= Number(input.max)) return input.dataset.zero;
  const number = at.toLocaleString("en", { useGrouping: Number(input.max) > 3000 }).replace("-", "−");
  const unit = number === "1" ? input.dataset.unit.replace(/s$/, "") : input.dataset.unit;
  return unit.startsWith("×") ? `× ${number}` : `${number}${unit}`;
}

function drawSlider(input, choices, today) {
  const at = position(input, choices[input.name], today);
  const [words, moved] = [told(input, at), choices[input.name] !== defaults[input.name]];
  input.value = at;
  if (input.drawn === `${words} ${moved}`) return;
  input.drawn = `${words} ${moved}`;
  byId(`o-${input.name}`).textContent = words;
  input.setAttribute("aria-valuetext", words);
  input.closest(".control").classList.toggle("moved", moved);
}

// Where a slider stands by default: a tick on it, named under it beside its ends.
function mark(input, today) {
  const at = home(input, today);
  const [least, most] = [Number(input.min), Number(input.max)];
  const share = (at - least) / (most - least);
  const [tick, [left, middle, right]] = [input.nextElementSibling, input.closest(".control").querySelector(".ends").children];
  const place = `calc(9px + (100% - 18px) * ${share})`;
  tick.style.left = place;
  const ends = [told(input, least), told(input, most)];
  const named = `${input.dataset.rest} ${told(input, at)}`;
  const side = share < 0.3 ? 0 : share > 0.7 ? 1 : -1;
  if (side >= 0) ends[side] = share === side ? named : side ? `${named} · ${ends[1]}` : `${ends[0]} · ${named}`;
  left.textContent = ends[0];
  right.textContent = ends[1];
  middle.textContent = side < 0 ? named : "";
  middle.style.left = place;
}

const list = (value) => String(value || "").split(",").filter(Boolean);

function drawChips(input, codes) {
  byId(`chips-${input.name}`).replaceChildren(
    ...codes.map((code) => {
      const without = () => { choose({ [input.name]: codes.filter((one) => one !== code).join(",") }); input.focus(); };
      return el("button", { type: "button", class: "chip", "aria-label": `Remove ${nameOf(code)}`, onclick: without }, nameOf(code), el("span", { "aria-hidden": "true" }, " ×"));
    }),
  );
}

function draw(state) {
  for (const input of inputs()) {
    if (input.type === "range") drawSlider(input, state.choices, state.today);
    else if (input.dataset.kind === "countries") drawChips(input, list(state.choices[input.name]));
    else if (document.activeElement !== input || input.tagName === "SELECT") {
      const value = input.name === "country" ? shownCountry(state) : state.choices[input.name];
      input.value = input.dataset.kind === "country" ? (value && nameOf(value)) : value;
    }
  }
}

// The reader typed a country: its code is chosen, or the page says that there is none of that name.
async function named(input, text) {
  const say = (words) => store.set({ unknown: { ...store.get().unknown, [input.name]: words } });
  const several = input.dataset.kind === "countries";
  if (!text.trim()) return several ? say("") : (say(""), choose({ [input.name]: "" }));
  try {
    const code = await codeOf(text);
    const before = list(store.get().choices[input.name]);
    say("");
    choose({ [input.name]: several ? [...new Set([...before, code])].join(",") : code });
    input.value = several ? "" : nameOf(code);
  } catch (error) {
    say(error.message.replace(/^name: /, ""));
  }
}

export const reset = () => {
  const sliders = inputs().filter((input) => input.type === "range");
  choose(Object.fromEntries(sliders.map((input) => [input.name, defaults[input.name]])));
};

export function control() {
  if (!form()) return;
  for (const input of inputs()) {
    if (input.type === "range") {
      input.addEventListener("input", ({ target }) => choose({ [target.name]: valueAt(target, Number(target.value)) }));
      input.addEventListener("dblclick", () => choose({ [input.name]: defaults[input.name] }));
    } else if (input.list) {
      input.addEventListener("focus", ({ target }) => target.select());
      input.addEventListener("change", ({ target }) => named(input, target.value));
    } else if (input.tagName === "SELECT") {
      input.addEventListener("input", ({ target }) => choose({ [target.name]: target.value }));
    } else {
      input.addEventListener("change", ({ target }) => choose({ [target.name]: target.value.replaceAll(" ", "").toLowerCase() || defaults[target.name] }));
    }
  }
  form().addEventListener("submit", (event) => event.preventDefault());
  byId("reset")?.addEventListener("click", reset);
  store.watch((state) => state.today, (today) => inputs().filter((one) => one.type === "range").forEach((one) => mark(one, today)));
  store.watch((state) => state, draw);
  store.watch(
    (state) => state.unknown,
    (unknown) => { for (const input of inputs()) if (byId(`m-${input.name}`)) byId(`m-${input.name}`).textContent = unknown[input.name] ?? ""; },
  );
}
