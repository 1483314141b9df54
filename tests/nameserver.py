"""Runs a command where nothing leads out, under a name server that writes down who is looked for.

    unshare -rnm python tests/nameserver.py RECORD COMMAND...

For ``tests.test_libraries``. In a network of its own only the loopback is brought up; every name is
answered with "no such name". Names looked up go to the file RECORD, one a line.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1  # of linux/sockios.h and linux/if.h
NO_SUCH_NAME = b"\x81\x83"


def main(record: Path, command: list[str]) -> int:
    _loopback_up()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write("nameserver 127.0.0.1\n")
        conf.flush()
        subprocess.run(["mount", "--bind", conf.name, "/etc/resolv.conf"], check=True)
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 53))
        threading.Thread(target=_serve, args=(server, record), daemon=True).start()
        return subprocess.run(command).returncode


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh", b"lo", 0)
        _, flags = struct.unpack("16sh", fcntl.ioctl(any_socket, GET_FLAGS, asked))
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh", b"lo", flags | UP))


def _serve(server: socket.socket, record: Path) -> None:
    while True:
        query, asker = server.recvfrom(4096)
        name, at = [], 12
        while query[at]:
            name.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
            at += query[at] + 1
        with record.open("a", encoding="utf-8") as file:
            file.write(".".join(name) + "\n")
        server.sendto(query[:2] + NO_SUCH_NAME + query[4:6] + bytes(6) + query[12 : at + 5], asker)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
