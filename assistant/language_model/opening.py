"""Which judge decides: the language model that the settings name, or the bundled one alone."""

from __future__ import annotations

from assistant.judges import BundledJudge, Judge
from corpus.settings import Settings
from corpus.words import Words


def open_judge(settings: Settings, words: Words) -> Judge:
    """The language model that the settings name, with the bundled judge behind it; else that alone.

    Raises what ``ChatClient.open`` raises where it cannot be asked as it is named. Whether anybody is
    at its address shows at the first question.
    """
    if not (settings.llm_url or settings.llm_model):
        return BundledJudge()
    # here, so that whoever names none need not have what they import
    from assistant.language_model.client import ChatClient
    from assistant.language_model.judge import ModelJudge

    return ModelJudge(ChatClient.open(settings), words, BundledJudge())
