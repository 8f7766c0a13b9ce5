"""`headway site`: all countries as static pages that open from disk and from any host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli import options
from headway.cli.common import say
from headway.cli.options import Force
from headway.core.errors import EvidenceError, InputError

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to make.")]
File = Annotated[
    Path | None, typer.Option("--edition", metavar="FILE", help="An edition; else the one that briefs are read from.")
]
Since = Annotated[
    Path | None, typer.Option("--since", metavar="EDITION", help="Say which headlines changed since this one.")
]
Countries = Annotated[
    list[str] | None, typer.Option("--countries", metavar="RUS,CHN", help="Only these; else all of the edition.")
]
Indicators = Annotated[
    list[str] | None, typer.Option("--indicators", metavar="SLUG,…", help="Pages of only these; else of all.")
]
Ledgers = Annotated[
    list[str] | None,
    typer.Option("--ledgers", metavar="NAME,…", help="Claims of only these, shipped or files; none for no claims."),
]
Address = Annotated[
    str, typer.Option("--address", metavar="URL", help="Where the site will lie, for previews and search engines.")
]


def register(app: typer.Typer) -> None:
    app.command("site")(site)


def site(
    out: Out, edition: File = None, since: Since = None, countries: Countries = None, indicators: Indicators = None,
    ledgers: Ledgers = None, address: Address = "", force: Force = False,
) -> None:  # fmt: skip
    """Write the briefs of an edition as a site of static pages: open index.html, or put the folder on any host.

    Nothing in it needs a server, and nothing is loaded from elsewhere.
    """
    from headway.brief.edition import differences, read
    from headway.claims.ledger import read_ledger, shipped_ledgers
    from headway.cli.edition import opened
    from headway.findings import Context
    from headway.site.build import build
    from headway.site.folder import refuse
    from headway.site.indicators import available

    refuse(out, force=force)
    if address and not address.startswith(("https://", "http://")):
        raise InputError(f"--address {address}: an address begins with https:// or http://")
    named = options.split(ledgers or ()) or list(shipped_ledgers())
    books = [] if named == ["none"] else [read_ledger(name) for name in dict.fromkeys(named)]
    for name in {book.ledger for book in books if sum(other.ledger == book.ledger for other in books) > 1}:
        raise InputError(f"--ledgers: two files are called {name} in their line `ledger:`; give one another name")
    found, name = opened(edition)
    earlier = read(since) if since else None
    known = options.evidence_on(None, ())
    codes = [known.resolve(text).code for text in options.split(countries or ())] or list(found.places)
    for code in codes:
        if code not in found.places:
            raise InputError(f"--countries {code}: {name} has no brief of it")
    changed = differences(found.key, Context(known, codes[0]))
    if changed:
        raise EvidenceError(
            f"{name} was made from other {' and '.join(changed)} than is installed: make a new one with "
            "`headway edition build`"
        )
    codes = list(dict.fromkeys(codes))
    slugs = list(available(known))
    if indicators:
        slugs = _chosen(options.split(indicators), slugs)
    base = address.rstrip("/") + "/" if address else ""
    with options.progress_bar("Pages", len(codes) + len(slugs) + len(books)) as advance:
        count, size = build(
            found,
            known,
            out,
            countries=codes,
            slugs=slugs,
            ledgers=books,
            address=base,
            since=earlier,
            force=force,
            advance=advance,
        )
    shown = f"{len(codes)} {'country' if len(codes) == 1 else 'countries'}"
    say(f"wrote {out}: {shown}, {len(slugs)} indicators, {count} files, {size / 1e6:.1f} MB")


def _chosen(named: list[str], slugs: list[str]) -> list[str]:
    """Indicators that are named, in the order of all; refuses a name that has no figures."""
    for slug in named:
        if slug not in slugs:
            raise InputError(
                f"--indicators {slug}: no figure of it is in the evidence; `headway evidence list` names all"
            )
    return [slug for slug in slugs if slug in named]
