"""Every loader behind a local server: moved, cut short, changed in shape, or failing."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest
import shelf

from headway.core.errors import EvidenceError
from headway.evidence.fetch import ManifestFile, fetch
from headway.evidence.sources import adapters
from headway.evidence.sources.base import SourceShapeError


class Publisher(BaseHTTPRequestHandler):
    """`/file/…` serves, `/old/…` has moved there, `/cut/…` breaks off, `/gone/…` fails, `/broken/…` answers 500."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        _, way, name = self.path.split("/", 2)
        content = (shelf.SHELF / name).read_bytes()
        if way == "old":
            self.send_response(301)
            self.send_header("Location", f"/file/{name}")
            self.end_headers()
            return
        if way in ("broken", "gone"):
            self.send_error(500 if way == "broken" else 404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if way == "cut" else content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()


def entry(adapter: str, role: str, server: str, way: str, *fallbacks: str) -> ManifestFile:
    name = shelf.FILES[adapter][role]
    return ManifestFile(
        path=name,
        role=role,
        adapter=adapter,
        source=adapter,
        url=f"{server}/{way}/{name}",
        fallbacks=tuple(f"{server}/{fallback}/{name}" for fallback in fallbacks),
        sha256="0" * 64,
        retrieved_on=shelf.DAY,
    )


get = partial(fetch, attempts=2, pause=0.0, timeout=5.0)


@pytest.mark.parametrize("adapter", sorted(shelf.FILES))
def test_every_loader_reads_what_it_downloads_also_where_it_moved(adapter: str, server: str, tmp_path: Path) -> None:
    ways = ("file", "old")
    files = {
        role: get(entry(adapter, role, server, ways[at % 2]), tmp_path)
        for at, role in enumerate(sorted(shelf.FILES[adapter]))
    }
    downloaded = adapters()[adapter].read(files, shelf.DAY)
    at_hand = adapters()[adapter].read(shelf.paths(adapter), shelf.DAY)
    pd.testing.assert_frame_equal(downloaded.observations, at_hand.observations)
    pd.testing.assert_frame_equal(downloaded.models, at_hand.models)
    pd.testing.assert_frame_equal(downloaded.flows, at_hand.flows)


@pytest.mark.parametrize("adapter", sorted(shelf.FILES))
def test_a_download_cut_short_is_refused_and_leaves_no_file(adapter: str, server: str, tmp_path: Path) -> None:
    role = sorted(shelf.FILES[adapter])[0]
    with pytest.raises(EvidenceError, match="cut short"):
        get(entry(adapter, role, server, "cut"), tmp_path)
    assert not (tmp_path / shelf.FILES[adapter][role]).exists()


def test_a_failing_server_is_asked_again_and_named(server: str, tmp_path: Path) -> None:
    Publisher.asked.clear()
    with pytest.raises(EvidenceError, match=r"source ember.*\n.*HTTP 500"):
        get(entry("ember", "generation", server, "broken"), tmp_path)
    assert len(Publisher.asked) == 2


def test_a_gone_address_is_not_asked_again_but_the_fallback_serves(server: str, tmp_path: Path) -> None:
    Publisher.asked.clear()
    path = get(entry("ember", "generation", server, "gone", "file"), tmp_path)
    assert [way.split("/")[1] for way in Publisher.asked] == ["gone", "file"]
    assert path.read_bytes() == (shelf.SHELF / "ember/generation.csv").read_bytes()


CHANGED = [
    ("epoch_models", "notable", "Training compute (FLOP)", "Compute"),
    ("epoch_models", "all_models@2025-03-14", "Base model", "Parent"),
    ("epoch_eci", "benchmarked_models", "eci_ci_low", "low"),
    ("epoch_clusters", "clusters", "H100 equivalents", "H200 equivalents"),
    ("epoch_chips", "nvidia_owners", "End date", "Until"),
    ("epoch_chips", "nvidia_totals", "Compute estimate in H100e (median)", "H100e"),
    ("worldbank_wdi", "NY.GDP.MKTP.CD", "Country Code", "REF_AREA"),
    ("worldbank_wdi", "IT.NET.USER.ZS", "wb_indicator", "series"),
    ("worldbank_wgi_2024", "all", "stddev", "se"),
    ("worldbank_wgi_2025", "ge", "value", "estimate"),
    ("mpidr", "countries", "netmigrationrate", "net"),
    ("mpidr", "flows", "n_migrations", "moves"),
    ("github_innovation_graph", "git_pushes", "iso2_code", "economy"),
    ("github_innovation_graph", "topics", "num_pushers", "pushers"),
    ("github_innovation_graph", "economy_collaborators", "weight", "volume"),
    ("ncses", "articles", "economy", "country"),
    ("ncses", "ai_venture_capital", "country_or_region_level_3", "level_3"),
    ("ember", "generation", "Total electricity", "Generation"),
    ("imo", "results", "awards_gold", "gold"),
    ("un_migrant_stock", "stock", "disp", "emigrants"),
]


@pytest.mark.parametrize(("adapter", "role", "column", "renamed"), CHANGED)
def test_a_changed_column_is_named(adapter: str, role: str, column: str, renamed: str, tmp_path: Path) -> None:
    path = tmp_path / "changed.csv"
    text = (shelf.SHELF / shelf.FILES[adapter][role]).read_text("utf-8")
    head, rest = text.split("\n", 1)
    assert column in head
    path.write_text(head.replace(column, renamed) + "\n" + rest, "utf-8")
    with pytest.raises(SourceShapeError, match=r"changed\.csv") as caught:
        adapters()[adapter].read(shelf.paths(adapter, **{role: path}), shelf.DAY)
    assert column in str(caught.value)


WRONG = [
    ("worldbank_wdi", "NY.GDP.MKTP.CD", "FRA,2015,", "FRA,2015,lots of ", "is not a number"),
    ("worldbank_wdi", "NY.GDP.MKTP.CD", "Tuvalu,TUV", "Atlantis,ATL", "'ATL' is not a country"),
    ("worldbank_wdi", "IT.NET.USER.ZS", "IT.NET.USER.ZS", "IT.NET.BBND.P2", "not IT.NET.USER.ZS"),
    ("worldbank_wdi", "SP.POP.TOTL", '"pages":1', '"pages":3', "page 1 of 3"),
    ("worldbank_wdi", "SP.POP.TOTL", '"date":"2024"', '"year":"2024"', "not the World Bank's JSON"),
    ("worldbank_wgi_2024", "all", ",ge,", ",zz,", "unknown series 'zz'"),
    ("epoch_chips", "nvidia_owners", ",Oracle,", ",Acme,", "owner 'Acme' has no entry"),
    ("epoch_chips", "nvidia_owners", "12/31/2025", "2025-12-31", "expected a day as 3/31/2024"),
    ("epoch_clusters", "clusters", "2024-09-02", "Autumn 2024", "expected a day as 2024-05-17"),
    ("epoch_models", "large_scale", "Russia", "Ruritania", "'Ruritania' is not a country"),
    ("epoch_eci", "benchmarked_models", "2024-12-17,", "17 December,", "Invalid isoformat"),
]


@pytest.mark.parametrize(("adapter", "role", "old", "new", "words"), WRONG)
def test_a_wrong_cell_is_an_error_that_names_it(
    adapter: str, role: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    name = shelf.FILES[adapter][role]
    path = tmp_path / f"wrong{Path(name).suffix}"
    text = (shelf.SHELF / name).read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(SourceShapeError, match=words):
        adapters()[adapter].read(shelf.paths(adapter, **{role: path}), shelf.DAY)


def test_an_empty_file_and_a_web_page_are_no_tables(tmp_path: Path) -> None:
    for content in ("", "<!DOCTYPE html>\n<html><body>Moved</body></html>\n"):
        path = tmp_path / "page.csv"
        path.write_text(content)
        with pytest.raises(SourceShapeError, match=r"page\.csv"):
            adapters()["ember"].read({"generation": path}, shelf.DAY)
    shutil.rmtree(tmp_path)
