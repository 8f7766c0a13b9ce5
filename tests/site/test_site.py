"""Every link of a site leads to something in it, and a folder is replaced only where a site wrote all that it holds."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from markupsafe import Markup, escape

from headway.brief import view
from headway.brief.compose import Brief, compose
from headway.brief.document import text
from headway.brief.edition import Edition
from headway.brief.html import page
from headway.claims.backtranslation import plain_words
from headway.claims.check import check
from headway.claims.claim_review import claim_reviews
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Ledger
from headway.cli.app import main
from headway.core import wording
from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.evidence.countries import countries
from headway.findings import Context, Finding
from headway.findings.finding import FindingTier
from headway.scenarios.scenario import shipped
from headway.site import home, whatif, world_map
from headway.site.build import build
from headway.site.folder import filled
from headway.site.pages import slim


class PageParts(HTMLParser):
    """Addresses that a page leads to, addresses that it loads, and ids of its elements."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.add(found["id"])
        if "href" in found:
            (self.loads if tag == "link" else self.links).append(found["href"])
        if "src" in found:
            self.loads.append(found["src"])


def test_every_link_leads_to_something_in_the_site_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    parts = {file: PageParts(file) for file in site.rglob("*.html")}
    assert len(parts) > 3
    broken = []
    for file, found in parts.items():
        for link in (*found.links, *found.loads):
            address = urlsplit(link)
            if address.scheme in {"http", "https"} and link in found.links:
                continue  # the address of a source
            target = (file.parent / unquote(address.path)).resolve() if address.path else file
            inside = not address.scheme and not link.startswith("/") and target.is_relative_to(site.resolve())
            ids = parts[target].ids if target in parts and address.fragment else {address.fragment}
            if not inside or not target.is_file() or unquote(address.fragment) not in ids | {""}:
                broken.append((file.name, link))
    assert broken == []


def test_a_country_has_its_brief_with_a_way_home_and_the_same_findings_as_json(site: Path, held: Edition) -> None:
    for code in held.places:
        brief = held.brief(code)
        written = (site / f"countries/{code}.html").read_text("utf-8")
        alone, here = (Markup(text.partition('<div class="layout">')[2]).striptags() for text in (page(brief), written))
        assert alone == here != ""
        tags = dict(
            re.findall('property="og:(.*?)" content="(.*?)"', (site / f"countries/{code}.html").read_text("utf-8"))
        )
        assert tags["url"] == f"https://a.example/countries/{code}.html"
        assert (site / tags["image"].removeprefix("https://a.example/")).read_bytes().startswith(b"\x89PNG")
        assert "../index.html" in PageParts(site / f"countries/{code}.html").links
        assert json.loads((site / f"countries/{code}.json").read_text("utf-8")) == json.loads(text(brief))


def test_home_indicators_and_claims_name_a_picture_for_previews(site: Path, ledger: Ledger) -> None:
    for name in ("index", "indicators/gdp_usd", "claims/index", f"claims/{ledger.ledger}"):
        written = (site / f"{name}.html").read_text("utf-8")
        tags = dict(re.findall('property="og:(.*?)" content="(.*?)"', written.partition("</head>")[0]))
        assert (tags["url"], tags["image"]) == (f"https://a.example/{name}.html", f"https://a.example/{name}.png")
        assert len(tags["title"]) > 2 < len(tags["description"]) <= 302
        assert (site / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_the_first_page_has_a_line_for_every_country_and_says_what_changed(site: Path, held: Edition) -> None:
    home = (site / "index.html").read_text("utf-8")
    for code in held.places:
        brief = held.brief(code)
        assert f'<a href="countries/{code}.html">{brief.name}</a>' in home
        assert str(escape(view.judgement(brief)[0].text)) in home
        assert f"changes.html#{code}" in home
        lag = next(finding for finding in brief.findings if ":gap.lag_observed" in finding.id)
        assert isinstance(lag.value, float)
        assert f"{round(abs(lag.value))} months " in home
        assert str(escape(lag.sentence)) in (site / "changes.html").read_text("utf-8")


def test_the_card_of_a_country_says_how_far_what_comes_why_and_what_would_help(site: Path, held: Edition) -> None:
    home_page = (site / "index.html").read_text("utf-8")
    for code in held.places:
        brief = held.brief(code)
        row = home.row(brief, 0)
        lag = next(finding for finding in brief.findings if ":gap.lag_observed" in finding.id)
        assert (row.value, row.low, row.high, row.measured) == (lag.value, lag.low, lag.high, True)
        steps = {sentence.step: sentence.text for sentence in view.judgement(brief)}
        for label, said in row.answers:
            assert f"<dt>{label}</dt><dd>{escape(said)}</dd>" in home_page
            if label != "Next two years":
                assert said[1:].rstrip(".") in steps["because" if label == "First cause" else "so"]


def test_what_if_has_the_months_that_briefs_hold_and_names_scenarios_that_exist(site: Path) -> None:
    page = (site / "what-if.html").read_text("utf-8")
    assert set(re.findall(r"<code>([a-z0-9-]+)</code> \(", page)) == set(shipped())
    made = whatif.answers(
        brief_of(
            finding("change.strategy:head-on", 5.86, -0.4, 24.5),
            finding("change.strategy:diversify", -0.7, -1.2, 0.3),
            finding("change.strategy:niche-focus", 0.0, 0.0, 0.2),
        )
    )
    assert made is not None
    assert list(made.gains.values()) == [("6 (0–24)", 5.86), ("−1 (−1 to 0)", -0.7), ("0", 0.0)]
    assert whatif.answers(brief_of()) is None


def test_a_card_says_with_which_chance_the_distance_grows_or_the_lead() -> None:
    lag, led = (
        finding("gap.lag_observed", 15.0, 11.0, 18.0),
        finding("gap.lag_observed", 0.0, -1.0, 0.0, share_leading=0.9),
    )
    for first, chance, said in (
        (lag, 0.72, "The distance is likely to grow (72 in 100)."),
        (lag, 0.06, "The distance is very likely to shrink (94 in 100)."),
        (lag, 0.52, "The distance is as likely to grow as to shrink."),
        (led, 0.08, "The lead is very likely to grow (92 in 100)."),
    ):
        row = home.row(
            brief_of(first, finding("gap.modelled_trend:ahead", 1.0, 0.0, 2.0, probability_widening=chance)), 0
        )
        assert dict(row.answers)["Next two years"] == said


def finding(name: str, value: float, low: float, high: float, **details: float) -> Finding:
    return Finding(
        id=f"KOR:{name}@2026-11-22", section="gap", quantity="months", value=value, low=low, high=high, level=0.9,
        unit="months", period="2025-12-31", as_of=open_evidence().as_of, tier=FindingTier.MODELLED,
        sentence="A sentence.", title=name, details=details,
    )  # fmt: skip


def brief_of(*findings: Finding) -> Brief:
    brief = compose(Context(open_evidence(), "KOR"), [])
    return replace(brief, chapters=(replace(brief.chapters[0], findings=findings),))


def test_the_map_shows_small_states_as_circles_hatches_what_is_unknown_and_keeps_areas() -> None:
    def made(code: str, value: float | None, how: str = "modelled, Q2 2026") -> home.HomeRow:
        months = "" if value is None else f"{value:g} months behind"
        return home.HomeRow(code, code, months, "" if value is None else how, "", (), value, None, None, False)

    rows = [made("TWN", 20.0), made("SGP", 27.0), made("CHN", 7.0, "measured, 2026"), made("PER", None)]
    drawn = world_map.world_map([*rows, made("TUV", None)], "countries/{}.html".format)
    assert [row.code for row in drawn.shown] == ["CHN", "TWN", "SGP"]
    assert drawn.hatched == 1  # a circle of which nothing is known is not drawn
    links = dict(re.findall(r'<a href="countries/(...)[.]html"(.*?)</a>', str(drawn.picture)))
    assert set(links) == {"TWN", "SGP", "CHN", "PER"}
    assert {code for code, link in links.items() if "<circle" in link} == {"TWN", "SGP"}
    assert {code for code, link in links.items() if 'fill="url(#hatch)"' in link} == {"PER"}
    assert str(drawn.picture).count("url(#hatch)") == 1  # a country that the site leaves out is no unknown one
    assert len({re.findall('fill="(.*?)"', link)[0] for link in links.values()}) == 4
    assert "<title>CHN: 7 months behind, measured, 2026</title>" in links["CHN"]
    assert re.findall("<text.*?>(.*?)</text>", str(drawn.picture)) == ["7"]

    bound = replace(made("TUV", 39.0), beyond=True)
    assert [one.number for one in world_map.areas([*rows, bound])] == ["~20", "~27", "7", "", "~39+"]

    def area(code: str) -> float:
        total = 0.0
        for x, y, steps in re.findall(r"M(-?\d+) (-?\d+)l([-\d ]+)z", world_map.outlines()["paths"][code]):
            moves = list(map(int, re.findall(r"-?\d+", steps)))
            at = [(int(x), int(y))]
            for dx, dy in zip(moves[::2], moves[1::2], strict=True):
                at.append((at[-1][0] + dx, at[-1][1] + dy))
            total += abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(at, at[1:] + at[:1], strict=True))) / 2
        return total

    # Greenland has 2.17 million km², Algeria 2.38: a map that keeps no areas shows the first many times larger.
    assert area("GRL") / area("DZA") == pytest.approx(2.17 / 2.38, rel=0.05)
    codes = {code for kind in ("paths", "circles", "labels") for code in world_map.outlines()[kind]}
    assert codes <= set(countries())


def test_an_indicator_has_every_figure_with_its_source_and_both_dates(site: Path) -> None:
    evidence = open_evidence()
    assert sum('id="figures"' in file.read_text("utf-8") for file in (site / "indicators").glob("*.html")) == 1
    for slug in (file.stem for file in (site / "indicators").glob("*.csv")):
        rows = evidence.observations(slug)
        written = (site / f"indicators/{slug}.html").read_text("utf-8")
        assert pd.read_csv(site / f"indicators/{slug}.csv").iloc[:, 2].tolist() == pytest.approx(rows["value"].tolist())
        assert written.count("<tr><td>") == len(rows)
        drawn = re.findall('id="figures">(.*?)</script>', written)
        if drawn:  # a series of one or two periods has bars, and nothing to choose
            figures = json.loads(drawn[0])
            found = {code: [v for v in one["values"] if v is not None] for code, one in figures["series"].items()}
            real = rows[~rows["flag"].str.contains("target", regex=False)].sort_values("period")
            for code, group in real.groupby("country"):
                assert found.pop(code) == pytest.approx(group["value"].tolist(), rel=1e-5)
            assert found == {}
        newest = evidence.latest(slug, country="KOR").iloc[0]
        line = next(line for line in written.splitlines() if ' KOR">' in line)
        for shown in (newest["period"], f'data-value="{newest["value"]:.12g}"', f"{newest['published_on']:%Y-%m-%d}"):
            assert shown in line
        assert all(evidence.sources()[source].publisher in written for source in rows["source"].unique())


def test_claims_have_an_address_a_test_in_words_and_a_review_that_says_the_same_verdict(
    site: Path, ledger: Ledger
) -> None:
    address = f"claims/{ledger.ledger}.html"
    written = (site / address).read_text("utf-8")
    lookup = EvidenceLookup(open_evidence())
    report = check(ledger, lookup, open_evidence)
    checked = report.claims
    reviews = json.loads(written.partition('ld+json">')[2].partition("</script>")[0])
    # Advice is neither true nor false, and a claim without a test has nothing that a review could rest on.
    assert [review["url"] for review in reviews] == [f"https://a.example/{address}#{checked[0].claim.id}"]
    assert reviews == claim_reviews(report, lookup, "Headway", f"https://a.example/{address}")
    for item in checked:
        card = written.partition(f'<article class="claim" id="{item.claim.id}"')[2].partition("</article>")[0]
        assert item.judgement.verdict.lower() in card.lower()
        for reading in item.readings:
            assert str(escape(wording.sentence(plain_words(reading.test)))) in card
    home = (site / "claims/index.html").read_text("utf-8")
    assert str(escape(checked[0].claim.claim)) in home.partition('class="steps"')[2].partition("</ol>")[0]


def test_drawings_lose_bytes_but_no_word_and_no_number() -> None:
    drawing = '<svg><desc>0.12345 of 7</desc><text opacity="1" x="3.14159" y="2.001">0.12345</text></svg>'
    slimmed = '<svg><desc>0.12345 of 7</desc><text x="3.14" y="2">0.12345</text></svg>'
    assert slim(f"0.98765 {drawing}") == f"0.98765 {slimmed}"


def test_a_folder_that_holds_anything_else_is_left_as_it_is(site: Path, held: Edition, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine")
    for force, said in ((False, "is not empty"), (True, "is not empty and is not a site")):
        with pytest.raises(InputError, match=said):
            build(held, open_evidence(), mine, countries=["FRA"], slugs=[], force=force)
    assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


def test_a_site_is_replaced_where_nothing_of_the_user_lies_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    for force, files in ((False, {"a/one.html": "1", "two.html": "2"}), (True, {"two.html": "3"})):
        with filled(folder, force=force) as site:
            for name, content in files.items():
                site.add(name, content)
    assert sorted(path.name for path in folder.rglob("*")) == ["site.json", "two.html"]
    for name, content, said in (
        ("two.html", "changed by hand", "also holds two.html"),
        ("notes/mine.txt", "mine", r"also holds notes/mine\.txt"),
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        with pytest.raises(InputError, match=said), filled(folder, force=True) as site:
            site.add("two.html", "4")
        assert path.read_text() == content
        (folder / "two.html").write_text("3")
    with filled(tmp_path / "other", force=False) as site, pytest.raises(ValueError, match="two files"):
        list(map(site.add, ["one.html"] * 2, "12"))
    shutil.rmtree(tmp_path / "other")
    monkeypatch.setattr("headway.site.folder.MOST_BYTES", 3)
    with pytest.raises(InputError, match="larger than"), filled(tmp_path / "other", force=False) as site:
        site.add("one.html", "1234")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_command_writes_a_site_and_refuses_an_edition_of_other_evidence(
    stored: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "edition.zip", tmp_path / "site"
    file.write_bytes(stored)

    def ended(*words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["headway", "site", "--out", str(out), "--edition", str(file), *words])
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code or 0, capsys.readouterr().err

    code, said = ended("--countries", "KOR", "--indicators", "gdp_usd", "--ledgers", "none")
    assert code == 0
    assert said.startswith(f"wrote {out}: 1 country, ")
    assert not (out / "countries/FRA.html").exists()
    assert ended()[0] == 2
    monkeypatch.setattr("headway.brief.edition.model_hash", lambda: "0" * 64)
    code, said = ended("--force")
    assert code == 3
    assert "was made from other model than is installed" in said
