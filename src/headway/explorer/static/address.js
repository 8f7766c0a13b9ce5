// The address is the state: only what differs from the default, then which evidence and posterior it was seen with.
const body = document.body;
export const path = body.dataset.path;
export const defaults = JSON.parse(body.dataset.defaults);
const HIDDEN = new Set(["snapshot", "model"]);

export function query(state) {
  const told = Object.keys(defaults).filter(
    (key) => !HIDDEN.has(key) && state[key] !== undefined && state[key] !== null && String(state[key]) !== String(defaults[key]),
  );
  return told.map((key) => `${key}=${encodeURIComponent(state[key]).replaceAll("%2C", ",")}`).join("&");
}

const joined = (base, text) => (text ? `${base}?${text}` : base);

export const pageAddress = (state) => joined(`/${path}`, query(state));
export const answerAddress = (state, shape, more = {}) =>
  joined(`/${path}.${shape}`, [query(state), new URLSearchParams(more).toString()].filter(Boolean).join("&"));

export function sharedAddress(state) {
  const versions = `snapshot=${body.dataset.snapshot}&model=${body.dataset.model}`;
  return location.origin + joined(`/${path}`, [query(state), versions].filter(Boolean).join("&"));
}

export function carried() {
  // What the address says of versions goes along with the first request only.
  const asked = new URLSearchParams(location.search);
  return Object.fromEntries([...HIDDEN].filter((key) => asked.get(key)).map((key) => [key, asked.get(key)]));
}
