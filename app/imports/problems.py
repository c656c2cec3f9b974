"""Problems grouped by kind, and what could be put in a bad cell's place. No Qt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cmdb.model.observation import Problem

_TITLES = {
    "ambiguous": "Names that several records have",
    "ambiguous-date": "Dates that can be read two ways",
    "blanks": "Invisible blanks",
    "boolean": "Not yes or no",
    "choice": "Not one of the choices",
    "phase": "A status that asks for more",
    "class": "Class not clear",
    "date": "Not a date",
    "date-for-text": "Text that became a date",
    "date-number": "Dates stored as numbers",
    "duplicate": "Repeated rows",
    "email": "Not an e-mail address",
    "encoding": "Garbled text",
    "error-value": "Formula errors",
    "header": "Columns",
    "integer": "Not a whole number",
    "leading-zeros": "Lost leading zeros",
    "merged": "Merged cells",
    "money": "Not an amount",
    "needs": "Groups whose rows disagree",
    "number": "Not a number",
    "partial": "Partial inventories",
    "placeholder": "Placeholders instead of values",
    "reference": "Records that are not there",
    "relationship": "Relationships",
    "required": "Missing values",
    "row": "Rows that are no records",
    "scientific": "Numbers that lost digits",
    "sheet": "Sheets passed over",
    "similar": "New names much like known ones",
    "time": "Not a time",
    "totals": "Totals rows",
    "unit": "Units",
    "uuid": "Not a UUID",
}
#: Kinds whose ``accepted`` lists values that can be taken as they are.
_LISTED = ("choice", "class", "ambiguous", "reference", "relationship")
_MEANT = re.compile(r"[Dd]id you mean [“\"']?(.+?)[”\"']?\?")


@dataclass
class ProblemGroup:
    """Problems of one kind and one severity."""

    kind: str
    severity: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """By which the group is found again after a recheck."""
        return (self.severity, self.kind)

    @property
    def title(self) -> str:
        """What the kind is called."""
        return _TITLES.get(self.kind, self.kind.replace("-", " ").capitalize())


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """Groups, errors first, each kind with the most problems before the others."""
    found: dict[tuple[str, str], ProblemGroup] = {}
    for one in problems:
        group = found.setdefault((one.severity, one.kind), ProblemGroup(one.kind, one.severity))
        group.problems.append(one)
    return sorted(found.values(), key=lambda g: (g.severity != "error", -len(g.problems), g.title))


def suggestions(problem: Problem, most: int = 8) -> list[str]:
    """Values that would do, the likeliest first."""
    if problem.kind == "similar":
        return [problem.accepted] if problem.accepted else []
    listed = [word.strip() for word in problem.accepted.split(",")] if problem.kind in _LISTED else []
    listed = [word for word in listed if word and not word.startswith(("a ", "an ", "the "))]
    meant = _MEANT.search(problem.message)
    near = difflib.get_close_matches(problem.value, listed, 3, 0.6)
    first = [meant[1]] if meant else []
    return list(dict.fromkeys((*first, *near, *listed)))[:most]
