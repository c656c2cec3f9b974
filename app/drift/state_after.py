"""The state of a record that it would have after edits: what a scan is compared with before it is applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.drift.computer_state import ComputerState
from app.drift.releases import FoundRelease
from cmdb.model.claims import STATED_BY

if TYPE_CHECKING:
    from cmdb.model.revision import Edit
    from cmdb.model.schema import Schema


def state_after(schema: Schema, state: ComputerState, edits: Iterable[Edit]) -> ComputerState:
    """A record's state with what its edits do to its rows of sections and its software. Other edits change nothing."""
    sections = {name: {key: dict(its) for key, its in rows.items()} for name, rows in state.sections.items()}
    software = {one._replace(origin=""): (one, sources) for one, sources in state.software.items()}
    for edit in edits:
        if edit.record.kind == "installation":
            _install(software, edit)
        elif edit.record.kind == "section":
            _, name, source, key = edit.record.key
            if edit.field != STATED_BY and name in schema.sections and not schema.sections[name].volatile:
                its = sections.setdefault(name, {}).setdefault(key, {})
                columns = _columns(its.pop(source, {}), edit)
                if columns is not None:
                    its[source] = columns
    rows = {name: {key: its for key, its in found.items() if its} for name, found in sections.items()}
    return replace(state, sections=rows, software=dict(software.values()))


def _columns(before: Any, edit: Edit) -> dict[str, Any] | None:
    """The columns of a row after an edit of it; None where the row is gone."""
    if not edit.field:
        after: Any = edit.after
        return {n: v for n, v in after.items() if n != STATED_BY} if after is not None else None
    columns = {name: value for name, value in before.items() if name != edit.field}
    return columns if edit.after is None else {**columns, edit.field: edit.after}


def _install(software: dict[FoundRelease, tuple[FoundRelease, tuple[str, ...]]], edit: Edit) -> None:
    """What an edit does to the software: a release without its origin → with it, and its sources."""
    release = FoundRelease(*edit.record.key[1:])
    known = software.get(release)
    after: Any = edit.after
    if edit.field == STATED_BY and known is not None:
        software[release] = (known[0], tuple(after or ()))
    elif not edit.field:
        software.pop(release, None)
        if after is not None:
            installed = release._replace(origin=str(after.get("origin") or ""))
            software[release] = (installed, tuple(after.get(STATED_BY) or ()))
