// Copy, cite, print, download: what a reader takes along.
import { byId } from "./dom.js";
import { answerAddress, sharedAddress } from "./address.js";

export function share(current, answer) {
  const say = (words) => { byId("told").textContent = words; };
  const copied = async (text) => {
    try { await navigator.clipboard.writeText(text); say(`Copied: ${text}`); } catch { say(text); }
  };
  byId("copy").addEventListener("click", () => copied(sharedAddress(current())));
  byId("cite").addEventListener("click", () => {
    const made = answer();
    if (made) copied(made.citation ?? `“${made.title}”. ${made.made.note}. ${sharedAddress(current())}`);
  });
  byId("print").addEventListener("click", () => window.print());
}

export function links(state, charts) {
  for (const link of document.querySelectorAll("a[data-shape]")) {
    const shape = link.dataset.shape;
    link.href = answerAddress(state, shape);
    if (shape === "json") link.setAttribute("download", `headway-${document.body.dataset.path}.json`);
  }
  const none = document.querySelector(".charts-only");
  if (none) none.hidden = charts === 0;
}
