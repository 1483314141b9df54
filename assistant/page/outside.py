"""The layers before the application, whether it runs in this process or in several others."""

from __future__ import annotations

from assistant.page.addresses import Forwarded
from assistant.page.asgi import App
from assistant.page.doorman import Doorman
from assistant.page.errors import Spoken
from assistant.page.headers import Headers
from assistant.page.hosts import Hosts, names_of
from assistant.page.keys import Keyed, Known
from assistant.page.limits import Limits
from assistant.page.openai_errors import DoorErrors
from assistant.page.root import Rooted
from assistant.page.settings import PageSettings


def outside(app: App, keys: Known, limits: Limits, how: PageSettings, host: str) -> App:
    """From the outside in: headers, below which path, words, who asks, by which name, how often,
    with which key. ``host``: where the server listens."""
    asked = Hosts(Doorman(Keyed(app, keys), limits), names_of(how.hosts, host))
    spoken = DoorErrors(Spoken(Forwarded(asked, how.proxies), how.root))
    return Headers(Rooted(spoken, how.root), how.frames)
