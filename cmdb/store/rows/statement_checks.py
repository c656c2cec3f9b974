"""Checks statements about records of a class before they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cmdb.model.characters import unseen
from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.messages import Message
from cmdb.model.money import is_amount
from cmdb.model.schema import Schema
from cmdb.model.values import MAX_TEXT, check
from cmdb.store.rows.codec import EVIDENCE

#: Types whose values are equal only where they are the same.
_PLAIN = {str, int, bool, Decimal}


class Checker:
    """Validates statements about CIs of one class. Prepared once, because it checks every value written."""

    def __init__(self, schema: Schema, cls: str, *, clean: bool = False) -> None:
        """``clean`` refuses texts with characters that nobody sees, which an old estate may hold."""
        found = schema.cls(cls)
        self._clean = clean
        if found.abstract:
            raise SchemaError(
                Message("{cls} is a group of classes: a record needs one of its classes.", cls=found.label)
            )
        self.label = found.label
        self.attributes = found.attributes
        self.references = tuple(a.name for a in found.attributes.values() if a.type == "reference")
        self.targets = {a.name: a.targets for a in found.attributes.values() if a.type == "reference"}
        self.required = tuple(a.name for a in found.attributes.values() if a.required)
        self._texts = frozenset(a.name for a in found.attributes.values() if a.type in ("text", "reference"))
        self._amounts = frozenset(a.name for a in found.attributes.values() if a.type == "money")
        self._choices = {
            a.name: frozenset(c.value for c in a.choices) for a in found.attributes.values() if a.type == "choice"
        }

    def check_names(self, names: Iterable[str]) -> None:
        """Raises InvalidValue for a name that is not an attribute of the class and not evidence."""
        for name in names:
            if name not in self.attributes and not name.startswith(EVIDENCE):
                raise InvalidValue(Message("{label} has no attribute “{name}”.", label=self.label, name=name))

    def check(self, values: Mapping[str, Any]) -> None:
        """Raises InvalidValue for an attribute the class lacks or a value that is not canonical."""
        texts, choices = self._texts, self._choices
        for name, value in values.items():
            if name in texts:
                if type(value) is str and 0 < len(value) < MAX_TEXT:
                    continue
            elif name in choices:
                if type(value) is str and value in choices[name]:
                    continue
            elif name in self._amounts:
                if type(value) is Decimal and value.is_finite() and value and is_amount(value):
                    continue
            elif name not in self.attributes:
                raise InvalidValue(Message("{label} has no attribute “{name}”.", label=self.label, name=name))
            check(self.attributes[name], value)
        if self._clean:
            said = "".join([value for value in values.values() if type(value) is str])
            if not (said.isascii() and said.isprintable()):  # nearly never
                self._refuse_unseen(values)

    def check_column(self, name: str, column: Sequence[Any]) -> None:
        """As ``check``, of the values of one attribute of many records, where None is no value: each value once."""
        kinds = set(map(type, column)) - {type(None)}
        once = len(kinds) == 1 and kinds <= _PLAIN
        values: Collection[Any] = {*column} - {None} if once else [value for value in column if value is not None]
        if kinds == {str} and name in self._texts and min(map(len, values)) > 0 and max(map(len, values)) < MAX_TEXT:
            said = "".join(values)
            if not self._clean or (said.isascii() and said.isprintable()):
                return
        for value in values:
            self.check({name: value})

    def _refuse_unseen(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if isinstance(value, str) and (codes := unseen(value)):
                label = self.attributes[name].label
                raise InvalidValue(
                    Message("{attribute} has characters that nobody sees: {codes}.", attribute=label, codes=codes)
                )

    def check_complete(self, values: Mapping[str, Any]) -> None:
        """Raises InvalidValue if a required attribute is absent."""
        for name in self.required:
            if name not in values:
                label = self.attributes[name].label
                raise InvalidValue(Message("{cls} needs {attribute}.", cls=self.label, attribute=label))


class Checkers:
    """The checkers of the classes of a revision's records, each prepared when it is first asked for."""

    def __init__(self, schema: Schema, *, clean: bool) -> None:
        self._schema, self._clean = schema, clean
        self._made: dict[str, Checker] = {}

    def of(self, cls: str) -> Checker:
        """The checker of a class. Raises SchemaError for one that is there for others only."""
        found = self._made.get(cls)
        if found is None:
            found = self._made[cls] = Checker(self._schema, cls, clean=self._clean)
        return found
