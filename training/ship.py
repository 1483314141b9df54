"""Makes the shipped file of a trained model: what it changed, in two bits a number.

    python -m training.ship CHECKPOINT --base FOLDER [--share 1.0] [--to index/data/e5_adaptation.npz]

``--share`` takes a part of the way from the base to the checkpoint (Wortsman 2022: between both
lie models that lose less elsewhere). Prints how much of the change the two bits keep, and the size.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from index.bert_folder import BertFolder, Matrix
from index.e5_adaptation import FILE, adapted, packed


def differences(base: BertFolder, trained: BertFolder, share: float) -> dict[str, Matrix]:
    """Name -> what training changed, for the tensors that it changed."""
    found = {}
    for name in sorted(trained.names()):
        change = trained.tensor(name) - rounded(base.tensor(name))
        if change.any():
            found[name] = share * change
    return found


def rounded(values: Matrix) -> Matrix:
    """To the nearest bfloat16, in which training begins (``training.adapt``)."""
    bits = np.ascontiguousarray(values).view(np.uint32)
    up = 0x7FFF + (bits >> 16 & 1)
    return (bits + up & np.uint32(0xFFFF0000)).view(np.float32)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ship")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--to", type=Path, default=FILE)
    args = parser.parse_args(argv)
    base, trained = BertFolder.open(args.base), BertFolder.open(args.checkpoint)
    change = differences(base, trained, args.share)
    np.savez_compressed(args.to, **packed(change))  # type: ignore[arg-type]
    back = adapted({name: np.zeros_like(c) for name, c in change.items()}, args.to)
    lost = sum(float(((back[n] - c) ** 2).sum()) for n, c in change.items())
    whole = sum(float((c**2).sum()) for c in change.values())
    print(f"{len(change)} tensors; {1 - lost / whole:.3f} of the change is kept; {args.to}: {args.to.stat().st_size:,} bytes")  # fmt: skip


if __name__ == "__main__":
    main()
