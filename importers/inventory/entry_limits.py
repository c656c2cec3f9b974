"""How many entries an inventory may list: what a file costs in memory is bounded, whatever it says."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES
from importers.inventory.fields import Entry, mapping


def refuse_endless(content: Entry, file: str) -> None:
    """Raises FileProblem where a list, or all of them together, say more than any machine has."""
    limits, name_of_file = _limits(), file or Message("The document")
    listed = 0
    for name, part in (*content.items(), *mapping(content, "terrier").items()):
        if not isinstance(part, list):
            continue
        listed += len(part)
        most = limits["lists"].get(name, limits["list"])
        if len(part) > most:
            message = Message(
                "{file} lists {count} entries of “{section}”: no machine has more than {most}.",
                file=name_of_file, count=len(part), section=name, most=most,
            )  # fmt: skip
            raise FileProblem(message)
    if listed > limits["all"]:
        message = Message("{file} lists {count} entries: no machine has more than {most}.",
                          file=name_of_file, count=listed, most=limits["all"])  # fmt: skip
        raise FileProblem(message)


@cache
def _limits() -> dict[str, Any]:
    """Those of identification/inventory_limits.toml."""
    return tomllib.loads((RESOURCES / "identification" / "inventory_limits.toml").read_text("utf-8"))
