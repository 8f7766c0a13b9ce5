"""`headway edition`: the briefs of all countries in one file, so that a plain brief is read and not computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.common import SentenceGroup, print_json, say
from headway.cli.options import Force, Json
from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.brief.edition import Edition
    from headway.findings import Context

File = Annotated[Path | None, typer.Argument(metavar="FILE", help="An edition; the one that briefs are read from.")]
Countries = Annotated[
    list[str] | None, typer.Option("--countries", metavar="RUS,CHN", help="Only these; else all countries and blocs.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="File to write; else your cache folder.")]
Sample = Annotated[int, typer.Option("--sample", min=1, help="So many countries, spread over the edition.")]
Gate = Annotated[bool, typer.Option("--gate", help="Exit code 1 where it does not fit.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        cls=SentenceGroup, no_args_is_help=True, help="Make, show and check an edition: all briefs in one file."
    )
    group.command("build")(build)
    group.command("show")(show)
    group.command("check")(check)
    app.add_typer(group, name="edition")


def build(out: Out = None, countries: Countries = None, force: Force = False) -> None:
    """Compose the brief of every country and put them in one file; one that was interrupted carries on.

    Without --out the file lies in your cache folder, where `headway brief` finds it.
    """
    from headway.brief import edition
    from headway.brief.compose import compose
    from headway.core.files import make_folder, refuse_early, write_atomically

    refuse_early(out, force=force)
    contexts = _contexts(countries)
    key = edition.key_now(contexts[0])
    parts = edition.parts_folder(key)
    briefs: dict[str, bytes] = {}
    with options.progress_bar("Briefs", len(contexts)) as advance:
        for code, content in edition.built(contexts, parts, compose):
            briefs[code] = content
            advance()
    path = out or edition.own_path()
    make_folder(path.parent, f"cannot write {path}", mode=0o700)
    content = edition.packed(key, briefs)
    write_atomically(path, content, force=force or out is None)
    edition.remove_parts(parts)
    say(f"wrote {path}: {len(briefs)} briefs, {len(content) / 1e6:.1f} MB")


def show(file: File = None, gate: Gate = False, json: Json = False) -> None:
    """Say what an edition was made from and whether it fits the evidence, the model and the code that are installed."""
    from headway.brief.edition import differences

    found, name = opened(file)
    changed = differences(found.key, _contexts(list(found.places)[:1])[0])
    if json:
        from headway.brief.document import plain_data

        print_json(
            {
                "edition": name, "version": found.version, "key": plain_data(found.key), "briefs": list(found.places),
                "differs": list(changed),
            }
        )  # fmt: skip
    else:
        print(f"{name}: {len(found.places)} briefs as of {found.key.as_of}, made by Headway {found.version}")
        for part in ("evidence", "model", "code"):
            print(f"  {part:<9}{getattr(found.key, part)[:12]}  {'differs' if part in changed else 'as installed'}")
    if gate and changed:
        raise typer.Exit(1)


def check(file: File = None, countries: Countries = None, sample: Sample = 5) -> None:
    """Compose some briefs again and compare; exit code 1 where one differs or the edition is not of what is installed.

    Numbers may differ by what another processor makes of the same sum; sentences may not.
    """
    from headway.brief.compose import compose
    from headway.brief.edition import differences, unlike

    found, name = opened(file)
    codes = list(found.places)
    contexts = _contexts(countries or codes[:: max(len(codes) // sample, 1)][:sample])
    wrong = [f"{name} was made from other {part}" for part in differences(found.key, contexts[0])]
    with options.progress_bar("Briefs", len(contexts)) as advance:
        for context in contexts:
            if context.country not in found.places:
                raise InputError(f"{name} has no brief of {context.country}; it has {', '.join(codes[:8])} …")
            wrong += [
                f"{context.country}: {change}" for change in unlike(found.brief(context.country), compose(context))
            ]
            advance()
    for line in wrong:
        print(line)
    if wrong:
        raise typer.Exit(1)
    print(f"{len(contexts)} briefs are as in {name}: {', '.join(context.country for context in contexts)}")


def opened(file: Path | None) -> tuple[Edition, str]:
    """The edition that is named, else the user's, else the shipped one, and its path."""
    from headway.brief import edition

    if file is None:
        file = next((path for path in (edition.own_path(), edition.SHIPPED) if path.is_file()), None)
    if file is None:
        raise InputError("there is no edition yet: make one with `headway edition build`")
    return edition.read(file), str(file)


def _contexts(countries: list[str] | None) -> list[Context]:
    """Contexts of the countries that are named, once each; of all countries and blocs where none is."""
    from headway.evidence.catalogue import blocs
    from headway.evidence.countries import countries as all_countries

    known = options.evidence_on(None, ())
    names = options.split(countries) if countries else [*all_countries(), *blocs()]
    found = [options.context(known, name) for name in names]
    return list({context.country: context for context in found}.values())
