// Under every chart and card: a frame for another site and the chart as a file. `#embed=ID` shows that part alone.
"use strict";

{
  const main = document.getElementById("main");
  const asked = /^#embed=(.+)$/.exec(location.hash)?.[1];
  const part = asked && document.getElementById(decodeURIComponent(asked));
  const whole = document.querySelector('meta[property="og:url"]')?.content ?? location.href.split("#")[0];

  function made(tag, attributes, ...children) {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...children);
    return one;
  }

  // What stands beside the part, or beside what holds it, is hidden; a line with its origin takes its place.
  function alone(wanted) {
    for (let here = wanted; here !== document.body; here = here.parentElement) {
      for (const other of here.parentElement.children) if (other !== here) other.classList.add("beside");
      if (here.localName === "details") here.open = true;
    }
    const head = document.querySelector("h1").textContent.trim();
    const day = document.querySelector(".dateline time, .dateline span")?.textContent.trim() ?? "";
    if (!wanted.querySelector("h2, h3")) document.body.prepend(made("p", { class: "big" }, head));
    const link = made("a", { href: `${location.href.split("#")[0]}#${wanted.id}`, target: "_blank", rel: "noopener" }, "The whole page, its data and its sources");
    document.body.append(made("p", { class: "aside origin" }, `${head}${/[?!.]$/.test(head) ? "" : "."} ${day}. Headway. `, link));
    document.documentElement.classList.add("embedded");
  }

  function drawing(holder) {
    return [...holder.querySelectorAll("svg")].find((one) => one.getBoundingClientRect().width > 200);
  }

  function save(holder, link) {
    const copy = drawing(holder).cloneNode(true);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const text = new XMLSerializer().serializeToString(copy);
    link.href = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  }

  function under(holder) {
    const id = holder.id || holder.closest("[id]:not(main)")?.id;
    if (!id) return;
    const fold = made("details", { class: "take" }, made("summary", {}, "Embed or download this"));
    fold.addEventListener("toggle", () => {
      if (!fold.open || fold.children.length > 1) return;
      const height = Math.ceil(document.getElementById(id).getBoundingClientRect().height) + 90;
      const title = document.querySelector("h1").textContent.trim().replaceAll('"', "&quot;");
      const frame = `<iframe src="${whole}#embed=${encodeURIComponent(id)}" title="${title}" width="100%" height="${height}" loading="lazy" style="border:0"></iframe>`;
      const said = made("span", { role: "status" });
      const button = made("button", { type: "button" }, "Copy");
      button.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(frame); said.textContent = " Copied."; } catch { said.textContent = " Select it and copy."; }
      });
      fold.append(made("p", {}, "In a page of yours ", button, said), made("pre", { tabindex: "0" }, frame));
      if (drawing(holder) && !drawing(holder).classList.contains("world")) {
        const link = made("a", { href: "", download: `${id}.svg` }, "The chart as SVG");
        save(holder, link);
        fold.append(made("p", {}, link));
      }
    });
    holder.append(fold);
  }

  if (part && main.contains(part)) alone(part);
  else for (const holder of main.querySelectorAll("figure, #chart-tools, #answer, .judgement, article.claim")) if (!holder.closest("article.claim figure")) under(holder);
}
