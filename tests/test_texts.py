"""Every text that a person reads is a template: no literal is shown unmarked, and templates are literals.

What the walk in the pseudo-language (``tests/test_pseudo_language.py``) sees from outside, these rules see in the code.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cmdb.licences import labels
from cmdb.model.resources import RESOURCES

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cmdb", "importers", "app", "ui")

MECHANISM = ROOT / "cmdb" / "model" / "messages.py"

#: The functions that take templates, and how many of them stand first (after the context of the last two).
ONE, TWO, OF_CONTEXT = {"Message", "tr", "gettext"}, {"counted", "trn", "ngettext"}, {"in_context", "trc"}
TEXTS = ONE | TWO | OF_CONTEXT
_FIELD = re.compile(r"\{(\w*)\}")


def _called(node: ast.Call) -> str:
    """The name of what is called, without its owner."""
    named = node.func
    return named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""


def _templates(node: ast.Call) -> list[ast.expr]:
    name = _called(node)
    return node.args[: 1 if name in ONE else 2 if name in TWO else 0] if name not in OF_CONTEXT else node.args[:2]


def broken_templates(program: str) -> set[str]:
    """Templates that can't be extracted, or whose values aren't those that they name."""
    broken = set()
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # it is glued from parts, and Babel doesn't look into f-strings
            inside = [one for one in ast.walk(node) if isinstance(one, ast.Call) and _called(one) in TEXTS]
            broken.update(f"line {one.lineno}: a text inside an f-string" for one in inside)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in TEXTS:
            continue
        templates = _templates(node)
        words = [t.value for t in templates if isinstance(t, ast.Constant) and isinstance(t.value, str) and t.value]
        if not words or len(words) < len(templates):
            broken.add(f"line {node.lineno}: a template is a literal with words")
            continue
        given = {keyword.arg for keyword in node.keywords}
        if None in given:
            continue  # values that are given as a mapping are seen when the text is shown
        named = {name for word in words for name in _FIELD.findall(word)}
        if node.func.id in TWO:
            given.add("count")
            named.add("count")
        if given != named and (given or node.func.id in TWO):
            broken.add(f"line {node.lineno}: named {sorted(named)}, given {sorted(map(str, given))}")
    return broken


# -- literals that were never marked ----------------------------------------------------------------------------------

#: A literal that looks like something to read: two words, or one that begins with a capital letter.
_READ = re.compile(r"[A-Za-z]{2,}[,.:;…]? +[A-Za-z]|^[A-Z][a-z]{2,}\b|[a-z]…$")
#: What looks like it and isn't: keys, style sheets, SQL, patterns of files and dates, accessible paths.
_NO_TEXT = re.compile(
    r"(Ctrl|Shift|Alt|Meta|Esc|Return|Enter|Space|Del|Backspace|Tab|Home|End|PgUp|PgDown|F\d+)\b[\w+ \[\]]*$"
    r"|.*[{;].*[:}]|Q[A-Z]\w+|d{1,4} M{1,4}( y+)?$"
    r"|.* [=<>]+ $"  # the beginning of a comparison in a query
    r"| (and|or)( not)? \($"  # the middle of one
    r"|.*\b(is (not )?empty|phase = \w+)\b"  # conditions of a query
    r"|(Terrier|Python|Harbour Works)$"  # names of programs, and of the example's organisation
    r"|(Windows|Mac) (\d+|Roman)$"  # names of encodings
    r"|(Calibri|Consolas)$"  # names of fonts
    r"| ?\[--|([\w-]+ )*[A-Z]+(\.\.\.|\b)( [\[A-Z].*)?$"  # the usage of a command: "decide ID CHOICE"
    r"|Terrier id$"  # the header of a hidden column, the same in every language
    r"|General$"  # a format of numbers
    r"|(Standard Edition 2|Windows Server|LXC|Windows)$"  # names of products
    r"|.*<[!?a-z]",  # the beginning of markup
    re.DOTALL,
)
#: SQL: its words are written in capital letters.
_SQL = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|CREATE|DROP|ALTER|PRAGMA|WHERE|FROM|ORDER BY|GROUP BY|HAVING|IS NOT NULL|EXISTS"
    r"|UNION|VALUES|ATTACH|DETACH|BEGIN|LOCK TABLE|SHOW|SET|LIKE|AS|IN|OR|AND|ON|REPEATABLE READ|MATERIALIZED)\b"
)
#: Calls whose literals nobody reads.
_UNREAD = {
    "setObjectName", "setProperty", "property", "findChild", "findChildren", "RuntimeError", "ValueError", "TypeError",
    "AssertionError", "ArithmeticError", "KeyError", "NotImplementedError", "LookupError", "compile", "getattr",
    "setattr", "hasattr", "field", "fullmatch", "startswith", "removeprefix", "rows_among", "DatabaseError", "TypeVar",
    "NewType", "cast", "icon", "encode", "decode", "fromString", "strptime", "strftime",
}  # fmt: skip


#: Arguments whose literals are the same in every language: what tells questions of one page apart, and what is typed
#: on the command line.
_AS_TYPED = {"key", "example", "before", "command", "sheets"}


def unmarked(program: str) -> set[str]:
    """The literals of a program that look like something to read and are no template."""
    tree = ast.parse(program)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        for child in _unread(node):
            skipped.update(id(one) for one in ast.walk(child))
    found = set()
    for node in ast.walk(tree):
        literal = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        if isinstance(literal, str) and _READ.search(literal) and not _is_no_text(literal):
            found.add(f"line {node.lineno}: {literal[:60]!r}")
    return found


#: Ids of the licence engine, by which the words that are shown are found: metrics, facts, rights, constants.
_IDS = frozenset(
    {"licence condition"}  # the kind of a decision
    | {*labels.METRICS, *labels.FACTS, *labels.RIGHTS, *labels.EXCEPTIONS}
    | {one["name"] for one in tomllib.loads((RESOURCES / "licensing" / "metrics.toml").read_text("utf-8"))["constant"]}
)


def _is_no_text(literal: str) -> bool:
    return literal in _IDS or bool(_NO_TEXT.match(literal) or _SQL.search(literal))


def _of_log(called: ast.expr) -> bool:
    """Whether a method of a module's logger is called."""
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "_log"


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node whose literals are marked, or are for nobody to read."""
    if isinstance(node, ast.Call):
        name = _called(node)
        if name in TEXTS:
            yield from _templates(node)
        elif name in _UNREAD or _of_log(node.func):
            yield node
        elif name == "get" and node.args:
            yield node.args[0]  # what is looked up by
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node  # a docstring
    elif isinstance(node, ast.AnnAssign) or (isinstance(node, ast.arg) and node.annotation):
        yield node.annotation
    elif isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    elif isinstance(node, ast.Compare | ast.MatchValue | ast.Subscript):
        yield node
    elif isinstance(node, ast.ClassDef) and [getattr(base, "id", "") for base in node.bases] == ["StrEnum"]:
        yield from (one.value for one in node.body if isinstance(one, ast.Assign))  # values, not words
    elif isinstance(node, ast.Assert) and node.msg:
        yield node.msg
    elif isinstance(node, ast.Dict):
        yield from filter(None, node.keys)  # ids that texts are found by
    elif isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["__all__"]:
        yield node.value  # names of a module
    elif isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["_NOBODY"]:
        yield node.value  # names that operating systems give to accounts
    elif isinstance(node, ast.keyword) and node.arg in _AS_TYPED:
        yield from (node.value,)


#: Files and folders whose literals only look like something to read, and what they are.
NO_TEXTS = {
    "ui/theme.py": "names of fonts, and of Qt's style",
    "ui/tour/guide.py": "what is wrong with the program, for who develops it",
    "ui/tour/stops.py": "checks of the program, for who develops it",
    "ui/tour/import_stops.py": "checks of the program, for who develops it",
    "ui/tour/question_stops.py": "checks of the program, for who develops it",
    "app/sample/": "the example's data, which is in one language as every estate's is",
    "app/verb_tables.py": "tables of the documentation",
    "app/other_name_table.py": "a table of the documentation",
    "cmdb/licences/engine/missing_facts.py": "what the rules are about, for who develops them",
    "importers/discovery/collector.py": "states of a collector, which collector_words words",
    "importers/discovery/edid.py": "names of manufacturers",
    "importers/discovery/inventory_document.py": "values of the inventory format",
    "importers/discovery/linux/": "values of the inventory format, and words of the machine's own files",
    "importers/discovery/smbios.py": "values of the inventory format",
    "importers/inventory/computers.py": "values of the inventory format",
    "importers/inventory/constraints.py": "the rules of the inventory format, for who develops an agent",
    "importers/inventory/devices.py": "values of the inventory format",
    "importers/inventory/importer.py": "an example of the inventory format",
    "importers/inventory/software.py": "values of the inventory format",
    "importers/spreadsheets/classes.py": "headers that other programs write",
    "importers/spreadsheets/exports.py": "headers and values that other programs write",
    "importers/spreadsheets/fields.py": "headers that other programs write",
    "importers/spreadsheets/importer.py": "an example of a spreadsheet",
    "cmdb/model/declarations.py": "words of a schema, which are translated when it is loaded",
    "cmdb/reconciliation/match_rules.py": "tables of the documentation",
    "cmdb/reconciliation/rule_tables.py": "tables of the documentation",
    "cmdb/reconciliation/weights.py": "tables of the documentation",
    "cmdb/store/upkeep/migrations/": "SQL",
}

#: Parts of the rooms whose texts aren't marked yet.
PENDING: tuple[str, ...] = ()


def violations(*rooms: str, pending: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """The unmarked literals of rooms by file, but for the files whose paths begin like one of ``pending``."""
    paths = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    names = {str(path.relative_to(ROOT)): path for path in paths}
    found = {
        name: unmarked(p.read_text("utf-8")) for name, p in names.items() if not name.startswith((*pending, *NO_TEXTS))
    }
    return {name: lines for name, lines in found.items() if lines}


def test_templates_are_literals_with_the_values_they_name() -> None:
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if path != MECHANISM]
    broken = {str(p.relative_to(ROOT)): broken_templates(p.read_text("utf-8")) for p in paths}
    assert {path: lines for path, lines in broken.items() if lines} == {}


def test_broken_templates_are_seen() -> None:
    assert broken_templates("tr(f'Open {name}')")
    assert broken_templates("tr('Open ' + name)")
    assert broken_templates("tr('Open {name}', nam=1)")
    assert broken_templates("trn('{count} row', '{count} rows of {file}', 3)")
    assert broken_templates("Message('')")
    assert broken_templates("kinds = f'{tr(\"All files\")} (*)'")
    assert not broken_templates("trn('{count} row', '{count} rows of {file}', 3, file=1)")
    assert not broken_templates("trc('verb', 'Open {name}', name=1)")
    assert not broken_templates("Message('Write {name} as it is')")


def test_nothing_is_shown_unmarked() -> None:
    assert violations(*ROOMS, pending=PENDING) == {}


def test_an_unmarked_literal_is_seen() -> None:
    assert unmarked("label.setText('Open')")
    assert unmarked("label.setText(f'{count} rows are left')")
    assert unmarked("TITLE = 'Installed software'")
    assert unmarked("print('Records of the estate')\nprint('ITEM is open')\nprint('No <FILE> was found')")
    assert not unmarked("print('decide ID CHOICE', 'RECORD... [FIELD=VALUE...]', ' [--db FILE|URL] ...')")
    assert not unmarked("label.setText(tr('Open'))\nlabel.setObjectName('Open it')\nkey = 'Ctrl+Shift+O'")


# -- numbers, dates and units -----------------------------------------------------------------------------------------

FORMATS = ROOT / "cmdb" / "model" / "formats.py"


def written_by_hand(program: str) -> set[str]:
    """Where a program writes numbers or dates as one locale does: groups of digits, names of months, Qt's own words."""
    found = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            if re.search(r",|%[aAbBcxXp]", ast.unparse(node.format_spec)):
                found.add(f"line {node.lineno}: a format of its own")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "strftime" and re.search(r"%[aAbBcxXp]", ast.unparse(node)):
                found.add(f"line {node.lineno}: strftime")
            if node.func.attr == "toString" and "QLocale" in ast.unparse(node.func.value):
                found.add(f"line {node.lineno}: QLocale")
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\d [KMGT]B\b|^ [KMGT]B\b", node.value)
        ):
            found.add(f"line {node.lineno}: a unit of 1000")
    return found


def test_one_place_writes_numbers_dates_and_units() -> None:
    paths = [path for room in ("cmdb", "app", "ui") for path in sorted((ROOT / room).rglob("*.py")) if path != FORMATS]
    # The sample's spreadsheets are written as people write them, of every country.
    paths = [path for path in paths if "sample" not in path.parts]
    assert {str(p): lines for p in paths if (lines := written_by_hand(p.read_text("utf-8")))} == {}


def test_a_number_written_by_hand_is_seen() -> None:
    assert written_by_hand("f'{count:,} rows'")
    assert written_by_hand("day.strftime('%d %b %Y')")
    assert written_by_hand("QLocale().toString(day)")
    assert written_by_hand("f'{size:.1f} GB'")
    assert not written_by_hand("f'{uid:08x} {day:%Y-%m-%d}'")
