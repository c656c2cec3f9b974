"""The parts of the documentation that are made from the program: ``python -m app.documents`` writes them anew.

A generated part is between ``<!-- made: NAME -->`` and ``<!-- end -->``. A test fails if one is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from app import foreign_table_list, other_name_table, verb_tables
from cmdb.reconciliation import rule_tables

FOLDER = Path(__file__).resolve().parent.parent / "docs"

#: What can be made, by name.
PARTS: dict[str, Callable[[], str]] = {
    "machine weights": rule_tables.machine_weights,
    "machine outcomes": rule_tables.machine_outcomes,
    "person weights": rule_tables.person_weights,
    "foreign tables": foreign_table_list.known_tables,
    "other names": other_name_table.other_names,
    "verbs": verb_tables.verb_table,
    "verb fields": verb_tables.field_table,
}
_PART = re.compile(r"(<!-- made: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def made(text: str) -> str:
    """A document's text with its parts generated anew. Raises KeyError for an unknown part."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", text)


def main() -> None:
    """Writes every document's parts anew."""
    for path in sorted(FOLDER.glob("**/*.md")):
        text = path.read_text("utf-8")
        if (new := made(text)) != text:
            path.write_text(new, "utf-8")


if __name__ == "__main__":
    main()
