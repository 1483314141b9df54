"""The commands of ``python -m index`` and the options of each."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable

from corpus.settings import Settings
from index.commands import gaps, refresh, search, show, status, verify

_EXIT = """退出码：
  0    完成
  1    部分完成：有文件跳过或存疑（refresh、show），或发现损坏（verify）
  2    没有完成：原因是标准错误上的一句话；知识库没有改变
  130  按 Ctrl-C 中断
"""


_FACTS = {
    "title": "标题",
    "publisher": "发布者",
    "published": "发布日期，如 2024-03-01",
    "region": "地区，如 沈阳",
    "schemes": "险种：职工、居民、灵活就业",
    "kind": "类型：问答 或 政策文件",
}


def parser(settings: Settings) -> ArgumentParser:
    """Reads the arguments; ``run`` among what it gives is the command to call with them."""
    made = ArgumentParser(prog="python -m index", description="医保问答的知识库")
    _tell_exits(made)
    commands = made.add_subparsers(required=True, metavar="命令")

    def command(name: str, run: Callable[[Namespace], int], text: str) -> ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        _tell_exits(sub)
        _every_command(sub, settings)
        sub.set_defaults(run=run)
        return sub

    sub = command("refresh", refresh, "收录新文章，更新改过的，移除不在的")
    _of_refresh(sub)
    _of_corrections(sub)
    sub = command("show", show, "看一个文件会读成什么样，不写入")
    sub.add_argument("path", metavar="FILE", help="文件或文件夹")
    command("status", status, "知识库里有什么")
    _of_search(command("search", search, "检索一个问题，并说明每条结果的得分"))
    sub = command("verify", verify, "核对每个文件、向量和词语")
    sub.add_argument("--all", action="store_true", help="重新计算全部向量（默认抽查）")
    sub = command("gaps", gaps, "没答上来的问题，按内容归类；给出文件时，看其中的问题")
    _of_gaps(sub, settings)
    return made


def _tell_exits(of: ArgumentParser) -> None:
    of.epilog = _EXIT
    of.formatter_class = RawDescriptionHelpFormatter


def _every_command(sub: ArgumentParser, settings: Settings) -> None:
    sub.add_argument(
        "--store",
        "--engine",
        default=settings.address,
        metavar="STORE",
        help="知识库：文件夹，或 Qdrant 的地址（qdrant://…，见 docs/engines.md）",
    )
    sub.add_argument("--json", action="store_true", help="以 JSON 输出")


def _of_refresh(sub: ArgumentParser) -> None:
    sub.add_argument("paths", nargs="*", metavar="PATH", help="文件或文件夹")
    sub.add_argument("--remove", action="store_true", help="移除来自 PATH 的全部内容")
    sub.add_argument("--dry-run", action="store_true", help="只报告，不写入")
    sub.add_argument(
        "--rebuild", action="store_true", help="抛开旧库重建（换模型、格式旧或损坏时）"
    )
    sub.add_argument(
        "--trust",
        choices=["national", "policy", "agency", "web"],
        help="PATH 里的资料是什么：national 国家规定，policy 地方政策文件，agency 经办机构，"
        "web 网页（新资料不写时按网页）",
    )
    sub.add_argument(
        "--jobs", type=int, metavar="N", help="读文件和计算向量的进程数（不写时按处理器数）"
    )
    sub.add_argument(
        "--ray",
        action="store_true",
        help="由 Ray 集群读文件和计算向量：YIBAO_RAY 给出其地址，没有时用本机",
    )
    sub.add_argument("--watch", action="store_true", help="持续监视 PATH，有变化就刷新")


def _of_corrections(sub: ArgumentParser) -> None:
    only = sub.add_argument_group("更正（只能给一个文件；以后刷新时仍有效，写「无」表示没有）")
    for name, text in _FACTS.items():
        only.add_argument(f"--{name}", default="", help=text)


def _of_search(sub: ArgumentParser) -> None:
    sub.add_argument("question", nargs="+", metavar="QUESTION")
    sub.add_argument("-k", type=int, default=5, help="结果条数")
    sub.add_argument("--scheme", help="职工、居民或灵活就业")
    sub.add_argument("--region", help="地区，如 沈阳")


def _of_gaps(sub: ArgumentParser, settings: Settings) -> None:
    sub.add_argument(
        "files", nargs="*", metavar="FILE", help="问题：.jsonl（question），或每行一个问题的文本"
    )
    sub.add_argument("--feedback", default=str(settings.feedback), help="反馈记录文件")
    sub.add_argument("--csv", action="store_true", help="逐条以 CSV 输出")
