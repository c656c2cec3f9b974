"""Releases of one product: which take each other's place, and which of two versions is the later one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from cmdb.model.messages import tr

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.model.records import Installation
    from cmdb.store.reading.reader import Reader
    from cmdb.store.reading.spans import InstallationSpan

_Product = tuple[str, ...]
"""What releases of one product have in common."""
_DOTTED = re.compile(r"\bv?\d+(\.\d+)+\S*")


class FoundRelease(NamedTuple):
    """A release as it was found, and for whom: ``scope`` is "" for the whole system."""

    scope: str
    publisher: str
    product: str
    edition: str
    version: str
    origin: str = ""

    @property
    def called(self) -> str:
        """The product as people call it, and for whom it is installed where that is one person."""
        from app.recognition import called

        product = called(self.product)
        return tr("{product} ({user})", product=product, user=self.scope) if self.scope else product

    @property
    def worded(self) -> tuple[str, ...]:
        """What is the same where only the publisher is worded otherwise, as two agents do."""
        return self.scope, self.product.casefold(), self.edition.casefold(), self.version


class ReleasePairs(NamedTuple):
    """Releases that took each other's place, those that only came or went, and those that are only worded otherwise."""

    replaced: list[tuple[FoundRelease, FoundRelease]]
    came: list[FoundRelease]
    went: list[FoundRelease]
    reworded: list[tuple[FoundRelease, FoundRelease]]


def release_of(one: Installation | InstallationSpan) -> FoundRelease:
    """What is installed."""
    return FoundRelease(one.scope, one.publisher, one.product, one.edition, one.version, one.origin)


def paired(
    went: Iterable[FoundRelease], came: Iterable[FoundRelease], catalogue: Callable[[], Catalogue]
) -> ReleasePairs:
    """Pairs what went and what came in one step where it is the same product for the same user, the older first.

    What is only worded otherwise is set apart. Products are the same by their names, then by their names without
    versions, and then as the ``catalogue`` recognises them, which takes longer.
    """
    same = _paired(went, came, lambda one: one.worded)
    found = _paired(same.went, same.came, _named)._replace(reworded=same.replaced)
    found = _rest_paired(found, found.went, found.came, _bare)
    gone, new = _comparable(found.went, found.came), _comparable(found.came, found.went)
    return _rest_paired(found, gone, new, partial(_recognised, catalogue())) if gone and new else found


def _rest_paired(
    found: ReleasePairs,
    went: Collection[FoundRelease],
    came: Collection[FoundRelease],
    product: Callable[[FoundRelease], _Product],
) -> ReleasePairs:
    """The pairs that were found, with those among some of the rest."""
    more = _paired(went, came, product)
    if not more.replaced:
        return found
    old, new = ({pair[side] for pair in more.replaced} for side in (0, 1))
    return ReleasePairs(
        [*found.replaced, *more.replaced],
        [one for one in found.came if one not in new],
        [one for one in found.went if one not in old],
        found.reworded,
    )


def _paired(
    went: Iterable[FoundRelease], came: Iterable[FoundRelease], product: Callable[[FoundRelease], _Product]
) -> ReleasePairs:
    gone, new = _by_product(went, product), _by_product(came, product)
    found = ReleasePairs([], [], [], [])
    for key in dict.fromkeys((*new, *gone)):
        before, after = sorted(gone[key], key=_place), sorted(new[key], key=_place)
        both = min(len(before), len(after))
        found.replaced.extend(zip(before[len(before) - both :], after[len(after) - both :], strict=True))
        found.went.extend(before[: len(before) - both])
        found.came.extend(after[: len(after) - both])
    return found


def _by_product(
    releases: Iterable[FoundRelease], product: Callable[[FoundRelease], _Product]
) -> dict[_Product, list[FoundRelease]]:
    found: dict[_Product, list[FoundRelease]] = defaultdict(list)
    for one in releases:
        found[product(one)].append(one)
    return found


def _comparable(releases: Iterable[FoundRelease], others: Iterable[FoundRelease]) -> dict[FoundRelease, None]:
    """The releases that have the first word of their names or their publisher in common with one of the others."""
    words = {word for one in others for word in _first_words(one)}
    return {one: None for one in releases if not words.isdisjoint(_first_words(one))}


def _first_words(one: FoundRelease) -> set[str]:
    return {*_bare(one)[1].split()[:1], *one.publisher.casefold().split()[:1]}


def _recognised(catalogue: Catalogue, one: FoundRelease) -> _Product:
    """The product of the catalogue; a release that it doesn't know is like no other."""
    match = catalogue.recognise(one.product, one.publisher, one.edition, one.version, one.origin)
    listed = match.kind == "product" and match.product.listed
    return (one.scope, match.product.name) if listed else one


def catalogue_for(reader: Reader) -> Callable[[], Catalogue]:
    """The catalogue with what people of the estate said of names, read once it is needed."""

    @cache
    def load() -> Catalogue:
        from cmdb.licences.said_names import catalogue_of

        return catalogue_of(reader)

    return load


def order_of_versions(before: str, after: str) -> int:
    """1 where the version after is the later one, -1 where it is the earlier one, 0 where numbers don't tell."""
    from cmdb.licences.engine.rights import version_key

    old, new = version_key(before), version_key(after)
    if old is None or new is None or old == new:
        return 0
    return 1 if new > old else -1


def _named(one: FoundRelease) -> _Product:
    return one.scope, one.product.casefold(), one.publisher.casefold(), one.edition.casefold()


@lru_cache(maxsize=20_000)
def _bare(one: FoundRelease) -> _Product:
    """For whom, and the name without its version, which installers often write into it; and the publisher."""
    name = one.product
    if one.version:
        name = re.sub(rf"(?<![\w.]){re.escape(one.version)}(?![\w.])", " ", name)
    return one.scope, " ".join(_DOTTED.sub(" ", name).casefold().split()), one.publisher.casefold()


def _place(one: FoundRelease) -> tuple[tuple[float, ...], str]:
    from cmdb.licences.engine.rights import version_key

    return version_key(one.version) or (), one.version
