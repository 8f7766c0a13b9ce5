"""An edition is read where it fits, gives the same bytes on every surface, and is refused where anything differs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from headway.brief import edition
from headway.brief import trace as chains
from headway.brief.compose import Brief, brief_format, compose
from headway.brief.document import text
from headway.brief.html import page
from headway.brief.terminal import summary
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.findings import Context, Finding, FindingId, recipes

QUICK = ("gap.training_compute", "ambition.goal", "why.controls")  # recipes that run no model


def asked(country: str) -> Context:
    return Context(open_evidence(), country)


def quick(context: Context) -> Brief:
    known = recipes()
    return compose(context, [known[name] for name in QUICK if name in known])


@pytest.fixture(scope="module")
def content() -> bytes:
    """An edition of two countries and a bloc, from recipes that run no model."""
    briefs = {code: brief_format().pack(quick(asked(code))) for code in ("FRA", "KOR", "EU")}
    return edition.packed(edition.key_now(asked("FRA")), briefs)


@pytest.fixture
def own(content: bytes) -> Path:
    """The same as the edition of this test's user."""
    path = edition.own_path()
    path.parent.mkdir(mode=0o700, parents=True)
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def never(context: Context) -> Brief:
    raise AssertionError(f"the brief of {context.country} was composed")


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("country", ["KOR", "EU"])
def test_a_plain_brief_is_read_and_every_surface_has_the_same_bytes(
    country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition, "composed_once", never)
    found, made = edition.brief_of(asked(country)), quick(asked(country))
    assert found.findings
    for surface in (text, page, lambda brief: str(summary(brief, 100))):
        assert surface(found) == surface(made)


@pytest.mark.usefixtures("own")
def test_another_question_is_composed_without_a_word() -> None:
    plain = asked("KOR")
    past = Context(open_evidence(plain.as_of.replace(year=plain.as_of.year - 1)), "KOR")
    for other in (replace(plain, seed=1), replace(plain, against=("DEU",)), replace(plain, scenario="no-exodus"), past):
        assert edition.stored(other) == (None, "")
    assert edition.stored(asked("TUV")) == (None, "")


@pytest.mark.parametrize(
    ("stale", "named"),
    [
        ({"evidence": "0" * 64}, "evidence"),
        ({"model": "0" * 64}, "model"),
        ({"code": "0" * 64, "sources": "0" * 64}, "code"),
    ],
)
def test_a_stale_edition_is_refused_by_its_key_and_the_brief_composed(
    own: Path, content: bytes, stale: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = replace(edition.opened(content, "made").key, **stale)
    own.write_bytes(edition.packed(key, {"KOR": brief_format().pack(quick(asked("KOR")))}))
    monkeypatch.setattr(edition, "composed_once", quick)
    told: list[str] = []
    assert edition.brief_of(asked("KOR"), told.append) == quick(asked("KOR"))
    assert len(told) == 1
    assert f"made from other {named}: this brief is computed now" in told[0]


def test_comments_and_docstrings_do_not_make_an_edition_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, table = tmp_path / "core" / "sums.py", tmp_path / "core" / "table.toml"
    file.parent.mkdir()
    table.write_text("a = 1\n")
    monkeypatch.setattr(edition, "_PACKAGE", tmp_path)

    def hashes(code: str) -> tuple[str, str]:
        file.write_text(code)
        edition.sources_hash.cache_clear()
        edition.code_hash.cache_clear()
        return edition.code_hash(), edition.sources_hash()

    try:
        first = hashes('def add(a, b):\n    """Sum."""\n    return a + b\n')
        worded = hashes('def add(a, b):\n    """Sum of two numbers."""\n    return a + b  # both finite\n')
        constant = hashes("MOST = 2\n")
        described = hashes('MOST = 2\n"""Terms of a sum."""\n')
        other = hashes("def add(a, b):\n    return a - b\n")
        table.write_text("a = 2\n")
        tabled = hashes("def add(a, b):\n    return a - b\n")
    finally:
        edition.sources_hash.cache_clear()
        edition.code_hash.cache_clear()
    assert worded[0] == first[0]
    assert worded[1] != first[1]
    assert described[0] == constant[0]
    assert len({first[0], constant[0], other[0], tabled[0]}) == 4


def test_building_carries_on_where_it_was_interrupted(content: bytes) -> None:
    key = edition.opened(content, "made").key
    parts = edition.parts_folder(key)
    asked_for = [asked(code) for code in ("FRA", "KOR", "EU")]

    def interrupted(context: Context) -> Brief:
        if context.country == "EU":
            raise KeyboardInterrupt
        return quick(context)

    with pytest.raises(KeyboardInterrupt):
        list(edition.built(asked_for, parts, interrupted))

    def only_the_rest(context: Context) -> Brief:
        return quick(context) if context.country == "EU" else never(context)

    briefs = dict(edition.built(asked_for, parts, only_the_rest))
    assert edition.packed(key, briefs) == content
    edition.remove_parts(parts)
    assert not parts.exists()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: b"no archive", "is no edition"),
        (lambda content: content[: len(content) // 2], "is no edition"),
    ],
)
def test_what_is_no_edition_is_refused(
    tmp_path: Path, content: bytes, damage: Callable[[bytes], bytes], said: str
) -> None:
    file = tmp_path / "broken.zip"
    file.write_bytes(damage(content))
    with pytest.raises(InputError, match=said):
        edition.read(file)


_WITHOUT_THE_MODEL = """
import sys

MODEL = {"arviz", "h5netcdf", "jax", "jaxlib", "numpyro", "scoringrules", "sklearn", "xarray", "zarr"}

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MODEL:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
import headway as hw
from headway.cli.app import main
from headway.core.errors import InputError

for words in ("brief KOR", "trace KOR:gap.training_compute:USA@DAY", "claims list", "explain KOR"):
    sys.argv = ["headway", *words.split()]
    try:
        main()
    except SystemExit as ended:
        print(f"{words.split()[0]} ended with {ended.code or 0}", file=sys.stderr)
print(len(hw.brief("KOR")), "findings from Python", file=sys.stderr)
try:
    hw.simulate(draws=2)
except InputError as error:
    print(f"simulate: {error}", file=sys.stderr)
"""


def test_stored_findings_are_read_where_no_library_of_the_model_is_installed(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "headway" / "editions" / "edition.zip"
    file.parent.mkdir(mode=0o700, parents=True)
    file.write_bytes(content)
    code = _WITHOUT_THE_MODEL.replace("DAY", open_evidence().as_of.isoformat())
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)}, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("SOUTH KOREA")
    assert "https://epoch.ai" in done.stdout
    asked_for = "this question runs the model, and {} is not installed: pip install 'headway[model]'"
    said = done.stderr.splitlines()
    assert said[:3] == [f"{word} ended with 0" for word in ("brief", "trace", "claims")]
    assert said[3:5] == [f"error: {asked_for.format('jax')}", "explain ended with 2"]
    assert said[5] == f"{len(quick(asked('KOR')).findings)} findings from Python"
    assert said[6].startswith("simulate: this question runs the model, and ")


@pytest.mark.usefixtures("own")
def test_a_finding_is_traced_from_the_edition_and_made_again_where_that_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []
    known = recipes()["gap.training_compute"]

    def counted(context: Context) -> Iterator[Finding]:
        ran.append(context.country)
        yield from known.make(context)

    monkeypatch.setattr(chains, "recipes", lambda: {known.name: replace(known, make=counted)})
    identifier = FindingId.parse(next(f.id for f in quick(asked("KOR")).findings if ":gap.training_compute" in f.id))
    read = chains.document(chains.trace(identifier, asked("KOR")))
    assert ran == []
    again = chains.document(chains.trace(identifier, asked("KOR"), recompute=True))
    assert ran == ["KOR"]
    del read["recipe"], again["recipe"]
    assert read == again


@pytest.mark.usefixtures("own")
def test_claims_are_checked_on_the_findings_of_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    known = recipes()
    made = EvidenceLookup(open_evidence()).findings("gap.training_compute", "KOR", ("USA",))
    other = EvidenceLookup(open_evidence(), held=edition.held_findings).findings(
        "gap.training_compute", "KOR", ("DEU",)
    )
    silent = {name: replace(recipe, make=lambda context: ()) for name, recipe in known.items()}
    monkeypatch.setattr(sys.modules["headway.findings.recipe"], "recipes", lambda: silent)
    held = EvidenceLookup(open_evidence(), held=edition.held_findings)
    assert made[0].id in {finding.id for finding in held.findings("gap.training_compute", "KOR", ("USA",))}
    assert held.findings("gap.training_compute", "KOR", ("DEU",)) == ()
    assert any(":DEU@" in finding.id for finding in other)


@pytest.mark.slow
def test_sentences_of_the_shipped_briefs_are_whole_on_a_screen() -> None:
    shipped = edition.read(Path(edition.__file__).parent / "data" / "edition.zip")
    cut = {code: summary(shipped.brief(code)).plain.count("…") for code in ("RUS", "CHN", "KOR", "SGP", "VNM", "BRA")}
    assert max(cut.values()) <= 2  # some state their goals, or their newest act, in many words


@pytest.mark.slow
def test_the_shipped_edition_fits_and_a_sample_of_it_is_made_again() -> None:
    shipped = edition.read(Path(edition.__file__).parent / "data" / "edition.zip")
    assert edition.differences(shipped.key, asked("RUS")) == ()
    for code in ("RUS", "ARE", "TUV", "EU"):
        assert edition.unlike(shipped.brief(code), compose(asked(code))) == []
