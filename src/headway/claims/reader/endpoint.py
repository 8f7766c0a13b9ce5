"""A language model as a second reader: off unless the user names an OpenAI-compatible endpoint and a model.

What leaves the machine: the text of the sentences in which a claim was found, the names of the catalogue's topics, and
the instruction below. Nothing else is sent, and the model never writes a test or a figure: it may only correct the
kind, the topic and whether a sentence is denied; the rules then propose the test as before.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from headway.claims.reader.draft import Draft, DraftedClaim, drafted_claim
from headway.claims.reader.kinds import Kind
from headway.claims.reader.slots import MatchedTopic
from headway.claims.reader.words import lexicon
from headway.core.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

KEY = "HEADWAY_API_KEY"
_INSTRUCTION = (
    "For each numbered sentence answer with one JSON object a line: "
    '{"n": number, "kind": one of fact, comparison, trend, cause, forecast, advice, opinion, none, '
    '"topic": one of the topics or null, "negated": true or false}. Topics: '
)
_RETRIES, _BATCH = 3, 20


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """Address, model and key of a language model, and limits on its use.

    Attributes:
        max_tokens: no further request is sent once this many tokens have been used.
        max_cost, price: the same in dollars, at `price` dollars per million tokens.
        pause: seconds before the first retry; doubled after each.
        timeout: seconds after which a request without an answer is given up.
    """

    url: str
    model: str
    key: str
    max_tokens: int = 20_000
    max_cost: float | None = None
    price: float | None = None
    pause: float = 1.0
    timeout: float = 60.0

    @classmethod
    def from_environment(
        cls, url: str, model: str, max_tokens: int, max_cost: float | None, price: float | None
    ) -> ModelEndpoint:
        """The endpoint with the user's key from the environment.

        Raises:
            InputError: no key, no http(s) address, a limit that is not positive, or a cost limit without a price.
        """
        if not url.startswith(("http://", "https://")):
            raise InputError(f"--endpoint {url}: give an http or https address, such as https://host/v1")
        if max_tokens <= 0 or (max_cost is not None and max_cost <= 0):
            raise InputError("--max-tokens and --max-cost must be above zero")
        if max_cost is not None and (price is None or price <= 0):
            raise InputError("--max-cost needs --price, the dollars per million tokens of that model")
        key = os.environ.get(KEY, "")
        if not key:
            raise InputError(f"set {KEY} to your key for {url}; it is read from the environment and sent nowhere else")
        return cls(url.rstrip("/"), model, key, max_tokens, max_cost, price)

    def allows(self, used: int, next_request: int) -> bool:
        """Whether a request of about `next_request` tokens stays within the limits after `used`."""
        total = used + next_request
        if total > self.max_tokens:
            return False
        return self.max_cost is None or self.price is None or total * self.price / 1e6 <= self.max_cost


def refine_with_model(
    draft: Draft, lookup: EvidenceLookup, endpoint: ModelEndpoint, say: Callable[[str], None]
) -> Draft:
    """Draft with claims proposed anew where the model at `endpoint` reads them differently.

    Raises:
        EvidenceError: the endpoint refuses, or cannot be reached after three tries.
    """
    say(
        f"sending {len(draft.claims)} sentences of the article to {endpoint.url} (model {endpoint.model}); "
        "nothing else leaves this machine"
    )
    claims = list(draft.claims)
    used = 0
    for start in range(0, len(claims), _BATCH):
        batch = claims[start : start + _BATCH]
        question = _question(batch)
        if not endpoint.allows(used, len(question) // 3 + 40 * len(batch)):
            say(f"stopped at the limit after {used} tokens; {len(claims) - start} claims keep the rules' reading")
            break
        answer, tokens = _ask(endpoint, question)
        used += tokens
        for place, reading in _readings(answer, len(batch)).items():
            claims[start + place] = _corrected(batch[place], reading, lookup)
    say(f"{used} tokens used")
    return replace(draft, claims=tuple(claim for claim in claims if claim.statement.kind != "none"))


def _question(batch: list[DraftedClaim]) -> str:
    topics = ", ".join(lexicon("topics"))
    lines = "\n".join(f"{number}. {claim.statement.text}" for number, claim in enumerate(batch, start=1))
    return f"{_INSTRUCTION}{topics}.\n\n{lines}"


def _ask(endpoint: ModelEndpoint, question: str) -> tuple[str, int]:
    body = json.dumps(
        {"model": endpoint.model, "temperature": 0, "messages": [{"role": "user", "content": question}]}
    ).encode()
    request = urllib.request.Request(
        f"{endpoint.url}/chat/completions",
        data=body,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {endpoint.key}"},
    )
    problem = ""
    for attempt in range(_RETRIES):
        try:
            with urllib.request.urlopen(request, timeout=endpoint.timeout) as response:
                record = json.loads(response.read())
            content = str(record["choices"][0]["message"]["content"])
            usage = record.get("usage") or {}
            return content, int(usage.get("total_tokens") or (len(question) + len(content)) // 3)
        except urllib.error.HTTPError as error:
            problem = f"answered {error.code}"
            if error.code not in (408, 409, 425, 429) and error.code < 500:
                break
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            problem = f"gave no usable answer ({error})"
        if attempt + 1 < _RETRIES:
            time.sleep(endpoint.pause * 2**attempt)
    raise EvidenceError(f"{endpoint.url} {problem}; without --endpoint the article is read by rules alone")


def _readings(answer: str, count: int) -> dict[int, Mapping[str, Any]]:
    """Well-formed lines of the answer, by place; anything else is passed over."""
    found: dict[int, Mapping[str, Any]] = {}
    for line in answer.splitlines():
        try:
            record = json.loads(line.strip().rstrip(","))
        except ValueError:
            continue
        if not isinstance(record, dict):
            continue
        number = record.get("n")
        if isinstance(number, int) and 1 <= number <= count and record.get("kind") in get_args(Kind):
            found[number - 1] = record
    return found


def _corrected(claim: DraftedClaim, reading: Mapping[str, Any], lookup: EvidenceLookup) -> DraftedClaim:
    statement = claim.statement
    topic = reading.get("topic")
    topics = statement.topics
    if topic in lexicon("topics") and topic != statement.topic:
        topics = (MatchedTopic(str(topic), 0.6, ()), *(one for one in topics if one.topic != topic))
    changed = replace(
        statement,
        kind=reading["kind"],
        negated=bool(reading.get("negated", statement.negated)),
        topics=topics,
        rule="by the model asked" if reading["kind"] != statement.kind else statement.rule,
    )
    if changed == statement:
        return claim
    return drafted_claim(claim.id, changed, lookup)
