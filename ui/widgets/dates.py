"""Dates, times, counts and amounts as people read them, in the user's locale."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QTime

from app.sentence import Amount, Sentence


def day(iso: str, *, year: bool = True) -> str:
    """An ISO date (or time) as "12 Dec 2026"; without ``year`` "12 Dec". What is no date comes back as it is."""
    parts = _parts(iso)
    found = QDate(*parts) if parts else QDate()
    if not found.isValid():
        return iso
    return QLocale().toString(found, "d MMM yyyy" if year else "d MMM")


def moment(iso: str) -> str:
    """An ISO UTC time as local date and time: "12 Dec 2026 09:12"."""
    local = _local(iso)
    return f"{day(local.date().isoformat())} {_clock(local)}" if local else iso


def ago(iso: str, today: date | None = None) -> str:
    """A past UTC time, short: "today 09:12", "yesterday", "19 Nov", "19 Nov 2025"."""
    local = _local(iso)
    if local is None:
        return iso
    now = today or datetime.now().astimezone().date()
    if local.date() == now:
        return f"today {_clock(local)}"
    if local.date() == now - timedelta(days=1):
        return f"yesterday {_clock(local)}"
    return day(local.date().isoformat(), year=local.year != now.year)


def until(iso: str, today: date | None = None) -> str:
    """How far a date is: "in 12 days", "today", "12 days ago", "in 7 months"."""
    parts = _parts(iso)
    if not parts:
        return iso
    days = (date(*parts) - (today or datetime.now().astimezone().date())).days
    if days == 0:
        return "today"
    size = abs(days)
    text = f"{size} day{'s' * (size != 1)}" if size < 60 else f"{size // 30} months"
    if size >= 730:
        text = f"{size // 365} years"
    return f"in {text}" if days > 0 else f"{text} ago"


def count(number: int) -> str:
    """A whole number with the locale's separators: "2,514"."""
    return QLocale().toString(number)


def plural(number: int, one: str, many: str = "") -> str:
    """A counted noun: "1 computer", "2,514 computers"; ``many`` where an s is not enough."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def money(value: float, currency: str = "") -> str:
    """An amount with its currency: "1,120.00 EUR"."""
    return f"{QLocale().toString(float(value), 'f', 2)} {currency}".rstrip()


def said(sentence: Sentence) -> str:
    """A sentence with its values written in."""
    written = {
        name: money(value.value, value.currency)
        if isinstance(value, Amount)
        else count(value)
        if isinstance(value, int)
        else value
        for name, value in sentence.values.items()
    }
    return sentence.template.format_map(written)


def _parts(iso: str) -> tuple[int, int, int] | None:
    try:
        found = date.fromisoformat(iso[:10])
    except ValueError:
        return None
    return found.year, found.month, found.day


def _local(iso: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone()


def _clock(local: datetime) -> str:
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
