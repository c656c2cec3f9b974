"""Headers of two rows: "Network" over "IP" and "MAC" is one header, "Network IP" and "Network MAC"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from importers.spreadsheets.sheets.header import filled

Range = tuple[tuple[int, int], tuple[int, int]]
Known = Callable[[str], bool]
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class HeaderNames:
    """The names of a sheet's columns."""

    shown: list[str]
    """Of columns of a group with the group's name."""
    own: list[str]
    labels: list[str] | None = None
    """The groups of the columns, where the header has any."""


def header_names(
    rows: Sequence[list[Any]], merged: Sequence[Range], header: int, own: list[str], known: Known | None
) -> HeaderNames:
    """The names in a header whose (last) row is ``header``, 0-based; ``own``: that row's texts."""
    labels = group_labels(rows, merged, header, known)
    if labels is None:
        return HeaderNames(own, own)
    return HeaderNames([_joined(label, name) for label, name in zip(labels, own, strict=True)], own, labels)


def group_labels(
    rows: Sequence[list[Any]], merged: Sequence[Range], header: int, known: Known | None = None
) -> list[str] | None:
    """For each column what the row above the header calls its group; None where that row names no groups."""
    if header < 1:
        return None
    above, below = [_text(cell) for cell in rows[header - 1]], [_text(cell) for cell in rows[header]]
    starts = [i for i, text in enumerate(above) if text]
    named = [i for i, text in enumerate(below) if text]
    if not starts or not named or not all(_is_label(rows[header - 1][i]) for i in starts):
        return None
    spans = {left: right for (top, left), (bottom, right) in merged if top == bottom == header - 1 and right > left}
    if spans:
        return _merged_labels(above, below, starts, named, spans)
    return _plain_labels(above, below, starts, named, known)


def _merged_labels(
    above: list[str], below: list[str], starts: list[int], named: list[int], spans: dict[int, int]
) -> list[str] | None:
    """Groups whose names are merged over their columns."""
    labels = [""] * len(above)
    covered = 0
    for i in starts:
        right = min(spans.get(i, i), len(above) - 1)
        for column in range(i, right + 1):
            labels[column] = above[i]
        covered += right > i
    everything = len(starts) == 1 and all(labels[i] for i in named)
    return labels if covered and not everything else None  # a name over all columns is the table's title


def _plain_labels(
    above: list[str], below: list[str], starts: list[int], named: list[int], known: Known | None
) -> list[str] | None:
    """Groups whose names stand over the first of their columns, and blank cells over the others."""
    labels = [""] * len(above)
    groups = 0
    for i, following in zip(starts, [*starts[1:], len(above)], strict=True):
        if not below[i]:
            labels[i] = above[i]
            continue
        end = next((c for c in range(i, following) if not below[c]), following)
        if end - i < 2:
            return None
        labels[i:end] = [above[i]] * (end - i)
        groups += 1
    if not groups:
        return None
    if known is not None and any(labels[c] and below[c] and known(_joined(labels[c], below[c])) for c in named):
        return labels if starts != [named[0]] else None
    short = all(len(above[i].split()) <= 2 and not any(c.isdigit() for c in above[i]) for i in starts)
    alone = len(starts) == 1 and (known is None or not known(above[starts[0]]))
    return labels if short and not alone and (starts[0] > named[0] or len(starts) > 1) else None


def lower_row(rows: Sequence[list[Any]], merged: Sequence[Range], header: int, known: Known | None) -> int:
    """The last row of a header that begins in row ``header`` (0-based): the one below it where that names the columns
    of its groups.
    """
    below = header + 1
    if below >= len(rows):
        return header
    subs, top = filled(rows[below]), set(filled(rows[header]))
    if not subs or not all(_is_label(rows[below][i]) for i in subs):
        return header
    spans = [(left, right) for (first, left), (last, right) in merged if first == last == header and right > left]
    if spans:
        inside = {c for left, right in spans for c in range(left, right + 1)}
        every = len(spans) == 1 and top <= inside
        whole = all(sum(left <= c <= right for c in subs) > 1 for left, right in spans)
        others = set(range(len(rows[below]))) - top
        return below if whole and not every and set(subs) <= inside | others else header
    if len(subs) < 2 or below + 1 >= len(rows) or min(top, default=0) >= subs[0]:
        return header
    label = ""
    fitting = 0
    for i in range(len(rows[below])):
        label = _text(rows[header][i]) or label
        if i not in subs:
            continue
        if i in top and (i + 1 in top or i + 1 not in subs):
            return header
        name = _text(rows[below][i])
        fitting += known is not None and (known(name) or known(f"{label} {name}"))
    return below if fitting * 2 >= len(subs) else header


def _joined(label: str, name: str) -> str:
    if not label or name.casefold().startswith(label.casefold()):
        return name
    return f"{label} {name}" if name else label


def _is_label(cell: Any) -> bool:
    """Whether a cell may name a column or a group of columns."""
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return len(text) <= _LONGEST and any(c.isalpha() for c in text) and not text.endswith((".", ":"))


def _text(cell: Any) -> str:
    return " ".join(str(cell).split())
