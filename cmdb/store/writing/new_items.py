"""New records that are described by one edit each, column by column, as nearly all rows of an import are.

What many rows have in common is then looked at once: a column's different values are fewer than its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdb.model.life_cycle import STATUS
from cmdb.model.revision import Edit
from cmdb.store.rows.codec import EVIDENCE
from cmdb.store.rows.statement_checks import Checker
from cmdb.store.rows.stored_statements import pack_alike
from cmdb.store.writing.phases import PhaseRules
from cmdb.store.writing.work_rules import WorkRules


@dataclass(slots=True)
class NewItems:
    """New records of one class. ``columns``: attribute → the value of each record, None where it has none."""

    cls: str
    uids: list[str]
    said: list[dict[str, Any]]
    """What the edits state of each record, evidence and blank values included."""
    columns: dict[str, list[Any]]
    evidence: dict[str, list[Any]]

    @staticmethod
    def of(cls: str, edits: Sequence[Edit], checker: Checker, work: WorkRules) -> NewItems:
        """The records of edits, completed by the rules of work. Raises InvalidValue for what a class lacks."""
        said: list[dict[str, Any]] = []
        for edit in edits:
            whole: Any = edit.after
            said.append({**whole})
            said[-1].pop("class", None)
        if cls in work.governed:
            for own in said:
                work.complete(cls, own)
        names = set().union(*said)
        others = names - checker.attributes.keys()
        checker.check_names(others)
        columns = {name: [own.get(name) for own in said] for name in sorted(names - others)}
        evidence = {name: [own.get(name) for own in said] for name in sorted(others)}
        return NewItems(cls, [edit.record.key[0] for edit in edits], said, columns, evidence)

    def check(self, checker: Checker, phases: PhaseRules, work: WorkRules) -> None:
        """Raises InvalidValue for a value that is not canonical, or that the class or the phase needs."""
        for name, column in self.columns.items():
            checker.check_column(name, column)
        for name in checker.required:
            if name not in self.columns or None in self.columns[name]:
                checker.check_complete(next(row for row in self.rows() if name not in row))
        governed = self.cls in work.governed
        if governed or not phases.guarded(self.cls).isdisjoint(self.columns.get(STATUS, ())):
            for row in self.rows():
                phases.check(self.cls, None, row)
                if governed:
                    work.check(self.cls, None, row)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The values of each record."""
        for row in zip(*self.columns.values(), strict=True) if self.columns else [()] * len(self.uids):
            yield {name: value for name, value in zip(self.columns, row, strict=True) if value is not None}

    def references(self, checker: Checker) -> Iterator[tuple[str, Mapping[str, str], tuple[str]]]:
        """What they refer to, each record once for each attribute: class, value, and the attribute."""
        for name in checker.references:
            for uid in set(self.columns.get(name, ())) - {None}:
                yield self.cls, {name: uid}, (name,)

    def claims(self, inner: Sequence[int], source: str, time: str, number: int) -> list[tuple[Any, ...]]:
        """The rows of what the source states of each record, which has an inner id."""
        stated = zip(inner, self.said, strict=True)
        return [(one, source, pack_alike(own, time), number) for one, own in stated if own]

    def evidenced(self, inner: Sequence[int]) -> Iterator[tuple[str, str, int]]:
        """The identifying values that are no attributes: kind, value and inner id."""
        for name, column in self.evidence.items():
            kind = name.removeprefix(EVIDENCE)
            yield from ((kind, value, one) for one, values in zip(inner, column, strict=True) for value in values or ())
