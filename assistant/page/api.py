"""For programs: ``POST /api/ask``, ``/api/retrieve``, ``/api/legal``, named and meant as in Python.

The answer of ``ask`` is ``Answer.to_dict()``; ``assistant/answer.schema.json`` is its schema.
``history`` holds earlier *questions*, oldest first: answers are never taken from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.as_json import value
from assistant.hits import dated
from assistant.page import words
from assistant.page.admission import address_of, too_many
from assistant.page.chat import cleaned, turned_away
from assistant.page.counter import Guest, T, Work, once
from assistant.page.desk import Desk
from assistant.page.errand import Failure
from assistant.page.limits import weights
from assistant.page.line import GoneError, LineFullError
from assistant.page.suggest_route import suggest_route
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


def asked(desk: Desk, wanted: Ask, before: Sequence[Answer] = ()) -> Iterator[Answer]:
    """Ask with the history's questions asked before it, after the answers that are there: a
    question a step. Blocks."""
    history = tuple(before)
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

    suggest_route(router, desk)
    return router


def one(question: str, do: Callable[[], T]) -> Work[T]:
    """Work of one step, which weighs what its question does."""
    return Work(once(do), weights((question,)))


async def work(desk: Desk, request: Request, do: Work[T], question: str, *earlier: str) -> T:
    """Limits, the line, the work; failures as HTTP errors in kind words."""
    client = await let_in(desk, request, question, *earlier)
    try:
        return await desk.counter.serve(Guest(client, gone=request.is_disconnected), do)
    except Exception as error:
        told = failure(desk, error)
        raise HTTPException(told.status, told.text) from None


async def let_in(desk: Desk, request: Request, question: str, *earlier: str) -> str:
    """What limits know the client by, once they let its questions in. Raises HTTPException."""
    client = address_of(request)
    refusal = await turned_away(desk, question, visitor="", address=client, earlier=earlier)
    if refusal and refusal.seconds:
        raise too_many(refusal.text, refusal.seconds)
    if refusal:
        raise HTTPException(400, refusal.text)
    return client


def failure(desk: Desk, error: Exception) -> Failure:
    """What is told of the exception being handled."""
    if isinstance(error, GoneError):
        desk.metrics.refused.labels("gone").inc()
        return Failure(499, words.GONE)
    if isinstance(error, LineFullError):
        desk.metrics.refused.labels("line").inc()
        return Failure(503, words.QUEUE_FULL)
    if isinstance(error, InputError):
        return Failure(400, str(error))
    return Failure(500, words.APOLOGY.format(desk.failed()))
