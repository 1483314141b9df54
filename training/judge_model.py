"""The judge: a small transformer over a question's tokens and a passage's, as the search keeps them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from index.judgement import MOST
from index.late import WIDTH

SIZE, LAYERS, HEADS = 192, 3, 4
LOW = -1e4
"""What keeps a place that holds nothing out of a maximum or a mean."""
CENTRES = (0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
"""Of the bells through which a token sees the cosine of its best match (kernel pooling, Xiong 2017)."""


class Block(nn.Module):
    """Attention and a wide layer, each behind a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.middle = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)
        self.qkv, self.out = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.wide, self.back = nn.Linear(SIZE, 2 * SIZE), nn.Linear(2 * SIZE, SIZE)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """``x`` (n, tokens, SIZE); ``bias`` (n, 1, 1, tokens), ``LOW`` where there is no token."""
        split: Tensor = self.qkv(self.before(x)).unflatten(-1, (3, HEADS, -1))
        q, k, v = split.permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-1, -2)) * q.shape[-1] ** -0.5 + bias
        x = x + self.out((weights.softmax(-1) @ v).transpose(1, 2).flatten(2))
        moved: Tensor = x + self.back(nn.functional.gelu(self.wide(self.middle(x))))
        return moved


class Judge(nn.Module):
    """Whether a passage answers, and each of its tokens. ``dropped``: share of the tokens that are not
    seen in training."""

    def __init__(self, dropped: float = 0.1) -> None:
        super().__init__()
        self.dropped = dropped
        self.question, self.passage = nn.Linear(WIDTH, SIZE), nn.Linear(WIDTH, SIZE)
        self.kind = nn.Embedding(4, SIZE)  # the question's, then those of ``index.judgement``
        self.place = nn.Embedding(MOST, SIZE)
        nn.init.normal_(self.place.weight, std=0.02)
        self.matches = nn.Linear(len(CENTRES) + 2, SIZE)
        self.first = nn.Parameter(torch.zeros(1, 1, SIZE))
        self.begin, self.end = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.verdict = nn.Sequential(nn.Linear(3 * SIZE, SIZE), nn.GELU(), nn.Linear(SIZE, 1))
        self.token = nn.Linear(SIZE, 1)

    def forward(
        self, question: Tensor, asked: Tensor, passage: Tensor, said: Tensor, kind: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """``question`` (n, m, WIDTH) and ``passage`` (n, k, WIDTH); ``asked`` (n, m) and ``said`` (n, k)
        are 1 where a token is; ``kind`` (n, k). Log odds (n,) of each passage and (n, k) of its tokens; (n,
        3 * SIZE) what the first stand on."""
        near = question @ passage.transpose(1, 2)
        of_passage = (near + LOW * (1 - asked[:, :, None])).amax(1)
        of_question = (near + LOW * (1 - said[:, None, :])).amax(2)
        m, k = question.shape[1], passage.shape[1]
        q = self.question(question) + self.kind.weight[0] + self.place.weight[:m]
        p = self.passage(passage) + self.kind(kind) + self.place.weight[:k]
        q, p = q + self._matches(of_question), p + self._matches(of_passage)
        x = self.begin(torch.cat([self.first.expand(q.shape[0], 1, -1), q, p], 1))
        if self.training:
            x = x * (torch.rand(*x.shape[:2], 1) > self.dropped)
        there = torch.cat([torch.ones_like(asked[:, :1]), asked, said], 1)
        for block in self.blocks:
            x = block(x, LOW * (1 - there)[:, None, None, :])
        x = self.end(x)
        q, p = x[:, 1 : 1 + m], x[:, 1 + m :]
        mean = (q * asked[..., None]).sum(1) / asked.sum(1, keepdim=True)
        most = (p + LOW * (1 - said[..., None])).amax(1)
        seen = torch.cat([x[:, 0], mean, most], -1)
        return self.verdict(seen)[:, 0], self.token(p)[..., 0], seen

    def _matches(self, best: Tensor) -> Tensor:
        best = best.clamp(-1, 1)
        bells = [torch.exp(-(((best - centre) / 0.1) ** 2) / 2) for centre in CENTRES]
        seen: Tensor = self.matches(torch.stack([best, best * best, *bells], -1))
        return seen
