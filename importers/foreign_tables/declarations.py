"""The declarations of other tools' tables, as ``resources/foreign_tables`` has them.

A file is one tool. ``[words.NAME]`` are its words: ours = [theirs, …]. A ``[[table]]`` has

- ``name`` and ``documented``: where its headers are documented,
- ``signature``: headers that it always has; "serial|serial number" is either,
- ``holds``: "class" (then ``base``, the class that all its rows are of), "relationship", "installation", "assignment",
  "event"; "counted" (pieces without records of their own) and "nothing" (words of the tool) are refused in one line,
- ``class_column`` and ``classes``: the column with the kind of each row's thing (of "a|b" the first that is there), and
  pattern → class (without them those of ``shared/kinds.toml``); a row that tells none is of the class ``base``, if
  there are things of exactly that class,
- ``class_by_name``: whether the name of the sheet or file tells the class of the rows whose own word tells none,
- ``columns``: header → meaning; a header that is not named is found by the schema's words; where several that are there
  mean the same, the first of the file counts,
- ``constants``: attribute or field → value for every row without one; "@name" is the row's own name,
- ``deleted``: the column that has a value, not "false", where the tool deleted the row's thing ("a|b": either); those
  rows are left out,
- ``racks_by_place``: whether a rack's name is only one in the row's location,
- ``for_new``: attributes whose values only stand in: a record that is there keeps its own,
- ``held``: whether a row with a holder is handed over, whatever is in stock by its status,
- ``writes``: the headers of the tool's import, in order, each maybe with a meaning of its own ("slug = name|slug"), or
  a text that every row has ("Reassignable = 'Yes'"); then ``of``, the classes whose records are written, ``only``,
  a query that they must fit, and ``needs``, attributes without which the tool refuses a row.

A meaning is an attribute, ``reference.attribute`` of what a reference names (``reference.class``: its class),
``link:TYPE`` or ``link:-TYPE`` (the other direction), ``seat:ATTRIBUTE`` of the person who has a seat of a licence,
``seat:licence`` a person's or computer's licences, ``number:WORD`` a thing's number in the tool's database, a field of
a sheet that is no class, or "" for a column that is left out. Transforms follow, each after a ``|``; ``words:NAME`` is
the tool's own list. Only writing heeds ``of:CLASS`` (what a reference names must be of that class) and ``slug``.

``[written.NAME]`` are words for writing: ours = theirs; what has "" is left out, and what has no word there stays ours.
``[written.classes]`` are those of a class column, for subclasses, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cmdb.model.resources import RESOURCES
from cmdb.model.schema import fold

FOLDER = RESOURCES / "foreign_tables"


@dataclass(frozen=True, slots=True)
class ForeignColumn:
    """The meaning of one column; ``name`` is "" where it is left out."""

    role: str
    """attribute, mention, link, seat, number, field, "text" (``name`` is what every row has); "" if it is left out."""
    name: str
    inverse: bool = False
    transforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """One table of a tool."""

    tool: str
    name: str
    documented: str
    signature: tuple[frozenset[str], ...]
    holds: str
    base: str = ""
    class_column: tuple[str, ...] = ()
    """Folded headers of which the first that a table has tells each row's class."""
    classes: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Pattern → class. Matched against the class column's cell and the model, "windows | latitude 5420"."""
    columns: Mapping[str, ForeignColumn] = field(default_factory=dict)
    """By folded header."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    cleaned: tuple[str, ...] = ()
    """Transforms of every text column: what the tool does to texts on the way out is undone."""
    status_words: str = ""
    """The transform that puts our words for its statuses, "" if it has none of its own."""
    held: bool = False
    class_by_name: bool = False
    for_new: tuple[str, ...] = ()
    racks_by_place: bool = False
    deleted: tuple[str, ...] = ()
    writes: tuple[tuple[str, ForeignColumn | None], ...] = ()
    """Header → meaning of what an export for the tool writes; without one it is found by the schema's words."""
    of: tuple[str, ...] = ()
    only: str = ""
    needs: tuple[str, ...] = ()
    """Attributes of which the tool refuses a record that has none."""

    @property
    def key(self) -> str:
        """By what a mapping remembers it: "Snipe-IT/custom asset report"."""
        return f"{self.tool}/{self.name}"

    def fits(self, headers: frozenset[str]) -> bool:
        """Whether folded headers have all of the signature."""
        return all(not either.isdisjoint(headers) for either in self.signature)

    def knows(self, headers: frozenset[str]) -> int:
        """How many of folded headers are the table's own: of its signature, or with a meaning."""
        return len(headers & self.columns.keys() | headers & frozenset[str]().union(*self.signature))

    def class_index(self, headers: Sequence[str]) -> int:
        """The index of the column that tells each row's class, or -1."""
        folded = [fold(header) for header in headers]
        return next((folded.index(one) for one in self.class_column if one in folded), -1)

    def class_of(self, cell: str, model: str) -> str:
        """The class of a row; "" if neither its cell nor its model has it."""
        said = f"{fold(cell)} | {fold(model)}"
        return next((cls for pattern, cls in self.classes if pattern.search(said)), "")


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its tables and its words, list → folded word of theirs → ours.

    ``written``: list → our word → theirs, for exports.
    """

    key: str
    """By what the command line names it: "snipe-it"."""
    name: str
    tables: tuple[ForeignTable, ...]
    words: Mapping[str, Mapping[str, str]]
    written: Mapping[str, Mapping[str, str]]

    @property
    def writes(self) -> tuple[ForeignTable, ...]:
        """The tables that an export for it writes."""
        return tuple(table for table in self.tables if table.writes)


@lru_cache(maxsize=1)
def tools() -> tuple[Tool, ...]:
    """All tools, in the order of their files."""
    return tuple(load(path) for path in sorted(FOLDER.glob("*.toml")))


def table_named(key: str) -> ForeignTable | None:
    """The table that a mapping remembers by ``key``; None where a newer or older Terrier made the mapping."""
    return next((table for tool in tools() for table in tool.tables if table.key == key), None) if key else None


_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]*)\)$")


def our_word(where: str, cell: str) -> str:
    """Our word for a tool's own; ``where``: "Snipe-IT/status". A word that is not in the list stays.

    Of "Waiting (pending)" what stands before the brackets is looked up first.
    """
    name, _, words = where.partition("/")
    known = next((tool.words.get(words, {}) for tool in tools() if tool.name == name), {})
    found = known.get(fold(cell))
    if found is None and (parts := _BRACKETS.match(cell)):
        found = known.get(fold(parts[1])) or known.get(fold(parts[2]))
    return cell if found is None else found


def load(path: Path) -> Tool:
    """One file. Raises ValueError, KeyError or TypeError for what it should not hold."""
    import tomllib  # only now: most commands read no table

    document = tomllib.loads(path.read_text("utf-8"))
    name = document["tool"]
    words = {
        title: {fold(theirs): ours for ours, known in entries.items() for theirs in known}
        for title, entries in document.get("words", {}).items()
    }
    tables = tuple(_table(name, entry, document, words) for entry in document["table"])
    return Tool(path.stem, name, tables, words, document.get("written", {}))


@lru_cache(maxsize=1)
def _kinds() -> Sequence[Sequence[str]]:
    """Pattern and class of the words that people use for kinds of things."""
    import tomllib  # only now: most commands read no table

    found: list[list[str]] = tomllib.loads((FOLDER / "shared" / "kinds.toml").read_text("utf-8"))["classes"]
    return found


def _table(tool: str, entry: Mapping[str, Any], document: Mapping[str, Any], words: Mapping[str, Any]) -> ForeignTable:
    holds = entry.get("holds", "class")
    patterns = entry.get("classes", document.get("classes", _kinds())) if entry.get("class_column") else ()
    status = entry.get("status", "status")
    columns = {fold(header): _column(tool, holds, meaning) for header, meaning in entry.get("columns", {}).items()}
    return ForeignTable(
        tool,
        entry["name"],
        entry["documented"],
        tuple(frozenset(map(fold, either.split("|"))) for either in entry["signature"]),
        holds,
        entry.get("base", "hardware") if holds == "class" else "",
        tuple(map(fold, entry.get("class_column", "").split("|"))) if "class_column" in entry else (),
        tuple((re.compile(pattern), cls) for pattern, cls in patterns),
        columns,
        entry.get("constants", {}),
        tuple(document.get("cleaned", ())),
        f"words:{tool}/{status}" if status in words else "",
        entry.get("held", False),
        entry.get("class_by_name", False),
        tuple(entry.get("for_new", ())),
        entry.get("racks_by_place", False),
        tuple(map(fold, entry["deleted"].split("|"))) if "deleted" in entry else (),
        tuple(_written(tool, holds, columns, header) for header in entry.get("writes", ())),
        tuple(entry.get("of", (entry.get("base", "hardware"),))),
        entry.get("only", ""),
        tuple(entry.get("needs", ())),
    )


def _written(
    tool: str, holds: str, columns: Mapping[str, ForeignColumn], header: str
) -> tuple[str, ForeignColumn | None]:
    header, _, meaning = header.partition(" = ")
    if meaning.startswith("'"):
        return header, ForeignColumn("text", meaning.strip("'"))
    return header, _column(tool, holds, meaning) if meaning else columns.get(fold(header))


def _column(tool: str, holds: str, meaning: str) -> ForeignColumn:
    name, *transforms = meaning.split("|")
    done = tuple(f"words:{tool}/{t[6:]}" if t.startswith("words:") else t for t in transforms)
    if not name:
        return ForeignColumn("", "")
    role, _, rest = name.partition(":")
    if role == "number" and rest:
        return ForeignColumn(role, f"{tool.casefold()} {rest}", transforms=done)
    if rest and role in ("link", "seat"):
        return ForeignColumn(role, rest.removeprefix("-"), rest.startswith("-"), done)
    if holds != "class":
        return ForeignColumn("field", name, transforms=done)
    return ForeignColumn("mention" if "." in name else "attribute", name, transforms=done)
