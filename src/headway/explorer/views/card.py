"""Card: the answer on a country in a few lines, from the judgement of its brief in an edition."""

from __future__ import annotations

from headway.brief import edition
from headway.core import wording
from headway.explorer.address import CardState
from headway.explorer.answer import Answer, AnswerTable
from headway.explorer.session import ExplorerSession
from headway.site import home

_COLUMNS = {"label": "Question", "value": "Answer"}


def answer(state: CardState, desk: ExplorerSession) -> Answer:
    """The answer to a state; without lines where no edition holds the country's brief.

    Raises:
        ParameterError: an unknown country.
    """
    context = desk.context(state.country)
    name = desk.evidence.resolve(context.country).name
    brief, _ = edition.stored(context)
    if brief is None:
        sentence = f"No edition that fits this evidence holds {name}; its page composes the judgement."
        return Answer(name, sentence, desk.made(), extra={"country": context.country, "lines": [], "name": name})
    row = home.row(brief, 0)
    told = lines(row)
    return Answer(
        name,
        row.sentence,
        desk.made(model=bool(brief.recipe.posterior)),
        tables=(AnswerTable("card", f"{name} in short", _COLUMNS, told),),
        extra={"country": context.country, "lines": told, "name": name},
    )


def lines(row: home.HomeRow) -> list[dict[str, str]]:
    """Lines of the card: the distance, then what is known of what comes, why, and what would help."""
    distance = f"{row.months}, {row.how}." if row.months else "neither measured nor modelled."
    first = {"label": "Distance to the frontier", "value": wording.sentence(distance)}
    return [first, *({"label": label, "value": text} for label, text in row.answers)]
