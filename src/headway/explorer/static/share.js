// Copy, cite, print, download, and the way to the other pages: what a reader takes along.
import { byId } from "./dom.js";
import { answerAddress, path, sharedAddress, store } from "./page.js";

const body = document.body;

async function copied(text) {
  try { await navigator.clipboard.writeText(text); store.set({ told: `Copied: ${text}` }); } catch { store.set({ told: text }); }
}

// The country, those it is compared with, and the year as known at whose end stay when the page changes.
function along(page, { choices }) {
  const year = choices.year && ["home", "world", "indicators"].includes(page) ? { year: choices.year } : {};
  const [first, ...others] = String(choices.countries || "").split(",").filter(Boolean);
  const country = choices.country || first || "";
  const against = choices.against || others.join(",");
  if (!country) return year;
  if (page === "compare" || page === "indicators") {
    const leaders = against ? against.split(",") : body.dataset.leaders.split(",").filter((code) => code !== country).slice(0, 2);
    return { countries: [country, ...leaders].slice(0, 4).join(","), ...year };
  }
  if (page === "home" || page === "world" || page === "standing") return { country, ...year };
  const rivals = page === "whatif" ? against.split(",").slice(0, 2).join(",") : against;
  return page === "country" || page === "whatif" ? { country, ...(rivals && { against: rivals }) } : {};
}

export function share() {
  byId("copy").addEventListener("click", () => copied(sharedAddress(store.get().choices)));
  byId("cite").addEventListener("click", () => {
    const { answer, choices } = store.get();
    if (answer) copied(answer.citation ?? `“${answer.title}”. ${answer.made.note}. ${sharedAddress(choices)}`);
  });
  byId("print").addEventListener("click", () => window.print());
  store.watch((state) => state.told, (told) => { byId("told").textContent = told; });
  store.watch((state) => state.choices, (choices, state) => {
    for (const link of document.querySelectorAll("a[data-shape]")) {
      const shape = link.dataset.shape;
      link.href = answerAddress(choices, shape);
      if (shape === "json") link.setAttribute("download", `headway-${path}.json`);
    }
    for (const link of document.querySelectorAll("a[data-page]")) {
      const kept = new URLSearchParams(along(link.dataset.page, state)).toString().replaceAll("%2C", ",");
      link.href = `/${link.dataset.page}${kept && `?${kept}`}`;
    }
  });
  store.watch((state) => state.answer, (answer) => {
    const pictures = document.querySelector(".charts-only");
    if (pictures) pictures.hidden = !answer?.charts?.length;
  });
}
