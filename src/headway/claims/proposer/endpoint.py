"""A language model as a second reader: off unless the user names an OpenAI-compatible endpoint and a model.

What leaves the machine: the text of the sentences in which a claim was found, the names of the catalogue's topics, and
the instruction below. Nothing else is sent, and the model never writes a test or a figure: it may only read the kind,
the topic or the denial of a sentence otherwise. Its reading is shown as a difference and adds proposals; the rules'
draft stands whatever the endpoint answers.
"""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, TypeVar, get_args

from headway.claims.proposer.draft import Draft, DraftedClaim, drafted_claim
from headway.claims.proposer.proposals import MOST_PROPOSALS
from headway.claims.reader.kinds import Kind
from headway.claims.reader.slots import MatchedTopic, names_topic
from headway.claims.reader.words import lexicon
from headway.core.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

T = TypeVar("T")
KEY = "HEADWAY_API_KEY"
_INSTRUCTION = (
    "For each numbered sentence answer with one JSON object a line: "
    '{"n": number, "kind": one of fact, comparison, trend, cause, forecast, advice, opinion, none, '
    '"topic": one of the topics or null, "negated": true or false}. Topics: '
)
_RETRIES, _BATCH = 3, 20
_LARGEST = 2_000_000
"""Bytes of an answer that are read at most."""

_UNTESTED = ("opinion", "none")


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """Address, model and key of a language model, and limits on its use.

    Attributes:
        max_tokens: no further request is sent once this many tokens have been used.
        max_cost, price: the same in dollars, at `price` dollars per million tokens.
        pause: seconds before the first retry; doubled after each.
        timeout: seconds that a whole request may take, however slowly its answer comes.
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
    """Draft with the differences of the model at `endpoint`, and their proposals, beside those of the rules.

    No claim is dropped or changed. Where the endpoint refuses, fails or answers nothing usable, `say` is told and the
    remaining claims stay as the rules drafted them.
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
        try:
            answer, tokens = _ask(endpoint, question)
        except EvidenceError as error:
            say(f"{error}; {len(claims) - start} claims keep the rules' reading")
            break
        used += tokens
        for place, reading in _readings(answer, len(batch)).items():
            claims[start + place] = _with_differences(batch[place], reading, lookup)
    say(f"{used} tokens used")
    return replace(draft, claims=tuple(claims))


def _question(batch: list[DraftedClaim]) -> str:
    topics = ", ".join(lexicon("topics"))
    lines = "\n".join(f"{number}. {claim.statement.text}" for number, claim in enumerate(batch, start=1))
    return f"{_INSTRUCTION}{topics}.\n\n{lines}"


def _ask(endpoint: ModelEndpoint, question: str) -> tuple[str, int]:
    """Text that the model answers a question with, and the tokens used."""

    def read(record: dict[str, Any]) -> tuple[str, int]:
        content = record["choices"][0]["message"]["content"]
        if not isinstance(content, str):
            raise ValueError("its content is no text")
        return content, tokens_used(record, (len(question) + len(content)) // 3)

    return completion(endpoint, [{"role": "user", "content": question}], read)


def completion(
    endpoint: ModelEndpoint, messages: Sequence[Mapping[str, Any]], read: Callable[[dict[str, Any]], T], **fields: Any
) -> T:
    """Result of `read` on the endpoint's answer to `messages`, asked again where that fails for a while.

    Args:
        read: takes the record of a chat completion; raises ValueError, LookupError or TypeError where it is unusable.
        fields: further fields of the request, such as `tools`.

    Raises:
        EvidenceError: no usable answer; the message says what the endpoint did.
    """
    body = json.dumps({"model": endpoint.model, "temperature": 0, "messages": list(messages), **fields}).encode()
    request = urllib.request.Request(
        f"{endpoint.url}/chat/completions",
        data=body,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {endpoint.key}"},
    )
    problem = ""
    for attempt in range(_RETRIES):
        try:
            return read(json.loads(_within(endpoint.timeout, request)))
        except urllib.error.HTTPError as error:
            problem = f"answered {error.code}"
            if 300 <= error.code < 400:
                problem += " (a redirect, which is not followed: the key would go along)"
            if error.code not in (408, 409, 425, 429) and error.code < 500:
                break
        except TimeoutError:
            problem = f"gave no whole answer within {endpoint.timeout:g} seconds (timed out)"
            break
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            problem = f"gave no usable answer ({error})"
        if attempt + 1 < _RETRIES:
            time.sleep(endpoint.pause * 2**attempt)
    raise EvidenceError(f"{endpoint.url} {problem}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses every redirect, since the request carries the key in its header."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


def _within(seconds: float, request: urllib.request.Request) -> bytes:
    """Body of the answer to `request`, if it is whole within `seconds` and not larger than `_LARGEST` bytes.

    The request runs in a thread of its own: a timeout of the socket starts anew with every byte that drips in.

    Raises:
        TimeoutError, OSError, ValueError: no whole answer in time, none at all, or one that is too large.
    """
    found: list[bytes] = []
    failed: list[BaseException] = []

    def fetch() -> None:
        try:
            opener = urllib.request.build_opener(_NoRedirect)
            with opener.open(request, timeout=seconds) as response:
                found.append(response.read(_LARGEST + 1))
        except Exception as error:  # whatever it is, it is raised again where the answer is waited for
            failed.append(error)

    worker = threading.Thread(target=fetch, daemon=True)
    worker.start()
    worker.join(seconds)
    if failed:
        cause = failed[0]
        if isinstance(cause, urllib.error.URLError) and isinstance(cause.reason, TimeoutError):
            raise TimeoutError(str(cause))
        raise cause
    if not found:
        raise TimeoutError
    if len(found[0]) > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST} bytes")
    return found[0]


def tokens_used(record: dict[str, Any], estimate: int) -> int:
    """Tokens that the answer says were used, where that is a plausible number; else the estimate."""
    usage = record.get("usage")
    told = usage.get("total_tokens") if isinstance(usage, dict) else None
    return told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else estimate


@dataclass(frozen=True, slots=True)
class ModelReading:
    """Changes that the model's answer makes to a sentence; None where it says nothing usable."""

    kind: Kind | None
    topic: str | None
    negated: bool | None


def _readings(answer: str, count: int) -> dict[int, ModelReading]:
    """Well-formed lines of the answer, by place; anything else, and a second line on one sentence, is passed over."""
    found: dict[int, ModelReading] = {}
    for line in answer.splitlines():
        try:
            record = json.loads(line.strip().rstrip(","))
        except (ValueError, RecursionError):
            continue
        number = record.get("n") if isinstance(record, dict) else None
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= count:
            continue
        kind, topic, negated = (record.get(key) for key in ("kind", "topic", "negated"))
        reading = ModelReading(
            kind if isinstance(kind, str) and kind in get_args(Kind) else None,  # type: ignore[arg-type]
            topic if isinstance(topic, str) and topic in lexicon("topics") else None,
            negated if isinstance(negated, bool) else None,
        )
        found.setdefault(number - 1, reading)
    return found


def _with_differences(claim: DraftedClaim, reading: ModelReading, lookup: EvidenceLookup) -> DraftedClaim:
    """The claim as the rules drafted it, with the model's differences and the proposals that follow from them."""
    changed, statement = claim.statement, claim.statement
    differences: list[str] = []
    if reading.kind is not None and reading.kind != statement.kind:
        differences.append(f"kind {statement.kind} → {reading.kind}")
        if reading.kind not in _UNTESTED:
            changed = replace(changed, kind=reading.kind, rule="by the model asked")
    if reading.topic is not None and reading.topic != statement.topic and names_topic(statement.text, reading.topic):
        differences.append(f"topic {statement.topic} → {reading.topic}")
        rest = tuple(one for one in statement.topics if one.topic != reading.topic)
        changed = replace(changed, topics=(MatchedTopic(reading.topic, 0.6, ()), *rest))
    if reading.negated is not None and reading.negated != statement.negated:
        differences.append("denied → not denied" if statement.negated else "not denied → denied")
        changed = replace(changed, negated=reading.negated)
    if not differences:
        return claim
    seen = {one.test for one in claim.proposals}
    further = [
        replace(one, note="; ".join(part for part in ("by the model's reading", one.note) if part))
        for one in (drafted_claim(claim.id, changed, lookup).proposals if changed != statement else ())
        if one.test not in seen
    ]
    kept = claim.proposals[: MOST_PROPOSALS - 1] if further else claim.proposals
    return replace(claim, proposals=(*kept, *further)[:MOST_PROPOSALS], differences=tuple(differences))
