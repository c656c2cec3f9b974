"""What the names of purchases, installations and systems mean, and so which of them bear on a position."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from cmdb.licences.engine.catalogue import Catalogue, CatalogueMatch, Product, with_publisher
from cmdb.licences.engine.facts import Assignment, CountedInstallations, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.name_forms import maker

#: Origins of installations that are packages of a system: listed by name, whatever their version.
_PACKAGES = frozenset({"deb", "rpm", "pacman", "apk", "snap", "flatpak", "pip", "npm", "brew", "nix"})


@dataclass(frozen=True, slots=True, eq=False)
class NameRecognition:
    """What an installation's name means; the same for all that are called alike."""

    what: CatalogueMatch
    line: tuple[str, str, str, str] | None
    """What it is listed as, where nobody licenses it."""
    bare: Product
    """The product before two makers' products of one name are told apart."""


class Recognition:
    """Knows what was bought and given, and tells from it what installations mean; these may still be missing."""

    def __init__(self, facts: Facts, catalogue: Catalogue) -> None:
        self._facts, self._catalogue = facts, catalogue
        self._makers: dict[str, set[str]] = defaultdict(set)
        self._meanings: dict[tuple[str, str, str, str, str], NameRecognition] = {}
        self.bought: dict[str, CatalogueMatch] = {}
        """Entitlement id → what it is for."""
        self.metrics: dict[str, str] = {}
        """Entitlement id → the metric it counts by."""
        self.owned: dict[str, list[Entitlement]] = defaultdict(list)
        """Product key → purchases."""
        self.suites: dict[str, frozenset[str]] = {}
        """Product key of a suite → those of its components."""
        self._entitlements()
        self._given = {self.assigned(a).product.key for a in facts.assignments if not a.licence and a.product}
        self._suites()
        self._wanted = {*self.owned, *self._given, *(part for parts in self.suites.values() for part in parts)}

    # -- what names mean --------------------------------------------------------------------------------------------

    def meaning(self, one: InstallationFact | CountedInstallations) -> NameRecognition:
        """What an installation's name means."""
        question = (one.product, one.publisher, one.edition, one.version, one.origin)
        found = self._meanings.get(question)
        if found is None:
            bare = self._catalogue.recognise(*question)
            what = self._own(bare, one.publisher)
            found = self._meanings[question] = NameRecognition(what, self._loose(one, what), bare.product)
        return found

    def assigned(self, one: Assignment) -> CatalogueMatch:
        """What the product that an assignment names means."""
        named = self._catalogue.recognise(one.product, one.publisher, one.edition, one.version)
        return self._own(named, one.publisher)

    def system(self, name: str, version: str = "") -> Product | None:
        """The product that an operating system counts as a copy of; None where it doesn't count.

        Servers' systems always count, others where somebody bought the product.
        """
        product = self._catalogue.recognise(name, "", "", version).product
        counts = product.from_os == "always" or (product.from_os == "owned" and product.key in self.owned)
        return product if counts else None

    def free(self, what: CatalogueMatch, *, owned: bool) -> str:
        """Why a copy needs no licence, whatever answers there are; "" if it may need one."""
        product = what.product
        reason = product.exempt.get(what.edition) or product.exempt_all
        return reason or ("" if owned else product.exempt_unless_owned)

    def line(self, product: str, publisher: str, edition: str, version: str, origin: str) -> tuple[str, ...] | None:
        """What an installation is counted under, if it only has to be counted; None if it bears on the position."""
        meaning = self.meaning(CountedInstallations(product, publisher, edition, version, origin, 0, 0))
        if meaning.line is not None:
            return ("loose", *meaning.line)
        what = meaning.what
        reason = self.free(what, owned=what.product.key in self.owned)
        if reason and not what.product.evidence and what.product.key not in self._given:
            return "free", what.product.key, what.edition, reason
        return None

    def _loose(
        self, one: InstallationFact | CountedInstallations, what: CatalogueMatch
    ) -> tuple[str, str, str, str] | None:
        """What an installation is listed as that nobody licenses; None for one that has to be looked at."""
        if what.kind != "product" and one.origin not in _PACKAGES:
            return what.kind, one.product, one.publisher, ""
        if what.product.listed or what.product.key in self._wanted:
            return None
        kind = f"package ({one.origin})" if one.origin in _PACKAGES else "unknown"
        return kind, one.product, one.publisher, one.version if kind == "unknown" else ""

    def _own(self, what: CatalogueMatch, publisher: str) -> CatalogueMatch:
        """Tells two makers' products of one name apart, where both makers are named."""
        makers = self._makers.get(what.product.key, set())
        own = maker(publisher)
        if what.product.listed or not own or not makers:
            return what
        like = {m for m in makers if m == own or m.startswith(own + " ") or own.startswith(m + " ")}
        if like and len(makers) == 1:
            return what
        return replace(what, product=with_publisher(what.product, min(like) if like else publisher))

    # -- what was bought --------------------------------------------------------------------------------------------

    def _entitlements(self) -> None:
        recognised = [
            (e, self._catalogue.recognise(e.product or e.name, e.publisher, e.edition, e.version))
            for e in sorted(self._facts.entitlements, key=lambda e: e.id)
        ]
        for one, what in recognised:
            if not what.product.listed and one.publisher:
                self._makers[what.product.key].add(maker(one.publisher))
        for one, what in recognised:
            what = self._own(what, one.publisher)
            self.bought[one.id] = what
            self.metrics[one.id] = _metric(one.metric, what)
            self.owned[what.product.key].append(one)

    def _suites(self) -> None:
        for key, what in {w.product.key: w.product for w in self.bought.values()}.items():
            if what.components:
                self.suites[key] = frozenset(self._catalogue.recognise(c).product.key for c in what.components)
        for suite in self._facts.suites:
            key = self._own(self._catalogue.recognise(suite.product, suite.publisher), suite.publisher).product.key
            parts = frozenset(self._catalogue.recognise(c).product.key for c in suite.components)
            self.suites[key] = self.suites.get(key, frozenset()) | parts


def _metric(metric: str, what: CatalogueMatch) -> str:
    """The metric of a purchase: as given (in the product's own sense), else what the product is usually sold by."""
    word = " ".join(metric.casefold().replace("_", " ").split())
    if word:
        return what.product.metrics.get(word, word)
    return what.product.edition_metrics.get(what.edition) or what.product.metric
