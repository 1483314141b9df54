"""All that people do, one thing after the other, for ``tests.test_libraries``; 0 when all went well.

python tests/offline_visit.py FOLDER      (FOLDER may be written to; HOME is an empty folder)
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "职工医保断缴两个月怎么补"
# Python's own calls that would go elsewhere by number rather than by name end the process
GUARD = """
import os, sys
def _guard(event, given):
    if event in ("socket.connect", "socket.sendto"):
        where = given[1][0] if isinstance(given[1], tuple) else "127.0.0.1"
        if where not in ("127.0.0.1", "::1", "localhost"):
            print("leaves the machine:", event, given[1], file=sys.stderr, flush=True)
            os._exit(99)
sys.addaudithook(_guard)
"""


def main(folder: Path) -> None:
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder / "guard"), str(ROOT)])
    os.environ["YIBAO_STORE"] = str(folder / "store")
    os.environ["YIBAO_FEEDBACK"] = str(folder / "feedback.db")
    os.environ["YIBAO_ARTICLES"] = str(folder / "articles")
    for name in ("articles", "new"):
        (folder / name).mkdir()
    new = folder / "new"
    for path in sorted((ROOT / "corpus" / "articles" / "断缴与补缴").glob("*.md"))[:8]:
        shutil.copy(path, folder / "articles")
    for n in range(20):
        text = f"第{n}号窗口怎么办停保\n\n到第{n}号窗口提交停保申请，15天内办结。\n"
        (new / f"{n}.txt").write_text(text, encoding="utf-8")
    page()  # imports all rooms and builds the store
    python("-m", "assistant", QUESTION)
    python("-m", "index", "refresh", str(new))
    python("-m", "index", "search", QUESTION)
    every = str(ROOT / "corpus" / "articles")
    python("-m", "corpus", "check", "--articles", every, "--pages", str(new))
    python("-c", LIBRARY, str(new))


LIBRARY = f"""
import sys
from corpus.reading import discover, read_each
from assistant import ask, refresh, retrieve
files, _ = discover(sys.argv[1])
assert all(done.articles for done in read_each(files, jobs=2))  # in processes of their own
assert ask({QUESTION!r}).citations and len(retrieve({QUESTION!r})) == 5
assert refresh(sys.argv[1], remove=True).removed == 20
"""


def python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, timeout=900)


def page() -> None:
    command = [sys.executable, "app.py", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+/", process.stdout.readline())
            assert found is not None
            with urllib.request.urlopen(found[0], timeout=300) as answer:
                assert "医保问答" in answer.read().decode("utf-8")
            asked = json.dumps({"question": QUESTION}).encode("utf-8")
            kind = {"content-type": "application/json"}
            request = urllib.request.Request(found[0] + "api/ask", asked, kind)
            with urllib.request.urlopen(request, timeout=300) as answer:
                assert json.load(answer)["citations"]
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
