"""The meaning of a word among the choices of several classes, which may have different stored values and labels."""

from __future__ import annotations

from cmdb.model.schema import Choice, Schema, fold


def values_meant(schema: Schema, root: str, name: str, word: str, *, part: bool = False) -> dict[str, tuple[str, ...]]:
    """Class → the stored values of its choices with that value or label; a matching value wins over a label.

    It covers ``root`` and its subclasses, if they have any. With ``part`` the value or label only needs to contain the
    word. Synonyms don't count.
    """
    found: dict[str, tuple[str, ...]] = {}
    known: dict[tuple[Choice, ...], tuple[str, ...]] = {}
    for cls in schema.family(root):
        attribute = schema.cls(cls).attributes.get(name)
        if attribute is None:
            continue
        if attribute.choices not in known:
            known[attribute.choices] = _called(attribute.choices, word, part=part)
        if known[attribute.choices]:
            found[cls] = known[attribute.choices]
    return found


def _called(choices: tuple[Choice, ...], word: str, *, part: bool) -> tuple[str, ...]:
    if part:
        key = word.casefold()
        return tuple(c.value for c in choices if key in c.value.casefold() or key in c.label.casefold())
    key = fold(word)
    values = tuple(c.value for c in choices if fold(c.value) == key)
    return values or tuple(c.value for c in choices if fold(c.label) == key)
