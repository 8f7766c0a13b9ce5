// The drawer: from a number down to publisher, address and licence.
import { byId, el, safeLink } from "./dom.js";
import { ask } from "./api.js";

const line = (link) => {
  const source = el(
    "p", { class: "source" }, `${link.publisher}, `, safeLink(link.title || link.url, link.url), `. ${link.licence}`,
    link.retrieved_on ? `; retrieved ${link.retrieved_on}` : "",
  );
  const below = link.inputs.length
    ? el("details", {}, el("summary", {}, `Derived from ${link.facts} fact${link.facts === 1 ? "" : "s"}`), el("ul", {}, link.inputs.map(line)))
    : source;
  return el("li", {}, el("p", {}, link.text), below, el("p", { class: "id" }, el("code", {}, link.id)));
};

export async function openTrace(id) {
  const drawer = byId("drawer");
  const inside = drawer.querySelector(".drawer-body");
  inside.replaceChildren(el("p", {}, "Following the chain …"));
  drawer.showModal();
  try {
    const found = await ask(`/trace.json?id=${encodeURIComponent(id)}`);
    const more = found.facts - found.links.length;
    inside.replaceChildren(
      el("p", { class: "sentence" }, found.sentence),
      el("p", { class: "meta" }, `${found.tier}: ${found.meaning}. ${found.interval}`),
      found.caveat ? el("p", { class: "meta" }, found.caveat) : "",
      found.recipe ? el("p", {}, `How it is made: ${found.recipe}`) : "",
      found.parameters.length ? el("p", {}, `Assumptions: ${found.parameters.join(", ")}`) : "",
      el("h3", {}, found.facts === 1 ? "The fact behind it" : `The ${found.facts} facts behind it`),
      found.links.length ? el("ul", { class: "chain" }, found.links.map(line)) : el("p", {}, "No single fact stands behind it."),
      more > 0 ? el("p", {}, `And ${more} more; the command below lists them all.`) : "",
      el("p", { class: "id" }, el("code", {}, found.command)),
    );
  } catch (error) {
    inside.replaceChildren(el("p", {}, error.message));
  }
}

const drawer = byId("drawer");
drawer.querySelector(".close").addEventListener("click", () => drawer.close());
drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
