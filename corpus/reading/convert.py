"""Documents that only another program reads (.doc, .wps, .rtf, .odt, .ppt …), through that program.

LibreOffice where it is installed; for Word also antiword, catdoc or the Mac's own textutil. The
program works in a private folder, with a profile of its own in which macros and links are off.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from corpus.errors import InputError
from corpus.reading.helpers import CONVERT_SECONDS, run

TARGETS: dict[str, str] = {
    ".doc": ".docx", ".wps": ".docx", ".rtf": ".docx", ".odt": ".docx",
    ".ppt": ".pptx", ".dps": ".pptx", ".odp": ".pptx", ".ods": ".xlsx", ".xlsb": ".xlsx",
}  # fmt: skip
"""What is made of each."""
_MISSING = (
    "读取「{}」文件需要 LibreOffice{}，本机没有找到；"
    "请安装（例如 apt install libreoffice，或从 libreoffice.org 下载）后重试，或另存为 {} 后重试"
)
_PLACES = {
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
    "win32": (r"C:\Program Files\LibreOffice\program\soffice.com",
              r"C:\Program Files (x86)\LibreOffice\program\soffice.com"),
}  # fmt: skip
# what LibreOffice may not do: run macros, follow links, fetch what a document names
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def converted(data: bytes, kind: str) -> tuple[str, bytes]:
    """The document as another program gives it: the new kind (``.docx``; ``.txt`` of the small
    programs) and its bytes. Raises InputError where no program is found or it fails."""
    target = TARGETS[kind]
    office = office_program()
    if office:
        return target, _by_office(office, data, kind, target)
    small = _small_program() if kind in (".doc", ".wps") or _is_mac_text(kind) else None
    if small:
        return ".txt", _by_small(small, data, kind)
    others = "（或 antiword、catdoc）" if kind in (".doc", ".wps") else ""
    raise InputError(_MISSING.format(kind, others, target))


def office_program() -> str:
    """LibreOffice on this machine, or ""."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    places = _PLACES.get(sys.platform, ())
    return next((place for place in places if os.path.isfile(place)), "")


def _is_mac_text(kind: str) -> bool:
    return kind in (".rtf", ".odt") and shutil.which("textutil") is not None


def _small_program() -> str | None:
    names = ("textutil", "antiword", "catdoc")
    return next((found for name in names if (found := shutil.which(name))), None)


def _by_office(office: str, data: bytes, kind: str, target: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = folder / f"in{kind}"
        source.write_bytes(data)
        command = [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--convert-to", target[1:],
            "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        run(command, timeout=CONVERT_SECONDS, folder=folder, what="LibreOffice 转换")
        made = folder / "out" / f"in{target}"
        if not made.is_file():
            raise InputError(
                f"LibreOffice 没能转换该文件（可能已损坏、有密码，或缺少相应组件）；"
                f"请另存为 {target} 后重试"
            )
        return made.read_bytes()


def _by_small(program: str, data: bytes, kind: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"in{kind}"
        source.write_bytes(data)
        options = {
            "textutil": ["-convert", "txt", "-stdout", "-encoding", "UTF-8"],
            "antiword": ["-w", "0", "-m", "UTF-8.txt"],
            "catdoc": ["-w", "-d", "utf-8"],
        }[Path(program).name.removesuffix(".exe")]
        command = [program, *options, str(source)]
        made = run(command, timeout=CONVERT_SECONDS, folder=folder, what="Word 文件转换")
    if not made.strip():
        raise InputError("转换后没有文字；请另存为 .docx 后重试")
    return made
