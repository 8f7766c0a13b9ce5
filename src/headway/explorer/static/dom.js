// Small helpers: elements without innerHTML, so that no text is ever taken for markup.
export const byId = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const safeLink = (text, href) =>
  /^(https?:\/\/|\/)/.test(href || "") ? el("a", { href, rel: "noopener noreferrer" }, text) : document.createTextNode(text);
