"""Recognition and scope: from raw facts to what each product carries, with what was set aside and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from cmdb.licences.engine.catalogue import Catalogue, CatalogueMatch, Product
from cmdb.licences.engine.demand import InstalledProduct, LicensedDevice, LicensedEstate
from cmdb.licences.engine.facts import Assignment, Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.recognition import NameRecognition, Recognition
from cmdb.licences.engine.results import ExceptionCollector, Text, UnrecognisedLine
from cmdb.licences.engine.rights import ProductCopy, same_version, version_key
from cmdb.licences.engine.rules import RuleBook
from cmdb.model.calendar_bounds import days_after
from cmdb.model.messages import Message, counted, declared

#: The order in which copies of a product are taken.
BY_DEVICE = attrgetter("device", "product", "edition", "version", "scope", "publisher", "user")


@dataclass(slots=True)
class RecognisedFacts:
    """The facts, recognised. Keys are product keys."""

    estate: LicensedEstate
    installed: dict[str, InstalledProduct] = field(default_factory=dict)
    bought: dict[str, CatalogueMatch] = field(default_factory=dict)
    metrics: dict[str, str] = field(default_factory=dict)
    exempt: dict[tuple[str, str, Message], list[str]] = field(default_factory=dict)
    """(product key, edition, reason) → device ids."""
    freely: dict[tuple[str, str, Message], tuple[int, int]] = field(default_factory=dict)
    """What of ``exempt`` the facts have only counted: installations and computers."""
    spared: dict[str, Product] = field(default_factory=dict)
    """The products of ``exempt``, by key."""
    conditions: dict[str, str] = field(default_factory=dict)
    """Product key → the unanswered condition of its free use."""
    suites: dict[str, frozenset[str]] = field(default_factory=dict)
    exceptions: ExceptionCollector = field(default_factory=ExceptionCollector)
    unrecognised: list[UnrecognisedLine] = field(default_factory=list)


class _Builder:
    def __init__(self, facts: Facts, at: date, catalogue: Catalogue, book: RuleBook) -> None:
        self.facts, self.at = facts, at
        self.names = Recognition(facts, catalogue)
        self.recognised = RecognisedFacts(
            _estate(facts, at, book), bought=self.names.bought, metrics=self.names.metrics, suites=self.names.suites
        )
        self.stale_before = days_after(at, -book.number("device", "stale after days"))
        self.found: dict[str, dict[NameRecognition, list[InstallationFact]]] = defaultdict(dict)
        self.assigned: dict[str, list[tuple[Assignment, CatalogueMatch]]] = defaultdict(list)
        self.loose: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
        self.loosely: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        """What of ``loose`` the facts have only counted: installations and computers."""

    def build(self) -> RecognisedFacts:
        self._installations()
        self._counted()
        self._assignments()
        keys = {*self.found, *self.names.owned, *self.assigned}
        for key in sorted(keys):
            self._product(key)
        for name in {**self.loose, **self.loosely}:
            devices, (copies, computers) = self.loose.get(name, []), self.loosely.get(name, (0, 0))
            line = UnrecognisedLine(*name, len(devices) + copies, len(set(devices)) + computers)
            self.recognised.unrecognised.append(line)
        self.recognised.unrecognised.sort()
        return self.recognised

    # -- installations ----------------------------------------------------------------------------------------------

    def _installations(self) -> None:
        devices = self.recognised.estate.devices
        here = {d.id for d in devices.values() if not d.retired or self._seen_again(d)}
        carrying: set[str] = set()
        systems: set[tuple[str, str]] = set()
        for one in self.facts.installations:
            meaning = self.names.meaning(one)
            if one.device in here:
                carrying.add(one.device)
                self._take(one, meaning)
                if meaning.bare.from_os:
                    systems.add((one.device, meaning.bare.key))
        for one in self._systems(systems):
            if one.device in here:
                carrying.add(one.device)
                self._take(one, self.names.meaning(one))
        for device_id in sorted(self.facts.returned.union(d for d in carrying if devices[d].retired)):
            device = devices[device_id]
            text = Message(
                "{status}, but seen on {day}: it still counts", status=device.status, day=device.last_seen or ""
            )
            self._except("retired but seen", "", device.name, device.id, "status", text)

    def _take(self, one: InstallationFact, meaning: NameRecognition) -> None:
        """Takes a copy on a device that counts."""
        if meaning.line is not None:
            self.loose[meaning.line].append(one.device)
            return
        product = meaning.what.product
        self.found[product.key].setdefault(meaning, []).append(one)
        if product.evidence:
            self.recognised.estate.evidence.setdefault(product.evidence, set()).add(one.device)

    def _counted(self) -> None:
        """What the facts have only counted."""
        for one in self.facts.counted:
            meaning = self.names.meaning(one)
            what = meaning.what
            if meaning.line is not None:
                copies, computers = self.loosely.get(meaning.line, (0, 0))
                self.loosely[meaning.line] = copies + one.installations, computers + one.computers
                continue
            reason = declared(self.names.free(what, owned=what.product.key in self.names.owned))
            self.recognised.spared[what.product.key] = what.product
            self.recognised.freely[what.product.key, what.edition, reason] = one.installations, one.computers
            title = " ".join(p for p in (what.product.name, what.edition) if p)
            subject = counted("{count} computer", "{count} computers", one.computers)
            self._except("exempt", title, subject, "", "", reason)

    def _seen_again(self, device: Device) -> bool:
        return device.retired_on is not None and device.last_seen is not None and device.last_seen > device.retired_on

    def _systems(self, installed: set[tuple[str, str]]) -> Iterable[InstallationFact]:
        """Operating systems as copies of their product: always for servers, else where somebody bought the product.

        ``installed``: devices with the key of a system's product that they carry as an installation already.
        """
        for device in self.facts.devices:
            if not device.os:
                continue
            product = self.names.system(device.os, device.os_version)
            if product is not None and (device.id, product.key) not in installed:
                yield InstallationFact(device.id, device.os, version=device.os_version, origin="operating system")

    def _assignments(self) -> None:
        for one in sorted(self.facts.assignments, key=lambda a: (a.licence, a.product, a.edition, a.version, a.holder)):
            if one.licence in self.recognised.bought:
                what = self.recognised.bought[one.licence]
                self.assigned[what.product.key].append((one, what))
            elif one.product:
                what = self.names.assigned(one)
                self.assigned[what.product.key].append((one, what))

    # -- one product ------------------------------------------------------------------------------------------------

    def _product(self, key: str) -> None:
        found = self.found.pop(key, {})
        owned = self.names.owned.get(key, [])
        given = self.assigned.get(key, [])
        if owned:
            product = self.recognised.bought[owned[0].id].product
        elif found:
            first = min(found, key=lambda meaning: min(map(BY_DEVICE, found[meaning])))
            product = first.what.product
        else:
            product = given[0][1].product
        self._set_aside(product, found, bool(owned))
        installed = InstalledProduct(product, entitlements=owned)
        editions, versions = self._named(product, owned)
        copies = {meaning: self._copy(product, meaning.what, editions, versions) for meaning in found}
        self._carriers(installed, [(one, copies[meaning]) for meaning, ones in found.items() for one in ones])
        installed.assigned = [(a, self._copy(product, r, editions, versions)) for a, r in given]
        self._leavers(installed)
        if installed.carriers or installed.entitlements or installed.assigned:
            self.recognised.installed[key] = installed
        versions = list(dict.fromkeys(c.version for x in installed.carriers for c in x.copies))
        newest = max(versions, key=lambda v: version_key(v) or (), default="")
        if newest:
            self.recognised.estate.highest[product.name.casefold()] = newest

    def _carriers(self, installed: InstalledProduct, found: list[tuple[InstallationFact, ProductCopy]]) -> None:
        """Who carries the product. Devices with like copies share them: a huge estate has few kinds."""
        found.sort(key=lambda pair: BY_DEVICE(pair[0]))
        shared: dict[tuple[ProductCopy, ...], tuple[ProductCopy, ...]] = {}
        devices, before, name = self.recognised.estate.devices, self.stale_before, installed.product.name
        for device_id, group in groupby(found, key=lambda pair: pair[0].device):
            ones = list(group)
            copies = tuple([copy for _, copy in ones])
            device = devices[device_id]
            stale = device.last_seen is not None and device.last_seen < before
            installed.carriers.append(
                LicensedDevice(device, shared.setdefault(copies, copies), tuple([one for one, _ in ones]), stale)
            )
            if stale:
                self._except("stale", name, device.name, device.id, "last seen", _stale_text(device.last_seen))

    def _set_aside(self, product: Product, found: dict[NameRecognition, list[InstallationFact]], owned: bool) -> None:
        """Exempt copies go aside with the reason; conditional freeware is kept and its condition noted."""
        exempt: list[tuple[InstallationFact, str, Message]] = []
        for meaning in list(found):
            edition = meaning.what.edition
            reason = self._reason(product, meaning.what, owned)
            if reason:
                exempt += [(one, edition, reason) for one in found.pop(meaning)]
        for one, edition, reason in sorted(exempt, key=lambda line: BY_DEVICE(line[0])):
            self.recognised.spared[product.key] = product
            self.recognised.exempt.setdefault((product.key, edition, reason), []).append(one.device)
            device = self.recognised.estate.devices[one.device]
            title = " ".join(p for p in (product.name, edition) if p)
            self._except("exempt", title, device.name, device.id, "", reason)

    def _reason(self, product: Product, what: CatalogueMatch, owned: bool) -> Message | None:
        """Why copies of an edition need no licence, or None. Notes the condition that nobody answered yet."""
        free = self.names.free(what, owned=owned)
        reason = declared(free) if free else None
        condition = product.exempt_if.get(what.edition) or product.exempt_if_all
        if condition and not owned and not reason:
            answer = self.facts.answers.get(product.name)
            if answer is None:
                self.recognised.conditions[product.key] = condition
            elif answer:
                return Message("condition met: {condition}", condition=declared(condition))
        return reason

    def _named(self, product: Product, owned: list[Entitlement]) -> tuple[bool, list[str]]:
        """Whether editions make a difference, and the versions that purchases name."""
        bought = [self.recognised.bought[e.id] for e in owned]
        editions = not owned or product.edition_required or any(b.edition for b in bought)
        return editions, sorted({b.version for b in bought if b.version})

    def _copy(self, product: Product, what: CatalogueMatch, editions: bool, versions: list[str]) -> ProductCopy:
        """The copy in the precision that its licences are bought in."""
        version = what.version
        if product.versionless or (not versions and self.names.owned.get(product.key)):
            version = ""
        elif version and not product.released:
            like = [v for v in versions if same_version(v, version) and len(v) <= len(version)]
            if like:
                version = max(like, key=len)
            elif versions:
                version = ".".join(version.split(".")[: min(v.count(".") + 1 for v in versions)])
            elif not self.names.owned.get(product.key):
                version = version.split(".")[0]
        return ProductCopy(product, what.edition if editions else "", version)

    def _leavers(self, installed: InstalledProduct) -> None:
        for assignment, _ in installed.assigned:
            person = self.recognised.estate.people.get(assignment.holder)
            if person is not None and person.end is not None and person.end < self.at:
                text = Message("left on {day} and still holds a seat", day=person.end)
                self._except("left", installed.product.name, person.name, person.id, "end", text)

    def _except(self, kind: str, product: str, subject: Text, subject_id: str, fact: str, text: Message) -> None:
        self.recognised.exceptions.add(kind, product, subject, subject_id, fact, text)


def build(facts: Facts, at: date, catalogue: Catalogue, book: RuleBook) -> RecognisedFacts:
    """The facts, recognised, as of a day."""
    return _Builder(facts, at, catalogue, book).build()


@lru_cache(maxsize=2_000)
def _stale_text(seen: date | None) -> Message:
    """Remembered, as there may be an exception for each installation, but there are few days."""
    return Message("last seen on {day}; it still counts", day=seen or "")


def _estate(facts: Facts, at: date, book: RuleBook) -> LicensedEstate:
    devices = {d.id: d for d in sorted(facts.devices, key=lambda d: d.id)}
    guests: dict[str, list[Device]] = defaultdict(list)
    members: dict[str, list[Device]] = defaultdict(list)
    for device in devices.values():
        if device.retired:
            continue
        if device.virtual and device.host:
            guests[device.host].append(device)
        elif device.cluster and not device.virtual:
            members[device.cluster].append(device)
    sessions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in facts.sessions:
        sessions[" ".join(one.product.casefold().split())].append((one.start, one.end))
    people = {p.id: p for p in sorted(facts.people, key=lambda p: p.id)}
    return LicensedEstate(
        at,
        book,
        devices,
        people,
        dict(guests),
        dict(members),
        [d for d in devices.values() if not d.inventoried and not d.retired],
        sessions=dict(sessions),
        names=facts.names,
        others=facts.others,
    )
