"""The files in which Linux keeps accounts and logins: passwd(5), group(5), utmp(5). Pure functions."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_LOGIN_SHELLS_NOT = ("nologin", "false", "sync", "halt", "shutdown")
_UTMP = struct.Struct("=hxxi32s4s32s256shhiii16s20x")  # 384 bytes on every 64-bit Linux, and on 32-bit ones
USER_PROCESS = 7


class Account(NamedTuple):
    """A line of passwd. ``full_name`` is the first part of the comment field."""

    login: str
    uid: int
    gid: int
    full_name: str
    home: str
    shell: str

    @property
    def human(self) -> bool:
        """Whether it is a person's account: an ordinary user number, and a shell that allows a login."""
        return 1000 <= self.uid < 60000 and self.shell.rpartition("/")[2] not in _LOGIN_SHELLS_NOT


class Login(NamedTuple):
    """A record of utmp or wtmp: who logged on, where from ("" at the machine itself), and when (seconds since 1970)."""

    kind: int
    user: str
    line: str
    host: str
    time: int


def passwd(text: str) -> list[Account]:
    """The accounts of a passwd file; lines that are none (NIS, comments) are passed over."""
    found = []
    for line in text.splitlines():
        parts = line.split(":")
        if len(parts) >= 7 and parts[2].isdigit() and parts[3].isdigit():
            name = parts[4].partition(",")[0].replace("&", parts[0].capitalize()).strip()
            found.append(Account(parts[0], int(parts[2]), int(parts[3]), name, parts[5], parts[6]))
    return found


def groups(text: str) -> list[tuple[str, int, list[str]]]:
    """Name, number and members of the groups of a group file."""
    found = []
    for line in text.splitlines():
        parts = line.split(":")
        if len(parts) >= 4 and parts[2].isdigit():
            found.append((parts[0], int(parts[2]), [m for m in parts[3].split(",") if m]))
    return found


def logins(data: bytes) -> Iterator[Login]:
    """The records of a utmp or wtmp file, oldest first; an incomplete last one is left out."""
    whole = len(data) - len(data) % _UTMP.size
    for kind, _, line, _, user, host, _, _, _, seconds, _, _ in _UTMP.iter_unpack(data[:whole]):
        yield Login(kind, _text(user), _text(line), _text(host), seconds & 0xFFFFFFFF)


def main_user(history: list[Login], humans: set[str]) -> str:
    """The account of a person that logged on most often (of several, the latest); "" if none did."""
    counts: dict[str, int] = {}
    latest: dict[str, int] = {}
    for login in history:
        if login.kind == USER_PROCESS and login.user in humans:
            counts[login.user] = counts.get(login.user, 0) + 1
            latest[login.user] = max(latest.get(login.user, 0), login.time)
    return max(counts, key=lambda user: (counts[user], latest[user], user), default="")


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "replace")
