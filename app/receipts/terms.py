"""The terms under which things are handed over: which apply, and in which version and language they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.language import Language, current
from cmdb.model.life_cycle import phase_of
from cmdb.model.phase import Phase
from cmdb.model.schema import fold
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from datetime import date

    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

TERMS = "terms"
"""The class of terms, and the attribute by which a model names its own."""


@dataclass(frozen=True, slots=True)
class TermsInForce:
    """One text of terms: a version in a language. All texts of the same terms have a topic in common."""

    uid: str
    topic: str
    version: str
    language: str
    text: str

    @property
    def title(self) -> str:
        """The topic with the version and the language: "Laptops 2 (de)"."""
        language = f"({self.language})" if self.language else ""
        return " ".join(filter(None, (self.topic, self.version, language)))


def terms_for(reader: Reader, items: Sequence[CI], language: str, day: date) -> list[TermsInForce]:
    """The terms in force on a day for what is handed over, each topic once, in the order of the items.

    A model's own terms go before those of its class; of these the nearest class's count. Of the newest version the text
    in the language is taken, else the one in the language of Terrier, else in English, else any.
    """
    schema = reader.schema
    if TERMS not in schema.classes:
        return []
    known = [one for one in reader.all(Selection(TERMS)) if _in_force(schema, one, day.isoformat())]
    if not known:
        return []
    of_models = _topics_of_models(reader, items)
    of_classes = _topics_of_classes(schema, known)
    topics: dict[str, None] = {}
    for item in items:
        own = of_models.get(item.text("model"))
        if own is not None:
            topics[own] = None
            continue
        nearest = next((cls for cls in schema.ancestors(item.cls) if cls in of_classes), "")
        topics.update(dict.fromkeys(of_classes.get(nearest, ())))
    found = (_text([one for one in known if _topic(one) == topic], language) for topic in topics)
    return [one for one in found if one is not None]


def person_language(person: CI) -> str:
    """The language in which a person is shown terms; Terrier's where none is known."""
    return person.text("language") or current().code


def _in_force(schema: Schema, one: CI, day: str) -> bool:
    live = phase_of(schema, one.cls, one.values.get("status")) is Phase.LIVE
    return live and bool(one.text("terms_text")) and one.text("valid_from") <= day


def _topic(one: CI) -> str:
    return fold(one.text("topic") or one.name)


def _topics_of_models(reader: Reader, items: Iterable[CI]) -> Mapping[str, str]:
    """Model → the topic of its own terms."""
    models = reader.by_uid({model for one in items if (model := one.text("model"))}).values()
    named = {one.uid: terms for one in models if (terms := one.text(TERMS))}
    records = reader.by_uid(set(named.values()))
    return {model: _topic(records[terms]) for model, terms in named.items() if terms in records}


def _topics_of_classes(schema: Schema, known: Iterable[CI]) -> Mapping[str, list[str]]:
    """Class → the topics of the terms that name it."""
    found: dict[str, list[str]] = {}
    for one in known:
        for word in re.split(r"[,;\n]", one.text("applies_to")):
            cls = schema.class_of(word.strip()) if word.strip() else None
            if cls is not None and _topic(one) not in found.setdefault(cls.name, []):
                found[cls.name].append(_topic(one))
    return found


def _text(texts: Sequence[CI], language: str) -> TermsInForce | None:
    """The text of a topic in its newest version."""
    if not texts:
        return None
    newest = max(texts, key=_age)
    same = [one for one in texts if fold(one.text("version")) == fold(newest.text("version"))]
    wanted = (language, current().code, Language().code)
    chosen = max(same, key=lambda one: (_fit(one.text("language"), wanted), one.text("valid_from"), one.uid))
    values = chosen.text
    return TermsInForce(
        chosen.uid, values("topic") or chosen.name, values("version"), values("language"), values("terms_text")
    )


def _age(one: CI) -> tuple[list[tuple[int, int, str]], str]:
    """By what versions are ordered: numbers in them as numbers, then the day from which they are valid."""
    parts = re.findall(r"[0-9]+|[^0-9]+", one.text("version").casefold())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts], one.text("valid_from")


def _fit(language: str, wanted: Sequence[str]) -> int:
    """How well a language is one of those wanted, the first of which counts most; "de" fits "de-AT", too."""
    for place, one in enumerate(wanted):
        if fold(language) == fold(one):
            return 2 * (len(wanted) - place) + 1
        if fold(language).partition(" ")[0] == fold(one).partition(" ")[0]:
            return 2 * (len(wanted) - place)
    return 0
