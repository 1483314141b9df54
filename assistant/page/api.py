"""For programs: ``POST /api/ask``, ``/api/retrieve``, ``/api/legal``, named and meant as in Python.

The answer of ``ask`` is ``Answer.to_dict()``; ``assistant/answer.schema.json`` is its schema.
``history`` holds earlier *questions*, oldest first: answers are never taken from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.hits import dated
from assistant.page import words
from assistant.page.chat import cleaned, turned_away
from assistant.page.counter import Guest, T, Work, once
from assistant.page.desk import Desk
from assistant.page.limits import weights
from assistant.page.line import GoneError, LineFullError
from assistant.page.routes import address_of, open_to
from assistant.page.theme import STATIC
from assistant.render import value
from assistant.types import Answer, LegalBasis
from corpus.errors import InputError
from index.types import Hit

Question = Annotated[
    str, AfterValidator(cleaned), Field(description="问题", examples=["职工医保断缴两个月怎么补"])
]
Scheme = Annotated[
    Literal["职工", "居民", "灵活就业"] | None, Field(description="险种", examples=[None])
]
Region = Annotated[str | None, Field(description="参保地", examples=[None], max_length=20)]
Today = Annotated[
    date | None, Field(description="按哪一天的法律状态回答；不写为今天", examples=[None])
]
K = Annotated[int, Field(ge=1, le=50, description="返回几条")]


class Wanted(BaseModel):
    """A field that does not exist is refused: a slip in a name would pass unseen otherwise."""

    model_config = ConfigDict(extra="forbid")


class Ask(Wanted):
    """``ask(question, history, scheme, region, today)``"""

    question: Question
    history: Annotated[list[Question], Field(description="此前的提问，由早到晚")] = Field(
        default=[], max_length=20
    )
    scheme: Scheme = None
    region: Region = None
    today: Today = None


class Retrieve(Wanted):
    """``retrieve(question, k, scheme, region, today)``"""

    question: Question
    k: K = 5
    scheme: Scheme = None
    region: Region = None
    today: Today = None


class Legal(Wanted):
    """``legal(question, k, today)``"""

    question: Question
    k: K = 5
    today: Today = None


_OTHERS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def asked(desk: Desk, wanted: Ask) -> Iterator[Answer]:
    """Ask with the history's questions asked before it: a question a step. Blocks."""
    history: tuple[Answer, ...] = ()
    region = desk.place(wanted.region)
    for earlier in wanted.history:
        history += (desk.clerk.ask(earlier, history, today=wanted.today),)
        yield history[-1]
    yield desk.clerk.ask(
        wanted.question, history, scheme=wanted.scheme, region=region, today=wanted.today
    )


def hit_value(hit: Hit) -> dict[str, Any]:
    """A hit as JSON: the passage's words, where they stand, and why it was found."""
    article = hit.passage.article
    day = dated(article)
    return {
        "score": hit.score,
        "why": dict(hit.why),
        "text": hit.passage.text,
        "kind": hit.passage.kind,
        "heading": list(hit.passage.heading),
        "article": article.id,
        "title": article.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "kind_of_words": "editorial" if article.own else "quotation",
        "publisher": article.author,
        "date": day.isoformat() if day else None,
        "region": article.region,
        "schemes": list(article.schemes),
        "excerpt": article.excerpt,
        "url": None if article.own else article.source.url,
        "supports": [
            value(support) for support in article.supports_of(hit.passage.start, hit.passage.end)
        ],
    }


def legal_value(basis: LegalBasis) -> dict[str, Any]:
    """An article of a law as JSON, with its state on the day asked."""
    return {
        "law": basis.law,
        "article_no": basis.article_no,
        "text": basis.text,
        "state": basis.state,
        "effective": basis.effective.isoformat() if basis.effective else None,
        "version": basis.version.isoformat() if basis.version else None,
        "relevance": basis.relevance,
    }


def api_routes(desk: Desk) -> APIRouter:
    """The three doors. 400: the question cannot be used; 429: too many; 503: the line is full."""
    router = APIRouter(prefix="/api", tags=["医保问答"])

    @router.post("/ask", summary="提问，得到带出处的回答")
    async def ask(wanted: Ask, request: Request) -> dict[str, Any]:
        answers = Work(asked(desk, wanted), weights((*wanted.history, wanted.question)))
        answer = await work(desk, request, answers, wanted.question, *wanted.history)
        desk.note("api", answer, answers.seconds)
        return answer.to_dict()

    @router.post("/retrieve", summary="检索最相关的段落")
    async def retrieve(wanted: Retrieve, request: Request) -> dict[str, Any]:
        found = one(
            wanted.question,
            lambda: desk.clerk.retrieve(
                wanted.question, wanted.k, wanted.scheme, desk.place(wanted.region), wanted.today
            ),
        )
        hits = await work(desk, request, found, wanted.question)
        return {"question": wanted.question, "hits": [hit_value(hit) for hit in hits]}

    @router.post("/legal", summary="查找相关法条及其当日效力")
    async def legal(wanted: Legal, request: Request) -> dict[str, Any]:
        found = one(
            wanted.question, lambda: desk.clerk.legal(wanted.question, wanted.k, wanted.today)
        )
        bases = await work(desk, request, found, wanted.question)
        return {"question": wanted.question, "legal_basis": [legal_value(b) for b in bases]}

    return router


def one(question: str, do: Callable[[], T]) -> Work[T]:
    """Work of one step, which weighs what its question does."""
    return Work(once(do), weights((question,)))


async def work(desk: Desk, request: Request, do: Work[T], question: str, *earlier: str) -> T:
    """Limits, the line, the work; failures as HTTP errors in kind words."""
    address = address_of(request)
    refusal = turned_away(desk, question, visitor="", address=address, earlier=earlier)
    if refusal:
        unusable = refusal in (words.EMPTY, words.TOO_LONG.format(desk.limits.question_chars))
        raise HTTPException(400 if unusable else 429, refusal)
    try:
        return await desk.counter.serve(Guest(address, gone=request.is_disconnected), do)
    except GoneError:
        desk.metrics.refused.labels("gone").inc()
        raise HTTPException(499, words.GONE) from None
    except LineFullError:
        raise HTTPException(503, words.QUEUE_FULL) from None
    except InputError as error:
        raise HTTPException(400, str(error)) from None
    except Exception:
        raise HTTPException(500, words.APOLOGY.format(desk.failed())) from None


def add_api(app: FastAPI, desk: Desk) -> None:
    """The doors, their OpenAPI description and a page that shows it without any foreign file."""
    router = api_routes(desk)
    app.include_router(router)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def schema(request: Request) -> dict[str, Any]:
        open_to(desk.settings.docs, request)
        return get_openapi(
            title=words.TITLE, version="2", description=words.DISCLAIMER, routes=router.routes
        )

    @app.get("/api", include_in_schema=False)
    @app.get("/api/docs", include_in_schema=False)
    async def docs(request: Request) -> FileResponse:
        open_to(desk.settings.docs, request)
        return FileResponse(STATIC / "api.html", media_type="text/html")

    # the page is mounted at "/" and would answer for whatever no route takes whole
    @app.api_route("/api/{door}", methods=list(_OTHERS), include_in_schema=False)
    async def otherwise(door: str) -> None:
        known = door in ("ask", "retrieve", "legal")
        raise HTTPException(405 if known else 404, headers={"allow": "POST"} if known else None)
