"""Every text that a person reads is a template: no literal is shown unmarked.

What the walks in the pseudo-locale see from outside (``tests/ui/test_pseudo_locale.py`` and
``tests/app/cli/test_pseudo_locale.py``), these rules see in the code.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Collection, Iterator

from cmdb.licences import labels
from cmdb.model.resources import RESOURCES
from tests.programs import nodes, tree
from tests.texts_in_programs import TEXTS, called, lettered, room_programs, templates_of, violations

# -- what is handed to where it is shown ------------------------------------------------------------------------------

#: Calls whose arguments are shown, and the places of those arguments. Whatever has letters is a text there.
SINKS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys((
        "setText", "setPlainText", "setToolTip", "setStatusTip", "setPlaceholderText", "setWindowTitle", "setTitle",
        "setAccessibleName", "setAccessibleDescription", "setInformativeText", "setSuffix", "setPrefix", "setLabelText",
        "addItem", "addMenu", "addSection", "addTab", "showMessage", "toast", "say",
        "QLabel", "QAction", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QMenu",
        "Text", "Heading", "SectionLabel", "ElidedText", "Pill", "Card", "Tile", "PushButton", "Button",
        "PrimaryButton", "LinkButton", "MenuButton",
    ), (0,)),
    "addAction": (0, 1), "insertItem": (1,), "setTabText": (1,), "setTabToolTip": (1,),
    "EmptyState": (2, 3), "InlineMessage": (1,), "IconButton": (2,), "print": tuple(range(9)), "write": (0,),
    **dict.fromkeys((
        "UserError", "InvalidValue", "SchemaError", "QueryError", "NotFound", "Ambiguous", "Conflict", "Irreversible",
        "FileProblem", "StoreProblem",
    ), (0, 1)),
}  # fmt: skip

#: Keywords of those calls whose values are shown.
_SHOWN = {"text", "title", "hint", "tooltip", "note", "details"}


def shown_unmarked(program: str) -> set[str]:
    """Words that are handed to a widget, to the person at the command line or to an error without being a template."""
    found = set()
    for node in nodes(program):
        if isinstance(node, ast.Call) and (places := SINKS.get(called(node))):
            if called(node) == "write" and not isinstance(node.func, ast.Name):
                continue  # that of a file; the command line's own is a function
            given = [one for place, one in enumerate(node.args) if place in places]
            given += [one.value for one in node.keywords if one.arg in _SHOWN]
            found.update(f"line {one.lineno}: {ast.unparse(one)[:60]}" for one in given if lettered(one))
    return found


# -- other literals that were never marked -----------------------------------------------------------------------------

#: A literal that looks like something to read: two words, or one that begins with a capital letter.
_READ = re.compile(r"[A-Za-z]{2,}[,.:;…]? +[A-Za-z]|^[A-Z][a-z]{2,}\b|[a-z]…$")

#: What looks like it and isn't: keys, style sheets, SQL, patterns of files and dates, accessible paths.
_NO_TEXT = re.compile(
    r"((Ctrl|Shift|Alt|Meta)\+)*"  # a sequence of keys
    r"(Ctrl|Shift|Alt|Meta|Esc|Return|Enter|Space|Del|Delete|Backspace|Tab|Home|End|PgUp|PgDown|Left|Right|Up"
    r"|Down|F\d+|[A-Z\d\[\]+=,-]?)$"
    r"|[^{]*\{[^{}]*:[^{}]*[;}]|[\w-]+: [^;]+;"  # a style sheet
    r"|Q[A-Z][a-z]\w+$|d{1,4} M{1,4}( y+)?$"
    r"|.* ([=<>]+|within) $"  # the beginning of a comparison in a query
    r"| (and|or)( not)? \($"  # the middle of one
    r"|(not )?([a-z_.]+ )?is (not )?empty$|.*\bphase = \w+"  # conditions of a query
    r"| ?or [a-z_]+ is empty(\) and )?$|and [a-z_]+ [<>=]$"
    r"|(Terrier|Python|Harbour Works)$"  # names of programs, and of the example's organisation
    r"|(Windows|Mac) (\d+|Roman)$"  # names of encodings
    r"|(Calibri|Consolas)$"  # names of fonts
    r"| ?\[--|([a-z][\w-]* )*[A-Z]{2,}(\.\.\.)?( (\[.*|[A-Z|=.]{2,}))*$"  # the usage of a command: "decide ID CHOICE"
    r"|Terrier id$"  # the header of a hidden column, the same in every language
    r"|General$"  # a format of numbers
    r"|(Standard Edition 2|Windows Server|LXC|Windows)$",  # names of products
    re.DOTALL,
)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>?")

#: SQL: its words are written in capital letters, and a statement has more of it than words.
_SQL = re.compile(
    r"^\W*(SELECT|INSERT INTO|DELETE FROM|CREATE|DROP|ALTER|PRAGMA|UPDATE|WHERE|FROM|ORDER BY|GROUP BY|HAVING|UNION"
    r"|VALUES|WITH|ATTACH|DETACH|BEGIN|LOCK TABLE|SHOW|SET|AS|IN|OR|AND|ON|LIKE|EXISTS|NOT|JOIN|LEFT JOIN|VACUUM)\b"
    r"|\b(SELECT|FROM|WHERE|IS NOT NULL|IS NULL|ORDER BY|GROUP BY|LIKE|REPEATABLE READ|MATERIALIZED|PRIMARY KEY)\b"
    r"|[=<>?)] (AND|OR) |\bIN \(|\w\.\w+ (AS|IN|ON|AND|OR|[<>=])"
)

#: Calls whose literals nobody reads.
_UNREAD = {
    "setObjectName", "property", "findChild", "findChildren", "RuntimeError", "ValueError", "TypeError",
    "AssertionError", "ArithmeticError", "KeyError", "NotImplementedError", "LookupError", "getattr",
    "setattr", "hasattr", "fullmatch", "startswith", "removeprefix", "rows_among", "DatabaseError", "TypeVar",
    "NewType", "cast", "encode", "decode", "fromString", "strptime", "strftime",
}  # fmt: skip

#: Arguments whose literals are the same in every language: what tells questions of one page apart, and what is typed
#: on the command line.
_AS_TYPED = {"key", "example", "before", "command", "sheets"}

#: Constants and functions whose literals only look like something to read, by file, and what they are.
NO_TEXT_PARTS = {
    "app/audits/scanning.py": dict.fromkeys(("BROKEN",), "stored values of the condition"),
    "app/audits/scanned_commands.py": {"_CONDITIONS": "stored values"},
    "app/codes/code_lists.py": {"_HEADERS": "headers that people write"},
    "cmdb/model/audits.py": dict.fromkeys(("IN_PROGRESS", "FINISHED", "ACCEPTED", "DROPPED"), "stored states"),
    "ui/pages/audits/new_audit_sheet.py": {"_HOLDERS": "a condition in the language of filters"},
    "app/fact_rules.py": dict.fromkeys(("without",), "a condition in the language of filters"),
    "app/preferences.py": {
        "_fonts": "the name of a font", "_languages": "what a language calls itself",
        "LOCALES": "what locales call themselves",
    },
    "cmdb/model/values.py": {
        "_KEPT_ANSWERS": "yes and no as the register keeps them in a text", "_FALSE": "what people write for no",
        "_TRUE": "what people write for yes",
    },
    "cmdb/model/date_texts.py": {"_MONTHS": "names of months in several languages"},
    "cmdb/model/person_names.py": dict.fromkeys(("_NOBODY", "_NO_PERSON", "_UNFILLED"), "what people write for nobody"),
    "cmdb/model/group_names.py": {"_WHOLE": "what people call teams and departments"},
    "cmdb/model/currencies.py": dict.fromkeys(("_TWO",), "codes of ISO 4217"),
    "cmdb/model/declarations.py": {"Attribute": "a word of the schema, which is translated when it is loaded"},
    "cmdb/reconciliation/related_rows.py": {"_NOBODY": "names that operating systems give to accounts"},
    "cmdb/model/units.py": {"_UNITS": "units as people write them"},
    "importers/cyclonedx.py": {"_example": "an example of a list"},
    "importers/spdx.py": {"_example": "an example of a list"},
    "importers/discovery/collector.py": dict.fromkeys(("TIMED_OUT", "NOT_PERMITTED"), "collector_words words them"),
    "app/signatures/ssh_signature.py": {"_END": "a line of OpenSSH's format"},
    "importers/discovery/edid.py": {"MAKERS": "names of manufacturers"},
    "importers/discovery/firmware.py": dict.fromkeys(("CHASSIS", "_FIRMWARE"), "values of the inventory format"),
    "importers/discovery/inventory_document.py": {"completed": "values of the inventory format"},
    "importers/discovery/smbios.py": dict.fromkeys(
        ("_FORMS", "_module"), "values of the inventory format"
    ),
    "importers/tables/example.py": {"write_example": "an example of an export"},
    "importers/inventory/computers.py": {
        **dict.fromkeys(("_DESKTOPS", "_DISK_TYPES", "_LAPTOPS", "_SERVERS"), "values of the inventory format"),
        "_monitors": "the name of a monitor that has none, kept in the register",
    },
    "importers/lldp/importer.py": {"reading_of": "a value of the inventory format"},
    "importers/lshw/importer.py": {"_example": "an example of what lshw writes"},
    "importers/osquery/importer.py": {"_example": "an example of results of osquery"},
    "importers/dmidecode/importer.py": {"_example": "an example of what dmidecode prints"},
    "importers/inventory/importer.py": {"_example": "an example of the inventory format"},
    "importers/inventory/record_document.py": dict.fromkeys(
        ("CHASSIS", "VIRTUAL", "record_document"), "values of the inventory format"
    ),
    "importers/software_lists/readings.py": {"inventory": "values of the inventory format"},
    "importers/inventory/software.py": {"_UPDATES": "a pattern of the names of updates"},
    "importers/spreadsheets/columns/classes.py": dict.fromkeys(
        ("_CLASS_HEADERS", "_LOOSE_HEADERS"), "headers that other programs write"
    ),
    "importers/spreadsheets/meaning/purchases.py": dict.fromkeys(("_ARTICLES", "_KINDS"), "headers that people write"),
    "importers/spreadsheets/meaning/neighbours.py": dict.fromkeys(
        ("_GEOGRAPHY", "_REGIONS", "_ITEM_NAMES", "_LOGINS", "_NO_HOLDER_WORDS", "_MODEL_NUMBERS", "_LICENCE_WORDS"),
        "headers that people write",
    ),
    "importers/spreadsheets/files/compound_file.py": {"_Compound": "for those who read the traces of faults"},
    "importers/spreadsheets/records/event_rows.py": {
        **dict.fromkeys(("_OUT", "_BACK"), "what other programs call events"),
        "_WHEN": "an attribute that reads times and is not shown",
    },
    "importers/spreadsheets/files/xls_details.py": {"details_of": "names of streams in the format"},
    "importers/spreadsheets/cells/words_for_none.py": {
        "PLACEHOLDERS": "what people write for nothing", "DITTO": "words for what the cell above says",
    },
    "importers/spreadsheets/cells/date_cells.py": {"_NEVER": "what people write for no date"},
    "importers/spreadsheets/columns/fields.py": dict.fromkeys(
        ("INSTALLATION", "RELATIONSHIP", "ASSIGNMENT", "EVENT", "_WORDS"), "headers that other programs write"
    ),
    "importers/spreadsheets/sheets/marks.py": {"MARKS_SHEET": "the name of a hidden sheet, by which it is known again"},
    "importers/spreadsheets/sheets/row_kinds.py": dict.fromkeys(
        ("_SURE", "_AMOUNTS", "_STARTS"), "words that people write below their tables"
    ),
    "importers/spreadsheets/records/section_sheets.py": dict.fromkeys(
        ("_RECORD_WORDS", "_CLASS_WORDS"), "headers that other programs write"
    ),
    "importers/tables/cells.py": {"RECORD_HEADER": "a column by which rows are known again"},
}  # fmt: skip


def unmarked(program: str, parts: Collection[str] = ()) -> set[str]:
    """The literals of a program that look like something to read and are no template.

    The constants, functions and classes of the module that are named in ``parts`` are left out.
    """
    looked_at = nodes(program)
    if parts:
        looked_at = tuple(node for one in tree(program).body if _name_of(one) not in parts for node in ast.walk(one))
    skipped: set[int] = set()
    for node in looked_at:
        for child in _unread(node):
            skipped.update(id(one) for one in ast.walk(child))
    found = set()
    for node in looked_at:
        literal = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        words = _TAG.sub("", literal).strip() if isinstance(literal, str) and "<" in literal else literal
        if isinstance(words, str) and _READ.search(words) and not _is_no_text(words):
            found.add(f"line {node.lineno}: {words[:60]!r}")
    return found


def _name_of(node: ast.stmt) -> str:
    """The name that a statement of a module defines."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", node)
    return str(getattr(target, "id", getattr(target, "name", "")))


#: Ids of the licence engine, by which the words that are shown are found: metrics, facts, rights, constants.
_IDS = frozenset(
    {"licence condition"}  # the kind of a decision
    | {*labels.METRICS, *labels.FACTS, *labels.RIGHTS, *labels.EXCEPTIONS}
    | {one["name"] for one in tomllib.loads((RESOURCES / "licensing" / "metrics.toml").read_text("utf-8"))["constant"]}
)


def _is_no_text(literal: str) -> bool:
    return literal in _IDS or bool(_NO_TEXT.match(literal) or _SQL.search(literal))


def _is_constant(node: ast.expr) -> bool:
    """Whether it is a literal, or several of them."""
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.Tuple | ast.Set | ast.List) and all(map(_is_constant, node.elts))
    )


def _keys(node: ast.expr) -> Iterator[ast.expr]:
    """The literals by which something is looked up, or which name types."""
    if isinstance(node, ast.Constant):
        yield node
    for inside in getattr(node, "elts", ()) if isinstance(node, ast.Tuple | ast.List) else ():
        yield from _keys(inside)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from (*_keys(node.left), *_keys(node.right))


def _of_log(called: ast.expr) -> bool:
    """Whether a method of a module's logger is called."""
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "_log"


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node whose literals are marked, or are for nobody to read."""
    if isinstance(node, ast.Call):
        name = called(node)
        if name in TEXTS:
            yield from templates_of(node)
        elif name in _UNREAD or _of_log(node.func):
            yield node
        elif name in ("get", "setProperty") and node.args:
            yield node.args[0]  # what is looked up by
        elif name == "compile" and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re":
            yield node
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node  # a docstring
    elif isinstance(node, ast.AnnAssign) or (isinstance(node, ast.arg) and node.annotation):
        yield node.annotation
    elif isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    elif isinstance(node, ast.MatchValue):
        yield node
    elif isinstance(node, ast.Compare):
        yield from filter(_is_constant, (node.left, *node.comparators))
    elif isinstance(node, ast.Subscript):
        yield from _keys(node.slice)
    elif isinstance(node, ast.ClassDef) and [getattr(base, "id", "") for base in node.bases] == ["StrEnum"]:
        yield from (one.value for one in node.body if isinstance(one, ast.Assign))  # values, not words
    elif isinstance(node, ast.Assert) and node.msg:
        yield node.msg
    elif isinstance(node, ast.Dict):
        yield from filter(None, node.keys)  # ids that texts are found by
    elif isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["__all__"]:
        yield node.value  # names of a module
    elif isinstance(node, ast.keyword) and node.arg in _AS_TYPED:
        yield from (node.value,)


#: Files and folders whose literals only look like something to read, and what they are.
NO_TEXTS = {
    "ui/interface_font.py": "names of fonts, and of functions of fontconfig",
    "ui/theme.py": "the name of Qt's style",
    "ui/tour/guide.py": "what is wrong with the program, for who develops it",
    "ui/tour/stops.py": "checks of the program, for who develops it",
    "ui/tour/import_stops.py": "checks of the program, for who develops it",
    "ui/tour/question_stops.py": "checks of the program, for who develops it",
    "app/sample/": "the example's data, which is in one language as every estate's is",
    "app/translations.py": "what is wrong with a translation, for who translates",
    "app/verb_tables.py": "tables of the documentation",
    "app/foreign_table_list.py": "a table of the documentation",
    "app/other_name_table.py": "a table of the documentation",
    "cmdb/licences/engine/missing_facts.py": "what the rules are about, for who develops them",
    "importers/agent_xml/computer_inventory.py": "values of the inventory format",
    "importers/agent_xml/network_inventory.py": "values of the inventory format",
    "importers/inventory/written_days.py": "names of months as agents write them",
    "importers/captures/macos/": "values of the inventory format, and words of macOS",
    "importers/captures/windows/": "values of the inventory format, and words of Windows",
    "importers/dmidecode/hardware.py": "values of the inventory format, and what dmidecode calls them",
    "importers/dmidecode/structures.py": "what dmidecode calls things",
    "importers/facter/facts.py": "values of the inventory format, and what Facter calls them",
    "importers/lldp/neighbour_texts.py": "what lldpctl calls things",
    "importers/lshw/hardware.py": "values of the inventory format, and what lshw calls them",
    "importers/osquery/machine.py": "values of the inventory format, and what osquery calls them",
    "importers/osquery/tables.py": "what osquery calls things",
    "importers/discovery/windows/": "names that Windows gives",
    "importers/discovery/linux/": "values of the inventory format, and words of the machine's own files",
    "importers/inventory/constraints.py": "the rules of the inventory format, for who develops an agent",
    "cmdb/reconciliation/match_rules.py": "tables of the documentation",
    "cmdb/reconciliation/rule_tables.py": "tables of the documentation",
    "cmdb/reconciliation/weights.py": "tables of the documentation",
    "cmdb/store/upkeep/migrations/": "SQL",
    "cmdb/store/reading/later_days.py": "SQL",
    "cmdb/store/rows/search_index.py": "SQL",
    "cmdb/store/rows/canonical_rows.py": "SQL",
    "cmdb/store/upkeep/database_layout.py": "SQL",
}


def test_nothing_is_shown_unmarked() -> None:
    assert violations(shown_unmarked) == {}


def test_nothing_to_read_is_unmarked() -> None:
    programs = {name: program for name, program in room_programs().items() if not name.startswith(tuple(NO_TEXTS))}
    found = {name: unmarked(program, NO_TEXT_PARTS.get(name, ())) for name, program in programs.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_every_exemption_is_needed() -> None:
    programs = room_programs()
    assert [name for name in NO_TEXTS if not any(path.startswith(name) for path in programs)] == []
    for name, parts in NO_TEXT_PARTS.items():
        unneeded = [
            one for one in parts if unmarked(programs[name], {*parts} - {one}) == unmarked(programs[name], parts)
        ]
        assert unneeded == [], name


def _planted(*programs: str) -> None:
    """Every one of the programs breaks a rule that it broke unseen before."""
    assert [one for one in programs if not unmarked(one) | shown_unmarked(one)] == []


def test_whatever_is_handed_to_a_widget_is_seen() -> None:
    _planted(
        "label.setText(f'{n} rows')",
        "label.setText(f\"{n} row{'s' if n != 1 else ''}\")",
        "label.setText('No')",
        "print('none')",
        "print('LICENCES')",
        "label.setText('(' + str(n) + ' left)')",
        "label.setText(('One row', 'Many rows')[n > 1])",
        "label.setText('more' if n > 1 else 'less')",
        "label.setText(name or 'nameless')",
        "label.setToolTip('now')",
        "label.setAccessibleDescription('{} rows'.format(n))",
        "QLabel('ready')",
        "Button('now', self._save)",
        "menu.addAction('copy')",
        "shell.toast('done', tone='good')",
        "message.say('done')",
        "write('3 rows')",
        "raise NotFound('nothing there')",
        "raise FileProblem(f'{path} is empty')",
        "problem = NotFound(words, details='no words')",
    )
    assert not shown_unmarked("label.setText(tr('Open'))\nlabel.setText('– · 3')\nfile.write('a b')\nprint(text)")


def test_words_that_look_like_keys_queries_or_commands_are_seen() -> None:
    _planted(
        *(
            f"words = {text!r}"
            for text in (
                "Enter a new name", "End of support", "Home address", "Return the laptop", "Space is left on the disk",
                "Save as PDF", "Save the list as CSV", "The estate is empty.", "Nothing was saved; the reason: that",
                "<b>Open the file</b>", "This OR that", "Delete it",
            )
        )
    )  # fmt: skip


def test_words_are_seen_wherever_they_stand() -> None:
    _planted(
        "words = ('One row', 'Many rows')[n > 1]",
        "wide = len('Many rows of it') > n",
        "found = form.field('Serial number')",
        "found = self.icon('Serial number')",
        "found = self.compile('Serial number')",
        "field.setProperty('placeholderText', 'Type a name')",
    )


def test_an_unmarked_literal_is_seen() -> None:
    assert unmarked("label.setText('Open')")
    assert unmarked("label.setText(f'{count} rows are left')")
    assert unmarked("TITLE = 'Installed software'")
    assert unmarked("print('Records of the estate')\nprint('ITEM is open')\nprint('No <FILE> was found')")
    assert not unmarked("print('decide ID CHOICE', 'RECORD... [FIELD=VALUE...]', ' [--db FILE|URL] ...')")
    assert not unmarked("label.setText(tr('Open'))\nlabel.setObjectName('Open it')\nkey = 'Ctrl+Shift+O'")
