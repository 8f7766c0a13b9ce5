import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest
from faulty import publisher
from shop import ADAPTERS, DAY, stock

from headway.core.errors import EvidenceError, InputError
from headway.evidence import open_evidence
from headway.evidence.build import TableChange, build, compare, refuse_collapse
from headway.evidence.fetch import Manifest, ManifestFile, fetch, parse_manifest
from headway.evidence.refresh import Refreshed, cache_manifest, refresh, status
from headway.evidence.snapshot import open_snapshot, write_snapshot

GDP = "worldbank/ny.gdp.mktp.cd.csv"


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_cache_gives_the_same_bytes(tmp_path: Path) -> None:
    manifest = stock(tmp_path / "cache")
    build(tmp_path / "cache", tmp_path / "one", manifest)
    build(tmp_path / "cache", tmp_path / "two", manifest)
    snapshot, changes = build(tmp_path / "cache", tmp_path / "one", manifest)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert not any(change.new or change.changed or change.removed for change in changes)
    assert snapshot.date == DAY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "one", "two"], "nothing is left behind"


def test_what_was_built_can_be_opened_and_holds_no_later_period(built: Path) -> None:
    known = open_evidence(folder=built / "data")
    observations = known.observations()
    assert {"gdp_usd", "scholars", "largest_training_run", "eci_frontier"} <= set(observations["indicator"])
    assert observations["period"].str[:4].astype(int).between(2010, 2025).all()
    assert (known.models()["published"] <= pd.Timestamp(2025, 12, 31)).all()
    derived = observations[observations["flag"].str.contains("derived")]
    inputs = {id for text in derived["inputs"] for id in text.split()}
    facts = known.facts(inputs)
    assert set(facts) == inputs
    assert all(fact.source.publisher for fact in facts.values())


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.unlink(), "is missing; it comes from https://"),
        (lambda path: path.write_text(path.read_text() + "x"), "sha256 is .* the manifest records"),
    ],
)
def test_a_file_that_is_not_the_recorded_one(published: tuple[Path, Path, Path], harm: object, told: str) -> None:
    web, _, data = published
    manifest = stock(web)
    before = contents(data)
    harm(web / GDP)  # type: ignore[operator]
    with pytest.raises(EvidenceError, match=told):
        build(web, data, manifest)
    assert contents(data) == before


def test_a_lost_source_is_refused_unless_forced(published: tuple[Path, Path, Path], tmp_path: Path) -> None:
    manifest = stock(tmp_path / "cache")
    before = contents(tmp_path / "data")
    less = manifest.model_copy(update={"files": tuple(f for f in manifest.files if f.adapter != "mpidr")})
    with pytest.raises(EvidenceError, match=r"was not put in place[\s\S]*scholars"):
        build(tmp_path / "cache", tmp_path / "data", less)
    assert contents(tmp_path / "data") == before
    build(tmp_path / "cache", tmp_path / "data", less, force=True)
    assert open_evidence(folder=tmp_path / "data").observations("scholars").empty


def test_a_damaged_old_snapshot_is_replaced_only_when_forced(
    published: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    manifest = stock(tmp_path / "cache")
    good = open_snapshot(tmp_path / "data")
    (tmp_path / "data" / "models.parquet").write_bytes(b"")
    with pytest.raises(EvidenceError, match="--force"):
        build(tmp_path / "cache", tmp_path / "data", manifest)
    assert build(tmp_path / "cache", tmp_path / "data", manifest, force=True)[0].hash == good.hash


def test_a_folder_of_other_files_is_refused_before_any_file_is_read(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    missing = tmp_path / "no-cache"
    for force in (False, True):
        with pytest.raises(InputError, match="mine is not empty and is not an evidence snapshot"):
            build(missing, mine, stock(tmp_path / "cache"), force=force)
    (mine / "datapackage.json").write_text('{"name": "somebody-elses", "resources": []}')
    with pytest.raises(InputError, match="is not an evidence snapshot"):
        build(missing, mine, stock(tmp_path / "cache"), force=True)
    assert (mine / "thesis.docx").read_text() == "years of work"


def test_a_snapshot_with_other_files_beside_it_is_refused(published: tuple[Path, Path, Path]) -> None:
    web, cache, data = published
    (data / "notes").mkdir()
    (data / "notes" / "thesis.docx").write_text("years of work")
    with pytest.raises(InputError, match=r"also holds notes/thesis\.docx; move what is yours"):
        build(web, data, stock(web), force=True)
    with pytest.raises(InputError, match=r"also holds notes/thesis\.docx"):
        renew(web, cache, data, {})
    assert (data / "notes" / "thesis.docx").read_text() == "years of work"
    assert not cache.exists(), "refused before anything is downloaded"


def test_a_file_put_there_while_the_snapshot_is_made_survives(
    published: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    web, _, data = published

    def meanwhile(*words: object) -> object:
        (data / "thesis.docx").write_text("years of work")
        return write_snapshot(*words)  # type: ignore[arg-type]

    monkeypatch.setattr("headway.evidence.build.write_snapshot", meanwhile)
    with pytest.raises(InputError, match=r"also holds thesis\.docx"):
        build(web, data, stock(web))
    assert (data / "thesis.docx").read_text() == "years of work"
    assert sorted(path.name for path in data.parent.iterdir()) == ["data", "web"], "nothing is left behind"


def test_a_link_or_a_file_is_no_folder_of_a_snapshot(published: tuple[Path, Path, Path], tmp_path: Path) -> None:
    web, cache, data = published
    (tmp_path / "link").symlink_to(data)
    (tmp_path / "file").write_text("mine")
    for out, told in (("link", "is a link"), ("file", "is a file"), ("file/below", "file is a file")):
        with pytest.raises(InputError, match=told):
            build(web, tmp_path / out, stock(web))
        with pytest.raises(InputError, match=told):
            renew(web, cache, data, {}, out=tmp_path / out)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "mine"


def test_an_empty_folder_and_the_one_worked_in_take_a_snapshot(
    published: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, _, data = published
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert build(web, Path("."), stock(web))[0].hash == open_snapshot(data).hash
    assert contents(tmp_path / "here") == contents(data)


def test_a_foreign_manifest_in_the_cache_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web page"}')
    with pytest.raises(InputError, match=r"manifest\.json is not the manifest of a cache"):
        cache_manifest(tmp_path, Manifest(snapshot_date=DAY, files=()))


def test_an_unknown_adapter_is_named(tmp_path: Path) -> None:
    manifest = stock(tmp_path / "cache")
    stray = manifest.files[0].model_copy(update={"adapter": "nobody"})
    with pytest.raises(EvidenceError, match="no adapter is called 'nobody'"):
        build(tmp_path / "cache", tmp_path / "data", Manifest(snapshot_date=DAY, files=(stray,)))


def test_small_losses_pass_and_large_ones_do_not() -> None:
    refuse_collapse([TableChange("a", 100, 70, 0, 0, 30), TableChange("b", 0, 5, 5, 0, 0)])
    with pytest.raises(EvidenceError, match="a: 100 rows before, 69 now"):
        refuse_collapse([TableChange("a", 100, 69, 0, 0, 31)])


def test_changes_are_counted_by_indicator() -> None:
    import tiny

    before = tiny.frames()
    rows = [
        tiny.ROWS[0] | {"value": 2.0e12},
        *tiny.ROWS[2:],
        tiny.row("population", "FRA", "2021", 6.8e7, "2022-07-01"),
    ]
    after = tiny.frames(tuple(rows))
    found = {change.name: change for change in compare(before, after)}
    assert found["population"] == TableChange("population", 0, 1, 1, 0, 0)
    assert found["gdp_usd"] == TableChange("gdp_usd", 10, 9, 0, 1, 0)
    assert found["models"].changed == 0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files, `web`, and the snapshot built from them, `data`; nobody writes into it."""
    folder = tmp_path_factory.mktemp("built")
    build(folder / "web", folder / "data", stock(folder / "web"))
    return folder


@pytest.fixture
def published(tmp_path: Path, built: Path) -> tuple[Path, Path, Path]:
    """Folders: what the publishers serve, the user's cache, and a snapshot built from both."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "web", tmp_path / "cache", tmp_path / "data"


TODAY = dt.date(2026, 12, 1)


def renew(web: Path, cache: Path, data: Path, faults: dict[str, list[str]], out: Path | None = None) -> Refreshed:
    with publisher(web) as server:
        server.faults.update(faults)
        shipped = Manifest(
            snapshot_date=DAY,
            files=tuple(f.model_copy(update={"url": server.url(f.path)}) for f in _recorded(cache, web).files),
        )
        quick = lambda file, folder: fetch(file, folder, pause=0.01, timeout=2, attempts=2)  # noqa: E731
        return refresh(cache, out or data, data, shipped, TODAY, download=quick)


def _recorded(cache: Path, web: Path) -> Manifest:
    manifest = cache_manifest(cache, Manifest(snapshot_date=DAY, files=()))
    return manifest if manifest.files else stock(web)


def test_nothing_new_leaves_the_snapshot_as_it_was(published: tuple[Path, Path, Path]) -> None:
    web, cache, data = published
    before = contents(data)
    done = renew(web, cache, data, {})
    assert set(done.unchanged) == set(ADAPTERS)
    assert contents(data) == before
    assert (cache / GDP).read_bytes() == (web / GDP).read_bytes()


def test_a_new_vintage_is_told_by_indicator(published: tuple[Path, Path, Path]) -> None:
    web, cache, data = published
    manifest = stock(web)
    text = (web / GDP).read_text()
    assert "3160442622465.08" in text
    (web / GDP).write_text(text.replace("3160442622465.08", "3170442622465.08", 1))
    with publisher(web) as server:
        files = tuple(f.model_copy(update={"url": server.url(f.path)}) for f in manifest.files)
        done = refresh(cache, data, data, Manifest(snapshot_date=DAY, files=files), TODAY)
    changed = {change.name: change.changed for change in done.changes if change.changed}
    assert changed["gdp_usd"] == 1
    assert done.renewed == ("worldbank_wdi",)
    assert done.snapshot.date == TODAY
    kept = cache_manifest(cache, manifest)
    assert {f.retrieved_on for f in kept.files if f.path == GDP} == {TODAY}
    ages = {row.source: row.age_days for row in status(done.snapshot, TODAY)}
    assert ages["worldbank_wdi"] == 0
    assert ages["mpidr"] > 0


@pytest.mark.parametrize("fault", ["404", "500", "truncated"])
def test_a_source_that_fails_keeps_its_rows(published: tuple[Path, Path, Path], fault: str) -> None:
    web, cache, data = published
    before = open_evidence(folder=data).observations()
    done = renew(web, cache, data, {GDP: [fault]})
    assert [adapter for adapter, _ in done.kept] == ["worldbank_wdi"]
    after = open_evidence(folder=data).observations()
    assert set(before["id"]) == set(after["id"])


def test_a_changed_column_keeps_the_rows_and_names_file_and_column(published: tuple[Path, Path, Path]) -> None:
    web, cache, data = published
    manifest = stock(web)
    (web / GDP).write_text((web / GDP).read_text().replace("Value", "Figure", 1))
    with publisher(web) as server:
        files = tuple(f.model_copy(update={"url": server.url(f.path)}) for f in manifest.files)
        done = refresh(cache, data, data, Manifest(snapshot_date=DAY, files=files), TODAY)
    ((adapter, reason),) = done.kept
    assert adapter == "worldbank_wdi"
    assert "ny.gdp.mktp.cd.csv" in reason
    assert "column" in reason
    assert not open_evidence(folder=data).observations("gdp_usd").empty


def test_when_every_source_fails_nothing_is_touched(published: tuple[Path, Path, Path]) -> None:
    web, cache, data = published
    before = contents(data)
    faults = {file.path: ["500"] for file in stock(web).files}
    with pytest.raises(EvidenceError, match="no source could be renewed"):
        renew(web, cache, data, faults)
    assert contents(data) == before
    assert not (cache / "manifest.json").exists()
    assert not list(cache.iterdir())


def test_a_refresh_may_go_to_another_folder(published: tuple[Path, Path, Path], tmp_path: Path) -> None:
    web, cache, data = published
    before = contents(data)
    renew(web, cache, data, {}, out=tmp_path / "mine")
    assert contents(data) == before
    assert open_snapshot(tmp_path / "mine").date == DAY


ENTRY = """
snapshot_date = 2026-11-22
[[file]]
path = "a.csv"
role = "a"
adapter = "worldbank_wdi"
source = "worldbank_wdi"
url = "https://example.org/a.csv"
sha256 = "{}"
""".format("0" * 64)


def test_a_manifest_takes_the_day_of_its_source() -> None:
    from headway.evidence.catalogue import sources

    (file,) = parse_manifest(ENTRY).files
    assert isinstance(file, ManifestFile)
    assert file.retrieved_on == sources()["worldbank_wdi"].retrieved_on


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('role = "a"\n', "", "role: Field required"),
        ('source = "worldbank_wdi"', 'source = "nobody"', "source 'nobody' is not in sources.toml"),
        ("https://example.org", "ftp://example.org", "url"),
        ("0" * 64, "00", "sha256"),
        ('sha256 = "' + "0" * 64 + '"', "", "sha256 is missing"),
        ('path = "a.csv"', 'path = "../a.csv"', "below the cache folder"),
        ('path = "a.csv"', 'path = "/a.csv"', "below the cache folder"),
        ("snapshot_date = 2026-11-22", "", "snapshot_date"),
        ("snapshot_date", "[[", "not valid TOML"),
        ('role = "a"\n', 'role = "a"\ncolour = "red"\n', "colour"),
    ],
)
def test_a_wrong_manifest_names_file_and_field(old: str, new: str, told: str) -> None:
    with pytest.raises(EvidenceError, match=rf"manifest\.toml: [\s\S]*{told}"):
        parse_manifest(ENTRY.replace(old, new))


def test_two_files_in_one_role_are_refused() -> None:
    twice = ENTRY + ENTRY.partition("[[file]]")[1] + ENTRY.partition("[[file]]")[2]
    with pytest.raises(EvidenceError, match="two files in the role a"):
        parse_manifest(twice)
