// Paste, read, mend, check. The ledger that is checked is the one the command line reads; it is shared in the part of
// the address that no browser sends to a server.
import { byId, el } from "./dom.js";
import { ask as asked } from "./api.js";
import { address as addressOf } from "./address.js";
import { packed, unpacked } from "./pack.js";

const say = (words) => { byId("state").textContent = words; };
let sheet = null; // { text, statements, ledger }: what is on the page
let report = null;
let draft = ""; // the text as it is typed

async function ask(path, body = null) {
  try { return await asked(path, { body }); } catch (error) {
    throw error.status === 429 ? new Error("The check takes too long; try fewer claims.") : error;
  }
}

const trying = (work) => async (event) => {
  event?.preventDefault();
  try { await work(event); } catch (error) { say(error.message); }
};

// ------------------------------------------------------------------------------------------------------ what is shown

function marked() {
  const letters = [...(sheet.text ?? "")];
  const parts = [];
  let at = 0;
  const claims = (sheet.statements ?? []).filter((one) => one.claim).sort((a, b) => a.start - b.start);
  for (const one of claims) {
    if (one.start < at) continue; // an aside within a claim that is marked already
    const said = letters.slice(one.start, one.end).join("");
    parts.push(letters.slice(at, one.start).join(""), el("a", { href: `#claim-${one.claim}` }, el("mark", {}, said)));
    at = one.end;
  }
  parts.push(letters.slice(at).join(""));
  byId("marked").replaceChildren(...parts);
  byId("marked").hidden = letters.length === 0;
}

// A person who writes a test, chooses a proposal or turns all down confirms the claim; until then it has no verdict.
function confirm(claim, { test = null, readings = null, proxy = null, none = "" }) {
  for (const key of ["test", "readings", "proxy", "no_data", "not_read"]) delete claim[key];
  if (test) claim.test = test;
  if (readings?.length) claim.readings = readings;
  if (proxy) claim.proxy = proxy;
  if (!test && !readings?.length) claim.no_data = none || "no test was given";
  claim.status = "confirmed";
  changed();
}

// A draft of an earlier version carries one test that nobody chose: it becomes a proposal.
function withProposals(claim) {
  if (claim.status || claim.proposals?.length || !claim.test || claim.confidence == null) return claim;
  const { test, ...rest } = claim;
  return { ...rest, status: "proposed", proposals: [{ words: test, test, covers: 0, confidence: claim.confidence }] };
}

const same = (claim, offer) => claim.status === "confirmed" && (offer.readings?.length ? JSON.stringify(claim.readings) === JSON.stringify(offer.readings) : claim.test === offer.test);

function choice(claim) {
  const offers = claim.proposals ?? [];
  if (!offers.length) return null;
  const option = (id, checked, words, take) => {
    const input = el("input", { type: "radio", name: `choice-${claim.id}`, id });
    input.checked = checked;
    input.addEventListener("change", trying(async () => { take(); await checkOne(claim); }));
    return el("p", { class: "offer" }, el("label", { for: id }, input, " ", ...words));
  };
  const told = (offer) => [
    offer.words, el("span", { class: "meta" },
      ` Covers ${Math.round(100 * (offer.covers ?? 0))} % of the claim`,
      offer.leaves_out?.length ? `; leaves out ${offer.leaves_out.join(", ")}` : "",
      offer.proxy ? `; a proxy: ${offer.proxy}` : "", "."),
  ];
  return el("fieldset", { class: "offers" }, el("legend", {}, "Which test says what is meant?"),
    offers.map((offer, place) => option(`choice-${claim.id}-${place}`, same(claim, offer), told(offer), () => {
      confirm(claim, offer);
      byId(`testing-${claim.id}`).replaceWith(testing(claim));
    })),
    option(`choice-${claim.id}-none`, claim.status === "confirmed" && Boolean(claim.no_data), ["none of these"], () => {
      confirm(claim, { none: "none of the proposals says what is meant" });
      byId(`testing-${claim.id}`).replaceWith(testing(claim));
    }));
}

async function checkOne(claim) {
  say("Checking …");
  const found = await ask("/claims/check.json", { ledger: JSON.stringify({ ...chosen(), claims: [bare(claim)] }) });
  found.claims.forEach(verdictOf);
  say("");
}

function testing(claim) {
  const id = `testing-${claim.id}`;
  if (claim.kind === "opinion") return el("p", { class: "meta", id }, "An opinion has no test.");
  if (claim.readings?.length) {
    return el("ul", { class: "meta", id }, claim.readings.map((one) => el("li", {}, `${one.reading}: `, el("code", {}, one.test))));
  }
  const field = `test-${claim.id}`;
  const input = el("input", { type: "text", id: field, value: claim.test ?? "", spellcheck: "false", autocomplete: "off", placeholder: "no test" });
  const why = claim.test ? "" : claim.no_data || claim.not_read || "";
  if (why) input.setAttribute("aria-describedby", `why-${claim.id}`);
  input.addEventListener("change", () => {
    const test = input.value.trim();
    confirm(claim, { test });
    for (const radio of document.querySelectorAll(`[name="choice-${claim.id}"]`)) radio.checked = false;
  });
  const reason = why ? el("span", { class: "meta", id: `why-${claim.id}` }, `${why[0].toUpperCase()}${why.slice(1)}.`) : null;
  return el("p", { class: "control", id }, el("label", { for: field }, "Test"), input, reason);
}

// How much a claim is worth checking, and its place among the claims of the draft.
function worth(claim) {
  if (claim.worth == null) return [];
  const place = 1 + sheet.ledger.claims.filter((one) => (one.worth ?? 0) > claim.worth).length;
  return [`worth checking: ${Math.round(100 * claim.worth)} of 100, place ${place} of ${sheet.ledger.claims.length}`];
}

function ordered() {
  const claims = [...sheet.ledger.claims];
  if (byId("by-worth").checked) claims.sort((a, b) => (b.worth ?? 0) - (a.worth ?? 0));
  byId("claims").append(...claims.map((claim) => byId(`claim-${claim.id}`)));
}

function card(claim) {
  const keep = el("input", { type: "checkbox", id: `keep-${claim.id}` });
  keep.checked = !claim.left;
  keep.addEventListener("change", () => { claim.left = !keep.checked; changed(); });
  return el(
    "li", { id: `claim-${claim.id}` },
    el("p", { class: "said" }, claim.claim),
    claim.sentence ? el("p", { class: "meta" }, `In the sentence: ${claim.sentence}`) : null,
    el("p", { class: "meta" }, [claim.kind, ...(claim.countries ?? []), ...worth(claim), claim.note].filter(Boolean).join(" · ")),
    choice(claim),
    testing(claim),
    sheet.shipped ? el("p", { class: "meta" }, el("a", { href: `/claim?${new URLSearchParams({ ledger: sheet.ledger.ledger, claim: claim.id })}` }, "Its verdict on a page of its own, to share and embed")) : null,
    el("p", { class: "meta" }, el("label", { for: `keep-${claim.id}` }, keep, " check this claim")),
    el("div", { class: "verdict", role: "status" }),
  );
}

function show(next, words) {
  sheet = { ...next, ledger: { ...next.ledger, claims: next.ledger.claims.map(withProposals) } };
  report = null;
  draft = byId("text").value = sheet.text ?? "";
  byId("results").hidden = sheet.ledger.claims.length === 0;
  byId("claims").replaceChildren(...sheet.ledger.claims.map(card));
  byId("ranking").hidden = !sheet.ledger.claims.some((claim) => claim.worth != null);
  ordered();
  byId("sentence").textContent = words;
  marked();
  changed();
  say("");
}

// The address of one claim with the test that was chosen for it; its page says that neither is by Headway. A claim of
// one's own ledger has none: its thresholds and errors would be lost.
const LONGEST = 3900; // letters of an address that the server reads
function placeOf(claim) {
  if (!sheet.statements || claim.status !== "confirmed" || claim.bearing?.length || !(claim.test || claim.readings?.length)) return null;
  const { snapshot, model } = document.body.dataset;
  const choices = {
    text: claim.claim.replace(/\s+/gu, " ").trim(), test: claim.test ?? "", kind: claim.kind, snapshot, model,
    readings: claim.readings?.length ? JSON.stringify(claim.readings.map(({ reading, test }) => [reading, test])) : "",
    countries: (claim.countries ?? []).slice(0, 8).join(","), proxy: claim.proxy ?? "",
  };
  return addressOf("/claim", JSON.parse(byId("claims").dataset.fields), choices);
}

function toShare(claim) {
  const place = placeOf(claim);
  if (!place) return null;
  if (place.length > LONGEST) return el("p", { class: "meta" }, "The claim is too long for an address of its own; copy the address of all.");
  const said = el("span", { role: "status" });
  const copy = async () => {
    const text = location.origin + place;
    try { await navigator.clipboard.writeText(text); said.textContent = " Copied."; } catch { said.textContent = ` ${text}`; }
  };
  return el("p", { class: "meta" },
    el("a", { href: place }, "Its verdict on a page of its own"), ", to share and embed ",
    el("button", { type: "button", class: "link-copy", onclick: copy }, "Copy link"), said);
}

const listed = (title, points) =>
  points?.length ? el("div", {}, el("h3", {}, title), el("ul", {}, points.map((point) => el("li", {}, point.words ?? point.what)))) : null;

function verdictOf(one) {
  const holder = byId(`claim-${one.id}`)?.querySelector(".verdict");
  const chance = one.probability == null ? "" : ` · ${Math.round(100 * one.probability)} in 100${one.words ? `, ${one.words}` : ""}`;
  holder?.replaceChildren(
    ...[
      el("p", { class: `ruling ${one.verdict.replaceAll(" ", "-")}` }, el("strong", {}, one.verdict), chance),
      one.why ? el("p", { class: "meta" }, one.why) : null,
      listed("For", one.for),
      listed("Against", one.against),
      one.used?.some((fact) => fact.facts?.length)
        ? el("details", {}, el("summary", {}, "What it rests on"), el("ul", {}, one.used.map((fact) => el("li", {}, `${fact.what} (${fact.tier})`, ...(fact.facts ?? []).flatMap((id) => [" ", el("code", {}, id)])))))
        : null,
      one.settle ? el("p", { class: "meta" }, `What would settle it: ${one.settle}`) : null,
      toShare(sheet.ledger.claims.find((claim) => claim.id === one.id)),
    ].filter(Boolean),
  );
}

function verdicts() {
  report.claims.forEach(verdictOf);
  const counts = Object.entries(report.verdicts).filter(([, count]) => count).map(([name, count]) => `${count} ${name}`);
  const day = new Date(report.as_of).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const claims = report.claims.length === 1 ? "1 claim" : `${report.claims.length} claims`;
  byId("sentence").textContent = `Of ${claims} checked against the evidence of ${day}: ${counts.join(", ")}.`;
}

// ------------------------------------------------------------------------------------------------------ taking it along

const bare = ({ left, ...claim }) => claim;
const chosen = () => ({ ...sheet.ledger, claims: sheet.ledger.claims.filter((claim) => !claim.left).map(bare) });

function file(link, text, type) {
  if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([text], { type }));
}

function changed() {
  if (sheet) file(byId("ledger"), `# YAML is a superset of JSON: headway claims check ledger.yaml reads this.\n${JSON.stringify(chosen(), null, 1)}\n`, "application/yaml");
}

async function address() {
  history.replaceState(null, "", `#sheet=${await packed(sheet)}`);
  return location.href;
}

async function check() {
  say("Checking …");
  report = await ask("/claims/check.json", { ledger: JSON.stringify(chosen()) });
  verdicts();
  file(byId("report"), JSON.stringify(report, null, 1), "application/json");
  byId("report").hidden = false;
  say("");
}

const copied = async (text) => {
  try { await navigator.clipboard.writeText(text); byId("told").textContent = text.length > 200 ? "Copied." : `Copied: ${text}`; } catch { byId("told").textContent = text; }
};

byId("text").addEventListener("input", ({ target }) => { draft = target.value; });
byId("paste").addEventListener("submit", trying(async () => {
  say("Reading …");
  const { text, statements, ledger, testable } = await ask("/claims/draft.json", { text: draft });
  show({ text, statements, ledger }, `${statements.length} sentences, ${ledger.claims.length} claims, ${testable} with proposed tests. Choose the one that says what is meant: until then a claim has no verdict.`);
}));
byId("file").addEventListener("change", trying(async ({ target }) => {
  if (!target.files[0]) return;
  const { ledger } = await ask("/claims/ledger.json", { ledger: await target.files[0].text() });
  show({ ledger }, `${ledger.title}: ${ledger.claims.length} claims.`);
}));
byId("by-worth").addEventListener("change", ordered);
byId("check").addEventListener("click", trying(check));
byId("copy").addEventListener("click", trying(async () => copied(await address())));
byId("cite").addEventListener("click", trying(async () => {
  const { version, snapshot } = document.body.dataset;
  await copied(`“${sheet.ledger.title}”, claims checked with Headway ${version}, evidence ${snapshot}. ${await address()}`);
}));
byId("print").addEventListener("click", () => window.print());

ask("/claims/ledgers.json").then(({ ledgers }) => {
  const select = byId("shipped");
  select.append(...ledgers.map((one, place) => el("option", { value: `${place}` }, one.title)));
  select.addEventListener("change", trying(async () => {
    const ledger = ledgers[Number(select.value)];
    if (select.value === "") return;
    show({ ledger: structuredClone(ledger), shipped: true }, `${ledger.title}: ${ledger.claims.length} claims. ${ledger.about ?? ""}`);
    await check();
  }));
});

const shared = new URLSearchParams(location.hash.slice(1)).get("sheet");
if (shared) {
  trying(async () => {
    const found = await unpacked(shared).catch(() => null);
    if (!Array.isArray(found?.ledger?.claims)) throw new Error("The address holds no ledger that can be read; it may have been cut.");
    show(found, found.ledger.title);
    await check();
  })();
}
