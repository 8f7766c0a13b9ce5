"""Drafts: tests are proposed where evidence exists, and its absence is said; a draft is a ledger."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.language import parse_test
from headway.claims.ledger import parse_ledger, read_ledger
from headway.claims.proposer import endpoint as remote
from headway.claims.proposer.draft import Draft, as_yaml, draft
from headway.claims.proposer.endpoint import ModelEndpoint, refine_with_model
from headway.claims.proposer.proposals import propose
from headway.claims.proposer.readings import filled_readings
from headway.claims.reader.article import Article
from headway.claims.reader.roles import comparison_roles
from headway.claims.reader.statements import read_sentence
from headway.claims.reader.words import lexicon
from headway.claims.record import draft_record
from headway.claims.review import choose
from headway.core.errors import InputError

ARTICLE = (
    "France spends about 2.2 percent of GDP on research and development. Germany spends more than France on R&D. "
    "Its universities are superb. Chinese patents in AI have soared. In my view, this investment in AI is folly. "
    "What next? Portugal's regulation of AI is strict. Chips will stay scarce in Russia until 2030."
)


def test_tests_are_proposed_where_evidence_exists(shipped: EvidenceLookup) -> None:
    for text, expected in (
        ("France spends about 2.2 percent of GDP on R&D.", "indicator(rd_share_gdp, FRA) ~ 2.2 % of GDP within 25 %"),
        ("Germany's R&D spending exceeds France's.", "indicator(rd_share_gdp, DEU) > indicator(rd_share_gdp, FRA)"),
        (
            "China has not published fewer AI papers than France.",
            "not indicator(ai_articles, CHN) < indicator(ai_articles, FRA)",
        ),
        ("Poland's R&D spending grew between 2015 and 2022.", "trend(rd_share_gdp, POL, 2015, 2022) > 0"),
    ):
        proposal = propose(read_sentence(text), shipped)
        assert proposal.test == expected, text
        assert proposal.confidence > 0.3


def test_progress_counts_every_statement(shipped: EvidenceLookup) -> None:
    told: list[tuple[int, int]] = []
    found = draft(Article(ARTICLE), shipped, lambda done, total: told.append((done, total)))
    assert told == [(done, len(found.statements)) for done in range(len(found.statements))]


def test_silly_tests_are_not_proposed(shipped: EvidenceLookup) -> None:
    for text, expected in (
        (
            "France spends 2.2 percent of GDP on R&D, while Germany spends more than three percent.",
            "indicator(rd_share_gdp, FRA) ~ 2.2 % of GDP within 15 % and indicator(rd_share_gdp, DEU) > 3 % of GDP",
        ),
        (
            "Poland must raise spending on research to three percent of GDP.",
            "indicator(rd_share_gdp, POL) < 3 % of GDP",
        ),
        ("Since 2017 China has founded AI schools in 535 universities.", None),
        ("Russia relied heavily on imported chips before the war.", None),
        ("Washington barred exports of advanced chips to China.", "statement(event, CHN, chips)"),
        ("China recently banned Nvidia chips.", None),
        ("U.S. export controls have encouraged China's chip industry.", None),
        ("ChatGPT in India has more monthly users than in any other country.", "rank(ai_adoption_share, IND) <= 1"),
        ("The brightest minds in AI flocked to Switzerland.", "indicator(scholars_net_rate, CHE) > 0"),
    ):
        assert propose(read_sentence(text), shipped).test == expected, text


@pytest.mark.slow
def test_forecasts_are_held_against_the_outlook(shipped: EvidenceLookup) -> None:
    for text, expected in (
        ("Russia will not reach the frontier before 2030.", "not outlook.probability(RUS, frontier, 2030)"),
        ("Brazil will catch up by 2035.", "outlook.probability(BRA, within_12, 2035)"),
        ("The gap between India and the United States will widen.", "gap.modelled_trend(IND, ahead) > 0"),
        ("Brazil risks falling further behind.", "not outlook.probability(BRA, within_12, 2030)"),
        ("Every year Brazil's gap to the leaders grows wider.", "gap.modelled_trend(BRA, past) > 0"),
        ("Brazil is falling behind China in artificial intelligence.", "gap.lag_to(BRA, CHN) > 0 months"),
        ("In AI, Europe is falling behind.", None),
    ):
        assert propose(read_sentence(text), shipped).test == expected


def test_a_denial_denies_its_own_clause(shipped: EvidenceLookup) -> None:
    for text, expected in (
        (
            "The distance to the leaders of India is growing: it has not a single large cluster.",
            "gap.modelled_trend(IND, past) > 0",
        ),
        (
            "Poland has not closed the gap with Germany, and the distance is widening.",
            "gap.modelled_trend(POL, past) > 0",
        ),
        (
            "Italy spends less than two percent of GDP on R&D; it does not mind.",
            "indicator(rd_share_gdp, ITA) < 2 % of GDP",
        ),
        (
            "Spain did not spend more than two percent of GDP on R&D.",
            "not indicator(rd_share_gdp, ESP) > 2 % of GDP",
        ),
        ("Engineers abound, but Chile has not adopted a strategy for artificial intelligence.", None),
    ):
        assert propose(read_sentence(text), shipped).test == expected, text


def test_an_unsure_denial_proposes_nothing(shipped: EvidenceLookup) -> None:
    proposal = propose(read_sentence("Brain drain hurts Greece, and emigration does not pay for brain drain."), shipped)
    assert proposal.test is None
    assert "unsure" in proposal.not_read


def test_what_would_embarrass_is_not_proposed(shipped: EvidenceLookup) -> None:
    for text, expected in (
        ("Israel spends dozens of times more on AI than Greece does.", None),
        (
            "The United Kingdom invests hundreds of times more in AI than Brazil does.",
            "ratio(ai_private_investment_usd, GBR, BRA) > 100",
        ),
        (
            "Poland devotes little more than 1.4 percent of its GDP to research, half the average of its peers.",
            "indicator(rd_share_gdp, POL) >= 1.4 % of GDP and indicator(rd_share_gdp, POL) <= 1.82 % of GDP",
        ),
        (
            "Japan spends 3.4 percent of GDP on R&D, more than any other large economy except Korea.",
            "indicator(rd_share_gdp, JPN) ~ 3.4 % of GDP within 15 %",
        ),
        (
            "Private investment in AI in Germany is higher than in Spain but lower than in France.",
            None,
        ),
        ("Norway builds one of the world's largest planned AI clusters.", None),
        ("Denmark gets more than 50 percent of its electricity from wind.", None),
        ("No other European country has clusters as large as France.", None),
        ("The minister of Spain declared that whoever leads in AI will rule the world.", None),
        (
            "According to a Microsoft report, Norway has the highest AI adoption in the world.",
            "rank(ai_adoption_share, NOR) <= 1",
        ),
        ("China is no longer far behind the United States in AI.", None),
        ("China made 30 notable models in 2024, against 3 in France and none in Peru.", None),
        (
            "The best French models trail American systems.",
            "indicator(eci_frontier, FRA) < indicator(eci_frontier, USA)",
        ),
        (
            "The United States is ahead of China by only a few months.",
            "indicator(eci_frontier, USA) > indicator(eci_frontier, CHN)",
        ),
        ("Japan does not publish as many AI papers as China.", "ratio(ai_articles, JPN, CHN) < 1"),
        ("Few countries use AI as much as Singapore does.", "rank(ai_adoption_share, SGP) <= 10"),
        ("Germany lost its lead in AI papers to India in 2016.", None),
        ("Poland's R&D spending has not grown since 2010.", "not trend(rd_share_gdp, POL, 2010, 2025) > 0"),
        ("The Emirates is a net importer of researchers.", "indicator(scholars_net_rate, ARE) > 0"),
        ("Greek engineers keep leaving the country.", "indicator(scholars_net_rate, GRC) < 0"),
        ("Greece has lost talent, although more foreign researchers arrive.", "indicator(scholars_net_rate, GRC) < 0"),
        (
            "Private investment in AI in Korea was only $1.8 billion in 2025.",
            "indicator(ai_private_investment_usd, KOR, 2025) ~ 1.8e+09 USD within 15 %",
        ),
    ):
        assert propose(read_sentence(text), shipped).test == expected, text
    spent = propose(read_sentence("America spends dozens of times more on AI than Brazil does."), shipped)
    assert "private investment alone" in spent.note
    old = propose(read_sentence("Denmark gets more than 50 percent of its electricity from wind."), shipped)
    assert "too old" in old.no_data


def test_no_data_is_said_with_its_reason(shipped: EvidenceLookup) -> None:
    for text, reason in (
        ("Portugal's AI Act rules are strict.", "no series on regulation"),
        ("The weather in Norway was fine in 2024.", "no quantity of the catalogue"),
        ("Venture capital investment in AI in Andorra rose to $3 billion in 2024.", "no figure of Private investment"),
        ("Chinese AI patents have soared.", "not of AI alone"),
    ):
        proposal = propose(read_sentence(text), shipped)
        assert proposal.test is None
        assert reason in (proposal.no_data or proposal.not_read)


def test_sides_of_a_comparison() -> None:
    for text, subjects, others in (
        ("The US and China invest more than Europe in AI.", ("USA", "CHN"), ("EU",)),
        ("While the US and China lead, Russia trails behind.", ("RUS",), ("USA", "CHN")),
        ("American sanctions limit Chinese access to chips.", ("CHN",), ("USA",)),
    ):
        found = comparison_roles(read_sentence(text))
        assert (found.subjects, found.others) == (subjects, others), text


def test_a_draft_is_a_ledger_and_every_sentence_is_accounted_for(shipped: EvidenceLookup) -> None:
    drafted = draft(Article(ARTICLE, "An op-ed"), shipped)
    ledger = parse_ledger(as_yaml(drafted, "op-ed"), "op-ed.yaml")
    assert ledger.title == "An op-ed"
    assert len(ledger.claims) == len(drafted.claims)
    assert {claim.kind for claim in ledger.claims} >= {"fact", "comparison", "opinion", "forecast"}
    record = draft_record(drafted)
    json.dumps(record)
    assert [one["claim"] is None for one in record["sentences"]].count(True) == len(drafted.statements) - len(
        drafted.claims
    )
    for one in record["sentences"]:
        assert record["text"][one["start"] : one["end"]] == one["text"]


def test_nothing_checkable_gives_an_empty_ledger(shipped: EvidenceLookup) -> None:
    drafted = draft(Article("Good morning. How are you? See you soon."), shipped)
    assert drafted.claims == ()
    assert parse_ledger(as_yaml(drafted), "draft.yaml").claims == ()


class _Server(BaseHTTPRequestHandler):
    answers: ClassVar[list[tuple[int, str]]] = []
    seen: ClassVar[list[dict[str, object]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append({"path": self.path, "key": self.headers["Authorization"], **body})
        status, content = type(self).answers.pop(0) if type(self).answers else (200, "")
        self.send_response(status)
        self.end_headers()
        if status == 200:
            record = {"choices": [{"message": {"content": content}}], "usage": {"total_tokens": 100}}
            self.wfile.write(json.dumps(record).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    _Server.answers, _Server.seen = [], []
    server = HTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture
def drafted(shipped: EvidenceLookup) -> Draft:
    return draft(Article("Germany spends more than France on R&D. Its future is bright.", "An op-ed"), shipped)


def test_the_endpoint_differs_and_the_rules_propose(address: str, shipped: EvidenceLookup) -> None:
    drafted = draft(Article("Germany publishes more AI papers on research spending than France.", "An op-ed"), shipped)
    answer = '{"n": 1, "kind": "comparison", "topic": "rd_spending", "negated": false}'
    _Server.answers = [(200, f"here:\n{answer}\nbye")]
    said: list[str] = []
    refined = refine_with_model(drafted, shipped, ModelEndpoint(address, "small", "secret"), said.append)
    claim = refined.claims[0]
    assert claim.statement == drafted.claims[0].statement
    assert claim.differences == ("topic publications → rd_spending",)
    assert claim.proposals[0] == drafted.claims[0].proposals[0]
    assert "indicator(rd_share_gdp, DEU) > indicator(rd_share_gdp, FRA)" in [one.test for one in claim.proposals]
    assert "a language model reads otherwise: topic publications → rd_spending" in as_yaml(refined)
    assert _Server.seen[0]["path"] == "/v1/chat/completions"
    assert _Server.seen[0]["key"] == "Bearer secret"
    sent = json.dumps(_Server.seen[0]["messages"])
    assert "Germany publishes more" in sent
    assert "An op-ed" not in sent
    assert "nothing else leaves this machine" in said[0]
    assert said[-1] == "100 tokens used"


def test_a_busy_endpoint_is_asked_again_and_a_refusal_is_not(
    address: str, drafted: Draft, shipped: EvidenceLookup
) -> None:
    _Server.answers = [(503, ""), (429, ""), (200, "")]
    refine_with_model(drafted, shipped, ModelEndpoint(address, "m", "k", pause=0.01), lambda words: None)
    assert len(_Server.seen) == 3
    _Server.answers = [(401, "")]
    said: list[str] = []
    assert refine_with_model(drafted, shipped, ModelEndpoint(address, "m", "k", pause=0.01), said.append) == drafted
    assert "answered 401; 1 claims keep the rules' reading" in said[1]
    assert len(_Server.seen) == 4
    gone = ModelEndpoint("http://127.0.0.1:9", "m", "k", pause=0.01)
    assert refine_with_model(drafted, shipped, gone, said.append) == drafted
    assert any("gave no usable answer" in words for words in said)


def test_limits_stop_before_the_request(
    address: str, drafted: Draft, shipped: EvidenceLookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    refine_with_model(drafted, shipped, ModelEndpoint(address, "m", "k", max_tokens=10), said.append)
    assert _Server.seen == []
    assert "stopped at the limit after 0 tokens" in said[1]
    refine_with_model(drafted, shipped, ModelEndpoint(address, "m", "k", max_cost=1e-9, price=5.0), said.append)
    assert _Server.seen == []
    monkeypatch.setattr(remote, "_BATCH", 1)
    many = draft(Article("Germany spends more than France on R&D. France spends more than Spain on R&D."), shipped)
    refine_with_model(many, shipped, ModelEndpoint(address, "m", "k", max_tokens=350), said.append)
    assert len(_Server.seen) == 1


def test_options_of_the_endpoint_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADWAY_API_KEY", raising=False)
    for arguments, complaint in (
        (("ftp://x", "m", 10, None, None), "http or https"),
        (("https://x/v1", "m", 0, None, None), "above zero"),
        (("https://x/v1", "m", 10, 1.0, None), "--price"),
        (("https://x/v1", "m", 10, None, None), "HEADWAY_API_KEY"),
    ):
        with pytest.raises(InputError, match=complaint):
            ModelEndpoint.from_environment(*arguments)
    monkeypatch.setenv("HEADWAY_API_KEY", "k")
    assert ModelEndpoint.from_environment("https://x/v1/", "m", 10, None, None).url == "https://x/v1"


@pytest.mark.parametrize("entry", lexicon("readings")["set"], ids=lambda entry: str(entry["from"]))
def test_sets_of_readings_are_those_of_the_shipped_ledgers(entry: Mapping[str, Any]) -> None:
    name, id = entry["from"].split("#")
    ledger = read_ledger(name)
    claim = ledger.only([id]).claims[0]
    subject = ledger.country if ledger.country in claim.countries else claim.countries[0]
    others = [code for code in claim.countries if code != subject]
    filled = filled_readings(entry, {"A": str(subject), "B": others[0] if others else "USA"})
    assert len(filled) >= 2
    shipped_tests = " and ".join(str(parse_test(one.test)) for one in claim.readings)
    for one in filled:
        assert str(parse_test(one.test)) in shipped_tests


def test_causes_trends_and_gaps_get_the_readings_of_the_ledgers_first(shipped: EvidenceLookup) -> None:
    for text, expected in (
        ("Norway has reduced its dependence on oil.", ["trend(resource_rents_share, NOR, 2011, 2021) < 0"]),
        ("French school mathematics is among the best in the world.", ["rank(imo_score, FRA) <= 10"]),
        ("Private investment in AI in France is higher than in Spain.", []),
    ):
        (claim,) = parse_ledger(as_yaml(draft(Article(text), shipped)), "draft").claims
        first = claim.proposals[0]
        assert [one.test for one in first.readings][:1] == expected
        assert first.covers < 1.0 or not expected
        if expected:
            assert first.words.startswith("checks in 2 readings that must agree: whether ")
            chosen = choose(claim.model_dump(mode="json", exclude_none=True), first)
            assert [one["test"] for one in chosen["readings"]] == [one.test for one in first.readings]
