"""How fast a folder is read, and how much memory that takes.

    python benchmarks/reading_speed.py [--files 10000] [--jobs 1]

Writes pages of the usual shapes (web page, text, Word, list) to a temporary folder, reads them in
a fresh process and prints articles/s and the peak of memory over the process's base.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from reading_samples import word

_PLACES = ["沈阳", "大连", "杭州", "成都", "武汉", "福州", "济南", "南昌", "昆明", "合肥"]
_STEPS = (
    "打开当地税务小程序",
    "选择城乡居民医保缴费",
    "填写身份证号并核对金额",
    "确认支付并保存凭证",
)


def _page(number: int) -> str:
    place = _PLACES[number % len(_PLACES)]
    steps = "".join(f"<li>{step}（第{number}号说明）。</li>" for step in _STEPS)
    others = "".join(
        f"<li><a href='/q/{number}{n}'>{place}医保问题{number}之{n}怎么办</a>"
        f"<p>先到窗口登记，再按月缴费，第{number}号说明的内容还没有完...查看全文</p></li>"
        for n in range(3)
    )
    filler = f"<p>{place}的参保人在断缴以后，应当先问清参保地的规定，再决定怎么接续。</p>" * 12
    return (
        "<html><head><meta charset='utf-8'>"
        f"<title>{place}居民医保断缴{number}天怎么办_样页网</title>"
        f"</head><body><nav><ul><li><a href='/'>首页</a></li></ul></nav><div class='content'>"
        f"<h1>{place}居民医保断缴{number}天怎么办</h1><p>发布时间：2024-05-01</p>{filler}"
        f"<h2>一、办理步骤</h2><ol>{steps}</ol></div>"
        f"<div class='related'><h3>相关推荐</h3><ul>{others}</ul></div></body></html>"
    )


def _write(folder: Path, count: int) -> None:
    for number in range(count):
        part = folder / f"{number // 1000:03d}"
        part.mkdir(exist_ok=True)
        kind = number % 20
        if kind == 0:
            data = word(f"职工医保转移第{number}号说明", [("1.0", s) for s in _STEPS])
            (part / f"{number}.docx").write_bytes(data)
        elif kind < 5:
            text = f"医保断缴{number}天怎么接续\n\n一、办理步骤\n" + "\n".join(
                f"{n}、{step}。" for n, step in enumerate(_STEPS, 1)
            )
            (part / f"{number}.txt").write_text(text * 2, encoding="gb18030")
        else:
            (part / f"{number}.html").write_text(_page(number), encoding="utf-8")


_CHILD = """
import json, resource, sys, time
from corpus.reading import discover, read_each, workers
folder, jobs = sys.argv[1], int(sys.argv[2])
start = time.perf_counter()
files, skipped = discover(folder)
found = [a for done in read_each(files, jobs=jobs) for a in done.articles]
seconds = time.perf_counter() - start
workers._SPARE.end()  # what a process used is known when it has ended
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
spent = sum(u.ru_utime + u.ru_stime for u in used)
print(json.dumps(dict(files=len(files), articles=len(found), seconds=seconds, spent=spent,
    megabytes=[u.ru_maxrss / 1024 for u in used], characters=sum(len(a.text) for a in found))))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        _write(Path(folder), options.files)
        print(f"{options.files} files written in {time.perf_counter() - start:.1f} s")
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, folder, str(options.jobs)],
            check=True, capture_output=True, cwd=Path(__file__).resolve().parents[1],
        )  # fmt: skip
    told = json.loads(done.stdout)
    print(
        f"{told['files']} files, {told['articles']} articles, {told['characters']} characters: "
        f"{told['seconds']:.1f} s, {told['articles'] / told['seconds']:.0f} articles/s, "
        f"{told['spent']:.1f} s of processor time, at most {told['megabytes'][0]:.0f} MB here "
        f"and {told['megabytes'][1]:.0f} MB in a process that reads"
    )


if __name__ == "__main__":
    main()
