"""`headway diff`: what changed between two editions, and feeds of the sentences that changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.common import console, print_json, say
from headway.cli.options import Force, Json, split, working
from headway.core.errors import InputError

Old = Annotated[Path, typer.Argument(metavar="EDITION_A", help="The older edition.")]
New = Annotated[Path | None, typer.Argument(metavar="EDITION_B", help="The newer one; else the one briefs come from.")]
Countries = Annotated[list[str] | None, typer.Option("--countries", metavar="RUS,CHN", help="Only these.")]
Weight = Annotated[
    int, typer.Option("--weight", min=1, max=3, help="Sentences in feeds: 1 headlines, 2 the body, 3 all.")
]
Feed = Annotated[
    list[Path] | None, typer.Option("--feed", metavar="FILE", help="Write a feed: .atom or .xml, or .json (JSON Feed).")
]

_ATOM, _JSON = {".atom", ".xml"}, {".json"}


def register(app: typer.Typer) -> None:
    app.command("diff")(diff)


def diff(
    old: Old, new: New = None, countries: Countries = None, weight: Weight = 3, feed: Feed = None, json: Json = False,
    force: Force = False,
) -> None:  # fmt: skip
    """Say which findings changed between two editions, and why: a new date, evidence, model, scenario or version.

    Two briefs of one country are compared by headway brief COUNTRY --diff OLD.json.
    """
    from headway.brief import edition_diff
    from headway.brief.edition import read
    from headway.cli.edition import opened
    from headway.core.files import refuse_early, write_atomically
    from headway.evidence.countries import resolve

    for file in feed or ():
        if file.suffix not in _ATOM | _JSON:
            raise InputError(f"--feed {file}: the name must end in .atom, .xml or .json")
    refuse_early(*(feed or ()), force=force)
    codes = [resolve(name).code for name in split(countries or ())]
    before, (after, _) = read(old), opened(new)
    for code in codes:
        if code not in before.places and code not in after.places:
            raise InputError(f"--countries {code}: neither edition has a brief of it")
    with working("Comparing"):
        found = edition_diff.compare(before, after, codes, weight)
    for file in feed or ():
        content = edition_diff.atom(found) if file.suffix in _ATOM else edition_diff.json_feed(found)
        write_atomically(file, content, force=force)
        say(f"wrote {file}: {len(found.sentences)} {'sentence' if len(found.sentences) == 1 else 'sentences'} changed")
    if json:
        from headway.brief.document import plain_data

        print_json({"diff": plain_data(found)})
    elif not feed:
        print(edition_diff.told(found, min(console().width, 100)))
