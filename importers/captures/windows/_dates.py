"""The forms of dates that Windows answers with. What could be two days, or none, is no date: nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.windows._rows import Row, row

_JSON = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
_DMTF = re.compile(r"(\d{14})\.\d{6}([+-]\d{3})")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_THREE = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?(?:\s.*)?")
_FIRST, _LAST = 1990, 2099
_TICKS_TO_1970 = 116_444_736_000_000_000


class MachineDates:
    """How the machine writes dates: its distance from UTC, and the order of day, month and year in its culture."""

    def __init__(self, offset: int, pattern: str) -> None:
        self.offset = timedelta(minutes=offset)
        self._order = "".join(dict.fromkeys(c for c in pattern if c in "dMy"))

    @classmethod
    def of(cls, capture: Capture) -> MachineDates:
        """By the session that took the capture."""
        session = row(capture, "session")
        minutes = session.get("UtcOffset")
        minutes = minutes if isinstance(minutes, int) and abs(minutes) < 24 * 60 else 0
        return cls(minutes, text(session, "ShortDate"))

    def local(self, entry: Row, key: str) -> str:
        """The local time ``2026-03-31 10:15:00`` of a CIM time: ISO, DMTF, or as PowerShell 5.1 writes JSON; or ""."""
        said = text(entry, key)
        found = _json(said) or _dmtf(said) or _iso(said)
        if found is None:
            return ""
        if found.tzinfo is not None:
            found = _shifted(found.replace(tzinfo=None), self.offset - (found.utcoffset() or timedelta()))
        return found.isoformat(" ", "seconds") if _FIRST <= found.year <= _LAST else ""

    def of_seconds(self, seconds: int | None) -> str:
        """The local time of seconds since 1970, as the registry has it; or ""."""
        if not seconds:
            return ""
        found = _shifted(datetime(1970, 1, 1), timedelta(seconds=min(seconds, 1 << 40)) + self.offset)
        return found.isoformat(" ", "seconds") if _FIRST <= found.year <= _LAST else ""

    def of_ticks(self, ticks: int) -> str:
        """The local time of a file time: tenths of microseconds since 1601; or ""."""
        return self.of_seconds((ticks - _TICKS_TO_1970) // 10_000_000) if ticks > _TICKS_TO_1970 else ""

    def day(self, said: str) -> str:
        """The day (ISO) of a date as people and installers write it; "" where it is none, or could be two."""
        said = said.strip()
        if re.fullmatch(r"\d{8}", said):
            return _day(int(said[:4]), int(said[4:6]), int(said[6:]))
        match = _THREE.fullmatch(said)
        if match is None:
            return ""
        first, mark, second, third = match[1], match[2], int(match[3]), match[4]
        if len(first) == 4:
            return _day(int(first), second, int(third))
        if len(third) != 4 or len(first) > 2:
            return ""
        days = [_day(int(third), second, int(first))]  # day first
        if mark != ".":  # with full stops the day is always first
            days.append(_day(int(third), int(first), second))
        possible = [one for one in dict.fromkeys(days) if one]
        if len(possible) == 2 and self._order in ("dMy", "Mdy"):
            return days[self._order == "Mdy"]
        return possible[0] if len(possible) == 1 else ""


def month_first(said: str) -> str:
    """The day (ISO) of a date that is written month first whatever the culture is."""
    return MachineDates(0, "Mdy").day(said)


def file_time(entry: Row, high: str, low: str) -> int:
    """A file time that the registry has in two halves; 0 where it is missing."""
    upper, lower = whole(entry, high), whole(entry, low)
    return 0 if upper is None or lower is None else (upper << 32) + (lower & 0xFFFFFFFF)


def _json(said: str) -> datetime | None:
    match = _JSON.fullmatch(said)
    return (
        _shifted(datetime(1970, 1, 1), timedelta(milliseconds=int(match[1])), timezone(timedelta())) if match else None
    )


def _dmtf(said: str) -> datetime | None:
    match = _DMTF.fullmatch(said)
    try:
        at = datetime.strptime(match[1], "%Y%m%d%H%M%S") if match else None
    except ValueError:
        return None
    return at.replace(tzinfo=timezone(timedelta(minutes=int(match[2])))) if at and match else None


def _iso(said: str) -> datetime | None:
    match = _ISO.fullmatch(said)
    if match is None:
        return None
    zone = (match[4] or "").replace(":", "")
    try:
        at = datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M:%S")
        if not zone:
            return at
        minutes = 0 if zone == "Z" else int(zone[1:3]) * 60 + int(zone[3:])
        return at.replace(tzinfo=timezone(timedelta(minutes=-minutes if zone.startswith("-") else minutes)))
    except ValueError:
        return None


def _shifted(at: datetime, by: timedelta, zone: timezone | None = None) -> datetime:
    try:
        return (at + by).replace(tzinfo=zone)
    except OverflowError:
        return datetime.min


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if _FIRST <= year <= _LAST else ""
    except ValueError:
        return ""
