"""Observations: what a source saw, before it is matched with a record.

Every importer returns a ``Reading`` and does not use the store. Values are canonical (see ``cmdb.model.values``)
except references, which are ``NamedReference``s: names that reconciliation turns into records. Whatever the importer,
texts are without characters that nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from itertools import starmap
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

import msgspec

from cmdb.model.characters import one_line, visible
from cmdb.model.formats import Plain, listing
from cmdb.model.messages import EMPTY, Message
from cmdb.model.packed_rows import packed_rows
from cmdb.model.shared_values import SharedValues

if TYPE_CHECKING:
    from cmdb.model.values import Value


LOST_CHARACTERS = Message("Some characters of the text are damaged; the replacement character is in their place.")
"""Why a text that was read differs from the file: no encoding can store what is there."""


SOURCE_ID = "source_id"
"""The kind of evidence that is a thing's number in another tool: "snipe-it asset 17"."""
ONLY_NEW = "only_new"
"""The kind of evidence that names attributes which only a record that is created takes."""

_FEW_ROWS = 50
_NOTHING: Mapping[str, Any] = MappingProxyType({})
"""What nearly every observation has besides its values: one object for all, as a large import has many."""

Severity = Literal["error", "left-out", "warning"]
"""What a problem does, the worst first; see ``Problem``."""


# Of these two an import has one or more for each row. A struct of msgspec is made, hashed and encoded faster than a
# dataclass; the reason is measured in docs/decisions/msgspec.md.


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where something was read: a file, a sheet and a row (1-based, as the person sees it), or a host."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    host: str = ""
    columns: str = ""
    """The columns of the table ("F:H"), where it stands beside another one."""

    @property
    def text(self) -> Message:
        """The place as a text: "stock.xlsx, Laptops, row 12"."""
        row = Message("row {number}", number=Plain(self.row)) if self.row else ""
        columns = Message("columns {columns}", columns=self.columns) if self.columns else ""
        places = tuple(part for part in (self.file, self.sheet, columns, row, self.host) if part)
        return Message("{places}", places=places) if places else EMPTY

    def __str__(self) -> str:
        return str(self.text)


_NOWHERE = Origin()


def _clean(record: object, names: tuple[str, ...]) -> None:
    """Takes out of texts of a frozen record what nobody sees; see ``cmdb.model.characters``."""
    for name in names:
        text: str = getattr(record, name)
        if not (text.isascii() and text.isprintable()):
            object.__setattr__(record, name, one_line(text))


def _clean_row(row: dict[str, Value]) -> None:
    """Takes out of the texts of a row what nobody sees, and texts that are nothing else."""
    said = "".join([value for value in row.values() if type(value) is str])
    if not (said.isascii() and said.isprintable()):  # nearly never
        for name, value in list(row.items()):
            if isinstance(value, str):
                row[name] = visible(value)
                if row[name] == "":
                    del row[name]


@dataclass(frozen=True, slots=True)
class Source:
    """A source: ``kind`` ranks it (person, sheet, scan, import), ``name`` distinguishes sources of one kind.

    The key of its claims is ``kind:name``.
    """

    kind: Literal["person", "sheet", "scan", "import"]
    name: str = ""

    @property
    def key(self) -> str:
        """The key of its claims: "sheet:stock.xlsx", or "person" alone."""
        return f"{self.kind}:{one_line(self.name)}" if self.name else self.kind


class NamedReference(msgspec.Struct, frozen=True, cache_hash=True):
    """A reference to a CI by its class (possibly abstract, "" for any) and the name that the source gives it.

    ``values`` are further attribute values that the source states, canonical, as sorted pairs.
    """

    cls: str
    name: str
    values: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.isprintable()):
            msgspec.structs.force_setattr(self, "name", one_line(self.name))


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of an observation: ``type`` is a relationship type's name; ``inverse`` means the observed CI is
    its object. ``group``/``needs`` put it in a dependency group of the dependent CI.
    """

    type: str
    other: NamedReference
    inverse: bool = False
    group: str = ""
    needs: str = ""
    column: str = field(default="", compare=False)
    """The column that says it, as it is called in the file."""
    known_as: tuple[NamedReference, ...] = ()
    """Of a link that only holds where the other end is known: what that may be called, the best first. The first that
    finds a record counts; where none does, the link is left out without a word.
    """

    def __post_init__(self) -> None:
        _clean(self, ("group",))


@dataclass(frozen=True, slots=True)
class InstalledSoftware:
    """One installed software release, as found. Dates are ISO. ``scope`` is "" (the whole system) or a user's name."""

    product: str
    publisher: str = ""
    edition: str = ""
    version: str = ""
    scope: str = ""
    user: str = ""
    environment: str = ""
    installed_on: str = ""
    last_used: str = ""
    origin: str = ""
    """The package manager: deb, rpm, snap, flatpak, pip, registry, sheet, …"""

    def __post_init__(self) -> None:
        said = f"{self.product}{self.publisher}{self.edition}{self.version}{self.scope}{self.user}"
        if not (said.isascii() and said.isprintable()):  # nearly never
            _clean(self, ("product", "publisher", "edition", "version", "scope", "user"))


SoftwareRow = tuple[str, str, str, str, str, str, str, str, str, str]
"""The fields of an ``InstalledSoftware``, in their order."""
_fields_of = attrgetter(*InstalledSoftware.__dataclass_fields__)
DAY = list(InstalledSoftware.__dataclass_fields__).index("installed_on")
"""The place of the day of the installation in a ``SoftwareRow``: what is before and after it, many machines have."""


class MachineSoftware(Sequence[InstalledSoftware]):
    """The software of a machine, each once in its version and scope: an inventory lists a thousand. The texts have no
    characters that nobody sees.
    """

    def __init__(self, software: Sequence[tuple[str, ...]], days: Sequence[str]) -> None:
        """``software``: the fields without the day of the installation; ``days``: that day, of each."""
        self._held: tuple[Sequence[tuple[str, ...]], Sequence[str]] | None = (software, days)
        self._count = len(software)
        self.users = [one[5] for one in software if one[5]]
        """Whose it is, one for each installation that is somebody's."""

    def pack(self, values: SharedValues) -> None:
        """Keeps it in less memory."""
        if self._held is not None:
            software, days = self._held
            self._values, self._software, self._days = values, values.keep(software), values.keep(days)
            self._held = None

    @property
    def columns(self) -> tuple[Sequence[tuple[str, ...]], Sequence[str]]:
        """The fields of each installation without its day, and the days."""
        return self._held or (self._values[self._software], self._values[self._days])

    @property
    def rows(self) -> list[SoftwareRow]:
        """The fields of each installation."""
        rows: Any = [(*one[:DAY], day, *one[DAY:]) for one, day in zip(*self.columns, strict=True)]
        return rows  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[InstalledSoftware]:
        return starmap(InstalledSoftware, self.rows)

    @overload
    def __getitem__(self, place: int) -> InstalledSoftware: ...
    @overload
    def __getitem__(self, place: slice) -> list[InstalledSoftware]: ...
    def __getitem__(self, place: int | slice) -> InstalledSoftware | list[InstalledSoftware]:
        return [*self][place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]


def software_rows(installed: Iterable[InstalledSoftware]) -> Iterable[SoftwareRow]:
    """The fields of each installation."""
    return installed.rows if isinstance(installed, MachineSoftware) else map(_fields_of, installed)


def software_users(installed: Iterable[InstalledSoftware]) -> list[str]:
    """Whose installations are, one for each that is somebody's."""
    return installed.users if isinstance(installed, MachineSoftware) else [one.user for one in installed if one.user]


@dataclass(slots=True)
class Observation:
    """One thing that one source saw.

    ``evidence`` holds identifying values that are no attributes, each a list of strings: ``mac``, ``board_serial``,
    ``disk_serial``, ``record`` (a Terrier id from an exported sheet), ``base`` (that sheet's base hash), ``source_id``
    (the number in another tool, behind its name and the table's), ``only_new`` (attributes whose values stand in where
    nothing better is known: only a record that is created takes them).
    ``sections`` names what was inspected completely ("software", "disks", …): only there does absence mean removal.
    ``package_managers`` are those whose software was seen whole, where "software" was not.
    ``partial`` observations never create a CI. ``clears`` lists attributes that are blank in the source.
    """

    cls: str
    values: dict[str, Value | NamedReference]
    origin: Origin = _NOWHERE
    evidence: Mapping[str, list[str]] = field(default_factory=lambda: _NOTHING)
    links: Sequence[Link] = ()
    installed: Sequence[InstalledSoftware] = ()
    sections: tuple[str, ...] = ()
    partial: bool = False
    clears: tuple[str, ...] = ()
    details: Mapping[str, list[dict[str, Value]]] = field(default_factory=lambda: _NOTHING)
    """Section of the schema → its rows: column → value. Those of a section that is not in ``sections`` are a part."""
    by_host: bool = False
    """It is a guest of what the reading is about: a host's word is another source than the guest's own."""
    package_managers: frozenset[str] = frozenset()
    untouched: Mapping[str, Value | NamedReference] = field(default_factory=lambda: _NOTHING)
    """Unchanged cells of a sheet that was exported from here: used only if the register lacks the record."""
    clean: InitVar[bool] = False
    """Whether its values are known to have no characters that nobody sees, and it has no details."""

    def add_evidence(self, kind: str, values: list[str]) -> None:
        """Adds identifying values of a kind, instead of those that it may have."""
        self.evidence = {**self.evidence, kind: values}

    def __post_init__(self, clean: bool) -> None:
        if clean:
            return
        said = "".join([value for value in self.values.values() if type(value) is str])
        if not (said.isascii() and said.isprintable()):  # nearly never
            seen = {n: visible(v) if isinstance(v, str) else v for n, v in self.values.items()}
            self.values = {name: value for name, value in seen.items() if value != ""}
        for rows in self.details.values():
            for row in rows:
                _clean_row(row)


@dataclass(frozen=True, slots=True)
class ObservedLink:
    """A row of a relationship sheet: source —type→ target. ``known``: nothing is created for its ends."""

    source: NamedReference
    type: str
    target: NamedReference
    group: str = ""
    needs: str = ""
    origin: Origin = _NOWHERE
    known: bool = False

    def __post_init__(self) -> None:
        _clean(self, ("group",))


@dataclass(frozen=True, slots=True)
class ObservedInstallation:
    """A row of an installation sheet."""

    computer: NamedReference
    installed: InstalledSoftware
    origin: Origin = _NOWHERE


@dataclass(frozen=True, slots=True)
class ObservedAssignment:
    """A row of an assignment sheet: a licence (entitlement or product) and its holder, a person or computer.

    ``beside``: it stands in a row about something else, which goes in without it, too.
    """

    licence: NamedReference
    holder: NamedReference
    origin: Origin = _NOWHERE
    beside: bool = False


@dataclass(frozen=True, slots=True)
class ObservedEvent:
    """A row of a log of hand-overs: from a moment (``at``, in milliseconds since 1970 UTC) a thing was with a holder,
    or with nobody (None). ``verb`` is what was done, by the name of Terrier's verb.
    """

    item: NamedReference
    at: int
    verb: str
    holder: NamedReference | None
    origin: Origin = _NOWHERE


class ObservedRelease(NamedTuple):
    """A release of a product with its days ("": not known): of its release, and the last of active support, of its
    life, and of extended support. ``over``: its life is over, on a day that is not known.
    """

    name: str
    label: str = ""
    released: str = ""
    support: str = ""
    end: str = ""
    extended: str = ""
    latest: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class ObservedLifeCycle:
    """When the releases of a product reach their end of life. ``product`` is the name by which the source knows it."""

    product: str
    label: str = ""
    other_names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    releases: tuple[ObservedRelease, ...] = ()


OLDER_SCAN = "clock.behind"
"""The code of the problem that a scan is older than one that is known, as a machine's clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one cell, row or file.

    ``severity`` "error" rejects the row; with "left-out" the row is imported without the cell; a "warning" is all
    that is done.
    ``kind`` groups similar problems ("date", "choice", "required", "duplicate", …). ``code`` identifies the text for
    scripts ("header.twice"). It equals the kind if the kind has only one text.
    """

    file: str
    sheet: str
    row: int
    column: str
    value: str
    message: Message
    severity: Severity = "error"
    kind: str = "value"
    accepted: Message = EMPTY
    """What would be accepted, if that is not a list of values: "a date such as 2026-03-31"."""
    suggested: tuple[str, ...] = ()
    """Values that would be accepted, the most likely first."""
    code: str = ""
    columns: str = ""
    """The columns of the table ("F:H"), where it stands beside another one."""

    def __post_init__(self) -> None:
        if not self.code:
            object.__setattr__(self, "code", self.kind)

    @property
    def accepted_text(self) -> str:
        """What would be accepted, in words; "" if unknown."""
        return str(self.accepted) or listing(self.suggested, "unit")


@dataclass(slots=True)
class Reading:
    """Everything that one run of an importer saw, from one source. ``observed_at`` is an ISO UTC time."""

    source: Source
    observed_at: str
    observations: list[Observation] = field(default_factory=list)
    links: list[ObservedLink] = field(default_factory=list)
    installations: list[ObservedInstallation] = field(default_factory=list)
    assignments: list[ObservedAssignment] = field(default_factory=list)
    events: list[ObservedEvent] = field(default_factory=list)
    life_cycles: list[ObservedLifeCycle] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    former_source: str = ""
    """The key of the source as earlier versions named it. An estate in which that says something keeps it."""
    read: int = 0
    """Rows or records read, rejected ones included."""
    rejected: int = 0
    rejects: list[tuple[Origin, list[str], list[Message]]] = field(default_factory=list)
    """For the rejects file: the place, the row's cells as read, and the reasons."""
    strict: bool = False
    """Whether a cell that can't be used rejects its row also where the row could do without it."""
    signed_by: str = ""
    """Who signed the file that it is of, where that is somebody whom the estate trusts."""
    forgotten: bool = False
    """Whether what it saw was let go of; see ``forget``."""

    def pack(self, values: SharedValues) -> None:
        """Packs what it saw in rows: a thousand inventories are held until all of them are read."""
        for one in self.observations:
            if sum(map(len, one.details.values())) > _FEW_ROWS:
                one.details = packed_rows(one.details, values)
            if isinstance(one.installed, MachineSoftware):
                one.installed.pack(values)

    def forget(self) -> None:
        """Lets go of what it saw, once it is in a proposal: a large import needs the memory for writing."""
        self.observations, self.links, self.installations = [], [], []
        self.assignments, self.events, self.life_cycles = [], [], []
        self.forgotten = True
