// One request in flight, the newest wins: while one is under way only the last wish is remembered.
const PATIENCE = 60; // times that an answer still being computed is asked for again
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Trouble extends Error {
  constructor(status, detail) {
    super(detail.map((one) => `${one.loc?.at(-1) ?? ""}: ${one.msg}`.replace(/^(query|request): /, "")).join("; "));
    this.status = status;
  }
}

/** @param {string} url @param {{ body?: any, unless?: () => boolean }} how `unless`: nobody waits for it any more */
export async function ask(url, { body = null, unless = () => false } = {}) {
  const posted = body && { method: "POST", body: JSON.stringify(body) };
  const headers = { accept: "application/json", ...(body && { "content-type": "application/json" }) };
  for (let turn = 0; ; turn += 1) {
    const response = await fetch(url, { ...posted, headers });
    if (response.ok) return response.json();
    if (response.status !== 429 || turn >= PATIENCE || unless()) {
      const told = await response.json().catch(() => ({}));
      throw new Trouble(response.status, Array.isArray(told.detail) ? told.detail : [{ msg: `the server says ${response.status}` }]);
    }
    await wait(1000);
  }
}

export function newestWins(paint, trouble, busy = () => {}) {
  let flying = false;
  let wish = null;
  return async function want(url) {
    wish = url;
    if (flying) return;
    flying = true;
    while (wish !== null) {
      const now = wish;
      wish = null;
      const late = setTimeout(() => busy(true), 400);
      try {
        await paint(await ask(now, { unless: () => wish !== null }), now);
      } catch (error) {
        if (wish === null) trouble(error);
      } finally {
        clearTimeout(late);
        busy(false);
      }
    }
    flying = false;
  };
}
