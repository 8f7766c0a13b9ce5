"""The shape of an index: nodes over nodes over indicators, to any depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tree:
    """A checked tree.

    Attributes:
        root: the index.
        nodes: all nodes, children before parents.
        leaves: indicators in the order of the tree.
        children: children of each node.
        parent: parent of each node and indicator but the root.
    """

    root: str
    nodes: tuple[str, ...]
    leaves: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]
    parent: Mapping[str, str]

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Parent, grandparent … up to the root."""
        out: list[str] = []
        while name in self.parent:
            name = self.parent[name]
            out.append(name)
        return tuple(out)

    def under(self, node: str) -> tuple[str, ...]:
        """Indicators below `node`, in order."""
        if node not in self.children:
            return (node,)
        return tuple(leaf for child in self.children[node] for leaf in self.under(child))

    def level(self, name: str) -> int:
        """0 for an indicator, else one more than the highest child."""
        return 1 + max(self.level(child) for child in self.children[name]) if name in self.children else 0


def build_tree(children: Mapping[str, Sequence[str]], indicators: Sequence[str]) -> Tree:
    """Check and order a tree.

    Args:
        children: node → names of nodes or indicators.

    Raises:
        ValueError: an empty node, an unknown name, a name under two parents or twice under one, a cycle, several
            roots, or an indicator that no node uses.
    """
    parent: dict[str, str] = {}
    known = {*children, *indicators}
    both = sorted(set(children) & set(indicators))
    if both:
        raise ValueError(f"'{both[0]}' is both a node and an indicator")
    for node, names in children.items():
        if not names:
            raise ValueError(f"node '{node}' has no children")
        for name in names:
            if name not in known:
                raise ValueError(
                    f"node '{node}': child '{name}' is neither a node nor an indicator of this specification"
                )
            if name in parent:
                twice = "twice" if parent[name] == node else f"under '{parent[name]}' as well"
                raise ValueError(f"node '{node}': child '{name}' stands {twice}; a child has one parent")
            parent[name] = node
    for node in children:
        seen, at = [node], node
        while at in parent:
            at = parent[at]
            if at in seen:
                raise ValueError(
                    f"the tree runs in a circle: {' → '.join([*reversed(seen[seen.index(at) :]), seen[-1]])}"
                )
            seen.append(at)
    roots = [node for node in children if node not in parent]
    if len(roots) != 1:
        raise ValueError(f"one node must stand above all others, not {len(roots)} ({', '.join(roots)})")
    loose = [name for name in indicators if name not in parent]
    if loose:
        raise ValueError(f"no node has the indicator '{loose[0]}' as a child")
    nodes: list[str] = []
    leaves: list[str] = []

    def walk(name: str) -> None:
        if name not in children:
            leaves.append(name)
            return
        for child in children[name]:
            walk(child)
        nodes.append(name)

    walk(roots[0])
    return Tree(roots[0], tuple(nodes), tuple(leaves), {k: tuple(v) for k, v in children.items()}, parent)
