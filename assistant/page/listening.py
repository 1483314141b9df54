"""Where the page listens: the port, the address to tell, and what listening there opens."""

from __future__ import annotations

import socket

from assistant.page.addresses import parsed
from assistant.page.settings import PageSettings
from corpus.errors import InputError


def bound(host: str, port: int) -> socket.socket:
    """A socket of that address that does not listen yet. Raises InputError."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise InputError(
            f"不能使用 {host} 的端口 {port}（{error}）：请用 --port 换一个，0 为自动选择。"
        ) from None
    return made


def url(host: str, listening: socket.socket, root: str) -> str:
    """The page's address, as it is told."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}{root}/"


def told(host: str, settings: PageSettings) -> str:
    """What listening there opens, and which names it goes by; "" where only this machine can."""
    address = parsed(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return ""
    where = "本机的所有网络地址" if address is not None and address.is_unspecified else host
    if "*" in settings.hosts:
        names = "任何主机名都会应答（YIBAO_HOSTS=*）"
    elif settings.hosts:
        names = f"应答的主机名：{'、'.join(settings.hosts)}、本机地址"
    else:
        names = (
            "只应答以本机地址访问的请求；要用域名访问，请在 YIBAO_HOSTS 里写上，"
            "例如 YIBAO_HOSTS=yibao.example.org"
        )
    return (
        f"注意：{where} 已打开，能连到本机的人都可以使用本页面，传输不加密。{names}。"
        "对外服务时请放在提供 HTTPS 的反向代理之后，并在 YIBAO_PROXIES 里写上它的地址。"
    )
