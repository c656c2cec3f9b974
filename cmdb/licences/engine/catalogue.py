"""The software catalogue: which product an installer's name means, and what the licence engine must know of it.

Read from ``resources/software/*.toml``. A name that no entry fits stays itself: its position is still counted where
somebody bought it, and it is listed as unrecognised where nobody did. What a person said of a name comes before all
rules. Of the rules that fit, the one with the highest confidence is used; two products of one confidence are none, so
the order of rules means nothing (docs/decisions/software-recognition.md).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from cmdb.licences.engine.name_forms import AppIdentifiers, clean, maker, publisher_of, without_build, without_version
from cmdb.licences.engine.overrides import NameOverride, name_key
from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import fold


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """What is known of a product. Products that the catalogue does not list have ``listed`` False and no rules.

    Two products are one if they have the same key (and versions count for both, or neither).
    """

    key: str
    name: str
    publisher: str = ""
    listed: bool = False
    metric: str = ""
    metrics: Mapping[str, str] = field(default_factory=dict)
    edition_metrics: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    edition_required: bool = False
    edition_optional: bool = False
    versionless: bool = False
    secondary: bool = False
    ladder: tuple[str, ...] = ()
    downgrade: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    exempt: Mapping[str, str] = field(default_factory=dict)
    exempt_if: Mapping[str, str] = field(default_factory=dict)
    exempt_all: str = ""
    exempt_unless_owned: str = ""
    exempt_if_all: str = ""
    from_os: str = ""
    server: str = ""
    evidence: str = ""
    released: Mapping[str, date] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Product) and (self.key, self.versionless) == (other.key, other.versionless)

    def __hash__(self) -> int:
        return hash((self.key, self.versionless))


CERTAIN = 100
"""The confidence of a name that a person, or the catalogue, lists as a whole."""
_OF_PRODUCT, _OF_KIND = 90, 95


@dataclass(frozen=True, slots=True)
class CatalogueMatch:
    """What a name means. ``kind`` is "product", or why it is no product: update, driver, runtime, …

    ``confidence`` is that of the rule that decided, of 100; 0 where none fits. ``said``: whether a person said so.
    """

    product: Product
    edition: str
    version: str
    kind: str = "product"
    confidence: int = 0
    said: bool = False


class _Pattern(NamedTuple):
    """A pattern with its confidence, and the sources (package managers) whose names it is for; none: all."""

    pattern: re.Pattern[str]
    confidence: int
    origins: tuple[str, ...] = ()


@dataclass(slots=True)
class _Entry:
    product: Product
    prefix: str  # the first word of the publisher's name, which installers may put before the product's
    names: tuple[str, ...]  # whole names, cleaned
    match: list[_Pattern]
    editions: list[tuple[str, str]]  # word, edition; longest word first
    builds: list[tuple[str, str]]  # prefix, version; longest first
    publishers: tuple[str, ...]
    not_publishers: tuple[str, ...]
    origins: tuple[str, ...]


class Catalogue:
    """Recognises names. Answers are remembered per distinct name, so that a million rows cost what their names cost."""

    def __init__(self, given: Iterable[Mapping[str, object]]) -> None:
        documents = cast(list[Mapping[str, Any]], list(given))
        raw = [entry for document in documents for entry in document.get("product", ())]
        versions = {entry["name"]: entry.get("versions", {}) for entry in raw}
        self._entries = [_entry(e, versions) for e in raw]
        self._kinds = [
            (kind["name"], _patterns(kind["name"], kind, _OF_KIND))
            for document in documents
            for kind in document.get("kind", ())
        ]
        self._identifiers = AppIdentifiers(documents)
        self._by_name = {fold(e.product.name): e for e in self._entries}
        self._by_names = {_core(name): entry for entry in self._entries for name in entry.names}
        self._overrides: Mapping[str, NameOverride] = {}
        self._answers: dict[tuple[str, str, str, str, str], CatalogueMatch] = {}

    @classmethod
    def load(cls, folder: Path | None = None) -> Catalogue:
        """The shipped catalogue, or that of a folder. Raises SchemaError: no TOML, or a pattern that is none."""
        return cls(_documents(folder or RESOURCES / "software"))

    def with_overrides(self, overrides: Iterable[NameOverride]) -> Catalogue:
        """The same catalogue, in which names mean what people said of them."""
        found = copy(self)
        found._overrides = {one.key: one for one in overrides}
        found._answers = {}
        return found

    def products(self) -> list[Product]:
        """The products that are listed, by name."""
        return sorted((entry.product for entry in self._entries), key=lambda product: product.key)

    def editions(self, product: str) -> list[str]:
        """The editions of a listed product; none of another."""
        entry = self._by_name.get(fold(product))
        return sorted({edition for _, edition in entry.editions}) if entry else []

    def recognise(
        self, product: str, publisher: str = "", edition: str = "", version: str = "", origin: str = ""
    ) -> CatalogueMatch:
        """What a product's name, as found or bought, means."""
        question = (product, publisher, edition, version, origin)
        answer = self._answers.get(question)
        if answer is None:
            answer = self._answers[question] = self._recognise(*question)
        return answer

    def named(self, name: str) -> Product | None:
        """The product whose own name this is, or None."""
        entry = self._by_name.get(fold(name))
        return entry.product if entry else None

    def _recognise(self, product: str, publisher: str, edition: str, version: str, origin: str) -> CatalogueMatch:
        said = self._overrides.get(name_key(product, publisher, version)) if self._overrides else None
        if said is not None:
            return self._said(said, product, publisher, edition, version)
        form = self._identifiers.read(product)
        if form is None:
            return self._named_so(product, publisher, edition, version, origin)
        if form.kind:
            return CatalogueMatch(_unlisted(form.name, form.publisher), edition, version, form.kind, form.confidence)
        match = self._named_so(form.name, form.publisher or publisher, edition, version, origin)
        if not form.publisher or match.product.listed or match.kind != "product":
            return replace(match, confidence=min(match.confidence, form.confidence))
        if form.confidence == CERTAIN:
            return replace(match, product=_unlisted(form.name, form.publisher), confidence=CERTAIN)
        return replace(match, product=_unlisted(form.name, publisher or form.publisher))

    def _named_so(self, product: str, publisher: str, edition: str, version: str, origin: str) -> CatalogueMatch:
        name = clean(product)
        entry, certain = self._by_name.get(fold(product)), CERTAIN
        kind = ""
        if entry is None:
            entry, kind, certain = self._find(name, publisher, origin)
            plain = without_build(name)
            if not certain and plain != name:  # "LibreOffice (64-bit)", "Firefox - de-de"
                entry, kind, certain = self._find(plain, publisher, origin)
        if edition and not kind:  # "Microsoft 365" in the edition "E3" is the product Microsoft 365 E3
            whole, _, sure = self._find(f"{name} {clean(edition)}", publisher, origin)
            if whole is not None and whole is not entry:
                found = _edition_of(whole, edition)
                return CatalogueMatch(whole.product, found, _version_of(whole, name, version), confidence=sure)
        if entry is None:
            plain, own = without_version(product, version, of_product=not kind)
            if kind:
                return CatalogueMatch(_unlisted(plain, publisher), edition, version, kind, certain)
            return CatalogueMatch(_unlisted(plain, publisher), _own_edition(edition), clean(own))
        found = _edition_of(entry, edition) or _edition_of(entry, name)
        if edition and not found:
            found = _own_edition(edition)
        return CatalogueMatch(entry.product, found, _version_of(entry, name, version), confidence=certain)

    def _said(self, said: NameOverride, product: str, publisher: str, edition: str, version: str) -> CatalogueMatch:
        """What a person said that a name means. The version is that which was found."""
        if said.kind != "product":
            plain, _ = without_version(product, version, of_product=False)
            return CatalogueMatch(_unlisted(plain, publisher), edition, version, said.kind, CERTAIN, said=True)
        entry = self._by_name.get(fold(said.product))
        if entry is None:
            made_by = said.publisher or publisher
            known = self._named_so(said.product, made_by, said.edition or edition, version, "")
            if known.product.listed:  # a product of the register, as it was bought: "AutoCAD 2025"
                return replace(known, confidence=CERTAIN, said=True)
            _, own = without_version(product, version)
            own_product = _unlisted(said.product, made_by)
            return CatalogueMatch(own_product, said.edition or edition, clean(own), confidence=CERTAIN, said=True)
        found = said.edition or _edition_of(entry, edition) or _edition_of(entry, clean(product))
        dated = _version_of(entry, clean(product), version)
        return CatalogueMatch(entry.product, found, dated, confidence=CERTAIN, said=True)

    def _find(self, name: str, publisher: str, origin: str) -> tuple[_Entry | None, str, int]:
        """The entry that a name fits, or the kind of what is no product, with the confidence; else nothing."""
        listed = self._listed(name)
        if listed is not None:
            return listed, "", CERTAIN
        sure, kind = 0, ""
        for other, patterns in self._kinds:
            confidence = _confidence(patterns, name, name, origin)
            if confidence and (confidence, other) > (sure, kind):
                sure, kind = confidence, other
        fitting: list[_Entry] = []
        said = fold(publisher)
        for entry in self._entries:
            confidence = self._fits(entry, name, said, origin)
            if confidence > sure:
                sure, kind, fitting = confidence, "", [entry]
            elif fitting and confidence == sure:
                fitting.append(entry)
        if not fitting:
            return None, kind, sure
        return (fitting[0], "", sure) if len(fitting) == 1 else (None, "", 0)

    def _fits(self, entry: _Entry, name: str, said: str, origin: str) -> int:
        """The confidence with which a name is that of an entry, where a publisher is ``said``; 0 if it is none."""
        prefix = entry.prefix
        bare = name[len(prefix) :] if prefix and name.startswith(prefix) else name
        confidence = _confidence(entry.match, name, bare, origin, whole=True)
        if not confidence:
            return 0
        if (
            entry.publishers
            and bare is name
            and not any((said.startswith(p) if p else not said) for p in entry.publishers)
        ):
            return 0
        if any(p in said for p in entry.not_publishers) or (entry.origins and origin not in entry.origins):
            return 0
        return confidence

    def _listed(self, name: str) -> _Entry | None:
        """The entry that lists the whole name, with or without its publisher in front."""
        core = _core(name)
        found = self._by_names.get(core)
        if found is None:
            first, _, rest = core.partition(" ")
            found = self._by_names.get(rest)
            if found is not None and found.prefix != f"{first} ":
                found = None
        return found


_AT_THE_END = re.compile(
    r"(?:\s*\([^()]*\)|\s+-\s+[a-z]{2,3}(?:-[a-z0-9]{2,8})+"
    r"|\s+(?:eea|unified|fsa|existing customers?|per (?:user|seat)|users?|usl|subscription|licen[cs]es?"
    r"|seats?|annual|monthly|(?:no|without|with) teams))+$"
)


def _core(name: str) -> str:
    """A cleaned name without what follows it on price lists and in installers: brackets, the language, "per user"."""
    return _AT_THE_END.sub("", name) or name


def _confidence(patterns: list[_Pattern], name: str, bare: str, origin: str, *, whole: bool = False) -> int:
    """The highest confidence of the patterns that fit a name, or the name without its publisher in front.

    ``whole``: from the first to the last letter.
    """
    best = 0
    for pattern, confidence, origins in patterns:
        if confidence <= best or (origins and origin not in origins):
            continue
        if whole:
            if pattern.fullmatch(name) or (bare is not name and pattern.fullmatch(bare)):
                best = confidence
        elif pattern.search(name):
            best = confidence
    return best


def _unlisted(product: str, publisher: str) -> Product:
    name, publisher = " ".join(product.split()), publisher_of(publisher)
    own = maker(publisher)
    key = fold(name)
    if own and key.startswith(own + " "):
        key = key[len(own) + 1 :]
    return Product(key=key or name, name=name, publisher=publisher)


def _own_edition(edition: str) -> str:
    text = " ".join(edition.split())
    return re.sub(r"\s+edition$", "", text, flags=re.IGNORECASE) or text


def _edition_of(entry: _Entry, text: str) -> str:
    word = f" {clean(text)} "
    for alias, edition in entry.editions:
        if re.search(rf"(?<![\w-]){re.escape(alias)}(?![\w-])", word):
            return edition
    return ""


def _version_of(entry: _Entry, name: str, version: str) -> str:
    if entry.product.versionless:
        return ""
    known = entry.product.released
    for text in (clean(version), name):
        match = re.search(r"\b(\d{4}|xp|vista|\d\.\d|\d{1,2})( r2)?\b", text) if known else None
        for candidate in (match.group(0), match.group(1)) if match else ():
            spelled = candidate.replace("r2", "R2")
            if spelled in known and (text is name or re.fullmatch(r"v?" + re.escape(candidate) + r"( .*)?", text)):
                return spelled
    plain = clean(version)
    year = re.search(r"\b(19|20)\d\d\b", name)
    if not known and year:
        return year.group(0)
    for prefix, meaning in entry.builds:
        if plain.startswith(prefix):
            return meaning
    if known and plain and re.match(r"\d+\.\d", plain):
        return ""  # a build number that the catalogue cannot place says nothing of the release
    return plain


def _patterns(name: str, raw: Mapping[str, Any], usual: int) -> list[_Pattern]:
    """The patterns of a rule. One is a text, or a table with its own confidence or origins."""
    found = []
    for one in raw.get("match", ()):
        own = one if isinstance(one, Mapping) else {"pattern": one}
        try:
            pattern = re.compile(own["pattern"], re.IGNORECASE)
        except (KeyError, TypeError, re.error) as error:
            raise _broken(name, error) from error
        confidence = own.get("confidence", raw.get("confidence", usual))
        found.append(_Pattern(pattern, confidence, tuple(own.get("origins", raw.get("origins", ())))))
    return found


def _broken(name: str, error: Exception) -> SchemaError:
    return SchemaError(Message("Software catalogue, “{name}”: {reason}", name=name, reason=str(error)))


def _entry(raw: Mapping[str, Any], all_versions: Mapping[str, Mapping[str, Any]]) -> _Entry:
    values = dict(raw)
    versions = values.pop("versions", {}) or all_versions.get(values.pop("versions_of", ""), {})
    values.pop("versions_of", None)
    editions = values.pop("editions", {})
    match = values.pop("match", ())
    lists = {k: tuple(values.pop(k, ())) for k in ("names", "publishers", "not_publishers", "origins")}
    values.pop("source", None)
    for key in ("ladder", "downgrade", "components"):
        values[key] = tuple(values.get(key, ()))
    try:
        product = Product(
            key=fold(values["name"]),
            listed=True,
            released={v: d["released"] for v, d in versions.items() if "released" in d},
            **values,
        )
    except TypeError as error:
        raise _broken(str(raw.get("name")), error) from error
    patterns = _patterns(product.name, {"match": match}, _OF_PRODUCT)
    words = [(alias, edition) for edition, aliases in editions.items() for alias in {*aliases, edition.casefold()}]
    builds = [(b, v) for v, d in versions.items() for b in d.get("builds", ())]
    own = fold(product.publisher)
    return _Entry(
        product,
        own.split(" ")[0] + " " if own else "",
        lists["names"],
        patterns,
        sorted(words, key=lambda w: (-len(w[0]), w)),
        sorted(builds, key=lambda b: (-len(b[0]), b)),
        lists["publishers"],
        lists["not_publishers"],
        lists["origins"],
    )


@lru_cache(maxsize=4)
def _documents(folder: Path) -> list[Mapping[str, Any]]:
    """The catalogue's files. Cached: they are part of the program and don't change while it runs."""
    found: list[Mapping[str, Any]] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(tomllib.loads(path.read_text("utf-8")))
        except tomllib.TOMLDecodeError as error:
            raise SchemaError(
                Message("{file} is not written as TOML has it: {error}", file=path.name, error=str(error))
            ) from error
    return found


def with_publisher(product: Product, publisher: str) -> Product:
    """The same product under another publisher's name: two makers' products of one name are two."""
    return replace(product, key=f"{product.key} / {maker(publisher)}", publisher=publisher)
