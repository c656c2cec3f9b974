"""When releases of products and operating systems reach their end of life: which release a version is.

A release is known by its name ("22.04", "10-22h2", "13.0-sp3"), its label ("2022 'Dallas'") and its latest build. What
fits several releases with different ends fits none: nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from cmdb.licences.engine.catalogue import Catalogue, CatalogueMatch
from cmdb.model.messages import Message
from cmdb.model.observation import ObservedRelease
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import fold

#: Packages of distributions reach their end with their distribution, whatever their makers say.
DISTRIBUTED = frozenset({"deb", "rpm", "apk", "pacman"})


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """A product of end-of-life data with its releases. ``name`` is its id there; ``other_names`` its aliases."""

    name: str
    label: str = ""
    other_names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    cycles: tuple[ObservedRelease, ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return self.label or self.name


def release_title(one: ObservedRelease) -> str:
    """What people call a release: "2022", "22.04"; with the edition where each has its own ("11 23H2 (E)")."""
    plain, edition = _plain_label(one.label) or one.name, one.name.rpartition("-")[2]
    return f"{plain} ({edition.upper()})" if one.label.casefold().endswith(f"({edition})") else plain


class FoundCycle(NamedTuple):
    """The release that something is; without one, why: no product, no release, or several of them fit."""

    product: LifeCycle | None = None
    cycle: ObservedRelease | None = None
    why: Message | None = None


NO_PRODUCT_KNOWN = FoundCycle(why=Message("no end-of-life data has this product"))


#: Package managers whose packages are those of their makers → the type of their package URLs.
_PURL_TYPES = {"pip": "pypi", "npm": "npm", "gem": "gem", "cargo": "cargo", "composer": "composer"}


class LifeCycles:
    """Finds the releases of software and of operating systems in end-of-life data."""

    def __init__(self, products: Iterable[LifeCycle], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        rules = _rules()
        self._editions: Mapping[str, Mapping[str, Sequence[str]]] = rules["editions"]
        self._by_name: dict[str, LifeCycle] = {}
        self._by_purl: dict[str, LifeCycle] = {}
        by_key: dict[str, dict[str, LifeCycle]] = {}
        for one in sorted(products, key=lambda product: product.name):
            own = rules["names"].get(one.name, ())
            for name in (one.name, one.label, *one.other_names, *own):
                if name:
                    self._by_name.setdefault(fold(name), one)
            for purl in one.identifiers:
                self._by_purl.setdefault(purl.casefold().partition("@")[0], one)
            for name in (one.label, *own):
                known = catalogue.recognise(name).product if name else None
                if known is not None and known.listed:
                    by_key.setdefault(known.key, {})[one.name] = one
        # Several products of the data that are one in the catalogue (builds of OpenJDK) are told apart by name only.
        self._by_key = {key: next(iter(ones.values())) for key, ones in by_key.items() if len(ones) == 1}

    def of_software(self, what: CatalogueMatch, name: str, version: str, origin: str = "") -> FoundCycle:
        """The release that software is: what it is recognised as, and its name and version as reported."""
        if origin in DISTRIBUTED:
            return FoundCycle(why=Message("it ends with the distribution that packages it"))
        if origin in _PURL_TYPES:  # a name says nothing there: "flask" may be anything
            product = self._by_purl.get(f"pkg:{_PURL_TYPES[origin]}/{name.casefold()}")
            return self._of(product, [version], "")
        product = self._by_key.get(what.product.key) if what.product.listed else self._by_name.get(what.product.key)
        product = product or self._by_name.get(fold(name))
        return self._of(product, [version, what.version, name], what.edition)

    def of_system(self, name: str, version: str, edition: str = "") -> FoundCycle:
        """The release that an operating system is."""
        if not name:
            return NO_PRODUCT_KNOWN
        what = self._catalogue.recognise(name, "", "", version)
        product = self._by_key.get(what.product.key) if what.product.listed else None
        product = product or self._by_name.get(fold(name)) or self._named_within(name)
        texts = [version, f"{what.version} {version}", what.version, name]
        return self._of(product, texts, edition or what.edition)

    def _named_within(self, name: str) -> LifeCycle | None:
        """The product whose name a system's name begins with: "Ubuntu 22.04.3 LTS"."""
        words = fold(name).split(" ")
        for size in range(len(words) - 1, 0, -1):
            found = self._by_name.get(" ".join(words[:size]))
            if found is not None and re.match(r"v?\d", words[size]):
                return found
        return None

    def _of(self, product: LifeCycle | None, texts: Iterable[str], edition: str) -> FoundCycle:
        if product is None:
            return NO_PRODUCT_KNOWN
        editions = self._editions.get(product.name, {})
        shown = ""
        for text in texts:
            version = _version_in(text, product)
            if not version:
                continue
            shown = shown or version
            fitting = _of_edition(_fitting(product.cycles, version), editions, edition)
            if len({(one.end, one.over) for one in fitting}) == 1:
                return FoundCycle(product, fitting[0])
            if fitting:
                names = tuple(one.name for one in fitting)
                return FoundCycle(product, None, Message("several releases fit: {names}", names=names))
        why = Message("no release of {product} is {version}", product=product.title, version=shown)
        return FoundCycle(product, None, why if shown else Message("its version is not known"))


_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*(?: r2)?(?:[ -](?:sp\d+|\d\dh\d))?|\d\dh\d)(?!\w)")


def _version_in(text: str, product: LifeCycle) -> str:
    """What of a text is its version: "22.04.3" of "22.04.3 LTS (Jammy Jellyfish)", "2008 r2" of "2008 R2 Standard"."""
    plain = " ".join(text.casefold().split())
    for name in (product.label, product.name, *product.other_names):
        if name and plain.startswith(fold(name) + " "):
            plain = plain[len(fold(name)) + 1 :]
    match = _VERSION.search(plain)
    return match[1] if match else ""


def _plain_label(label: str) -> str:
    """A label without the code name in quotes, and without what stands in brackets."""
    return " ".join(re.sub(r"'[^']*'|\([^()]*\)", " ", label).split())


def _fitting(cycles: Sequence[ObservedRelease], version: str) -> list[ObservedRelease]:
    """The releases that a version may be: called so as a whole, of this build, or with the longest number in common."""
    dashed = version.replace(" ", "-")
    whole = [one for one in cycles if version == fold(_plain_label(one.label)) or dashed == fold(one.name)]
    if whole:  # service packs are of the same version
        return whole + [one for one in cycles if one not in whole and _number(one) == _number(whole[0])]
    if version.count(".") >= _BUILD_DOTS:
        built = [
            one for one in cycles if one.latest.count(".") >= _BUILD_DOTS and _is_within(version, _build(one.latest))
        ]
        if built:
            return built
    near = [one for one in cycles if _is_within(version, _number(one))]
    longest = max((_number(one).count(".") for one in near), default=0)
    near = [one for one in near if _number(one).count(".") == longest]
    return _by_build(near, version) if len(near) > 1 and version.count(".") > longest else near


#: A version of so many dots names a build.
_BUILD_DOTS = 2


def _number(one: ObservedRelease) -> str:
    """A release's name without its service pack: "13.0" of "13.0-sp3"."""
    return re.sub(r"-sp\d+\w*$", "", one.name)


def _is_within(version: str, base: str) -> bool:
    return bool(base) and (version == base or version.startswith(base + "."))


def _build(text: str) -> str:
    match = re.match(r"\d+(\.\d+)+", text)
    return match[0] if match else ""


def _by_build(cycles: list[ObservedRelease], version: str) -> list[ObservedRelease]:
    """Of releases that share a number (service packs), those that a build is of: their latest is the next after it."""
    own = _numbers(version)
    ordered = sorted((_numbers(_build(one.latest)), one) for one in cycles if _build(one.latest))
    later = [number for number, _ in ordered if number >= own]
    if not ordered or len(ordered) < len(cycles):
        return cycles
    best = later[0] if later else ordered[-1][0]
    return [one for number, one in ordered if number == best]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in re.findall(r"\d+", text)[:6])


def _of_edition(
    found: list[ObservedRelease], editions: Mapping[str, Sequence[str]], edition: str
) -> list[ObservedRelease]:
    """Of releases that differ by the edition ("11-23h2-e", "11-23h2-w"), those of an edition."""
    ending = next((end for end, ones in editions.items() if edition in ones), "")
    own = [one for one in found if one.name.rpartition("-")[2] == ending] if ending else []
    return own or [one for one in found if one.name.rpartition("-")[2] not in editions] or found


def days_left(end: str, today: date) -> int | None:
    """The days from today until the end of life; negative where it is over; None where the day is not known."""
    return (date.fromisoformat(end) - today).days if end else None


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    """What end-of-life data does not say of itself. Cached: it is part of the program."""
    return tomllib.loads((RESOURCES / "end_of_life" / "products.toml").read_text("utf-8"))
