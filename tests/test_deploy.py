"""The recipe of the image, run step by step in a clean folder: no container engine is needed.

Each line of the Dockerfile is done here as it stands, its folders moved below a temporary one; what
would fetch packages takes those that are here. Then the page is served by another user who can
write nothing but ``/data`` and ``/tmp``, and asked by the health check's own words.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534


def instructions() -> list[tuple[str, str]]:
    """(word, rest) of the Dockerfile, continued lines joined, comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


@dataclass
class Image:
    """What the steps made below ``root``."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = "/"

    def moved(self, text: str) -> str:
        return re.sub(r"(?<![\w./])/(opt/yibao|data|src)\b", lambda m: f"{self.root}{m[0]}", text)

    def environment(self) -> dict[str, str]:
        own = {name: self.moved(value) for name, value in self.env.items()}
        own["PATH"] = own.get("PATH", "$PATH").replace("$PATH", os.environ["PATH"])
        kept = {"HOME": "/nonexistent", "YIBAO_ARTICLES": str(self.root / "few")}
        return own | kept

    def run(self, command: str) -> None:
        cwd = Path(self.moved(self.cwd)) if self.cwd != "/" else self.root
        done = subprocess.run(
            ["bash", "-euc", self.moved(command)],
            cwd=cwd,
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    def step(self, word: str, rest: str) -> None:
        """Do one instruction of the first stage, or what the second one says of its surroundings."""
        if word == "WORKDIR":
            self.cwd = rest
            Path(self.moved(rest)).mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            self.env |= dict(pair.split("=", 1) for pair in rest.split())
        elif word == "COPY" and not rest.startswith("--from"):
            *sources, to = rest.split()
            for source in sources:
                target = Path(self.moved(self.cwd)) / (source if to == "./" else to)
                _copy(ROOT / source, target)
        elif word == "RUN" and "apt-get" not in rest and "useradd" not in rest:
            self.run(_with_what_is_here(rest))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        # as .dockerignore has it
        away = shutil.ignore_patterns("__pycache__", "store", "feedback.db*", "page.db*", "uploads")
        shutil.copytree(source, target, ignore=away)
    else:
        shutil.copy(source, target)


def _with_what_is_here(command: str) -> str:
    """The same step without the network: packages that are installed here, seen from there."""
    if "-m venv" in command:
        folder = command.split()[-1]
        here = sysconfig.get_paths()["purelib"]
        return (
            f"{command.replace('python', sys.executable, 1)} --without-pip\n"
            f"echo {here} > $(echo {folder}/lib/python*/site-packages)/here.pth"
        )
    return command.replace("pip install", "pip install --no-deps --no-build-isolation --no-index")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    root = tmp_path_factory.mktemp("image")
    # the whole way up has to be open to another user
    for folder in (root, *root.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    few = root / "few"
    few.mkdir()
    for path in sorted((ROOT / "corpus" / "articles" / "断缴与补缴").glob("*.md"))[:8]:
        shutil.copy(path, few)
    made = Image(root)
    for word, rest in instructions():
        made.step(word, rest)
    return made


@pytest.fixture
def served(image: Image) -> Iterator[int]:
    """The page's port, served as the image says, by nobody, on files that nobody can change."""
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for path in (image.root / "data").rglob("*"):
        os.chown(path, NOBODY, NOBODY)
    os.chown(image.root / "data", NOBODY, NOBODY)
    command = json.loads(dict(instructions())["CMD"])
    command = [image.moved(part) for part in command]
    command[command.index("7860")] = str(port)
    command[0] = str(image.root / "opt/yibao/venv/bin/python")
    try:
        subprocess.run([command[0], "-c", ""], user=NOBODY, group=NOBODY, check=True)
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip(
            "another user cannot reach the interpreter that the virtual environment links to"
        )
    with (image.root / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=image.root / "data",
            env=image.environment(),
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            stdout=log,
            stderr=log,
        )
        yield port
        process.terminate()
        process.wait(20)


def test_the_image_is_made_and_serves_as_nobody(image: Image, served: int) -> None:
    before = {p: p.stat().st_mtime_ns for p in (image.root / "opt").rglob("*")}
    health = json.loads(dict(instructions())["HEALTHCHECK"].split("CMD", 1)[1])
    check = [sys.executable, "-c", health[2].replace("7860", str(served))]
    for _ in range(240):
        if subprocess.run(check, capture_output=True).returncode == 0:
            break
        time.sleep(0.5)
    else:
        pytest.fail((image.root / "log").read_text(encoding="utf-8"))
    assert {p: p.stat().st_mtime_ns for p in (image.root / "opt").rglob("*")} == before
    assert "Traceback" not in (image.root / "log").read_text(encoding="utf-8")


def test_all_that_is_needed_lies_in_the_image(image: Image) -> None:
    """Weights and words are unpacked, and the store is there before anybody asks."""
    assert list((image.root / "opt/yibao/cache/models").glob("*/yibao.json"))
    assert list((image.root / "opt/yibao/cache/jieba").glob("*.words"))
    assert (image.root / "data/store/current").exists()


def test_it_runs_as_a_user_without_rights_and_is_watched() -> None:
    words = instructions()
    assert dict(words)["USER"] == "yibao"
    assert [word for word, _ in words].count("FROM") == 2
    assert "/readyz" in dict(words)["HEALTHCHECK"]
    assert not any("latest" in rest for word, rest in words if word == "FROM")


def test_compose_mounts_the_root_read_only() -> None:
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["yibao"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["volumes"] == ["yibao:/data"]
    assert service["cap_drop"] == ["ALL"]
    assert service["ports"] == ["127.0.0.1:7860:7860"]


def test_several_page_processes_share_one_database_behind_nginx() -> None:
    compose = yaml.safe_load((ROOT / "deploy" / "many.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert set(services) == {"page1", "page2", "nginx", "database"}
    assert services["page1"] == services["page2"]
    page = services["page1"]
    assert page["build"]["args"] == {"EXTRAS": "[postgres]"}
    assert page["environment"]["YIBAO_DATABASE"].endswith("@database/yibao")
    (network,) = compose["networks"]["yibao"]["ipam"]["config"]
    assert page["environment"]["YIBAO_PROXIES"] == network["subnet"]
    upstream = (ROOT / "deploy" / "nginx" / "compose-upstream.conf").read_text(encoding="utf-8")
    assert re.findall(r"server (\S+):7860", upstream) == ["page1", "page2"]
    for volume in services["nginx"]["volumes"]:
        assert (ROOT / "deploy" / volume.split(":")[0]).is_file()


@pytest.mark.parametrize("name", ["yibao.service", "yibao@.service"])
def test_the_unit_is_one_that_systemd_reads(name: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here")
    unit = ROOT / "deploy" / name
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert said == []
    text = unit.read_text(encoding="utf-8")
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert line in text
