"""Turns the rows of sections that sources saw into edits: of rows, of sightings with digests, and of latest values.

A section whose digest is the register's is not looked at further. One that was not seen whole changes nothing where the
source saw it whole before. An older look never replaces a newer one of the same source.

Rows of a known record that the order of sources asks about wait: they stay as they are until a person answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cmdb.model.claims import kind_of
from cmdb.model.declarations import RecordSection
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import moment
from cmdb.model.messages import Message
from cmdb.model.new_records import NewSectionRows
from cmdb.model.observation import OLDER_SCAN, Origin
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.packed_rows import decode_row, encode_row, encoded_rows
from cmdb.model.revision import SECTION_NOW, Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.section_rows import Columns, KeyedRow, SeenSection, keyed_row, plain_columns, seen_section
from cmdb.model.source_orders import ASK
from cmdb.model.values import MAX_TEXT, check
from cmdb.reconciliation.asked_values import ROW, AskedRow
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.lookup import KnownSighting, Lookup
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.proposal import RowCounts
from cmdb.reconciliation.seen_links import Look
from cmdb.reconciliation.software import SOFTWARE_SECTIONS

Part = tuple[str, str, str]
"""One source's rows of one section of a record: the record's id, the section, the source."""

_OF_PEOPLE = {"software_details": ("user", "user_software")}
"""Section → the column that its rows of single people have, and what was inspected where all of those were seen: an
ordinary user does not see what others installed for themselves."""
_MOST_KEYED = 30_000
"""The number of rows that are remembered with their keys, to limit memory."""
_LOOKED_UP: Mapping[str, tuple[str, ...]] = {
    "controllers": ("manufacturer", "model"),
    "usb_devices": ("manufacturer", "name"),
    "interfaces": ("manufacturer",),
}
"""Names that stand for numbers in a row, looked up in the files of the computer that reads an inventory: that another
computer has no such files is no change of the machine.
"""
_AT_ONCE = 500
_ROWS_AT_ONCE = 20_000
"""The numbers of records, and of rows, that are compared at once, to limit the memory of a large import."""


class SectionSighting(NamedTuple):
    """A look of a source at a section of a record: the rows as it lists them, and whether these are all.

    ``unseen``: rows that have a value in this column may be there all the same; "": none. ``package_managers``: those
    whose software was seen whole, where the section was seen in part.
    """

    part: Part
    observed: str
    rows: Sequence[bytes]
    """Each as ``encode_row`` makes it."""
    whole: bool
    cls: str
    name: str
    origin: Origin
    unseen: str = ""
    package_managers: frozenset[str] = frozenset()

    def lacks(self, row: Columns) -> bool:
        """Whether a row of the register that was not seen is gone."""
        if self.whole:
            return not (self.unseen and row.get(self.unseen))
        return row.get("origin") in self.package_managers and not row.get("user")


@dataclass(slots=True)
class SectionEdits:
    """The edits of sections of one import, and their numbers by section."""

    schema: Schema
    lookup: Lookup
    collector: ProblemCollector
    edits: PackedEdits = field(default_factory=PackedEdits)
    touched: set[str] = field(default_factory=set)
    """The records of which rows are added, changed or removed."""
    asked: list[AskedRow] = field(default_factory=list)
    """The rows that wait for a person."""
    agreed: list[str] = field(default_factory=list)
    """The ids of the open questions about rows whose source says what stands."""
    _waiting: dict[Part, dict[str, str]] | None = None
    """The open questions about rows: the row's key → id."""
    _changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    _keyed: dict[str, dict[bytes, KeyedRow]] = field(default_factory=dict)
    """Section → rows as they were seen → with their keys: many records have the same rows."""

    @property
    def counts(self) -> dict[str, RowCounts]:
        """Section → how many of its rows are added, changed and removed; of sections whose rows have a history."""
        names = dict.fromkeys(name for name, _ in self._changed if not self.schema.sections[name].volatile)
        return {name: RowCounts(*(self._changed[name, what] for what in RowCounts._fields)) for name in names}

    def add(self, clusters: Iterable[Cluster], existing: set[str]) -> None:
        """Compares what the observations of records saw with the register. ``existing`` are the records in it."""
        batch: list[SectionSighting] = []
        uids: set[str] = set()
        rows = 0
        for one in self._sightings(clusters):
            if one.part[0] not in uids and (len(uids) >= _AT_ONCE or rows >= _ROWS_AT_ONCE):
                self._compare(batch, existing)
                batch, uids, rows = [], set(), 0
            uids.add(one.part[0])
            rows += len(one.rows)
            batch.append(one)
        self._compare(batch, existing)

    def _sightings(self, clusters: Iterable[Cluster]) -> Iterable[SectionSighting]:
        """The latest look of each source at each section of a record; its sections only."""
        for cluster in clusters:
            latest: dict[Part, SectionSighting] = {}
            for one in cluster.members:
                obs = one.obs
                for name in dict.fromkeys((*obs.details, *(s for s in obs.sections if s in self.schema.sections))):
                    if not self._fits(name, cluster.cls, obs.origin):
                        continue
                    part = (cluster.uid, name, one.source)
                    known = latest.get(part)
                    if known is None or known.observed < one.observed:
                        rows = encoded_rows(obs.details, name)
                        column, needed = _OF_PEOPLE.get(name, ("", ""))
                        latest[part] = SectionSighting(
                            part, one.observed, rows, name in obs.sections, cluster.cls, cluster.name, obs.origin,
                            "" if needed in obs.sections else column,
                            obs.package_managers if column else frozenset(),
                        )  # fmt: skip
            yield from latest.values()

    def _fits(self, name: str, cls: str, origin: Origin) -> bool:
        found = self.schema.sections.get(name)
        if found is not None and any(self.schema.is_a(cls, one) for one in found.of):
            return True
        label = found.label if found is not None else name
        message = Message("A {cls} has no section “{section}”; it was left out.", cls=self.schema.cls(cls).label,
                          section=label)  # fmt: skip
        self.collector.warning(origin, label, "", message, "section", code="section.class")
        return False

    def _compare(self, batch: list[SectionSighting], existing: set[str]) -> None:
        uids = sorted({one.part[0] for one in batch} & existing)
        known = self.lookup.sightings(uids) if uids else {}
        self._note_older(batch, known)
        news: list[tuple[SectionSighting, SeenSection, str, KnownSighting | None]] = []
        for one in batch:
            uid, name, source = one.part
            before = known.get((uid, source, name))
            if before is not None and (before.observed > one.observed or (before.digest and not one.whole)):
                continue
            seen = seen_section(self.schema.sections[name], self._rows_of(one))
            if before is None and not seen.rows:
                continue  # Nothing is there, and nothing was.
            digest = seen.digest if one.whole else ""
            if before is None or not digest or before.digest != digest:
                news.append((one, seen, digest, before))
            elif before.observed < one.observed and not _is_list(source):
                now = Edit(Record("sighting", (uid, source, name)), "observed", before.observed, one.observed)
                self.edits += [now]
            if seen.now:
                after = {"observed": one.observed, "rows": seen.now}
                self.edits += [Edit(Record(SECTION_NOW, one.part), "", None, after)]
        present = self.lookup.section_rows([one.part for one, *_ in news if one.part[0] in existing]) if news else {}
        for one, seen, digest, before in news:
            number = len(self.edits)
            stands = present.get(one.part, {})
            asks = one.part[0] in existing and self._asks(one)
            if self._ask(one, seen, stands) if asks else self._rows(one, seen, stands):
                digest = ""  # the rows that were seen are not all that the register has
            if len(self.edits) > number and not self.schema.sections[one.part[1]].volatile:
                self.touched.add(one.part[0])
            if before is None or len(self.edits) > number or before.digest != digest or not _is_list(one.part[2]):
                self._sighting(one, digest, before)

    def _note_older(self, batch: Iterable[SectionSighting], known: Mapping[Look, KnownSighting]) -> None:
        """Warns of scans that are older than what is known of the same source, or of software, as clocks may be wrong.

        ``known``: the sightings of the records, by (record, source, section).
        """
        newest: dict[tuple[str, str], str] = {}
        for (uid, source, section), seen in known.items():
            if kind_of(source) == "scan":
                for by in ("", source) if section in SOFTWARE_SECTIONS else (source,):
                    newest[uid, by] = max(seen.observed, newest.get((uid, by), ""))
        told: set[tuple[str, str, str]] = set()
        for one in batch if newest else ():
            uid, _, source = one.part
            last = max(newest.get((uid, source), ""), newest.get((uid, ""), ""))
            if kind_of(source) != "scan" or last <= one.observed or (uid, source, one.observed) in told:
                continue
            told.add((uid, source, one.observed))
            time, later = moment(one.observed), moment(last)
            if time == later:
                continue  # Two scans of one minute, imported the other way round.
            message = Message(
                "By the machine's clock this scan is of {time}, and one of {newest} is known: what it saw counts as "
                "older and changes little. If that clock is wrong, set it and scan again.",
                time=time,
                newest=later,
            )
            self.collector.warning(one.origin, "", one.observed, message, "older-scan", code=OLDER_SCAN)

    def _rows_of(self, one: SectionSighting) -> list[KeyedRow]:
        """The rows with their keys, without values that are none of their columns."""
        section = self.schema.sections[one.part[1]]
        if sum(map(len, self._keyed.values())) > _MOST_KEYED:
            self._keyed.clear()
        known = self._keyed.setdefault(section.name, {})
        found: list[KeyedRow] = list(map(known.get, one.rows))  # type: ignore[arg-type]
        if None not in found:
            return found
        plain = plain_columns(section)
        for place, encoded in enumerate(one.rows):
            if found[place] is None:
                said = decode_row(encoded)
                columns = self._checked(section, plain, said, one.origin)
                row = found[place] = keyed_row(section, columns)
                if columns is said:
                    known[encoded] = row
        return found

    def _checked(self, section: RecordSection, plain: Mapping[str, type], row: Columns, origin: Origin) -> Columns:
        """A row without values that are none of their columns; the row itself where it has none of them."""
        wrong = [
            name
            for name, value in row.items()
            if (plain.get(name) is not type(value) or (type(value) is str and not 0 < len(value) <= MAX_TEXT))
            and not self._is_value(section, name, value, origin)
        ]
        return {name: value for name, value in row.items() if name not in wrong} if wrong else row

    def _is_value(self, section: RecordSection, name: str, value: object, origin: Origin) -> bool:
        column = section.columns.get(name)
        if column is None:
            problem = Message("There is no column “{column}”.", column=name)
        else:
            try:
                check(column, value)
            except InvalidValue as error:
                problem = error.message
            else:
                return True
        label = f"{section.label}: {column.label if column is not None else name}"
        message = Message("{problem} It was left out.", problem=problem)
        self.collector.warning(origin, label, str(value), message, "section", code="section.value")
        return False

    def _rows(self, one: SectionSighting, seen: SeenSection, present: Mapping[str, Columns]) -> bool:
        """Adds the edits of rows; whether any stay that were not seen."""
        uid, name, source = one.part
        if not present:
            self.edits.add_new(NewSectionRows(uid, name, source, list(seen.rows), list(seen.rows.values())))
            self._changed[name, "added"] += len(seen.rows)
            return False
        edits: list[Edit] = []
        nameless = False
        for key, encoded in seen.rows.items():
            record = Record("section", (uid, name, source, key))
            before = present.get(key)
            if before is None:
                edits.append(Edit(record, "", None, decode_row(encoded)))
                self._changed[name, "added"] += 1
            elif encode_row(before) != encoded:
                columns = decode_row(encoded)
                if _lacks_names(name, before, columns):
                    nameless = True
                    continue
                edits += [
                    Edit(record, column, before.get(column), columns.get(column))
                    for column in dict.fromkeys((*before, *columns))
                    if before.get(column) != columns.get(column)
                ]
                self._changed[name, "changed"] += 1
        gone, kept = _gone(one, seen, present)
        for key in gone:
            edits.append(Edit(Record("section", (uid, name, source, key)), "", present[key], None))
            self._changed[name, "removed"] += 1
        self.edits += edits
        return bool(kept) or nameless

    def _asks(self, one: SectionSighting) -> bool:
        """Whether a person is asked before a look changes rows that have a history."""
        _, name, source = one.part
        volatile = self.schema.sections[name].volatile
        return not volatile and self.schema.section_order(one.cls, name).does(source) == ASK

    def _ask(self, one: SectionSighting, seen: SeenSection, present: Mapping[str, Columns]) -> bool:
        """Asks about the rows that differ; whether any stay that were not seen so."""
        uid, name, source = one.part
        gone, kept = _gone(one, seen, present)
        differing = {key: decode_row(row) for key, row in seen.rows.items() if encode_row(present.get(key)) != row}
        waiting: dict[str, Columns | None] = {
            key: said for key, said in differing.items() if not _lacks_names(name, present.get(key), said)
        }
        waiting.update(dict.fromkeys(gone))
        about, origins = (uid, one.cls, one.name, name), (one.origin,)
        for key, said in waiting.items():
            self.asked.append(AskedRow(*about, key, present.get(key), said, source, one.observed, origins))
        for key, decision in self._open(one.part).items():
            if key not in waiting and (one.whole or key in seen.rows):
                self.agreed.append(decision)
        return bool(differing or waiting or kept)

    def _open(self, part: Part) -> Mapping[str, str]:
        if self._waiting is None:
            self._waiting = {}
            for decision, fields in self.lookup.open_decisions(ROW).items():
                its = (str(fields["record"]), str(fields["section"]), str(fields["source"]))
                self._waiting.setdefault(its, {})[str(fields["row"])] = decision
        return self._waiting.get(part, {})

    def _sighting(self, one: SectionSighting, digest: str, before: KnownSighting | None) -> None:
        uid, name, source = one.part
        record = Record("sighting", (uid, source, name))
        if before is None:
            fields = {"observed": one.observed, "digest": digest} if digest else {"observed": one.observed}
            self.edits += [Edit(record, "", None, fields)]
            return
        if before.observed < one.observed:
            self.edits += [Edit(record, "observed", before.observed, one.observed)]
        if before.digest != digest:
            self.edits += [Edit(record, "digest", before.digest or None, digest or None)]


def _lacks_names(section: str, before: Columns | None, said: Columns) -> bool:
    """Whether a row differs only by names that the computer which read it did not know."""
    names = _LOOKED_UP.get(section, ())
    if before is None or not names:
        return False
    differing = {name for name in {*before, *said} if before.get(name) != said.get(name)}
    return differing.issubset(names) and differing.isdisjoint(said)


def _gone(one: SectionSighting, seen: SeenSection, present: Mapping[str, Columns]) -> tuple[list[str], list[str]]:
    """The keys of the rows that are no longer there, and of those that were not seen and may be there all the same."""
    missing = sorted(present.keys() - seen.rows.keys()) if one.whole or one.package_managers else []
    gone = [key for key in missing if one.lacks(present[key])]
    return gone, sorted(set(missing).difference(gone))


def _is_list(source: str) -> bool:
    """Whether a source is a list that people keep: that it says the same again is no later look."""
    return kind_of(source) in ("sheet", "person")
