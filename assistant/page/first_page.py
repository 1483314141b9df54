"""Gradio's first page (``GET /`` and ``/admin/``), held back until it is whole and sent as ours: in
Chinese, with our head, naming nothing but what lies below its own folder."""

from __future__ import annotations

import re

from assistant.page.asgi import Message, Send

# Browsers set to English (or to bare "zh") would get Gradio's English labels.
_LANGUAGE = """<script>
(() => {
  for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN", "zh"]]])
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
})();
</script>
"""
# Gradio's status tracker counts its seconds anew in each frame, and that of the first moment goes on for
# as long as the page is open: 60 frames a second in which nothing moves, a tenth of a processor.
_FRAMES = """<script>
(() => {
  const next = window.requestAnimationFrame.bind(window);
  const counts = (call) => String(call).includes("performance.now()-");
  window.requestAnimationFrame = (call) =>
    counts(call) ? setTimeout(() => call(performance.now()), 250) : next(call);
})();
</script>
"""
HEAD = _LANGUAGE + _FRAMES
# Gradio writes the address that it sees itself, which behind a proxy need not be the browser's.
ROOT = """<script>
window.gradio_config.root = new URL(".", location.href).href.slice(0, -1);
</script>
"""
_AWAY = ("raw.githubusercontent.com", 'rel="manifest"')
_TOLD_ROOT = re.compile(r'const root = "[^"]*";')


class Rewriting:
    """Holds a page back until it is whole, then sends it in Chinese and with our head."""

    def __init__(self, send: Send, head: str) -> None:
        self.send = send
        self.head = head
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = dict(self.start["headers"])
        body = self.body
        if headers.get(b"content-type", b"").startswith(b"text/html"):
            body = rewritten(body.decode("utf-8"), self.head).encode("utf-8")
        rest = [h for h in self.start["headers"] if h[0].lower() != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self.send({**self.start, "headers": [*rest, length]})
        await self.send({"type": "http.response.body", "body": body})


def rewritten(page: str, head: str) -> str:
    """Gradio's first page: Chinese, our head first, none of its own advertising tags, and nothing
    that is named from elsewhere than the folder in which the page lies."""
    page = page.replace('<html\n\tlang="en"', '<html\n\tlang="zh-CN"', 1)
    page = "\n".join(line for line in page.split("\n") if not any(word in line for word in _AWAY))
    page = _TOLD_ROOT.sub("const root = window.gradio_config.root;", page)
    page = page.replace("<script data-gradio-mode>", ROOT + "<script data-gradio-mode>", 1)
    return page.replace("<head>", "<head>\n" + head, 1)
