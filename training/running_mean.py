"""The running mean of what is trained: steadier than the last step's weights, and what ships."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


class Mean:
    """The running mean of some modules' weights."""

    def __init__(self, modules: Sequence[nn.Module]) -> None:
        self._modules = modules
        self._held = [{k: v.clone() for k, v in one.state_dict().items()} for one in modules]

    @torch.no_grad()
    def add(self, step: int) -> None:
        weight = min(0.98, (1 + step) / (10 + step))
        for one, held in zip(self._modules, self._held, strict=True):
            for name, value in one.state_dict().items():
                held[name].mul_(weight).add_(value, alpha=1 - weight)

    def swap(self) -> None:
        """What the modules hold against the mean."""
        for one, held in zip(self._modules, self._held, strict=True):
            now = {k: v.clone() for k, v in one.state_dict().items()}
            one.load_state_dict(held)
            held.update(now)
