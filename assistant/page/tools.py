"""The same three doors for language models: an MCP server at ``/mcp`` with three tools."""

from __future__ import annotations

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from assistant.page import words
from assistant.page.admission import address_of
from assistant.page.api import (
    Ask,
    K,
    Question,
    Region,
    Scheme,
    Today,
    asked,
    hit_value,
    legal_value,
    one,
)
from assistant.page.chat import turned_away
from assistant.page.counter import Guest, T, Work
from assistant.page.desk import Desk
from assistant.page.errors import sentence
from assistant.page.limits import weights
from assistant.page.line import GoneError, LineFullError, stays
from corpus.errors import InputError


class _Server(MCPServer[Any]):
    async def call_tool(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """As MCPServer, but what does not fit or fails is told in our own sentence alone."""
        if name not in {tool.name for tool in await self.list_tools()}:
            raise ToolError(words.NO_TOOL.format(name[:40]))
        try:
            return await super().call_tool(name, *args, **kwargs)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(sentence(cause.errors()[0])) from None
            raise (cause if isinstance(cause, ToolError) else error) from None


class _Tools:
    """The tools over one desk. A question that cannot be taken is a tool error with the kind word; so
    is a failure inside, with its id and nothing else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(
        self,
        context: Context[Any, Any],
        question: Question,
        history: list[Question] | None = None,
        scheme: Scheme = None,
        region: Region = None,
        today: Today = None,
    ) -> dict[str, Any]:
        """回答基本医疗保险（停保、恢复、断缴、补缴、转移、共济等）问题：步骤、材料、法律依据，逐条注明出处。"""
        wanted = Ask(
            question=question, history=history or [], scheme=scheme, region=region, today=today
        )
        answers = Work(asked(self._desk, wanted), weights((*wanted.history, question)))
        answer = await self._work(context, answers, question, *wanted.history)
        self._desk.note("mcp", answer, answers.seconds)
        value: dict[str, Any] = answer.to_dict()
        return value

    async def retrieve(
        self,
        context: Context[Any, Any],
        question: Question,
        k: K = 5,
        scheme: Scheme = None,
        region: Region = None,
        today: Today = None,
    ) -> dict[str, Any]:
        """检索与医保问题最相关的资料段落，附发布者、日期、地区和原文位置。"""
        desk = self._desk
        found = one(
            question, lambda: desk.clerk.retrieve(question, k, scheme, desk.place(region), today)
        )
        hits = await self._work(context, found, question)
        return {"question": question, "hits": [hit_value(hit) for hit in hits]}

    async def legal(
        self, context: Context[Any, Any], question: Question, k: K = 5, today: Today = None
    ) -> dict[str, Any]:
        """查找与医保问题相关的法律条文，附当日效力（现行、尚未施行、已废止等）。"""
        found = one(question, lambda: self._desk.clerk.legal(question, k, today))
        bases = await self._work(context, found, question)
        return {"question": question, "legal_basis": [legal_value(basis) for basis in bases]}

    async def _work(
        self, context: Context[Any, Any], do: Work[T], question: str, *earlier: str
    ) -> T:
        """Limits, the line, the work."""
        desk, request = self._desk, context.request_context.request
        address = address_of(request) if request else "mcp"
        refusal = await turned_away(desk, question, visitor="", address=address, earlier=earlier)
        if refusal:
            raise ToolError(refusal.text)
        try:
            gone = request.is_disconnected if request else stays
            return await desk.counter.serve(Guest(address, gone=gone), do)
        except GoneError:
            desk.metrics.refused.labels("gone").inc()
            raise ToolError(words.GONE) from None
        except LineFullError:
            raise ToolError(words.QUEUE_FULL) from None
        except InputError as error:
            raise ToolError(str(error)) from None
        except Exception:
            raise ToolError(words.APOLOGY.format(desk.failed())) from None


def mcp_server(desk: Desk) -> MCPServer[Any]:
    """Mount its ``streamable_http_app`` and run its ``session_manager`` in the lifespan."""
    server = _Server("yibao-assistant", instructions=words.DISCLAIMER, log_level="WARNING")
    tools = _Tools(desk)
    for tool in (tools.ask, tools.retrieve, tools.legal):
        server.add_tool(tool)
    return server
