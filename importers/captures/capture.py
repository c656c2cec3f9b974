"""The format of captures: a text file of sections, each with its outcome and what a tool of the machine answered.

    #terrier-capture 1 windows 2026-11-30T17:26:22Z
    #section memory collected 0.21
    [{"Capacity":8589934592}]
    #section bitlocker not-permitted 0.05 disk encryption in detail
    #end

A line of a content that begins with "#", or with blanks and "#", has one more blank before it in the file, so that no
content can be taken for a section. Without "#end", the file is cut off.
"""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from importers.discovery.collector import ABSENT, COLLECTED, FAILED, NOT_PERMITTED, TIMED_OUT

FORMAT = "1"
WINDOWS = "windows"
MACOS = "macos"
PLATFORMS = (WINDOWS, MACOS)

_MARK = "#terrier-capture"
_BEFORE = "\ufeff \t\r\n"
"""What may stand before it: editors and mail add empty lines."""
_SECTION = "#section "
_END = "#end"
_OUTCOMES = {state.replace(" ", "-"): state for state in (COLLECTED, TIMED_OUT, NOT_PERMITTED, ABSENT, FAILED)}
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_BETWEEN = "; "


class CaptureSection(NamedTuple):
    """A section: its outcome in the words of collectors, how long it took, what an administrator would get besides."""

    outcome: str
    seconds: float = 0.0
    elevate: tuple[str, ...] = ()
    content: str = ""


class Capture(NamedTuple):
    """A capture: the platform of the machine, when it was taken (ISO UTC), and its sections by name."""

    platform: str
    taken_at: str
    sections: Mapping[str, CaptureSection]

    def content(self, name: str) -> str:
        """What a section holds; "" where it holds nothing, or is not there."""
        found = self.sections.get(name)
        return found.content if found else ""


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a capture, of whatever format number and platform."""
    return decoded(head[:256]).startswith(_MARK + " ")


def decoded(raw: bytes) -> str:
    """The text of a file's bytes: UTF-8, or UTF-16 with or without its mark. Bytes that are no text become U+FFFD."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16", "replace")
    elif raw.startswith(b"#\0"):
        text = raw.decode("utf-16-le", "replace")
    elif raw.startswith(b"\0#"):
        text = raw.decode("utf-16-be", "replace")
    else:
        text = raw.decode("utf-8-sig", "replace")
    return text.lstrip(_BEFORE)


def parse(text: str, file: str = "") -> Capture:
    """The capture in a text. ``file`` names it in messages.

    Raises FileProblem if it is none, is of another format or platform, or is cut off.
    """
    lines = text.lstrip(_BEFORE).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    platform, taken_at = _head(lines[0], file)
    sections: dict[str, CaptureSection] = {}
    at, last = 1, len(lines)
    while at < last:
        line = lines[at]
        if line.rstrip() == _END:
            _nothing_after(lines, at + 1, file)
            return Capture(platform, taken_at, sections)
        end = next((i for i in range(at + 1, last) if lines[i].startswith("#")), last)
        if line.startswith(_SECTION):
            name, section = _section(line, at + 1, file)
            sections.setdefault(name, section._replace(content=_unescaped(lines[at + 1 : end])))
        elif line.strip():
            raise _unreadable(line, at + 1, file)
        at = end
    raise FileProblem(Message("{file} is cut off: its end is missing. Take the capture again.", file=_named(file)))


def write(capture: Capture) -> str:
    """The text of a capture, as ``parse`` reads it."""
    return "".join(_lines(capture))


def _lines(capture: Capture) -> Iterator[str]:
    yield f"{_MARK} {FORMAT} {capture.platform} {capture.taken_at}\n"
    for name, one in capture.sections.items():
        words = (name, one.outcome.replace(" ", "-"), f"{one.seconds:.2f}", _BETWEEN.join(one.elevate))
        yield f"{_SECTION}{' '.join(filter(None, words))}\n"
        if one.content:
            content = one.content.replace("\r\n", "\n").replace("\r", "\n")
            yield re.sub(r"^( *#)", r" \1", content, flags=re.MULTILINE).rstrip("\n") + "\n"
    yield _END + "\n"


def _named(file: str) -> str | Message:
    return file or Message("The capture")


def _head(line: str, file: str) -> tuple[str, str]:
    words = line.split()
    if not words or words[0] != _MARK:
        raise FileProblem(
            Message("{file} is no capture: it does not begin with “{mark}”.", file=_named(file), mark=_MARK)
        )
    if len(words) < 4 or not _is_time(words[3]):
        raise FileProblem(Message("{file} does not say which machine it is of, and when.", file=_named(file)))
    if words[1] != FORMAT:
        message = Message(
            "{file} has the format {number} of captures; this program reads format {own}. Update Terrier.",
            file=_named(file),
            number=words[1][:20],
            own=FORMAT,
        )
        raise FileProblem(message)
    if words[2] not in PLATFORMS:
        message = Message(
            "{file} is a capture of “{platform}”, which is not known.", file=_named(file), platform=words[2][:40]
        )
        raise FileProblem(message)
    return words[2], words[3]


def _is_time(word: str) -> bool:
    try:
        time.strptime(word, _TIME)
        datetime.fromisoformat(word.replace("Z", "+00:00"))  # also refuses what has too few digits
    except ValueError:
        return False
    return True


def _section(line: str, number: int, file: str) -> tuple[str, CaptureSection]:
    words = line.split(None, 4)
    outcome = _OUTCOMES.get(words[2]) if len(words) > 3 else None
    seconds = re.fullmatch(r"\d{1,6}([.,]\d{1,6})?", words[3]) if outcome else None
    if outcome is None or seconds is None:
        raise _unreadable(line, number, file)
    elevate = words[4].strip().split(_BETWEEN) if len(words) > 4 else []
    return words[1], CaptureSection(outcome, float(seconds[0].replace(",", ".")), tuple(filter(None, elevate)))


def _unescaped(lines: Iterable[str]) -> str:
    return "\n".join(line[1:] if line.startswith(" ") and line.lstrip(" ").startswith("#") else line for line in lines)


def _nothing_after(lines: list[str], at: int, file: str) -> None:
    for number in range(at, len(lines)):
        if lines[number].strip(" \t\0\x1a"):
            raise _unreadable(lines[number], number + 1, file)


def _unreadable(line: str, number: int, file: str) -> FileProblem:
    message = Message(
        "{file} is no capture from line {line} on: “{text}”.", file=_named(file), line=Plain(number), text=line[:60]
    )
    return FileProblem(message)
