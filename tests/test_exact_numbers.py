"""No number of the register is a float: who handles values doesn't make floats of them."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.programs import nodes

ROOT = Path(__file__).resolve().parent.parent

#: Modules by which one gets values of the register.
VALUES = ("cmdb.model.values", "cmdb.model.records", "cmdb.model.money", "cmdb.model.number_texts")

#: File → functions that may call ``float``, and why.
ALLOWED = {
    "cmdb/model/number_texts.py": {"_is_noise": "it asks which decimal a double stands for"},
    "cmdb/store/reading/filter_compiler.py": {"_compare": "SQLite compares the numbers of its JSON as doubles"},
    "cmdb/store/writing/uniqueness.py": {"_key": "SQLite has the numbers of its JSON as doubles"},
    "importers/spreadsheets/cells/number_cells.py": {
        "_size": "amounts of memory, not values yet", "_amount": "it asks which decimal a double stands for",
        "_larger_unit": "a number is compared with a limit",
    },
    "importers/spreadsheets/cells/date_cells.py": {"_day": "the number of a day"},
    "importers/tables/cells.py": {"fits_number_cell": "a spreadsheet's cell is a double: does it hold the number?"},
    "app/reports/compliance_workbook.py": {"_number": "a constant of a licence rule, no value"},
}  # fmt: skip


def floats(program: str) -> set[str]:
    """The functions of a program that get values of the register, which call ``float``."""
    if "float" not in program:
        return set()  # most programs need not be parsed
    imports = [n for n in nodes(program) if isinstance(n, ast.ImportFrom)]
    modules = {n.module for n in imports} | {f"{n.module}.{one.name}" for n in imports for one in n.names}
    if not modules & set(VALUES):
        return set()
    functions = [n for n in nodes(program) if isinstance(n, ast.FunctionDef)]
    return {
        function.name
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    }


def test_nobody_makes_floats_of_values() -> None:
    found = {}
    for folder in ("cmdb", "importers", "app", "ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if broken := floats(path.read_text("utf-8")) - ALLOWED.get(name, {}).keys():
                found[name] = broken
    assert found == {}


def test_every_exception_is_needed() -> None:
    for name, functions in ALLOWED.items():
        assert functions.keys() <= floats((ROOT / name).read_text("utf-8")), name


def test_a_float_of_a_value_is_seen() -> None:
    planted = "from cmdb.model.records import CI\n\ndef cost(one: CI) -> float:\n    return float(one.values['cost'])\n"
    assert floats(planted) == {"cost"}
    assert floats(planted.replace("cmdb.model.records", "cmdb.graph.arrays")) == set()
