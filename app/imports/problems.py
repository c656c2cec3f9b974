"""Problems grouped by kind, and values that could replace a bad cell. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.imports.draft import SheetDraft
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Problem
from cmdb.model.schema import Schema

_TITLES = {
    "ambiguous": Message("Names that several records have"),
    "ambiguous-number": Message("Numbers that can be read two ways"),
    "ambiguous-date": Message("Dates that can be read two ways"),
    "blanks": Message("Invisible blanks"),
    "boolean": Message("Not yes or no"),
    "choice": Message("Not one of the choices"),
    "phase": Message("A status that asks for more"),
    "class": Message("Class not clear"),
    "older-scan": Message("Scans that are older than what is known"),
    "nobody": Message("No person"),
    "several": Message("Several where one is expected"),
    "copied-row": Message("Copied rows"),
    "date": Message("Not a date"),
    "implausible-date": Message("Unlikely dates"),
    "date-for-text": Message("Text that became a date"),
    "date-number": Message("Dates stored as numbers"),
    "date-without-day": Message("Dates without a day"),
    "device": Message("What a device could not be asked"),
    "display": Message("Displays without serial numbers"),
    "ditto": Message("Words for the cell above"),
    "duplicate": Message("Repeated rows"),
    "duration": Message("Not a duration"),
    "email": Message("Not an e-mail address"),
    "encoding": Message("Garbled text"),
    "error-value": Message("Formula errors"),
    "group": Message("Redundancy groups"),
    "header": Message("Columns"),
    "hidden": Message("Hidden rows and columns"),
    "hierarchy": Message("Circles"),
    "integer": Message("Not a whole number"),
    "file": Message("Files that can't be read"),
    "junk": Message("Read as no value"),
    "size": Message("Sizes in another unit"),
    "text": Message("Texts of another form"),
    "leading-zeros": Message("Lost leading zeros"),
    "merged": Message("Merged cells"),
    "money": Message("Not an amount"),
    "currency": Message("Unknown currencies"),
    "needs": Message("Groups whose rows disagree"),
    "number": Message("Not a number"),
    "partial": Message("Partial inventories"),
    "placeholder": Message("Placeholders instead of values"),
    "reference": Message("Records that are not there"),
    "relationship": Message("Relationships"),
    "required": Message("Missing values"),
    "review": Message("Names that wait for a decision"),
    "row": Message("Rows that are no records"),
    "scientific": Message("Numbers that lost digits"),
    "quotes": Message("Quotation marks"),
    "rounded": Message("Rounded amounts"),
    "section": Message("Values of rows of sections"),
    "sheet": Message("Sheets passed over"),
    "shared": Message("Identifiers that several records have"),
    "similar": Message("New names much like known ones"),
    "time": Message("Not a time"),
    "totals": Message("Totals rows"),
    "unique": Message("Values that two records may not have"),
    "unit": Message("Units"),
    "unseen": Message("Invisible characters"),
    "uuid": Message("Not a UUID"),
    "value": Message("Values"),
}


@dataclass
class ProblemGroup:
    """Problems of one kind and one severity."""

    kind: str
    severity: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Identifies the group, so that it is found again after another check."""
        return (self.severity, self.kind)

    @property
    def title(self) -> str:
        """The kind's name as a heading; a kind of a plugin's own is quoted."""
        title = _TITLES.get(self.kind)
        return tr("Other problems: “{kind}”", kind=self.kind) if title is None else str(title)


_WORST_FIRST = ("error", "left-out", "warning")


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """The problems by severity, the worst first, and kind, the most frequent first."""
    found: dict[tuple[str, str], ProblemGroup] = {}
    for one in problems:
        group = found.setdefault((one.severity, one.kind), ProblemGroup(one.kind, one.severity))
        group.problems.append(one)
    return sorted(found.values(), key=lambda g: (_WORST_FIRST.index(g.severity), -len(g.problems), g.title))


def suggestions(problem: Problem, most: int = 8) -> list[str]:
    """Values that would be accepted, the likeliest first."""
    return list(problem.suggested[:most])


def accepted_words(draft: SheetDraft, schema: Schema) -> dict[int, list[str]]:
    """Column → the words that it accepts, for columns that become a choice."""
    mapping = draft.mapping
    if mapping.kind != "class":
        return {}
    known = schema.all_attributes(mapping.cls or "ci")
    found: dict[int, list[str]] = {}
    for use in mapping.columns:
        attribute = known.get(use.name) if use.role == "attribute" else None
        if attribute is not None and attribute.type == "choice":
            found[use.index] = [choice.label for choice in attribute.choices]
    return found
