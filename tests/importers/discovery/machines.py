"""Simulated machines: file trees for collectors, with the bytes that firmware and kernel would return."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from importers.discovery.collector import Collector, CollectorOutcome, Content
from importers.discovery.host import Host
from importers.discovery.runner import run


class Symlink(NamedTuple):
    """A symbolic link in a made-up tree."""

    target: str


Tree = Mapping[str, str | bytes | Symlink]


def build(root: Path, tree: Tree) -> Path:
    """Writes a tree of files under ``root``; names that end in a slash are empty folders."""
    for name, content in tree.items():
        path = root / name.lstrip("/")
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Symlink):
            path.symlink_to(content.target)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, "utf-8")
    return root


def collect(collector: Collector, root: Path) -> tuple[CollectorOutcome, Content]:
    """What one collector finds on a made-up machine."""
    return run([collector], Host(root))[0]


def found(collector: Collector, root: Path, tree: Tree) -> Content:
    """As ``collect``, of a tree that is written first; the collector must not have failed."""
    outcome, content = collect(collector, build(root, tree))
    assert outcome.state == "collected", outcome
    return content


def edid(
    maker: str = "DEL",
    product: int = 0xA0C2,
    number: int = 0x12345678,
    week: int = 11,
    year: int = 2021,
    size: tuple[int, int] = (60, 34),
    texts: Mapping[int, str] | None = None,
) -> bytes:
    """The 128 bytes of a display's EDID, checksum included."""
    letters = sum((ord(c) - 64) << shift for c, shift in zip(maker, (10, 5, 0), strict=True))
    body = bytearray(128)
    body[0:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    body[8:10] = letters.to_bytes(2, "big")
    body[10:12] = product.to_bytes(2, "little")
    body[12:16] = number.to_bytes(4, "little")
    body[16], body[17] = week, year - 1990
    body[18:20] = bytes((1, 4))
    body[21], body[22] = size
    for at, (tag, text) in zip((72, 90, 108), (texts or {}).items(), strict=False):
        body[at : at + 5] = bytes((0, 0, 0, tag, 0))
        body[at + 5 : at + 18] = (
            text.encode("cp437").ljust(13, b" ") if len(text) > 12 else (text.encode("cp437") + b"\n").ljust(13, b" ")
        )
    body[127] = -sum(body) % 256
    return bytes(body)


def smbios(kind: int, formatted: bytes, *strings: str) -> bytes:
    """One SMBIOS structure: header, formatted bytes from offset 4 on, strings."""
    text = b"".join(s.encode() + b"\0" for s in strings) or b"\0"
    return struct.pack("<BBH", kind, 4 + len(formatted), 1) + formatted + text + b"\0"


def memory_device(
    size: int, *, extended: int = 0, kind: int = 0x1A, speed: int = 3200, serial: str = "A1B2C3D4"
) -> bytes:
    """A memory device (type 17) with all its strings."""
    body = bytearray(0x54 - 4)
    body[0x0C - 4 : 0x0E - 4] = size.to_bytes(2, "little")
    body[0x0E - 4] = 0x0D
    body[0x10 - 4], body[0x11 - 4] = 1, 2
    body[0x12 - 4] = kind
    body[0x15 - 4 : 0x17 - 4] = speed.to_bytes(2, "little")
    body[0x17 - 4], body[0x18 - 4], body[0x1A - 4] = 3, 4, 5
    body[0x1C - 4 : 0x20 - 4] = extended.to_bytes(4, "little")
    return smbios(17, bytes(body), "DIMM A", "BANK 0", "Micron", serial, "8ATF1G64")


def login(user: str, when: int, *, kind: int = 7, line: str = "tty2", host: str = "") -> bytes:
    """A record of utmp or wtmp."""
    return struct.pack(
        "=hxxi32s4s32s256shhiii16s20x",
        kind,
        100,
        line.encode(),
        b"",
        user.encode(),
        host.encode(),
        0,
        0,
        0,
        when,
        0,
        b"",
    )


PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "nora:x:1000:1000:Nora Field,Room 7,,:/home/nora:/bin/bash\n"
    "otto:x:1001:1001::/home/otto:/usr/bin/zsh\n"
    "backup:x:1002:1002:Backup:/srv/backup:/usr/sbin/nologin\n"
)
