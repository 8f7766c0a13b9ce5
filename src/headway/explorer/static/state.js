// A small store: one frozen value, replaced by `set`, drawn by whoever watches a part of it.

/**
 * @template {object} S
 * @typedef {object} Store
 * @property {() => Readonly<S>} get the value as it is now
 * @property {(change: Partial<S>) => void} set replaces some of its fields, then draws what watches them
 * @property {<P>(pick: (state: Readonly<S>) => P, draw: (part: P, state: Readonly<S>) => void, first?: boolean) => void} watch
 *   draws a part at once, and again whenever that part is another one than before; `first`: before all others so far
 */

/**
 * @template {object} S
 * @param {S} initial
 * @returns {Store<S>}
 */
export function createStore(initial) {
  let now = Object.freeze({ ...initial });
  const watchers = [];
  return {
    get: () => now,
    set(change) {
      now = Object.freeze({ ...now, ...change });
      for (const one of watchers) {
        const part = one.pick(now);
        if (Object.is(part, one.part)) continue;
        one.part = part;
        one.draw(part, now);
      }
    },
    watch(pick, draw, first = false) {
      const part = pick(now);
      watchers[first ? "unshift" : "push"]({ pick, draw, part });
      draw(part, now);
    },
  };
}
