"""What a licence position needs to know of records: computers, people, purchases and installations as facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from sys import intern
from typing import Any

from cmdb.licences.engine.facts import Assignment, Device, Entitlement, Facts, InstallationFact, Person, Suite
from cmdb.licences.said_names import said_names
from cmdb.model import life_cycle, records
from cmdb.model.control import Control
from cmdb.model.life_cycle import Phase
from cmdb.model.records import CI
from cmdb.model.selection import Selection
from cmdb.model.values import show
from cmdb.store.reading.reader import Reader


class RecordFacts:
    """Fetches facts one by one, in the form that positions are computed from."""

    def __init__(self, reader: Reader, at: date, control: Control) -> None:
        self.reader, self.at, self.control = reader, at, control
        self.said: dict[str, date] = {}
        self.clusters = {c.uid: c for c in self._all("cluster")}
        self.member: dict[str, str] = {}
        for cluster in self.clusters:
            for link in reader.relationships(cluster):
                if link.type == "member_of" and link.inverse:
                    self.member[link.uid] = cluster

    def base(self) -> Facts:
        """What was bought and given, and what is known of products; no computers, people or installations."""
        purchases = list(self._all("entitlement"))
        self.remember_retirements(purchases)
        products = {c.uid: c for c in self._all("software_product")}
        return Facts(
            entitlements=tuple(self._entitlement(c) for c in purchases),
            assignments=tuple(self._assignments(products)),
            suites=tuple(self._suites(products)),
            names={uid: cluster.name for uid, cluster in self.clusters.items()},
            overrides=tuple(said_names(self.reader)),
            answers=self._answers(),
        )

    def all(self, base: Facts) -> Facts:
        """Everything, by class."""
        installations = [self.installation(i) for i in self.reader.all_installations()]
        looked = self._looked_at() | {i.device for i in installations}
        computers = list(self._all("computer"))
        self.control.check()
        self.remember_retirements(computers)
        return replace(
            base,
            devices=tuple(self.device(c, c.uid in looked) for c in computers),
            installations=tuple(installations),
            people=tuple(self.person(c) for c in self._all("person")),
        )

    def _all(self, cls: str) -> Iterable[CI]:
        if cls not in self.reader.schema.classes:
            return ()
        return self.reader.all(Selection(cls=cls))

    def _looked_at(self) -> set[str]:
        """Computers whose software some source looked at, whatever it found."""
        return set(self.reader.sighted("software"))

    def device(self, one: CI, inventoried: bool) -> Device:
        """A computer; ``inventoried``: somebody looked at its software."""
        v: Mapping[str, Any] = one.values
        retired, on = self.retired(one)
        host, cluster = v.get("host", ""), v.get("cluster", "")
        if host in self.clusters:
            host, cluster = "", cluster or host
        cluster = cluster or self.member.get(one.uid, "") or self.member.get(host, "")
        if cluster and self.clusters[cluster].values.get("virtual_machines_move") is False:
            cluster = ""
        return Device(
            id=intern(one.uid),
            name=one.name,
            cls=intern(one.cls),
            sockets=v.get("processor_sockets"),
            socket_capacity=v.get("socket_capacity"),
            cores_per_socket=v.get("cores_per_processor"),
            virtual_cores=v.get("virtual_cores"),
            processor_model=intern(v.get("processor_model", "")),
            memory=v.get("memory"),
            os=intern(_system(v)),
            os_version=intern(v.get("os_version", "")),
            host=host,
            cluster=cluster,
            status=intern(str(self._status(one))),
            retired=retired,
            retired_on=on,
            environment=intern(v.get("environment", "")),
            main_user=intern(v.get("main_user", "")),
            assigned_to=intern(self._person(v.get("assigned_to", ""))),
            inventoried=inventoried,
            last_seen=day(v.get("last_seen")),
        )

    def _person(self, holder: str) -> str:
        """Who has a computer: the person that it is assigned to, or the one who has what it is assigned to."""
        return self._behind.get(holder, holder) if holder else ""

    @cached_property
    def _behind(self) -> Mapping[str, str]:
        return self.reader.people_behind()

    def retired(self, one: CI) -> tuple[bool, date | None]:
        """Whether it had left the estate on the day, and when that was said last."""
        if not self._left(one.cls, one.values.get("status")):
            return False, None
        on = self.said.get(one.uid)
        if on is None or on <= self.at or not self._was_here(one):
            return True, on
        return False, None

    def _status(self, one: CI) -> str:
        """A record's status as it is shown."""
        return show(self.reader.schema.attribute(one.cls, life_cycle.STATUS), one.values.get(life_cycle.STATUS))

    def _left(self, cls: str, status: Any) -> bool:
        return status is not None and life_cycle.has_left(self.reader.schema, cls, status)

    def _was_here(self, one: CI) -> bool:
        """Whether the record was in the estate on the day, and retired only later; what came in as retired was not."""
        for version in self.reader.versions(one.uid):
            on = day(version.time)
            for edit in version.edits:
                if edit.field == "status" and self._left(one.cls, edit.after) and not self._left(one.cls, edit.before):
                    return edit.before is not None and on is not None and on > self.at
        return False

    def remember_retirements(self, records: Iterable[CI]) -> None:
        """Looks up when the sources last said of retired records that they are."""
        retired = {one.uid: one.cls for one in records if self._left(one.cls, one.values.get("status"))}
        for uid, sources in self.reader.said(retired).items() if retired else ():
            said = [pairs["status"] for pairs in sources.values() if "status" in pairs]
            days = [day(str(at)) for status, at in said if self._left(retired[uid], status)]
            known = [one for one in days if one is not None]
            if known:
                self.said[uid] = max(known)

    @staticmethod
    def installation(one: records.Installation) -> InstallationFact:
        """An installation, as the store has it."""
        return InstallationFact(
            device=one.computer,
            product=one.product,
            publisher=one.publisher or "",
            edition=one.edition or "",
            version=one.version or "",
            scope=one.scope or "",
            user=one.user or "",
            environment=one.environment or "",
            installed_on=day(one.installed_on),
            last_used=day(one.last_used),
            origin=one.origin or "",
        )

    def person(self, one: CI) -> Person:
        """A person."""
        v: Mapping[str, Any] = one.values
        left = self._left(one.cls, v.get("status"))
        return Person(intern(one.uid), one.name, day(v.get("start")), day(v.get("end")), left)

    @staticmethod
    def last_seen(one: CI) -> date | None:
        """The day that a computer was last seen on."""
        return day(one.text("last_seen"))

    def _entitlement(self, one: CI) -> Entitlement:
        v: Mapping[str, Any] = one.values
        return Entitlement(
            id=one.uid,
            name=one.name,
            product=v.get("product", ""),
            publisher=v.get("publisher", ""),
            edition=v.get("edition", ""),
            version=v.get("version", ""),
            metric=v.get("metric", ""),
            quantity=v.get("quantity"),
            pack_size=v.get("pack_size"),
            channel=v.get("channel", "").casefold(),
            start=day(v.get("start")),
            end=day(v.get("end")),
            maintenance_until=day(v.get("maintenance_until")),
            base=v.get("base_entitlement", ""),
            device=v.get("device", ""),
            agreement=self._name(v.get("agreement", "")),
            sku=v.get("sku", ""),
            purchase_order=v.get("purchase_order", ""),
            invoice=v.get("invoice", ""),
            cost=v.get("cost"),
            currency=v.get("currency", ""),
            unit_cost=v.get("unit_cost"),
            unlimited=bool(v.get("unlimited", False)),
            secondary_use=v.get("secondary_use"),
            measured=bool(v.get("ilmt", False)),
            status=self._status(one),
            planned=life_cycle.phase_of(self.reader.schema, one.cls, v.get("status")) is Phase.PLANNED,
            retired=self.retired(one)[0],
        )

    def _name(self, uid: str) -> str:
        return self.reader.names([uid]).get(uid, ("", ""))[1] if uid else ""

    def _assignments(self, products: Mapping[str, CI]) -> Iterable[Assignment]:
        for licence, holder, since in self.reader.assignments():
            product = products.get(licence)
            if product is None:
                yield Assignment(holder=holder, licence=licence, since=day(since))
                continue
            v: Mapping[str, Any] = product.values
            yield Assignment(
                holder=holder,
                product=product.name,
                publisher=self._publisher(v),
                edition=v.get("edition", ""),
                version=v.get("version", ""),
                since=day(since),
            )

    def _publisher(self, values: Mapping[str, Any]) -> str:
        """The publisher of a software product, whether it is a reference or text."""
        said = str(values.get("publisher", ""))
        return self._name(said) or said

    def _suites(self, products: Mapping[str, CI]) -> Iterable[Suite]:
        """Products that contain others, as the register relates them (part of)."""
        parts: dict[str, list[str]] = {}
        for uid, product in products.items():
            for link in self.reader.relationships(uid):
                if link.type == "part_of" and not link.inverse and link.uid in products:
                    parts.setdefault(link.uid, []).append(product.name)
        for suite, components in sorted(parts.items()):
            product = products[suite]
            yield Suite(product.name, tuple(sorted(components)), self._publisher(product.values))

    def _answers(self) -> dict[str, bool]:
        """Conditions of free use that a person answered: decisions whose evidence names the product."""
        answers = {}
        for fields in self.reader.records("decision").values():
            if fields.get("kind") == "licence condition" and fields.get("state") == "done":
                answers[str(fields.get("evidence", ""))] = str(fields.get("outcome", "")).casefold() == "yes"
        return answers


def _system(values: Mapping[str, Any]) -> str:
    """The operating system with its edition, if that is recorded apart."""
    name, edition = values.get("operating_system", ""), values.get("os_edition", "")
    return f"{name} {edition}" if edition and name and edition.casefold() not in name.casefold() else str(name)


def day(text: str | None) -> date | None:
    """The day of an ISO date or time."""
    return _day(text[:10]) if text else None


@lru_cache(maxsize=10_000)
def _day(text: str) -> date:
    """An estate's installations fall on few days, but there may be a million of them."""
    return date.fromisoformat(text)
