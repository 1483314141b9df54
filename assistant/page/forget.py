"""Takes what a reader took back out of a question's own words, so that it is not understood again.

Removing the chip 断缴2个月 from 「断缴两个月怎么补」 asks 「断缴怎么补」.
"""

from __future__ import annotations

import re

from assistant.types import Context
from corpus.names import SCHEME, without_channels
from corpus.text import fold
from corpus.time_roles import told_in

_BEFORE = re.compile(r"(?:超过|不到|不足|满|已经|大概|大约|快|有)?了?$")
"""What stands before a length and goes with it."""
_INSURANCE = ("医保", "医疗保险", "农合", "合作医疗")
"""What the name of a scheme ends in where it names the insurance too: without the scheme it is 医保."""


def forget(question: str, dropped: tuple[str, ...], known: Context) -> str:
    """The question without the words for the parts named; as it was where nothing would be left."""
    text = question
    if "months" in dropped:
        text = _without_break(text)
    if "region" in dropped and known.region:
        text = re.sub(rf"(?:在)?{re.escape(known.region)}(?:市|省)?(?:的)?", "", text)
    if "scheme" in dropped:
        text = SCHEME.sub(lambda named: "医保" if named[0].endswith(_INSURANCE) else "", text)
    if "online" in dropped:
        text = without_channels(without_channels(text, online=True), online=False)
    text = text.strip(" ，,。")
    return text if len(text) >= 2 else question


def _without_break(text: str) -> str:
    """The text without the times that tell the break."""
    for told in reversed(told_in(fold(text))):
        if told.role != "other":
            behind = max(told.time.end, told.time.whole[1])  # with 以内 and the like
            text = _BEFORE.sub("", text[: told.time.start]) + text[behind:]
    return text
