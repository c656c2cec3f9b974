"""The mapping of a sheet's columns: people see it, change it and save it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from cmdb.model.messages import EMPTY, Message, from_data
from cmdb.model.schema import fold

if TYPE_CHECKING:
    from importers.spreadsheets.sheets.workbook import Sheet

Kind = Literal["class", "relationship", "installation", "assignment", "event", "section", ""]
#: As a word for a class: all words that are not known.
REST = "*"
#: As the class of a word: its rows are left out.
LEFT_OUT = "-"
#: The classes of places whose columns make a path together, the largest first.
PLACE_LEVELS = ("site", "building", "floor", "room")
Role = Literal[
    "attribute",
    "mention",
    "link",
    "seat",
    "number",
    "class",
    "group",
    "needs",
    "field",
    "id",
    "base",
    "unmapped",
    "ignored",
]


OF_ROW = "@"
"""What stands before an attribute's name in a constant that is another value of the row."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """The use of one column.

    ``role`` and ``name``: "attribute" — an attribute's name; "mention" — ``reference.attribute`` of what a reference
    attribute names (``assigned_to.email``; ``assigned_to.class``: its class); "seat" — an attribute of the person who
    has a seat of the row's licence, or "licence" for the licences of the row's person or computer; "number" — what
    another tool's number of the row is of; "link" — a relationship type's name; "field" — a column of a sheet of
    relationships, installations, assignments or events; "class" — the class of each row; "group", "needs" — of the link
    column ``link``; "id", "base" — hidden columns of an exported sheet; "unmapped" — not used; "ignored" — blank, or
    ours.
    """

    index: int
    header: str
    role: Role = "unmapped"
    name: str = ""
    inverse: bool = False
    link: int = -1
    transforms: tuple[str, ...] = ()
    """Applied in order: ``upper``, ``lower``, ``trim:PREFIX``, ``trim_end:SUFFIX``, ``first`` and ``last`` (of a
    person's name), ``before:MARK``, ``after:MARK``, ``unit:GB``. Of other tools' tables besides: ``words:TOOL/LIST``
    (their words become ours), ``backtick`` and ``entities`` (its escapes are undone), ``parts:MARK`` (several),
    ``path:MARK`` (what stands between the places of a path)."""
    replacements: tuple[tuple[str, str], ...] = ()
    """A person's corrections: cells that hold the first text are read as the second; "" makes them blank."""
    how: str = ""
    """label, synonym, saved, chosen."""
    note: Message = EMPTY
    """Why it is not used, where that may surprise."""
    suggestion: str = ""
    """An attribute that the values match; it is never applied automatically."""
    proposed_type: str = ""
    """For an unmapped column: the type that a new attribute for it would have."""


@dataclass(frozen=True, slots=True)
class NameChoice:
    """What is decided of a new name: it is the record ``uid`` (called ``name``); or, without one, it is left out."""

    cls: str
    new_name: str
    uid: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeptFormats:
    """How files of a saved mapping are read. None and "" mean: it is detected.

    ``day_first`` and ``decimal_comma`` count where a file's cells don't show it; the rest is what a person asked for.
    """

    day_first: bool | None = None
    decimal_comma: bool | None = None
    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """The content of a sheet and the meaning of its columns. ``problem`` is why it cannot be imported yet.

    ``cls`` is the class of its rows, of a sheet of the kind "section" the section's name.
    """

    kind: Kind
    cls: str = ""
    columns: tuple[ColumnUse, ...] = ()
    constants: MappingOf[str, Any] = field(default_factory=dict)
    """Attribute name → value as a person would type it, for every row without a value; ``OF_ROW`` before the name of
    an attribute stands for the row's own value of that.
    """
    name: str = ""
    problem: Message | None = None
    tool: str = ""
    """The table of another tool that the sheet is, by its key (``importers.foreign_tables``): "Snipe-IT/models"."""

    class_words: MappingOf[str, str] = field(default_factory=dict)
    """A person's answers: folded word of the class column → class, or ``LEFT_OUT``; ``REST`` → the class of all other
    rows.
    """
    names: tuple[NameChoice, ...] = ()
    """A person's answers about names that the register lacked."""
    formats: KeptFormats = KeptFormats()
    remark: Message = EMPTY
    """What is to be known of how it was found; it is not saved."""

    @property
    def unmapped(self) -> list[str]:
        """Headers of the columns that are not used."""
        return [c.header for c in self.columns if c.role == "unmapped"]

    @property
    def exported(self) -> bool:
        """Whether the sheet is an export of Terrier."""
        return any(c.role == "id" for c in self.columns)

    def use(self, index: int, **changes: Any) -> Mapping:
        """The mapping with one column used otherwise (``role=``, ``name=``, ``transforms=`` …)."""
        columns = tuple(replace(c, how="chosen", **changes) if c.index == index else c for c in self.columns)
        return replace(self, columns=columns)

    def settle(self, word: str, cls: str) -> Mapping:
        """The mapping with a person's answer: rows that say ``word`` are of the class; "" takes the answer back.

        ``REST`` as the word stands for all that are not known.
        """
        words = {one: known for one, known in self.class_words.items() if one != class_word(word)}
        return replace(self, class_words={**words, class_word(word): cls} if cls else words)

    def to_dict(self) -> dict[str, Any]:
        """JSON-native form: ``name``, ``headers`` (its fingerprint) and ``columns``."""
        columns = []
        for one in self.columns:
            entry = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(one).items()}
            entry["note"] = one.note.data() if one.note else ""
            entry["replacements"] = [list(pair) for pair in one.replacements]
            columns.append({k: v for k, v in entry.items() if v is not False and v not in ("", []) and k != "how"})
        document = {"kind": self.kind, "cls": self.cls, "columns": columns, "constants": dict(self.constants)}
        if self.tool:
            document["tool"] = self.tool
        if self.class_words:
            document["class_words"] = dict(self.class_words)
        if formats := {k: v for k, v in asdict(self.formats).items() if v not in (None, "")}:
            document["formats"] = formats
        if self.names:
            document["names"] = [asdict(one) for one in self.names]
        return {"name": self.name, "headers": fingerprint(c.header for c in self.columns), "columns": document}

    @classmethod
    def from_dict(cls, document: MappingOf[str, Any]) -> Mapping:
        """The mapping that ``to_dict`` returned. Unknown keys are left out, so that a newer Terrier's mappings can be
        read. Raises KeyError for what is missing and TypeError for what is of a wrong type; both name it.
        """
        body = _fitting(document["columns"], "columns", dict)
        for name, kind in _BODY.items():
            _fitting(body[name], name, kind)
        if body["kind"] not in get_args(Kind):
            raise TypeError("kind")
        known = ColumnUse.__dataclass_fields__
        columns = []
        for entry in body["columns"]:
            _fitting(entry, "columns", dict)
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items() if k in known}
            pairs = [_fitting(tuple(pair), "replacements", tuple) for pair in values.pop("replacements", ())]
            for name, value in values.items():
                _fitting(value, name, _COLUMN.get(name, object))
            if values.get("role", "unmapped") not in get_args(Role):
                raise TypeError("role")
            if any(len(pair) != 2 for pair in pairs):
                raise TypeError("replacements")
            values["replacements"] = tuple(pairs)
            values["how"], values["note"] = "saved", from_data(entry.get("note", ""))
            columns.append(ColumnUse(**values))
        return cls(
            body["kind"], body["cls"], tuple(columns), body.get("constants", {}), document.get("name", ""),
            tool=body.get("tool", ""), class_words=_fitting(body.get("class_words", {}), "class_words", dict),
            names=tuple(map(_name_choice, body.get("names", ()))), formats=_kept_formats(body.get("formats", {})),
        )  # fmt: skip


_BODY = {"kind": str, "cls": str, "columns": list}
_COLUMN = {"index": int, "header": str, "name": str, "inverse": bool, "link": int, "transforms": tuple,
           "suggestion": str, "proposed_type": str}  # fmt: skip


def _kept_formats(document: Any) -> KeptFormats:
    """The formats that ``to_dict`` wrote. Raises TypeError."""
    kinds = {"day_first": bool, "decimal_comma": bool, "encoding": str, "delimiter": str, "header_row": int}
    known = {k: v for k, v in _fitting(document, "formats", dict).items() if k in kinds}
    for name, value in known.items():
        _fitting(value, name, kinds[name])
    kept = KeptFormats(**known)
    if len(kept.delimiter) > 1 or (kept.header_row is not None and kept.header_row < 1):
        raise TypeError("formats")
    return kept


def _name_choice(entry: Any) -> NameChoice:
    """The answer about a name that ``to_dict`` wrote. Raises TypeError."""
    known = {k: v for k, v in _fitting(entry, "names", dict).items() if k in NameChoice.__dataclass_fields__}
    if not {"cls", "new_name"} <= known.keys() or not all(isinstance(v, str) for v in known.values()):
        raise TypeError("names")
    return NameChoice(**known)


def _fitting(value: Any, name: str, kind: type) -> Any:
    """The value, where it is of the type. Raises TypeError with the name."""
    if not isinstance(value, kind) or (isinstance(value, tuple) and not all(isinstance(one, str) for one in value)):
        raise TypeError(name)
    return value


def class_word(word: str) -> str:
    """The form in which words for classes are compared."""
    return word if word == REST else fold(word)


def fingerprint(headers: Iterable[str]) -> list[str]:
    """The key of sheets with the same columns, in any order."""
    return sorted(fold(h) for h in headers if fold(h))


def fits(mapping: Mapping, sheet: Sheet) -> bool:
    """Whether the mapping was made for a sheet with exactly these columns."""
    return fingerprint(c.header for c in mapping.columns) == fingerprint(sheet.headers)


def apply_mapping(mapping: Mapping, sheet: Sheet) -> Mapping:
    """A saved mapping laid over a sheet, column by column by header; columns that it does not know are unmapped."""
    waiting: dict[str, list[ColumnUse]] = {}
    for one in mapping.columns:
        waiting.setdefault(fold(one.header), []).append(one)
    columns, moved = [], {}
    for index, header in enumerate(sheet.headers):
        known = waiting.get(fold(header))
        if known:
            use = known.pop(0)
            moved[use.index] = index
            columns.append(replace(use, index=index, header=sheet.column(index)))
        else:
            columns.append(ColumnUse(index, sheet.column(index), "unmapped" if header else "ignored"))
    columns = [replace(c, link=moved.get(c.link, -1)) if c.link >= 0 else c for c in columns]
    return replace(mapping, columns=tuple(columns))
