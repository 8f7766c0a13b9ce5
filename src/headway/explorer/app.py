"""The application: one query, many forms of its answer; pages that use nothing but this API."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import NotModifiedResponse

import headway
from headway.core.errors import HeadwayError
from headway.explorer import embed, pages, reading
from headway.explorer.access import Access, ReaderHost
from headway.explorer.address import HomeState, PageState, ParameterError, WhatIfState, address, load
from headway.explorer.answer import ANSWER, LINES, MEDIA, RECORD, REFUSALS, Answer
from headway.explorer.ask import ABOUT, KINDS, AnswerShape, Make, about_state, maker
from headway.explorer.ask import content as content_of
from headway.explorer.claimed import ClaimState
from headway.explorer.guard import Guard
from headway.explorer.pages import bundle
from headway.explorer.session import ExplorerSession
from headway.explorer.views import claims, search, trace, whatif
from headway.explorer.views.about import PAGES
from headway.explorer.work import BusyError, CancelledError, Kept, Workers

LIMIT = 25.0  # seconds that a request may wait for its answer
ANSWERS = 256  # kept in memory
CACHED = "public, max-age=600"  # an answer changes with the evidence or the program, thus with a restart alone


T = TypeVar("T")


class ArticleText(BaseModel):
    """A text to be read."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(max_length=40_000)]


class LedgerText(BaseModel):
    """A ledger of claims, YAML or JSON."""

    model_config = ConfigDict(extra="forbid")
    ledger: Annotated[str, Field(max_length=120_000)]


class Search(WhatIfState):
    """A state, the lever to move and the wished probability."""

    lever: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")] = "spending"
    probability: Annotated[float, Field(ge=0.01, le=0.99)] = 0.5


def create_app(
    desk: ExplorerSession, hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]", "::1"), *,
    reads: reading.Reading | None = None, others: bool = False, token: str | None = None,
) -> FastAPI:  # fmt: skip
    """The application over an open desk.

    Args:
        hosts: names that it may be called by.
        reads: what answers texts and ledgers; by default this process.
        others: whether other machines can reach it: then each client may ask so much and no more.
        token: what every request has to bring; None where everybody may ask.
    """
    read: reading.Reading = reads or (lambda asked, text: reading.answer(asked, text, lambda: desk))
    workers = Workers()
    readers = Workers(threads=1, waiting=16)  # a long text or ledger holds up other texts, and never a page

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.gather(asyncio.to_thread(workers.close), asyncio.to_thread(readers.close))

    app = FastAPI(
        title="Headway explorer",
        version=headway.__version__,
        description="Where a country stands in AI, why, and what would change it. The same query serves the page "
        "(no suffix) and its answer as .json, .csv, .parquet, .svg and .png.",
        docs_url=None,
        redoc_url=None,
        responses=REFUSALS,
        lifespan=lifespan,
    )
    answers: Kept[Answer] = Kept(workers, ANSWERS)
    judgements: Kept[Answer] = Kept(readers, 64)
    files_: Kept[bytes] = Kept(workers, 64)
    app.state.desk, app.state.workers, app.state.readers, app.state.stopping = desk, workers, readers, False

    async def answered(make: Make, state: PageState) -> Answer:
        if isinstance(state, ClaimState) and state.text:  # what a reader's test asks for is not bounded, as in a ledger
            judge = partial(make, state, desk, lambda asked: read("claim", asked.model_dump_json()))
            return await judgements.get(address(state), judge, LIMIT)
        return await answers.get(address(state), partial(make, state, desk), LIMIT)

    async def respond(make: Make, state: PageState, shape: AnswerShape, asked: pages.Drawing = pages.PLAIN) -> Response:
        answer = await answered(make, state)
        write = partial(
            content_of, answer, state, shape, desk, width=asked.width, chart=asked.chart, tables=asked.tables
        )
        kept = {"cache-control": CACHED, "content-location": address(state, f".{shape}")}
        if shape is AnswerShape.JSON:
            return Response(await asyncio.to_thread(write), media_type="application/json", headers=kept)
        content = await files_.get(f"{address(state, f'.{shape}')} {asked.width} {asked.chart}", write, LIMIT)
        disposition = f'attachment; filename="headway-{state.path}.{shape}"'
        return Response(content, media_type=MEDIA[shape], headers={**kept, "content-disposition": disposition})

    def view(kind: type[PageState], make: Make) -> None:
        """The page and the answers of a view."""

        async def page(request: Request) -> Response:
            return pages.page(kind, dict(request.query_params), desk, str(request.base_url))

        asked = pages.with_drawing(kind)

        async def api(request: Request, shape: AnswerShape, query: Annotated[Any, Query()]) -> Response:
            state = kind.model_validate(query.model_dump(include=set(kind.model_fields)))
            drawing = pages.Drawing(query.width, query.chart, query.tables)
            return _unless_held(request, await _while_present(request, respond(make, state, shape, drawing)))

        api.__annotations__["query"] = Annotated[asked, Query()]
        app.add_api_route(
            f"/{kind.path}.{{shape}}", api, name=f"{kind.path} data", summary=kind.__doc__, tags=["answers"],
            responses=ANSWER,
        )  # fmt: skip
        app.add_api_route(f"/{kind.path}", page, include_in_schema=False)

        async def embedded(request: Request) -> Response:
            chosen = dict(request.query_params)
            chart = chosen.pop("chart", "")
            try:
                state = load(kind, f"?{urlencode(chosen)}")
                answer = await _while_present(request, answered(make, state))
                canonical = address(state)
                host = str(request.base_url).rstrip("/")
                draw = partial(embed.page, answer, chart, canonical, host)
                content = await files_.get(f"embed {host} {canonical} {chart}", lambda: draw().encode(), LIMIT)
                return _unless_held(request, HTMLResponse(content, headers={"cache-control": CACHED}))
            except BusyError:
                return embed.waiting("The answer is still being computed …")
            except ParameterError as error:
                return embed.refused(str(error), 422)
            except HeadwayError as error:
                return embed.refused(str(error), 404)

        app.add_api_route(f"/embed/{kind.path}", embedded, include_in_schema=False)

    for kind in KINDS:
        view(kind, maker(kind))

    @app.get(
        "/search.ndjson", tags=["answers"], summary="The setting of one lever that closes the gap, line by line.",
        response_class=StreamingResponse, responses=LINES,
    )  # fmt: skip
    async def searched(query: Annotated[Search, Query()]) -> Response:
        state = WhatIfState.model_validate(query.model_dump(include=set(WhatIfState.model_fields)))
        await answered(whatif.answer, state)  # what it begins from: refused, or told to ask again, as any other answer
        found = search.steps(state, query.lever, query.probability, desk)
        first = await _in_turn(workers, found)

        async def lines() -> AsyncIterator[str]:
            told = first
            while told is not None and not app.state.stopping:
                yield json.dumps(told) + "\n"
                told = await _in_turn(workers, found)

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    for name in ABOUT:
        _about(app, about_state(name), desk, respond)

    readings: Kept[dict[str, Any]] = Kept(readers, 64)

    @app.post(
        "/claims/draft.json",
        tags=["claims"],
        responses=RECORD,
        summary="What a text claims, and the tests that rules propose.",
    )
    async def drafted(asked: ArticleText) -> JSONResponse:
        key = f"draft {_digest(asked.text)}"
        return JSONResponse(await readings.get(key, partial(read, "draft", asked.text), LIMIT))

    @app.post(
        "/claims/check.json", tags=["claims"], responses=RECORD, summary="Every claim of a ledger with its verdict."
    )
    async def checked(asked: LedgerText) -> JSONResponse:
        key = f"check {_digest(asked.ledger)}"
        return JSONResponse(await readings.get(key, partial(read, "check", asked.ledger), LIMIT))

    @app.post(
        "/claims/ledger.json", tags=["claims"], responses=RECORD, summary="A ledger file, YAML or JSON, as plain data."
    )
    async def opened(asked: LedgerText) -> JSONResponse:
        key = f"ledger {_digest(asked.ledger)}"
        return JSONResponse(await readings.get(key, partial(read, "ledger", asked.ledger), LIMIT))

    @app.get(
        "/claims/ledgers.json", tags=["claims"], responses=RECORD, summary="The ledgers that come with the package."
    )
    async def ledgers() -> JSONResponse:
        return JSONResponse(await readings.get("shipped", claims.shipped, LIMIT))

    @app.get("/claims", include_in_schema=False)
    async def claims_page(request: Request) -> Response:
        return pages.page(about_state("claims"), dict(request.query_params), desk, str(request.base_url))

    @app.get("/trace.json", tags=["answers"], responses=RECORD, summary="A finding and the chain of facts below it.")
    async def traced(id: Annotated[str, Query(max_length=200, description="id of a finding")]) -> JSONResponse:
        traces: Kept[dict[str, Any]] = app.state.traces
        return JSONResponse(await traces.get(id, partial(trace.answer, id, desk), LIMIT))

    app.state.traces = Kept(workers, 128)

    @app.get(
        "/countries.json",
        tags=["answers"],
        responses=RECORD,
        summary="Codes and names of all countries in the evidence; with a name, the one that it means.",
    )
    async def countries(name: Annotated[str, Query(max_length=80, description="in any usual spelling")] = "") -> Any:
        rows = [{"code": code, "name": printed} for code, printed in desk.countries]
        if name:
            found = desk.evidence.resolve(desk.code("name", name))
            rows = [{"code": found.code, "name": found.name}]
        return JSONResponse({"schema_version": 1, "default": desk.default_country, "countries": rows})

    @app.get("/", include_in_schema=False)
    async def home(request: Request) -> Response:
        return pages.page(HomeState, dict(request.query_params), desk, str(request.base_url))

    @app.get("/health", tags=["server"], summary="Whether the server answers.")
    async def health() -> dict[str, str]:
        return {"state": "ready", "version": headway.__version__}

    @app.get("/static/vega.js", include_in_schema=False)
    async def vega() -> Response:
        content = await asyncio.to_thread(bundle)
        return Response(content, media_type="text/javascript", headers={"cache-control": "max-age=86400"})

    here = files("headway.explorer").joinpath("static")
    framed = here.joinpath("embed.css").read_text("utf-8")

    @app.get("/embed/embed.css", include_in_schema=False)
    async def style_of_embeds() -> Response:
        return Response(framed, media_type="text/css", headers={"cache-control": "max-age=86400"})

    fonts = files("headway.charts").joinpath("fonts")
    app.mount("/static/fonts", StaticFiles(directory=str(fonts)), name="fonts")
    shared = files("headway.site").joinpath("static")
    app.mount("/static/site", StaticFiles(directory=str(shared)), name="shared")
    app.mount("/static", StaticFiles(directory=str(here)), name="static")
    _faults(app)
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=3)
    if not others:
        app.add_middleware(ReaderHost)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    if others or token is not None:
        app.add_middleware(Access, token=token)
    app.add_middleware(Guard)
    return app


def _about(app: FastAPI, kind: type[PageState], desk: ExplorerSession, respond: Any) -> None:
    tell = maker(kind)

    async def api(request: Request, shape: AnswerShape, query: Annotated[Any, Query()]) -> Response:
        return _unless_held(request, await respond(tell, kind(), shape))

    async def page(request: Request) -> Response:
        return pages.page(kind, dict(request.query_params), desk, str(request.base_url))

    api.__annotations__["query"] = Annotated[kind, Query()]
    summary = PAGES[kind.path].__doc__
    app.add_api_route(
        f"/{kind.path}.{{shape}}", api, name=f"{kind.path} data", summary=summary, tags=["answers"], responses=ANSWER
    )
    app.add_api_route(f"/{kind.path}", page, include_in_schema=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _unless_held(request: Request, response: Response) -> Response:
    """The response with a tag of its content; without the content for who holds what has that tag.

    The tag is a weak one, since the same content may be sent compressed.
    """
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    response.headers["etag"] = f"W/{tag}"
    held = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return NotModifiedResponse(response.headers) if tag in held or "*" in held else response


async def _in_turn(workers: Workers, steps: Iterator[dict[str, Any]]) -> dict[str, Any] | None:
    """The next record, computed beside the loop; None at the end."""
    return await asyncio.wrap_future(workers.submit(lambda: next(steps, None)))


async def _while_present(request: Request, work: Awaitable[T]) -> T:
    """Result of the work, which is cancelled when the client leaves.

    Raises:
        BusyError: the client has left, or the server stops.
    """
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait({task}, timeout=0.5)
        if task.done():
            break
        if request.app.state.stopping:
            task.cancel()
            raise BusyError("the server stops")
        if await request.is_disconnected():
            task.cancel()
            raise BusyError("nobody waits for the answer")
    return task.result()


def _faults(app: FastAPI) -> None:
    """Errors as a reader's program can use them: what, and which parameter."""

    def refusal(status: int, where: list[str], words: str, kind: str, **headers: str) -> JSONResponse:
        return JSONResponse({"detail": [{"loc": where, "msg": words, "type": kind}]}, status, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        found = [
            {"loc": [str(part) for part in one["loc"]], "msg": one["msg"], "type": one["type"]}
            for one in error.errors()
        ]
        return JSONResponse({"detail": found}, 422)

    @app.exception_handler(ParameterError)
    async def parameter(_: Request, error: ParameterError) -> Response:
        return refusal(422, ["query", error.parameter], error.message, "value_error")

    @app.exception_handler(HeadwayError)
    async def unanswerable(_: Request, error: HeadwayError) -> Response:
        return refusal(404, ["query"], str(error), type(error).__name__)

    @app.exception_handler(BusyError)
    async def busy(_: Request, error: BusyError) -> Response:
        return refusal(429, ["request"], str(error), "busy", **{"retry-after": "1"})

    @app.exception_handler(CancelledError)
    async def cancelled(_: Request, error: CancelledError) -> Response:
        return refusal(429, ["request"], "dropped before it was begun", "cancelled", **{"retry-after": "1"})
