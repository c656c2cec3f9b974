"""The scanned machine as a tree of files: the real machine, or a tree of a test."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of

T = TypeVar("T")
_KERNELS = ("/proc", "/sys")


class CollectorTimeout(Exception):
    """A collector's time is up. Raised by the probe, caught by the runner only."""


class Host:
    """A machine's file tree. Only the running machine (``live``) is also read in other ways than by files.

    ``asked``: a person asked for what can hold secrets.
    """

    def __init__(self, root: str | os.PathLike[str] = "/", asked: bool = False) -> None:
        self.asked = asked
        self.root = os.fspath(root).rstrip("/")
        self.live = self.root == ""
        self.elevated = self.live and _is_administrator()
        self._made: dict[str, Any] = {}
        self._making = threading.Lock()

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several collectors read and one of them makes, the first that asks; the others wait for it."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            found: T = self._made[name]
            return found

    def path(self, path: str) -> str:
        """The path on this machine for an absolute path of the scanned machine."""
        return self.root + path


class Probe:
    """One collector's way to its host.

    Missing files read as nothing; what may not be read is noted under the words the collector gives for it
    (``elevate``), and reads as nothing too. Every access checks the time limit. A collector that knows more of its
    outcome says it: its ``state``, and the sections that it ``missed``.
    """

    def __init__(self, host: Host, limit: float = 60.0) -> None:
        self.host = host
        self.deadline = time.monotonic() + limit
        self.elevate: list[str] = []
        self.notes: list[Message] = []
        #: Where what a collector asked has an outcome of its own: its state, and the sections not seen whole.
        self.state = ""
        self.missed: set[str] = set()
        self.unreadable = False
        """Whether something may not be read for which there are no words: nobody knows what it would have told."""
        self._not_found: set[str] = set()

    def check(self) -> None:
        """Raises CollectorTimeout once the collector has used up its time."""
        if time.monotonic() > self.deadline:
            raise CollectorTimeout

    def read_bytes(self, path: str, elevate: str = "", most: int = 1 << 26) -> bytes:
        """A file's content, up to ``most`` bytes; nothing if it is missing."""
        self.check()
        try:
            handle = os.open(self.host.root + path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            self._refused(error, elevate)
            return b""
        try:
            chunks = []
            while most > 0 and (chunk := os.read(handle, min(most, 1 << 20))):
                chunks.append(chunk)
                most -= len(chunk)
            return b"".join(chunks)
        except OSError as error:  # sysfs attributes answer EINVAL or ENODATA where the device has no such thing
            self._refused(error, elevate)
            return b""
        finally:
            os.close(handle)

    def read(self, path: str, elevate: str = "", most: int = 1 << 26) -> str:
        """A file's text, as UTF-8 with invalid bytes replaced."""
        return self.read_bytes(path, elevate, most).decode("utf-8", "replace")

    def value(self, path: str, elevate: str = "") -> str:
        """A small file's text in one line, as most files of /sys are: spaces at the ends and NULs taken away."""
        return self.read(path, elevate, 4096).replace("\0", "").strip()

    def number(self, path: str) -> int | None:
        """A small file's whole number, or None."""
        text = self.value(path)
        return int(text) if text.lstrip("-").isdigit() else None

    def names(self, path: str, elevate: str = "") -> list[str]:
        """The names in a folder, sorted; none if the folder is missing."""
        self.check()
        try:
            return sorted(os.listdir(self.host.root + path))
        except OSError as error:
            self._refused(error, elevate)
            return []

    def entries(self, path: str, elevate: str = "") -> Iterator[os.DirEntry[str]]:
        """The entries of a folder, as the system lists them, for where their type or times are wanted in bulk."""
        self.check()
        try:
            with os.scandir(self.host.root + path) as found:
                yield from found
        except OSError as error:
            self._refused(error, elevate)

    def link(self, path: str, elevate: str = "") -> str:
        """The target of a symbolic link, as written; "" if there is no link."""
        try:
            return os.readlink(self.host.root + path)
        except OSError as error:
            self._refused(error, elevate)
            return ""

    def resolved(self, path: str) -> str:
        """The path behind relative links, as the scanned machine calls it. For /sys, whose links are all relative."""
        return os.path.realpath(self.host.root + path)[len(os.path.realpath(self.host.root or "/").rstrip("/")) :]

    def exists(self, path: str) -> bool:
        """Whether the file or folder exists."""
        return os.path.exists(self.host.root + path)

    def modified(self, path: str) -> float | None:
        """The time of a file's last change, in seconds since 1970, or None."""
        try:
            return os.stat(self.host.root + path).st_mtime
        except OSError:
            return None

    def size(self, path: str) -> int | None:
        """The size of a file in bytes, or None."""
        try:
            return os.stat(self.host.root + path).st_size
        except OSError:
            return None

    def owner(self, path: str) -> int | None:
        """The user id that owns a file, or None."""
        try:
            return os.stat(self.host.root + path).st_uid
        except OSError:
            return None

    def run(self, *command: str) -> str:
        """The output of a program of the running machine; "" if there is none or it fails. Ends with the time limit."""
        if not self.host.live:
            return ""
        import subprocess  # costs 15 ms to import, and few machines need it

        left = self.deadline - time.monotonic()
        if left <= 0:
            raise CollectorTimeout
        try:
            done = subprocess.run(command, capture_output=True, timeout=left, env=_quiet_environment(), check=False)
        except subprocess.TimeoutExpired:
            raise CollectorTimeout from None
        except OSError as error:
            self.notes.append(Message("{program}: {reason}", program=command[0], reason=reason_of(error)))
            return ""
        if done.returncode != 0 and not done.stdout:
            note = Message("{program} ended with status {status}", program=command[0], status=str(done.returncode))
            self.notes.append(note)
        return done.stdout.decode("utf-8", "replace")

    def hidden(self, elevate: str) -> None:
        """Notes what the machine keeps from this user without refusing anything."""
        if elevate not in self.elevate:
            self.elevate.append(elevate)

    def unmounted(self) -> list[str]:
        """What the kernel tells of the machine, and the collector asked for, that is not mounted: "/proc", "/sys"."""
        asked = sorted(self._not_found) if self.host.live else ()
        return [folder for folder in asked if not _has_entries(self.host.root + folder)]

    def _refused(self, error: OSError, elevate: str) -> None:
        path = str(error.filename or "")[len(self.host.root) :]
        if isinstance(error, FileNotFoundError):
            self._not_found.update(folder for folder in _KERNELS if path.startswith(folder))
        elif isinstance(error, PermissionError) and elevate:
            self.hidden(elevate)
        elif isinstance(error, PermissionError) and not path.startswith(
            "/proc/"
        ):  # of others' processes a part is told
            self.unreadable = True


def _has_entries(folder: str) -> bool:
    try:
        return bool(os.listdir(folder))
    except OSError:
        return False


def _is_administrator() -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return os.geteuid() == 0


def _quiet_environment() -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
