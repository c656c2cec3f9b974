"""The rows of an import that are not observations (links, installations, assignments, events), and whom they name."""

from __future__ import annotations

from cmdb.model.messages import Message, tr
from cmdb.model.observation import (
    Link,
    NamedReference,
    ObservedAssignment,
    ObservedEvent,
    ObservedInstallation,
    ObservedLink,
    Origin,
    Reading,
    software_users,
)
from cmdb.model.schema import Schema
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.references import ReferenceIndex, ReferenceKey

_LENIENT = ("scan", "import")
#: Of what classes a holder may be that a log names without its kind, the likeliest first.
_HOLDERS = ("person", "place", "hardware", "team", "department")
#: Accounts that belong to no person.
_NOBODY = frozenset(
    {"system", "root", "administrator", "admin", "local service", "network service", "all users", "everyone"}
)


class RelatedRows:
    """The rows of an import that are not observations, with the references of these rows and of the observations'
    links.
    """

    def __init__(self, schema: Schema, readings: list[Reading], times: list[str], wanted: ReferenceIndex) -> None:
        self._schema = schema
        self._wanted = wanted
        self.links: list[tuple[ObservedLink, ReferenceKey, ReferenceKey, tuple[str, str]]] = []
        self.installations: list[tuple[ObservedInstallation, ReferenceKey, tuple[str, str]]] = []
        self.assignments: list[tuple[ObservedAssignment, list[ReferenceKey], list[ReferenceKey], tuple[str, str]]] = []
        self.events: list[tuple[ObservedEvent, ReferenceKey, list[ReferenceKey]]] = []
        for reading, observed in zip(readings, times, strict=True):
            said = (reading.source.key, observed)
            for obs in reading.observations:
                for link in obs.links:
                    for end in self.ends(link):
                        wanted.add(end, said, obs.origin, optional=bool(link.known_as))
                for user in software_users(obs.installed):
                    self._note_user(user, said, obs.origin)
            self._note_rows(reading, said)

    def _note_rows(self, reading: Reading, said: tuple[str, str]) -> None:
        add = self._wanted.add
        for link in reading.links:
            kind = self._schema.relationship(link.type)
            source = add(_want(link.source, kind.subjects), said, link.origin)
            target = add(_want(link.target, kind.objects), said, link.origin)
            if link.known:
                self._wanted.strict.update((source, target))
            self.links.append((link, source, target, said))
        for one in reading.installations:
            reference_key = add(_want(one.computer, ("computer",)), said, one.origin)
            self._wanted.strict.add(reference_key)
            if one.installed.user:
                self._note_user(one.installed.user, said, one.origin)
            self.installations.append((one, reference_key, said))
        for held in reading.assignments:
            licences = self._wants_by_class(held.licence, ("entitlement", "software_product"), said, held.origin)
            holders = self._wants_by_class(held.holder, ("person", "computer"), said, held.origin)
            self.assignments.append((held, licences, holders, said))
        for event in reading.events:
            item = add(_want(event.item, ("hardware",)), said, event.origin)
            self._wanted.strict.add(item)
            taken = self._wants_by_class(event.holder, _HOLDERS, said, event.origin) if event.holder else []
            self.events.append((event, item, taken))

    def _wants_by_class(
        self, mention: NamedReference, classes: tuple[str, ...], said: tuple[str, str], origin: Origin
    ) -> list[ReferenceKey]:
        """A mention in each of its possible classes, the most likely first. Only people are created for it."""
        stated = mention.cls if mention.cls in self._schema.classes and mention.cls != "ci" else ""
        order = dict.fromkeys((stated, *classes) if stated in ("", *classes) else (stated,))
        found = []
        for cls in order:
            if not cls:
                continue
            reference_key: ReferenceKey = (cls, cls, mention.name, mention.values)
            creatable = cls == "person" and stated == "person"
            self._wanted.add(reference_key, said, origin, optional=not creatable)
            found.append(reference_key)
        return found

    def _note_user(self, user: str, said: tuple[str, str], origin: Origin) -> None:
        lenient = said[0].startswith(_LENIENT) or user.casefold() in _NOBODY
        self._wanted.add(user_want(user), said, origin, optional=lenient)

    def ends(self, link: Link) -> list[ReferenceKey]:
        """The mentions of the other end of an observation's link, the best first."""
        kind = self._schema.relationship(link.type)
        return [_want(one, kind.subjects if link.inverse else kind.objects) for one in link.known_as or (link.other,)]


def _want(mention: NamedReference, classes: tuple[str, ...]) -> ReferenceKey:
    cls = "" if mention.cls == "ci" else mention.cls
    target = cls or ("ci" if "ci" in classes else "|".join(classes))
    return (target, cls, mention.name, mention.values)


def user_want(user: str) -> ReferenceKey:
    """The mention of the person who is an installation's user."""
    return ("person", "person", user, ())


def user_named(user: str, linking: ReferenceResolution) -> str:
    """The id of the person who is an installation's user, or ""."""
    if not user:
        return ""
    found = linking.find(user_want(user))
    return found if isinstance(found, str) and linking.taken(found) else ""


def first_found(reference_keys: list[ReferenceKey], linking: ReferenceResolution) -> str | UnresolvedReference:
    """The id that the first of several readings of a mention leads to."""
    failure: UnresolvedReference | None = None
    for reference_key in reference_keys:
        found = linking.find(reference_key)
        if isinstance(found, str):
            return found
        if failure is None or not failure.message:
            failure = found
    return failure or UnresolvedReference(Message("Nothing is named."), code="reference.blank")


def check_rows(rows: RelatedRows, linking: ReferenceResolution, collector: ProblemCollector) -> None:
    """Rejects installation and assignment rows that name missing records."""
    for row, reference_key, _ in rows.installations:
        found = linking.find(reference_key)
        if isinstance(found, UnresolvedReference):
            collector.error(
                row.origin, tr("Computer"), reference_key[2], found.message, found.kind, suggested=found.suggested,
                code=found.code,
            )  # fmt: skip
            linking.reject_row(row.origin, found.message)
    for held, licences, holders, _ in rows.assignments:
        ends = ((tr("Entitlement"), licences, held.licence), (tr("Person"), holders, held.holder))
        for column, reference_keys, mention in ends:
            found = first_found(reference_keys, linking)
            if isinstance(found, UnresolvedReference):
                message = found.message or Message("There is no “{name}” to assign to or from.", name=mention.name)
                complain = collector.warning if held.beside else collector.error
                complain(
                    held.origin, column, mention.name, message, found.kind, suggested=found.suggested, code=found.code
                )
                if not held.beside:
                    linking.reject_row(held.origin, message)
    for event, item, holders in rows.events:
        _check_event(event, item, holders, linking, collector)


def _check_event(
    event: ObservedEvent,
    item: ReferenceKey,
    holders: list[ReferenceKey],
    linking: ReferenceResolution,
    collector: ProblemCollector,
) -> None:
    """Rejects a row of a log that names a thing or a holder whom the register does not know."""
    ends = [(tr("Item"), event.item, linking.find(item))]
    if event.holder is not None:
        ends.append((tr("Holder"), event.holder, first_found(holders, linking)))
    for column, mention, found in ends:
        if isinstance(found, UnresolvedReference):
            message = found.message or Message(
                "There is no person, place or item called “{name}”. Import those first.", name=mention.name
            )
            collector.error(
                event.origin, column, mention.name, message, found.kind, suggested=found.suggested, code=found.code
            )
            linking.reject_row(event.origin, message)
