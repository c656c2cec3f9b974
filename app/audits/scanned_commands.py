"""Commands among the codes of a list, such as one that a scanner kept: they are for what is scanned after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.codes.commands import CodeCommand
from cmdb.model.audits import MOVE, SEEN
from cmdb.model.errors import InvalidValue
from cmdb.model.values import parse

if TYPE_CHECKING:
    from cmdb.model.schema import Schema

_CONDITION = "condition"
_CONDITIONS = {CodeCommand.GOOD: "Good", CodeCommand.WORN: "Worn", CodeCommand.DAMAGED: "Damaged"}
_CHOICES = {CodeCommand.MOVE: MOVE, CodeCommand.ONLY_SEEN: SEEN}


@dataclass(slots=True)
class ScannedCommands:
    """What the commands so far say of the codes after them."""

    schema: Schema
    condition: str = ""
    choice: str = ""

    def take(self, command: CodeCommand) -> None:
        """Takes a command. What is no condition and no choice says nothing of the next codes."""
        self.condition = _CONDITIONS.get(command, self.condition)
        self.choice = _CHOICES.get(command, self.choice)

    def said(self, condition: str, choice: str) -> tuple[str, str]:
        """The condition, as the schema calls it, and the choice of a code; where none was said, the commands'."""
        return self._known(condition) if condition else self.condition, choice or self.choice

    def _known(self, word: str) -> str:
        """A condition as the schema calls it; any other word as it is."""
        attribute = self.schema.every_attribute.get(_CONDITION)
        try:
            return str(parse(attribute, word)) if attribute is not None else word
        except InvalidValue:
            return word
