// Countries by name: what is typed is looked up among the names offered, then asked of the server, which knows more.
import { byId } from "./dom.js";
import { ask } from "./api.js";

const known = [...byId("names").options].map((one) => ({ name: one.value, code: one.dataset.code, main: !one.label || one.label === one.value }));
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
const byCode = new Map(known.filter((one) => one.main).map((one) => [one.code, one.name]));
const byName = new Map(known.map((one) => [plain(one.name), one.code]));

export const nameOf = (code) => byCode.get(code) ?? code;

/** The code of what was typed: a name, another name of the same country, or the code itself. */
export async function codeOf(text) {
  const found = byName.get(plain(text)) ?? (byCode.has(text.trim().toUpperCase()) ? text.trim().toUpperCase() : null);
  if (found) return found;
  const answer = await ask(`/countries.json?name=${encodeURIComponent(text.trim().slice(0, 80))}`);
  byCode.set(answer.countries[0].code, answer.countries[0].name);
  return answer.countries[0].code;
}
