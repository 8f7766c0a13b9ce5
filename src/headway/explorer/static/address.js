// The address is the state: only what differs from the default. The same rules as headway.explorer.address, and a test
// holds the two together.

/**
 * @typedef {number | string | boolean | null} Value
 * @typedef {Record<string, Value>} Choices what a reader has chosen, by parameter
 * @typedef {Record<string, { kind: "number" | "switch" | "text", default: Value }>} Fields parameters of a view, in order
 */

const READ = {
  number: (text) => Number(text),
  switch: (text) => text === "1" || text.toLowerCase() === "true",
  text: (text) => text,
};

const written = (value) => (typeof value === "boolean" ? String(Number(value)) : String(value));
const quoted = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** @param {Fields} fields @returns {Choices} */
export const defaultsOf = (fields) => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default]));

/**
 * The choices that an address stands for; what it does not name is at its default.
 * @param {Fields} fields @param {string} text @returns {Choices}
 */
export function load(fields, text) {
  const asked = new URLSearchParams(text.split("?")[1] ?? "");
  const told = [...asked].filter(([name]) => name in fields).map(([name, value]) => [name, READ[fields[name].kind](value)]);
  return { ...defaultsOf(fields), ...Object.fromEntries(told) };
}

/** @param {Fields} fields @param {Choices} choices @returns {string} `view=intensity&top=20`; empty at the default */
export function query(fields, choices) {
  const told = Object.keys(fields).filter((name) => (choices[name] ?? null) !== null && choices[name] !== fields[name].default);
  return told.map((name) => `${name}=${quoted(written(choices[name])).replaceAll("%2C", ",")}`).join("&");
}

/**
 * @param {string} path `/whatif`, or `/whatif.csv` for another form of the answer
 * @param {Fields} fields @param {Choices} choices
 * @param {Record<string, string | number>} more parameters that are no part of the state, such as the width of a chart
 */
export function address(path, fields, choices, more = {}) {
  const text = [query(fields, choices), new URLSearchParams(more).toString()].filter(Boolean).join("&");
  return text ? `${path}?${text}` : path;
}
