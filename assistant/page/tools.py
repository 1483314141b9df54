"""The same three doors for language models: an MCP server at ``/mcp`` with three tools."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from assistant.page import words
from assistant.page.api import Ask, asked, hit_value, legal_value
from assistant.page.chat import turned_away
from assistant.page.desk import Desk
from assistant.page.line import LineFullError
from corpus.errors import InputError

Scheme = Literal["职工", "居民", "灵活就业"]


def mcp_server(desk: Desk) -> MCPServer:
    """Mount its ``streamable_http_app`` and run its ``session_manager`` in the lifespan.

    A question that cannot be taken is a tool error with the kind word; so is a failure inside, with
    its id and nothing else.
    """
    server = MCPServer("yibao-assistant", instructions=words.DISCLAIMER, log_level="WARNING")

    async def work(question: str, do: Any) -> Any:
        refusal = turned_away(desk, question, visitor="", address="mcp")
        if refusal:
            raise ToolError(refusal)
        try:
            return await desk.served("mcp", do)
        except LineFullError:
            raise ToolError(words.QUEUE_FULL) from None
        except InputError as error:
            raise ToolError(str(error)) from None
        except Exception:
            raise ToolError(words.APOLOGY.format(desk.failed())) from None

    @server.tool()
    async def ask(
        question: str, scheme: Scheme | None = None, region: str | None = None
    ) -> dict[str, Any]:
        """回答基本医疗保险（停保、恢复、断缴、补缴、转移、共济等）问题：步骤、材料、法律依据，逐条注明出处。"""
        wanted = Ask(question=question, scheme=scheme, region=region)
        answer = await work(question, lambda: asked(desk, wanted))
        await asyncio.to_thread(desk.note, "mcp", answer, 0.0)
        value: dict[str, Any] = answer.to_dict()
        return value

    @server.tool()
    async def retrieve(
        question: str, k: int = 5, scheme: Scheme | None = None, region: str | None = None
    ) -> dict[str, Any]:
        """检索与医保问题最相关的资料段落，附发布者、日期、地区和原文位置。"""
        hits = await work(
            question, lambda: desk.clerk.retrieve(question, min(max(k, 1), 50), scheme, region)
        )
        return {"hits": [hit_value(hit) for hit in hits]}

    @server.tool()
    async def legal(question: str, k: int = 5) -> dict[str, Any]:
        """查找与医保问题相关的法律条文，附当日效力（现行、尚未施行、已废止等）。"""
        found = await work(question, lambda: desk.clerk.legal(question, min(max(k, 1), 50)))
        return {"legal_basis": [legal_value(basis) for basis in found]}

    return server
