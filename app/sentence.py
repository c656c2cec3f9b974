"""Sentences whose values still stand apart, so that whoever shows one writes numbers as its readers do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmdb.model.formats import Amount as Amount
from cmdb.model.formats import shown


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with the names of its values in braces. ``str`` writes them as English does."""

    template: str
    values: Mapping[str, str | int | Amount] = field(default_factory=dict)

    def __str__(self) -> str:
        written = {name: shown(value) for name, value in self.values.items()}
        return self.template.format_map(written)


def plural(number: int, one: str, many: str = "") -> str:
    """The noun that goes with a number: "member", "members"; ``many`` where an s is not enough."""
    return one if number == 1 else many or f"{one}s"
