// Native inputs: every value is told with its unit, every slider resets by itself on a double click.
import { byId } from "./dom.js";
import { defaults } from "./address.js";

const form = () => byId("controls");
const inputs = () => [...form().querySelectorAll("input[name], select[name]")];

function value(input) {
  if (input.type === "range") {
    if (input.dataset.zero && Number(input.value) >= Number(input.max)) return 0;
    if (input.dataset.empty !== undefined && (!input.dataset.touched || input.value === input.dataset.empty)) return defaults[input.name];
    return Number(input.value);
  }
  if (input.type !== "text") return input.value;
  const plain = input.value.replaceAll(" ", "");
  return (input.dataset.words ? plain.toLowerCase() : plain.toUpperCase()) || defaults[input.name];
}

function told(input, at = input.value) {
  if (input.dataset.zero && Number(at) >= Number(input.max)) return input.dataset.zero;
  const number = Number(at).toLocaleString("en", { useGrouping: Number(input.max) > 3000 }).replace("-", "−");
  const unit = number === "1" ? input.dataset.unit.replace(/s$/, "") : input.dataset.unit;
  return unit.startsWith("×") ? `× ${number}` : `${number}${unit}`;
}

function say(input) {
  const words = input.type === "range" ? told(input) : "";
  const output = byId(`o-${input.name}`);
  if (output) output.textContent = words;
  if (input.type === "range") {
    input.setAttribute("aria-valuetext", words);
    const own = value(input);
    input.closest(".control").classList.toggle("moved", String(own) !== String(defaults[input.name]));
  }
}

// Where a slider stands by default: a tick on it, named under it beside its ends.
function mark(input) {
  const given = defaults[input.name];
  const home = input.dataset.zero && !given ? input.max : given ?? input.dataset.empty;
  const share = (home - input.min) / (input.max - input.min);
  const [tick, [left, middle, right]] = [input.nextElementSibling, input.closest(".control").querySelector(".ends").children];
  const place = `calc(9px + (100% - 18px) * ${share})`;
  tick.style.left = place;
  const ends = [told(input, input.min), told(input, input.max)];
  const named = `${input.dataset.rest} ${told(input, home)}`;
  const side = share < 0.3 ? 0 : share > 0.7 ? 1 : -1;
  if (side >= 0) ends[side] = share === side ? named : side ? `${named} · ${ends[1]}` : `${ends[0]} · ${named}`;
  left.textContent = ends[0];
  right.textContent = ends[1];
  middle.textContent = side < 0 ? named : "";
  middle.style.left = place;
}

function restore(input) {
  const given = defaults[input.name];
  delete input.dataset.touched;
  if (input.type === "range" && input.dataset.zero && !given) input.value = input.max;
  else if (input.type === "range" && input.dataset.empty !== undefined && given === null) input.value = input.dataset.empty;
  else input.value = given;
  say(input);
}

// What is hidden does not count: it belongs to another choice.
export const state = () =>
  Object.fromEntries(
    inputs().map((input) => [input.name, input.closest(".control").hidden ? defaults[input.name] : value(input)]),
  );

// Where a lever stands today, told by the answer: its slider rests there until it is touched.
export function rest(today) {
  for (const input of inputs()) {
    if (!(input.name in today)) continue;
    input.dataset.empty = today[input.name];
    mark(input);
    if (!input.dataset.touched) { input.value = today[input.name]; say(input); }
  }
}

export function set(values) {
  for (const input of inputs()) {
    if (!(input.name in values)) continue;
    const given = values[input.name];
    if (given === null) delete input.dataset.touched;
    else input.dataset.touched = "1";
    if (given === null || (given === 0 && input.dataset.zero)) {
      input.value = input.dataset.empty ?? input.max;
    } else input.value = given;
    say(input);
  }
}

export function listen(changed) {
  for (const input of inputs()) {
    say(input);
    if (input.type === "range") mark(input);
    input.addEventListener(input.type === "text" ? "change" : "input", () => {
      input.dataset.touched = "1";
      say(input);
      changed(input);
    });
    if (input.type === "range") input.addEventListener("dblclick", () => { restore(input); changed(input); });
  }
  form().addEventListener("submit", (event) => event.preventDefault());
  byId("reset")?.addEventListener("click", () => {
    for (const input of inputs()) if (input.type === "range") restore(input);
    changed(null);
  });
}
