"""What a change of an estate's schema does to its records, worked out before it is applied, and the revision of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.schema.carried_values import NAMED, CarriedValues
from app.schema.change import (
    NO_ANSWERS,
    Answers,
    KeptValues,
    MissingValue,
    OtherValues,
    PlanSummary,
    SchemaChange,
)
from app.schema.entries import KIND, Documents, entry_edits, laid
from app.schema.lost_verbs import verbs_without_status
from app.schema.refused_values import refused_values
from app.schema.source_orders import (
    closed_lines,
    kept_lines,
    kept_values,
    other_values,
    over_questions,
    row_lines,
    value_lines,
)
from cmdb.model import query
from cmdb.model.claims import differing_orders
from cmdb.model.errors import Conflict, SchemaError
from cmdb.model.guards import KindGuard
from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import unique_key
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.schema import ROOT_CLASSES, Attribute, Schema
from cmdb.model.selection import Selection
from cmdb.model.values import Value, show
from cmdb.store.reading.derived_values import derived_values
from cmdb.store.reading.stated_values import linked_classes, stated_values

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader


def plan(reader: Reader, change: SchemaChange, answers: Answers = NO_ANSWERS) -> PlanSummary:
    """What a change does to the records of the estate as it is."""
    return _Plan(reader, change, answers).summary()


def propose(reader: Reader, make: Callable[[Reader], SchemaChange]) -> PlanSummary:
    """What the change does that ``make`` makes of the estate as it is. Raises what that raises."""
    return plan(reader, make(reader))


def revise(reader: Reader, seen: PlanSummary, answers: Answers, author: str) -> Revision:
    """The revision of a change that a person has seen.

    Raises Conflict where the classes were changed since, or where records have got values that nothing was decided of.
    """
    made = _Plan(reader, seen.change, answers)
    now = made.summary()
    if now.basis != seen.basis:
        raise Conflict(Message("The classes were changed meanwhile: look at this change again before you apply it."))
    if not now.ready or (now.values, now.kept) != (seen.values, seen.kept):
        raise Conflict(Message("Records were changed meanwhile: look at this change again before you apply it."))
    return Revision(
        made.edits(), author, reason=seen.change.title, guards=(KindGuard(KIND),), decided_at=reader.number
    )  # fmt: skip


def documents_of(reader: Reader) -> dict[str, Mapping[str, Any]]:
    """The documents of the estate's own schema, by the ids of their entries."""
    entries = reader.records(KIND)
    return {key[0]: _document(fields.get("document")) for key, fields in sorted(entries.items())}


def _document(content: object) -> Mapping[str, Any]:
    return content if isinstance(content, Mapping) else {}


class _Plan:
    def __init__(self, reader: Reader, change: SchemaChange, answers: Answers) -> None:
        self._reader = reader
        self._change = change
        self._answers = answers
        self._documents = documents_of(reader)
        self._old = self._new = reader.schema
        self._refusals: list[Message] = []
        self._values: dict[str, list[Edit]] = {}
        """Id → the edits of a record and of what is said of it."""
        self._lines: list[Message] = []
        self._carried: CarriedValues | None = None
        """What becomes of values; None where the schema itself is refused."""
        self._missing: list[MissingValue] = []
        self._derived: set[str] = set()
        """The records with values that follow from another order of sources."""
        self._other_values: list[OtherValues] = []
        self._kept_values: list[KeptValues] = []
        self._closed: list[Edit] = []
        """The edits of questions about values that nobody has to answer any more."""
        self._after = laid(self._documents, change.steps, _later_than(self._documents))
        try:
            self._new = Schema.load(extra=[self._after[key] for key in sorted(self._after)])
            self._new.sections  # noqa: B018  they are read when they are asked for, and must fit, too
        except SchemaError as error:
            self._refusals.append(error.message)
            return
        self._counts = {cls: n for root in ROOT_CLASSES for cls, n in reader.counts(root).items()}
        self._check_classes()
        self._check_links()
        self._move_records()
        self._carry_over()
        self._require()
        self._check_unique()
        self._derive()
        self._lines += verbs_without_status(self._old, self._new)

    def edits(self) -> list[Edit]:
        """The edits of the entries, then those of each record."""
        of_records = [edit for uid in sorted(self._values) for edit in self._values[uid]]
        return [*entry_edits(self._documents, self._after), *of_records, *self._closed]

    def summary(self) -> PlanSummary:
        """What is shown of the plan."""
        concerned = [] if self._refusals else list(self._concerned())
        return PlanSummary(
            change=self._change,
            schema=self._new,
            classes=tuple(self._new.classes[name].label for name in concerned),
            records=sum(self._counts.get(name, 0) for name in concerned),
            rewritten=len(self._values.keys() | self._derived),
            lines=tuple(self._lines),
            homeless=tuple(self._carried.homeless()) if self._carried is not None else (),
            missing=tuple(self._missing),
            refusals=tuple(self._refusals),
            values=tuple(self._other_values),
            kept=tuple(self._kept_values),
            basis=hashlib.sha256(json.dumps(self._documents, sort_keys=True, default=str).encode()).hexdigest(),
        )

    def _concerned(self) -> Iterator[str]:
        """The classes that are otherwise after the change, and those whose records move."""
        differing = differing_orders(self._old, self._new)
        for name, one in self._new.classes.items():
            if name in differing or name in self._change.moved or self._old.classes.get(name) != one:
                yield name

    # -- what must not be lost --------------------------------------------------------------------------------------

    def _check_classes(self) -> None:
        for cls, number in self._counts.items():
            gone = cls not in self._new.classes or self._new.classes[cls].abstract
            if number and gone and cls not in self._change.moved:
                label = self._old.classes[cls].label
                self._refusals.append(
                    counted(
                        "{count} record is of the class {cls}: move it to another class first.",
                        "{count} records are of the class {cls}: move them to another class first.",
                        number,
                        cls=label,
                    )
                )

    def _check_links(self) -> None:
        """Relationships that would join records which their type does not allow."""
        moved = self._change.moved
        if not moved and self._old.relationships == self._new.relationships:
            return
        for link in linked_classes(self._reader):
            kind = self._new.relationships.get(link.type)
            ends = [moved.get(cls, cls) for cls in (link.subject, link.object)]
            if kind is not None and self._joins(ends[0], kind.subjects) and self._joins(ends[1], kind.objects):
                continue
            if kind is not None and kind.symmetric and self._joins(ends[1], kind.subjects):
                continue
            before = self._old.relationships[link.type]
            if not all(map(self._joins, (link.subject, link.object), (before.subjects, before.objects))):
                continue  # it did not fit before
            self._refusals.append(
                counted(
                    "{count} relationship “{type}” from {subject} to {object} would have no place.",
                    "{count} relationships “{type}” from {subject} to {object} would have no place.",
                    link.number,
                    type=before.label,
                    subject=self._old.classes[link.subject].label,
                    object=self._old.classes[link.object].label,
                )
            )

    def _joins(self, cls: str, ends: Iterable[str]) -> bool:
        schema = self._new if cls in self._new.classes else self._old
        return any(schema.is_a(cls, end) for end in ends)

    # -- records ----------------------------------------------------------------------------------------------------

    def _move_records(self) -> None:
        for before, after in self._change.moved.items():
            lost: dict[str, int] = {}
            number = 0
            known = self._new.classes[after].attributes
            for one in self._reader.all(Selection(before)):
                if one.cls != before:
                    continue
                number += 1
                self._values.setdefault(one.uid, []).append(Edit(ci(one.uid), "class", before, after))
                for name in one.values.keys() - known.keys():
                    lost[name] = lost.get(name, 0) + 1
            if number:
                self._lines.append(
                    counted("{count} record moves to {cls}.", "{count} records move to {cls}.", number,
                            cls=self._new.classes[after].label)
                )  # fmt: skip
            for name, records in sorted(lost.items()):
                label = self._old.classes[before].attributes[name].label
                self._refusals.append(
                    counted(
                        "{cls} has no “{attribute}”, which {count} record has: give the class that attribute first.",
                        "{cls} has no “{attribute}”, which {count} records have: give the class that attribute first.",
                        records,
                        cls=self._new.classes[after].label,
                        attribute=label,
                    )
                )
            self._check_referred(before, after)

    def _check_referred(self, before: str, after: str) -> None:
        """References to records that move, and that would refer to a class which they do not take."""
        moving = self._values.keys()
        for name in sorted(self._old.referring(before) - self._new.referring(after)):
            number = sum(1 for one in stated_values(self._reader, name) if one.value in moving)
            if number:
                self._refusals.append(
                    counted(
                        "{count} record refers to one of them as “{attribute}”, which takes no {cls}.",
                        "{count} records refer to some of them as “{attribute}”, which takes no {cls}.",
                        number,
                        attribute=self._old.every_attribute[name].label,
                        cls=self._new.classes[after].label,
                    )
                )

    def _carry_over(self) -> None:
        """What is said of records is carried over to the new declarations."""
        carried = self._carried = CarriedValues(self._reader, self._change, self._answers, self._old, self._new)
        for uid, edits in carried.edits.items():
            self._values.setdefault(uid, []).extend(edits)
        self._lines += carried.lines
        self._refusals += carried.refusals

    # -- what every record must have --------------------------------------------------------------------------------

    def _newly(self, what: str) -> Iterator[tuple[str, Attribute]]:
        """The topmost classes in which an attribute is required, or unique, that was not before."""
        for cls, one in self._new.classes.items():
            for name, attribute in one.attributes.items():
                above = self._new.classes[one.parent].attributes.get(name) if one.parent else None
                before = self._old.classes[cls].attributes.get(name) if cls in self._old.classes else None
                if getattr(attribute, what) and not getattr(before, what, False) and not getattr(above, what, False):
                    yield cls, attribute

    def _require(self) -> None:
        for cls, attribute in self._newly("required"):
            if attribute.hidden:
                text = Message("{attribute} is retired, so it cannot be required.", attribute=attribute.label)
                self._refusals.append(text)
                continue
            if cls not in self._old.classes:
                continue
            if attribute.name in self._old.every_attribute and attribute.name in self._old.all_attributes(cls):
                lacking = list(self._reader.all(Selection(cls, where=_empty(attribute))))
            else:
                lacking = list(self._reader.all(Selection(cls)))
            self._fill(attribute, [(one.uid, one.name) for one in lacking])

    def _fill(self, attribute: Attribute, lacking: list[tuple[str, str]]) -> None:
        if not lacking:
            return
        value = self._answers.fill.get(attribute.name)
        if value is None:
            names = tuple(name for _, name in lacking[:NAMED])
            self._missing.append(MissingValue(attribute.name, attribute.label, len(lacking), names))
            return
        for uid, _ in lacking:
            self._values.setdefault(uid, []).append(Edit(ci(uid), attribute.name, None, value))
        self._lines.append(
            counted("{attribute}: {count} record gets “{value}”.", "{attribute}: {count} records get “{value}”.",
                    len(lacking), attribute=attribute.label, value=show(attribute, value))
        )  # fmt: skip

    def _check_unique(self) -> None:
        for cls, attribute in self._newly("unique"):
            if cls not in self._old.classes or attribute.name not in self._old.all_attributes(cls):
                continue
            having: dict[Value, list[CI]] = {}
            for one in self._reader.all(Selection(cls, where=_empty(attribute, negated=True))):
                having.setdefault(unique_key(attribute.name, one.values[attribute.name]), []).append(one)
            twice = [its for its in having.values() if len(its) > 1]
            for its in twice[:NAMED]:
                self._refusals.append(
                    Message(
                        "{attribute} cannot be unique: {names} have the same, “{value}”.",
                        attribute=attribute.label,
                        names=tuple(one.name for one in its[:NAMED]),
                        value=self._shown(attribute, its[0].values[attribute.name]),
                    )
                )
            if len(twice) > NAMED:
                self._refusals.append(
                    counted("{count} more value stands twice.", "{count} more values stand twice.",
                            len(twice) - NAMED)
                )  # fmt: skip

    def _derive(self) -> None:
        """Values that follow from what sources say, where another order of sources counts."""
        derived = list(derived_values(self._reader, self._new))
        self._derived = {one.uid for one in derived}
        self._other_values = other_values(self._reader, self._new, derived)
        self._kept_values = kept_values(self._reader, self._new, derived)
        self._lines += value_lines(self._new, self._other_values)
        self._lines += kept_lines(self._new, self._kept_values)
        self._refusals += refused_values(self._reader, self._new, derived)
        self._closed = over_questions(self._reader, self._new)
        self._lines += closed_lines(self._closed)
        self._lines += row_lines(self._reader, self._new)

    def _shown(self, attribute: Attribute, value: Value) -> str:
        if attribute.type != "reference":
            return show(attribute, value)
        return self._reader.last_names([str(value)]).get(str(value), ("", ""))[1]


def _empty(attribute: Attribute, *, negated: bool = False) -> str:
    return query.text(query.Empty((attribute.name,), negated))


def _later_than(documents: Documents) -> str:
    """An id for a new entry that is laid over all others."""
    made, last = new_id(), max(documents, default="")
    if made > last:
        return made
    digits = f"{int(last.replace('-', ''), 16) + 1:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
