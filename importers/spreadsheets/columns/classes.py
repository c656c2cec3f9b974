"""Finds the class of a sheet: as the person states, by its name, by a column, or by the headers that match best."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cmdb.model.declarations import ROOT_CLASSES
from cmdb.model.messages import tr
from cmdb.model.schema import Attribute, Schema, fold
from importers.spreadsheets.columns.fields import FIELDS, fields_of
from importers.spreadsheets.columns.header_units import measures, unit_of
from importers.spreadsheets.columns.normalised_headers import plain_header, with_plain_number

#: Headers of columns that may say each row's class; only "class" is accepted without checking its values.
_CLASS_HEADERS = frozenset(
    fold(w) for w in (
        "class", "ci class", "ci type", "asset class", "asset type", "asset category", "type", "category", "kind",
        "device type", "device category", "item type", "equipment type", "hardware type", "form factor",
        "chassis type", "computer type", "contract type", "klasse", "typ", "kategorie", "geräteart", "gerätetyp",
        "type d équipement", "catégorie", "categoria", "sys class name", "role", "device role", "tipo",
        "tipo de equipo", "tipo de activo", "tipo de dispositivo", "tipo equipo", "categoría", "clase",
        "type de matériel", "type matériel", "type d appareil", "type de poste", "nature", "gerätekategorie",
        "gerätegruppe", "gerätetype", "geräteklasse", "art", "asset typ", "anlagenart", "equipment", "soort",
        "tipologia",
    )
)  # fmt: skip
_SLASH = re.compile(r"\s*[/|]\s*")
_IN_ALL = re.compile(r"[(\[]\s*(?:total|all|sum|overall|gesamt|summe)\s*[)\]]", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """An attribute that a header names, and the certainty: 0 by label, 1 by label with a unit, 2 and 3 by a synonym."""

    attribute: Attribute
    rank: int
    unit: str = ""


def find_attribute(schema: Schema, classes: tuple[str, ...], header: str) -> HeaderMatch | None:
    """The attribute that a header names in the first of ``classes`` that has it; a label anywhere before a synonym."""
    synonym: HeaderMatch | None = None
    said = unit_of(header)
    for rank, word, unit in spellings(header):
        wanted = fold(word)
        for cls in classes:
            attribute = schema.find_attribute(cls, word)
            if attribute is None or attribute.hidden or (unit and not measures(attribute, unit)):
                continue
            if said is not None and wanted == fold(said.words) and not measures(attribute, said.unit):
                continue  # "Memory (%)": signs are not compared
            if not unit and said is not None and measures(attribute, said.unit):
                unit = said.unit  # the unit is a part of the synonym: "RAM MB"
            if wanted in (fold(attribute.label), fold(attribute.name)):
                return HeaderMatch(attribute, rank, unit)
            synonym = synonym or HeaderMatch(attribute, rank + 2, unit)
    return synonym or _of_all_words(schema, classes, header)


def _of_all_words(schema: Schema, classes: tuple[str, ...], header: str) -> HeaderMatch | None:
    """The attribute that each of a header's words between slashes names: "Standort/Raum"."""
    words = [word for word in _SLASH.split(header) if word.strip()]
    found = [find_attribute(schema, classes, word) for word in words] if 1 < len(words) < _MANY_WORDS else []
    if found and found[0] is not None and all(f is not None and f.attribute is found[0].attribute for f in found):
        return HeaderMatch(found[0].attribute, 3)
    return None


_MANY_WORDS = 5


@lru_cache(maxsize=4096)
def spellings(header: str) -> tuple[tuple[int, str, str], ...]:
    """What a header may mean: rank, the words, and the unit that stands behind them, the likeliest first."""
    found = [(0, header, "")]
    plain = plain_header(header)
    unit = unit_of(header) or unit_of(plain)
    if unit is not None:
        found.append((1, unit.words, unit.unit))
        if plain_header(unit.words) != unit.words:
            found.append((1, plain_header(unit.words), unit.unit))
    bare = _BRACKETS.sub("", header)
    if bare != header and unit is None and not _IN_ALL.search(header):
        found.append((1, bare, ""))
    if plain != header:
        found.append((1, plain, ""))
    numbered = with_plain_number(header)
    if numbered != header:
        found += [(1, numbered, ""), (1, plain_header(numbered), "")]
    return tuple(found)


def known_words(schema: Schema) -> frozenset[str]:
    """All folded headers that the schema knows, to find a sheet's header row."""
    words: set[str] = set()
    for cls in schema.classes.values():
        for attribute in cls.attributes.values():
            words.update((attribute.name, attribute.label, *attribute.synonyms))
    for one in schema.relationships.values():
        words.update((one.label, one.inverse))
    for kind in FIELDS:
        for attribute in fields_of(kind):
            words.update((attribute.label, *attribute.synonyms))
    return _CLASS_HEADERS | {fold(tr("Class"))} | {fold(word) for word in words}


def class_column(schema: Schema, headers: list[str], columns: list[list[str]], cls: str) -> int:
    """The column with each row's class, or -1. ``columns`` are samples of each column's distinct values.

    Of several the one whose values name classes most. ``cls`` is the class that the person stated: the column then has
    the class of some rows, as far as it is of the same kind.
    """
    for index, header in enumerate(headers):
        if fold(header) in ("class", fold(tr("Class"))) and not schema.find_attribute(cls or "ci", header):
            return index
    best, most = -1, _NAMED
    for index, header in enumerate(headers):
        things = fold(header) in _THING_HEADERS and _name_kinds(schema, columns[index])
        if (things or _is_class_header(header)) and not (cls and is_own_label(schema, cls, header)):
            named = [class_of_words(schema, value) for value in columns[index]]
            fitting = [n for n in named if n and (not cls or schema.kin(n) == schema.kin(cls))]
            share = len(fitting) / max(1, len(named))
            if fitting and (share > most or (best < 0 and share >= most)):
                best, most = index, share
    return best


def _name_kinds(schema: Schema, values: list[str]) -> bool:
    """Whether a column of things has their kinds: nothing but words, most of which are classes: "Laptop", "Beamer"."""
    words = values and not any(letter.isdigit() for value in values for letter in value)
    return bool(words) and sum(map(bool, (find_class(schema, value) for value in values))) > _NAMED * len(values)


#: Headers of columns that may have the name of a thing, or its kind.
_THING_HEADERS = frozenset(
    map(
        fold,
        ("device", "gerät", "equipment", "equipo", "matériel", "équipement", "hardware", "artikel", "item", "asset"),
    )
)


def is_own_label(schema: Schema, cls: str, header: str) -> bool:
    """Whether a header is the label or name of an attribute that records of a class have: the kind of a product."""
    attribute = schema.find_attribute(cls, header)
    return attribute is not None and fold(header) in (fold(attribute.label), fold(attribute.name))


_NAMED = 0.6
"""The share of a column's values that must name classes."""


def kind_column(headers: list[str], columns: list[list[str]]) -> int:
    """The column called Category or the like, where rows must be of several classes and no column names them; or -1.

    Its words are few: what each means is asked.
    """
    for index, header in enumerate(headers):
        loose = fold(header) in _LOOSE_HEADERS or fold(plain_header(header)) in _LOOSE_HEADERS
        if _is_class_header(header) and not loose and 0 < len(columns[index]) <= _FEW:
            return index
    return -1


def _is_class_header(header: str) -> bool:
    return fold(header) in _CLASS_HEADERS or fold(plain_header(header)) in _CLASS_HEADERS


_LOOSE_HEADERS = frozenset((
    "type", "typ", "kind", "role", "form factor", "contract type", "klasse", "tipo", "art", "nature", "clase", "soort",
    "equipment", "tipologia",
))  # fmt: skip
_FEW = 50


def names_classes(schema: Schema, headers: list[str], columns: list[list[str]], index: int) -> bool:
    """Whether the column with each row's class is called so, and names nothing but classes."""
    return (
        index >= 0
        and fold(headers[index]) in ("class", fold(tr("Class")))
        and bool(columns[index])
        and all(find_class(schema, value) for value in columns[index])
    )


def find_class(schema: Schema, word: str) -> str:
    """The name of the class that a cell names, "" if none. The root is no answer."""
    found = schema.class_of(word) or next(filter(None, map(schema.class_of, _singulars(word))), None)
    return "" if found is None or found.name == "ci" else found.name


def _singulars(word: str) -> list[str]:
    """What a word may be the plural of: "mobile phones", "switches"."""
    word = fold(word)
    return [word[: -len(end)] + one for end, one in _PLURALS if word[_STEM:].endswith(end)]


_STEM = 2
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("e", ""))


def kind_of_thing(schema: Schema, phrase: str) -> str:
    """The class that a phrase's last words name ("Windows Server", "cmdb_ci_win_server", "Core switch"), or "".

    Words before it give the kind. If it comes first, the thing is an accessory ("Laptop bag" is not a laptop).
    """
    words = fold(phrase).split()
    for start in range(1, len(words)):
        found = find_class(schema, " ".join(words[start:]))
        if found:
            return found if not schema.classes[found].abstract else ""
    return ""


def class_of_words(schema: Schema, phrase: str) -> str:
    """The class that somebody's words for a kind of thing mean, or "": "Notebook", "IT / Laptops", "Laptops and
    Desktops" (computers). Words for accessories ("Accessories - Laptop") mean none.
    """
    if len(phrase) > _LONGEST:
        return ""
    bare = _BRACKETS.sub("", phrase)
    bare = _SIZES.sub("", bare).strip() or bare
    found = find_class(schema, phrase) or find_class(schema, bare)
    if found or _ACCESSORIES.search(bare):
        return found
    named = [find_class(schema, part) or kind_of_thing(schema, part) for part in _JOINED.split(bare)]
    if len(named) > 1 and all(named):
        common = common_ancestor(schema, named)
        return "" if common == "ci" else common
    found = kind_of_thing(schema, bare)
    if found:
        return found
    steps = [find_class(schema, part) or kind_of_thing(schema, part) for part in _STEPS.split(bare) if part.strip()]
    return next((cls for cls in reversed(steps) if cls), "") if len(steps) > 1 else ""


_SIZES = re.compile(r"""\b\d+(?:[.,]\d+)?\s*(?:"|''|”|″|-?inch(?:es)?\b|-?zoll\b|in\b)?""", re.IGNORECASE)
_LONGEST = 120
"""A longer text is a description, not a word for a class."""
_JOINED = re.compile(r"\s*(?:,|&|\+|/|\band\b|\bor\b|\bund\b|\boder\b|\bet\b|\by\b)\s*", re.IGNORECASE)
_STEPS = re.compile(r"\s*[>»›:|\\/]\s*|\s+[-–—]+\s+")
_ACCESSORIES = re.compile(
    r"\b(accessor(?:y|ies)|bags?|cases?|cables?|chargers?|adapters?|parts?|consumables?|covers?|sleeves?|stands?|arms?"
    r"|batter(?:y|ies)|toners?|licen[cs]es?|zubehör|ersatzteile?|accessoires?)\b",
    re.IGNORECASE,
)


def class_of_name(schema: Schema, name: str) -> tuple[str, bool]:
    """The class that a sheet's or file's name contains, and whether the name contains nothing else."""
    words = [w for w in fold(name).split() if not w.isdigit()]
    whole = find_class(schema, " ".join(words))
    if whole:
        return whole, True
    for length in range(len(words) - 1, 0, -1):
        spans = (" ".join(words[i : i + length]) for i in range(len(words) - length + 1))
        found = {c for span in spans if (c := find_class(schema, span))}
        if found:
            return (found.pop(), False) if len(found) == 1 else ("", False)
    return "", False


def score(schema: Schema, cls: str, headers: list[str]) -> int:
    """The number of different attributes of a class that the headers name."""
    return len({f.attribute.name for h in headers if h and (f := find_attribute(schema, (cls,), h))})


def best_class(schema: Schema, headers: list[str], within: str = "ci") -> tuple[str, int]:
    """The most general class whose attributes match the headers best, and the number of matches."""
    best, best_score = "", 0
    for one in schema.tree(within):
        fitting = score(schema, one.name, headers)
        if fitting > best_score:
            best, best_score = one.name, fitting
    return best, best_score


def best_of_roots(schema: Schema, headers: list[str]) -> tuple[str, int]:
    """The best class of items; one of work where that matches more headers than every class of items does.

    Headers that all work has are of the class that is declared first: of plain tasks.
    """
    best, fitting = best_class(schema, headers)
    for root in ROOT_CLASSES[1:]:
        found, matches = best_class(schema, headers, root)
        if matches > max(fitting, _WORK_LEAST):
            concrete = (one.name for one in schema.tree(found) if not one.abstract)
            best, fitting = next(concrete, found), matches
    return best, fitting


_WORK_LEAST = 2
"""Work is not taken for what a sheet is of with so few headers: number, name and owner may be of anything."""


def common_ancestor(schema: Schema, classes: list[str]) -> str:
    """The nearest class that all of them are."""
    chains = [schema.ancestors(c) for c in classes]
    return next((c for c in chains[0] if all(c in chain for chain in chains)), "ci") if chains else "ci"
