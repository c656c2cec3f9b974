"""The software catalogue: which product an installer's name means, and what the licence engine must know of it.

Read from ``resources/software/*.toml``. A name that no entry fits stays itself: its position is still counted where
somebody bought it, and it is listed as unrecognised where nobody did.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

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


@dataclass(frozen=True, slots=True)
class CatalogueMatch:
    """What a name means. ``kind`` is "product", or why it is no product: update, driver, runtime, …"""

    product: Product
    edition: str
    version: str
    kind: str = "product"


@dataclass(slots=True)
class _Entry:
    product: Product
    prefix: str  # the first word of the publisher's name, which installers may put before the product's
    names: tuple[str, ...]  # whole names, cleaned
    match: list[re.Pattern[str]]
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
            (kind["name"], [re.compile(p, re.IGNORECASE) for p in kind["match"]])
            for document in documents
            for kind in document.get("kind", ())
        ]
        self._by_name = {fold(e.product.name): e for e in self._entries}
        self._by_names = {_core(name): entry for entry in self._entries for name in entry.names}
        self._answers: dict[tuple[str, str, str, str, str], CatalogueMatch] = {}

    @classmethod
    def load(cls, folder: Path | None = None) -> Catalogue:
        """The shipped catalogue, or that of a folder. Raises SchemaError: no TOML, or a pattern that is none."""
        return cls(_documents(folder or RESOURCES / "software"))

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
        name = clean(product)
        entry = self._by_name.get(fold(product)) or self._find(name, publisher, origin)
        if edition:  # "Microsoft 365" in the edition "E3" is the product Microsoft 365 E3
            whole = self._find(f"{name} {clean(edition)}", publisher, origin)
            if whole is not None and whole is not entry:
                return CatalogueMatch(whole.product, _edition_of(whole, edition), _version_of(whole, name, version))
        if entry is None:
            for kind, patterns in self._kinds:
                if any(p.search(name) for p in patterns):
                    return CatalogueMatch(_unlisted(product, publisher), edition, version, kind)
            name, version = _split(product, version)
            return CatalogueMatch(_unlisted(name, publisher), _own_edition(edition), clean(version))
        found = _edition_of(entry, edition) or _edition_of(entry, name)
        if edition and not found:
            found = _own_edition(edition)
        return CatalogueMatch(entry.product, found, _version_of(entry, name, version))

    def _find(self, name: str, publisher: str, origin: str) -> _Entry | None:
        maker = fold(publisher)
        for kind_patterns in (patterns for _, patterns in self._kinds):
            if any(p.search(name) for p in kind_patterns):
                return None
        listed = self._listed(name)
        if listed is not None:
            return listed
        for entry in self._entries:
            prefix = entry.prefix
            bare = name[len(prefix) :] if prefix and name.startswith(prefix) else name
            theirs = any((maker.startswith(p) if p else not maker) for p in entry.publishers)
            if entry.publishers and not theirs and not (prefix and name.startswith(prefix)):
                continue
            if any(p in maker for p in entry.not_publishers) or (entry.origins and origin not in entry.origins):
                continue
            if any(p.fullmatch(name) or p.fullmatch(bare) for p in entry.match):
                return entry
        return None

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


def clean(text: str) -> str:
    """A name in the form that patterns are matched against: lower case, no trade marks, single spaces."""
    text = re.sub(r"[®™©]|\((r|tm|c)\)", "", text, flags=re.IGNORECASE)
    return " ".join(text.split()).casefold()


def _split(product: str, version: str) -> tuple[str, str]:
    """A name that no entry fits, without what is its version: a year at its end, or the version itself repeated."""
    name = re.sub(r"\s*\((x64|x86|64-bit|32-bit|amd64|[a-z]{2}-[A-Z]{2}|\s)+\)$", "", " ".join(product.split()))
    match = re.fullmatch(r"(.*\D) v?((?:19|20)\d\d|\d+(?:\.\d+)*)", name)
    if match:
        year = re.fullmatch(r"(19|20)\d\d", match[2])
        if year and (not version or not clean(version).startswith(("19", "20"))):
            return match[1], match[2]
        if version and (clean(version) + ".").startswith(match[2] + "."):
            return match[1], version
    return name, version


_SUFFIXES = re.compile(
    r"\b(incorporated|inc|corporation|corp|company|co|gmbh|ag|se|ltd|limited|llc|sa|bv|plc|systems?|software)\b"
)


def maker(publisher: str) -> str:
    """A publisher's name without what kind of company it is, for comparing."""
    return " ".join(_SUFFIXES.sub(" ", fold(publisher)).split()) or fold(publisher)


def _unlisted(product: str, publisher: str) -> Product:
    name = " ".join(product.split())
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
        patterns = [re.compile(p, re.IGNORECASE) for p in match]
    except (TypeError, re.error) as error:
        name = str(raw.get("name"))
        raise SchemaError(Message("Software catalogue, “{name}”: {reason}", name=name, reason=str(error))) from error
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
