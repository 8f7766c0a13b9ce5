// Paste, read, mend, check. The ledger that is checked is the one the command line reads.
import { byId, el } from "./dom.js";
import { Trouble } from "./api.js";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let ledger = null;

async function post(path, body) {
  for (let turn = 0; turn < 60; turn += 1) {
    const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const told = await response.json().catch(() => ({}));
    if (response.ok) return told;
    if (response.status !== 429) throw new Trouble(response.status, Array.isArray(told.detail) ? told.detail : [{ msg: "no answer" }]);
    await wait(1000);
  }
  throw new Error("The check takes too long; try fewer claims.");
}

function marked({ text, statements }) {
  const letters = [...text];
  const parts = [];
  let at = 0;
  for (const one of statements) {
    if (!one.claim) continue;
    parts.push(letters.slice(at, one.start).join(""), el("a", { href: `#claim-${one.claim}`, class: `kind-${one.kind}` }, el("mark", {}, letters.slice(one.start, one.end).join(""))));
    at = one.end;
  }
  parts.push(letters.slice(at).join(""));
  byId("marked").replaceChildren(...parts);
  byId("marked").hidden = false;
}

function card(claim) {
  const field = `test-${claim.id}`;
  const input = el("input", { type: "text", id: field, value: claim.test ?? "", spellcheck: "false", autocomplete: "off", placeholder: "no test: not checkable from the evidence" });
  input.addEventListener("change", () => { if (input.value.trim()) { claim.test = input.value.trim(); delete claim.no_data; } else { delete claim.test; claim.no_data ??= "no test was given"; } });
  const keep = el("input", { type: "checkbox", id: `keep-${claim.id}`, checked: true });
  keep.checked = true;
  keep.addEventListener("change", () => { claim.left = !keep.checked; });
  return el(
    "li", { id: `claim-${claim.id}` },
    el("p", { class: "said" }, claim.claim),
    el("p", { class: "meta" }, [claim.kind, ...(claim.countries ?? [])].join(" · "), claim.note ? `. ${claim.note}` : ""),
    claim.kind === "opinion" ? null : el("p", { class: "control" }, el("label", { for: field }, "Test"), input),
    el("p", { class: "meta" }, el("label", { for: `keep-${claim.id}` }, keep, " check this claim")),
    el("div", { class: "verdict", role: "status" }),
  );
}

function verdicts(report) {
  for (const one of report.claims) {
    const holder = byId(`claim-${one.id}`)?.querySelector(".verdict");
    if (!holder) continue;
    const side = (title, points) => (points?.length ? el("div", {}, el("h3", {}, title), el("ul", {}, points.map((point) => el("li", {}, point.words)))) : null);
    holder.replaceChildren(
      el("p", { class: "ruling" }, el("strong", {}, one.verdict), one.words ? ` · ${one.words}` : one.probability != null ? ` · ${Math.round(100 * one.probability)} in 100` : ""),
      ...[side("For", one.for ?? one.points_for), side("Against", one.against ?? one.points_against)].filter(Boolean),
      one.settle ? el("p", { class: "meta" }, `What would settle it: ${one.settle}`) : "",
    );
  }
}

byId("paste").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("state").textContent = "Reading …";
  try {
    const told = await post("/claims/draft.json", { text: byId("text").value });
    ledger = told.ledger;
    marked(told);
    byId("claims").replaceChildren(...ledger.claims.map(card));
    byId("sentence").textContent = `${told.statements.length} sentences, ${ledger.claims.length} claims, ${told.testable} with a proposed test. Read every test before you believe its verdict.`;
    byId("check").hidden = ledger.claims.length === 0;
    byId("state").textContent = "";
  } catch (error) { byId("state").textContent = error.message; }
});

byId("check").addEventListener("click", async () => {
  byId("state").textContent = "Checking …";
  const asked = { ...ledger, claims: ledger.claims.filter((claim) => !claim.left).map(({ left, ...claim }) => claim) };
  const text = JSON.stringify(asked, null, 1);
  try {
    verdicts(await post("/claims/check.json", { ledger: text }));
    byId("state").textContent = "Checked.";
    const link = byId("ledger");
    link.hidden = false;
    link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  } catch (error) { byId("state").textContent = error.message; }
});
