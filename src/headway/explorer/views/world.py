"""World: the rank of every country with its interval, by domain and view, as known in any year."""

from __future__ import annotations

from headway.charts import Caption
from headway.explorer.address import ParameterError, WorldState
from headway.explorer.answer import Answer, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession
from headway.explorer.views import places as p
from headway.standing.view import RobustStanding, robust_standing

VARIED = (
    "In the alternative rankings the weights of the domains vary too, as in a country's brief. Standing holds them as "
    "you set them, and gives places of its own."
)


def answer(state: WorldState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: a domain that the view lacks, a year outside the evidence, an unknown country.
    """
    evidence = desk.on(state.year)
    made = robust_standing(evidence, state.view)
    node = domain(made, state.domain, state.view)
    marked = desk.code("country", state.country) if state.country else ""
    found = places_in(made, node)
    where = f"in {'all domains' if state.domain == 'all' else state.domain} {p.SIZE[state.view]}"
    rows = p.rows(found, marked)
    for row in rows:
        row["indicators"] = "{} of {}".format(*made.known(row["code"], node))
    title = made.title(node, state.view)
    source = publishers(made, node, desk)
    known = evidence.indicators()
    absent = [known[slug].name if slug in known else slug for slug in made.data.absent]
    missing = f"Known for too few countries to take part: {'; '.join(absent)}." if absent else ""
    name = evidence.resolve(marked).name if marked else ""
    return Answer(
        title,
        p.sentence(found, marked, name, where),
        desk.made(evidence),
        p.CAVEAT,
        source,
        (
            *filter(None, [missing, VARIED if state.domain == "all" else ""]),
            "Click a country in the chart, or in the table below, to open its brief.",
        ),
        (
            picture_chart(
                "ranks", p.picture(found, state.top, marked, title, source), Caption(evidence.as_of, 0.9, p.CAVEAT)
            ),
        ),
        (AnswerTable("ranks", p.table_title(found), {**p.COLUMNS, "indicators": "Indicators known"}, rows),),
    )


def places_in(made: RobustStanding, node: str) -> p.Places:
    """Places in a node, those that briefs, `headway standing` and `headway.standing()` print."""
    ensemble = made.ensembles[node]
    names = [made.data.table.name(unit) for unit in ensemble.units]
    return p.places(ensemble.ranks, ensemble.units, names, [not made.nothing(unit, node) for unit in ensemble.units])


def domain(made: RobustStanding, asked: str, view: str) -> str:
    """The node of a domain; the root for all.

    Raises:
        ParameterError: the view has no such domain.
    """
    if asked == "all":
        return made.root
    if asked not in made.domains:
        raise ParameterError("domain", f"by {view} there are {', '.join(made.domains)}")
    return asked


def publishers(made: RobustStanding, node: str, desk: ExplorerSession) -> str:
    """Publishers of the indicators under a node."""
    known, slugs = (
        desk.evidence.sources(),
        dict.fromkeys(
            id.split(":")[0]
            for j, leaf in enumerate(made.spec.tree.leaves)
            if leaf in made.spec.tree.under(node)
            for cell in made.data.ids[:, j]
            for id in str(cell).split()
        ),
    )
    return "; ".join(dict.fromkeys(known[slug].publisher if slug in known else slug for slug in slugs))
