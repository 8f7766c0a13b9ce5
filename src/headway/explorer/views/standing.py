"""Standing: the reader weighs the domains; methods, errors, ages, gaps and inner weights vary as before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.charts import Caption
from headway.core import wording
from headway.explorer.address import DOMAINS, ParameterError, StandingState
from headway.explorer.answer import Answer, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession
from headway.explorer.views import places as p
from headway.explorer.views.world import places_in, publishers
from headway.findings.finding import Picture
from headway.standing.aggregate import aggregate_children
from headway.standing.moments import descending_ranks
from headway.standing.view import RobustStanding, robust_standing

_BARS = 14


def answer(state: StandingState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: a weight for a domain that the view lacks, no weight at all, an unknown country.
    """
    made = robust_standing(desk.evidence, state.view)
    weights = weights_of(state, made)
    marked = desk.code("country", state.country or desk.default_country)
    units = made.ensembles[made.root].units
    ranks = reweighed(made, weights)
    names = [made.data.table.name(unit) for unit in units]
    weighed = [name for name, weight in weights.items() if weight]
    found = p.places(ranks, units, names, [not all(made.nothing(unit, domain) for domain in weighed) for unit in units])
    varied = places_in(made, made.root)
    even = len(set(weights.values())) == 1
    weighing = "each domain weighing alike" if even else "the weights that you set"
    where = f"{p.SIZE[state.view]} with {weighing}"
    name, source = desk.evidence.resolve(marked).name, publishers(made, made.root, desk)
    title = f"{made.spec.label(made.root)}: {'equal weights' if even else 'your weights'}"
    caption = Caption(desk.evidence.as_of, 0.9, p.CAVEAT)
    charts = [picture_chart("ranks", p.picture(found, state.top, marked, title, source), caption)]
    world = {row["code"]: row["rank"] for row in p.rows(varied, marked)}
    ranked = [{**row, "world": world.get(row["code"])} for row in p.rows(found, marked)]
    columns = {**p.COLUMNS, "rank": f"Rank with {weighing}", "world": "Rank where weights vary too (World)"}
    tables = [AnswerTable("ranks", p.table_title(found), columns, ranked)]
    if marked in units and found.at(marked) is not None:
        drawn, table = _distribution(ranks[:, units.index(marked)], marked, name, source)
        charts.insert(0, picture_chart("places", drawn, Caption(desk.evidence.as_of, None, "")))
        tables.append(table)
    return Answer(
        title,
        f"{p.sentence(found, marked, name, where)} {_beside(found, varied, marked)}".rstrip(),
        desk.made(),
        p.CAVEAT,
        source,
        ("Weights of the domains are held as set; weights inside domains, methods, errors, ages and gaps vary.",),
        tuple(charts),
        tuple(tables),
        {"country": marked, "weights": weights, "domains": list(made.domains)},
    )


def _beside(found: p.Places, varied: p.Places, code: str) -> str:
    """The place of World and of the brief beside that of this page, so that nobody takes one for the other."""
    here, there = found.at(code), varied.at(code)
    if here is None or there is None:
        return ""
    middle, low, high = (wording.ordinal(float(series[there])) for series in (varied.median, varied.low, varied.high))
    same = "also " if varied.median[there] == found.median[here] else ""
    spread = f"{low}–{high}" if low != high else low
    return f"Where the weights vary too, as on World and in its brief, it is {same}{middle} (90%: {spread})."


def weights_of(state: StandingState, made: RobustStanding) -> Mapping[str, float]:
    """Domain → weight.

    Raises:
        ParameterError: see `answer`.
    """
    for name in DOMAINS:
        if name not in made.domains and getattr(state, name) != 1:
            raise ParameterError(name, f"by {state.view} there is no such domain; there are {', '.join(made.domains)}")
    weights = {name: float(getattr(state, name)) for name in made.domains}
    if not any(weights.values()):
        raise ParameterError(made.domains[0], "at least one domain needs a weight above zero")
    return weights


def reweighed(made: RobustStanding, weights: Mapping[str, float]) -> p.Floats:
    """Ranks (alternatives, countries) when the domains weigh as given, each alternative aggregating in its own way."""
    root = made.ensembles[made.root]
    scores = np.stack([made.ensembles[name].scores for name in made.domains], axis=-1)
    w = np.asarray([weights[name] for name in made.domains])
    settings = made.spec.nodes[made.root]
    least = made.spec.minimum_data if settings.minimum_data is None else settings.minimum_data
    out = np.full(scores.shape[:2], np.nan)
    for number, config in enumerate(root.study.configurations):
        mine = _members(root.study.number, root.design, tuple(root.study.settings.choices)) == number
        how = config.spec.aggregation(made.root)
        x = scores[mine]
        if how.needs_positive:
            x = np.where((x <= 0).any(axis=(1, 2), keepdims=True), np.nan, x)
        out[mine] = aggregate_children(x, np.broadcast_to(w / w.sum(), (len(x), len(w))), how, least)[0]
    return descending_ranks(out)


def _members(
    number: Mapping[tuple[int, ...], int], design: Mapping[str, np.ndarray], names: tuple[str, ...]
) -> np.ndarray:
    """Configuration number of each alternative."""
    return np.asarray(
        [number[tuple(int(i) for i in row)] for row in np.stack([design[name] for name in names], axis=1)]
    )


def _distribution(ranks: p.Floats, code: str, name: str, source: str) -> tuple[Picture, AnswerTable]:
    """How often each place, places joined where they are many."""
    known = ranks[~np.isnan(ranks)].astype(int)
    low, high = (int(end) for end in np.quantile(known, (0.005, 0.995)))
    step = max(1, -(-(high - low + 1) // _BARS))
    data = []
    for first in range(low, high + 1, step):
        last = min(first + step - 1, high)
        share = float(((known >= first) & (known <= last)).mean())
        label = wording.ordinal(first) if first == last else f"{wording.ordinal(first)}–{wording.ordinal(last)}"
        data.append({"label": label, "value": 100 * share, "place": first, "to": last})
    likely = max(data, key=lambda row: float(str(row["value"])))
    picture = Picture(
        "bars",
        f"Places of {name}",
        tuple({"label": row["label"], "value": row["value"]} for row in data),
        "% of the alternatives",
        "",
        f"How often {name} takes each place; most often {likely['label']} ({likely['value']:.0f}%).",
        source,
    )
    columns = {"label": "Place", "value": "% of the alternatives"}
    return picture, AnswerTable("places", f"Places of {name}", columns, data)
