"""Finds the record of each mention: in the import first, then in the register; or creates it.

A plain name is looked up as a name, then as any identifying value of its class.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from cmdb.model import person_names
from cmdb.model.group_names import without_department
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.schema import Attribute, Schema
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.defaults import default_class
from cmdb.reconciliation.holder_kinds import take_as_their_kind
from cmdb.reconciliation.keys import Key, Keys
from cmdb.reconciliation.listed_people import ListedPeople, UnresolvedReference, listed_names
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.place_paths import place_spellings
from cmdb.reconciliation.references import ReferenceIndex, ReferenceKey, family, fits
from cmdb.reconciliation.review import NEW

#: An entitlement may also be named by its product or its purchase.
_RIGHTS = ("product", "purchase_order", "sku")
_IDENTIFYING = ("asset_tag", "serial_number", "email", "number", "user_name", "employee_number")
_TELLING = ("manufacturer", "publisher", "version", "edition", "department", "company", "purchase_order", "start")
_DEPTH = 6
"""Places above one another that are named."""
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class ReferenceResolver:
    """Finds the record of each mention."""

    def __init__(
        self, schema: Schema, keys: Keys, lookup: Lookup, wanted: ReferenceIndex, clusters: Iterable[Cluster]
    ) -> None:
        self._schema = schema
        self._keys = keys
        self._lookup = lookup
        self._wanted = wanted
        self._own: dict[str, list[Cluster]] = {}
        self._of_class: dict[str, list[Cluster]] = {}
        self._clusters = list(clusters)
        self.found: dict[ReferenceKey, str | UnresolvedReference] = {}
        """Mention → id of its record (of one to be created, the id it will have), or why there is none."""
        self.missing: dict[tuple[str, str], list[ReferenceKey]] = {}
        """(class, name key) → mentions that nothing answers to: what is to be created, or is a problem."""
        self.by_uid = {c.uid: c for c in self._clusters if c.uid}

    def run(self) -> None:
        """Resolves every mention."""
        place: dict[int, Cluster] = {id(m): c for c in self._clusters for m in c.members if m.implied}
        open_wants: dict[str, list[ReferenceKey]] = {}
        for reference_key in self._wanted.sources:
            seen = self._wanted.implied.get(reference_key)
            if seen is None:
                open_wants.setdefault(self._wanted.class_of(reference_key), []).append(reference_key)
            else:
                self.found[reference_key] = self.answer(place[id(seen)], reference_key[2])
        if not open_wants:
            return
        for cluster in self._clusters:
            self._own.setdefault(name_key(cluster.name), []).append(cluster)
            self._of_class.setdefault(cluster.cls, []).append(cluster)
        for cls, reference_keys in sorted(open_wants.items()):
            self._resolve(cls, sorted(reference_keys, key=lambda w: (w[2], w[1], w[0])))
        self._separate()
        self._own.clear()
        self._of_class.clear()

    def _separate(self) -> None:
        """Takes out of what is missing the names that stand for several records."""
        take_as_their_kind(self._schema, self.missing)
        everything = [(place, one) for place, found in self.missing.items() for one in found]
        people = [one for (cls, _), one in everything if _may_be_person(cls)]
        listed = ListedPeople(self._wanted.sources, self._known_people, self._full_names).among(people)
        listed.update({one: listed_names(one[2]) for _, one in everything if one not in listed and _is_list(one[2])})
        for place, one in everything:
            if one in listed and one not in self._wanted.optional:
                self.found[one] = listed[one]
                self.missing[place].remove(one)
                if not self.missing[place]:
                    del self.missing[place]

    def _full_names(self) -> Iterator[str]:
        """The names of all people in the register and in the rows of this import."""
        classes = family(self._schema, "person")
        yield from self._lookup.names(classes)
        yield from (cluster.name for cls in classes for cluster in self._of_class.get(cls, ()))

    def _known_people(self, names: Collection[str]) -> dict[str, list[str]]:
        """The people in this import and in the register who have the names, logins and addresses: name → ids."""
        classes = frozenset(family(self._schema, "person"))
        forms = {name: tuple(map(name_key, person_names.spellings(name))) for name in names}
        stored = self._lookup.by_name(sorted(classes), sorted({form for own in forms.values() for form in own}))
        hits: dict[ReferenceKey, dict[str, None]] = {}
        for name, own in forms.items():
            mine = [c.uid for form in own for c in self._own.get(form, ()) if c.cls in classes and c.uid]
            known = [uid for form in own for uid in stored.get(form, ())]
            hits["person", "", name, ()] = dict.fromkeys([*mine, *known])
        attributes = [a for a in self._attributes("person") if a.identifying and a.type != "reference"]
        keys = self._own_keys("person", self._all_forms(attributes, hits))
        for attribute in attributes:
            self._ask("person", attribute, hits, keys)
        return {reference_key[2]: list(found) for reference_key, found in hits.items()}

    @staticmethod
    def answer(cluster: Cluster, name: str) -> str | UnresolvedReference:
        """The id of a group's record, or why it has none."""
        if cluster.state == "skip" and cluster.kind == NEW:
            message = Message("“{name}” is not taken in, as was decided in the review.", name=name)
            return UnresolvedReference(message, "review", code="review.ignored")
        if cluster.state == "review":
            return UnresolvedReference(Message("“{name}” waits for a decision in the review.", name=name), "review")
        if cluster.state == "skip" or not cluster.uid:
            message = Message("“{name}” was not imported.", name=name)
            return UnresolvedReference(message, "reference", code="reference.rejected")
        return cluster.uid

    def _resolve(self, cls: str, reference_keys: list[ReferenceKey]) -> None:
        spellings = {reference_key: self._spellings(cls, reference_key[2]) for reference_key in reference_keys}
        keys = sorted({key for own in spellings.values() for key in own})
        classes = frozenset(family(self._schema, cls))
        stored = self._lookup.by_name(sorted(classes), keys)
        left = []
        for reference_key in reference_keys:
            uids: dict[str, None] = {}
            waiting: UnresolvedReference | None = None
            for key in spellings[reference_key]:
                for cluster in self._own.get(key, ()):
                    if cluster.cls in classes and not _would_hold_itself(cluster, reference_key):
                        answer = self.answer(cluster, reference_key[2])
                        if isinstance(answer, str):
                            uids[answer] = None
                        else:
                            waiting = answer
                uids.update(dict.fromkeys(stored.get(key, ())))
                if uids:
                    break
            if uids:
                self._choose_target(cls, reference_key, list(uids))
            elif waiting:
                self.found[reference_key] = waiting
            else:
                left.append(reference_key)
        if left:
            self._by_identifiers(cls, left)

    def _choose_target(self, cls: str, reference_key: ReferenceKey, uids: list[str]) -> None:
        if len(uids) > 1:
            exact = [u for u in uids if self._exactly(u, reference_key)]
            uids = exact if len(exact) == 1 else uids
        if len(uids) == 1:
            self.found[reference_key] = uids[0]
            return
        found = sorted(self._told_apart(uids))[:5]
        records = tuple(
            Message("{cls} {name} ({identifier})", cls=cls, name=name, identifier=apart)
            for cls, name, apart, _ in found
        )
        message = Message("Several records are called “{name}”: {records}.", name=reference_key[2], records=records)
        instead = tuple(identifier or uid for _, _, _, (identifier, uid) in found)
        self.found[reference_key] = UnresolvedReference(message, "ambiguous", instead, among=tuple(uids))

    def _exactly(self, uid: str, reference_key: ReferenceKey) -> bool:
        """Whether a record has exactly the class of the mention."""
        own = self.by_uid.get(uid)
        cls = own.cls if own else getattr(self._lookup.cis([uid]).get(uid), "cls", "")
        return bool(reference_key[1]) and cls == reference_key[1]

    def _told_apart(self, uids: Collection[str]) -> Iterator[tuple[str, str, str, tuple[str, str]]]:
        """The class and name of records that answer to one name, what tells them apart, and (tag or the like, id)."""
        known = self._lookup.cis(uids)
        values: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for uid in uids:
            own = self.by_uid.get(uid)
            if uid in known:
                values[uid] = known[uid].cls, known[uid].values
            else:
                values[uid] = (own.cls, own.members[0].obs.values) if own else ("ci", {})
        apart = self._differing({uid: said for uid, (_, said) in values.items()})
        for uid, (cls, said) in values.items():
            identifier = next((str(said[a]) for a in _IDENTIFYING if a in said), "")
            yield self._schema.cls(cls).label, str(said.get("name", "")), apart[uid], (identifier, uid)

    def _differing(self, values: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """Id → what only this one of several records has: its tag, its place, …; the end of its id where all is alike.

        The beginning of an id is its time, which records that were made together have in common.
        """
        for name in (*_IDENTIFYING, "location", *_TELLING):
            said = {uid: self._shown(name, own.get(name)) for uid, own in values.items()}
            if all(said.values()) and len(set(said.values())) == len(said):
                return said
        mixed = {uid: next((str(v[a]) for a in _IDENTIFYING if a in v), "") for uid, v in values.items()}
        if len(set(mixed.values())) == len(mixed):
            return {uid: text or uid[-8:] for uid, text in mixed.items()}
        return {uid: uid[-8:] for uid in values}

    def _shown(self, attribute: str, value: Any) -> str:
        """A value in words: of a place its path from the largest one, of another record its name."""
        if value is None:
            return ""
        text = value.name if isinstance(value, NamedReference) else str(value)
        path: list[str] = []
        above: Any = value
        while isinstance(above, str) and _UID.fullmatch(above) and len(path) < _DEPTH:
            found = self._lookup.cis([above]).get(above)
            if found is None:
                break
            path.insert(0, str(found.values.get("name", "")))
            above = found.values.get("location") if attribute == "location" else None
        return " / ".join(path) or text

    def _by_identifiers(self, cls: str, reference_keys: list[ReferenceKey]) -> None:
        """Finds records by id or identifying values of their class, such as asset tag, serial number or e-mail."""
        attributes = [
            a
            for a in self._attributes(cls)
            if (a.identifying and a.type != "reference") or (cls == "entitlement" and a.name in _RIGHTS)
        ]
        hits: dict[ReferenceKey, dict[str, None]] = {w: {} for w in reference_keys}
        for reference_key in reference_keys:
            if _UID.fullmatch(reference_key[2].strip()):
                uid = reference_key[2].strip().casefold()
                known = self._lookup.cis([uid]).get(uid)
                if known and fits(self._schema, known.cls, cls):
                    hits[reference_key][uid] = None
        own = self._own_keys(cls, self._all_forms(attributes, reference_keys))
        for attribute in attributes:
            self._ask(cls, attribute, hits, own)
        further: dict[str, list[ReferenceKey]] = {}
        for reference_key in reference_keys:
            first, _, others = reference_key[0].partition("|")
            if hits[reference_key]:
                self._choose_target(cls, reference_key, list(hits[reference_key]))
            elif not reference_key[2].strip():
                self.found[reference_key] = UnresolvedReference(Message("The name is blank."), code="reference.blank")
            elif others and cls == first:
                further.setdefault(others, []).append(reference_key)
            else:
                made = first if others and cls == others else cls
                self.missing.setdefault((made, name_key(self._canonical(made, reference_key[2]))), []).append(
                    reference_key
                )
        for others, lost in further.items():
            self._resolve(others, lost)

    def _attributes(self, target: str) -> list[Attribute]:
        found: dict[str, Attribute] = {}
        for one in target.split("|"):
            for name, attribute in self._schema.all_attributes(one).items():
                found.setdefault(name, attribute)
        return list(found.values())

    def _ask(
        self,
        cls: str,
        attribute: Attribute,
        hits: dict[ReferenceKey, dict[str, None]],
        own: Mapping[tuple[str, str], list[str]],
    ) -> None:
        asked: dict[str, list[ReferenceKey]] = {}
        for reference_key, uids in hits.items():
            if uids:
                continue
            for form in self._forms(attribute, reference_key[2]):
                asked.setdefault(form, []).append(reference_key)
        if not asked:
            return
        for form, answering in self._lookup.by_attribute(family(self._schema, cls), attribute.name, asked).items():
            for reference_key in asked[form]:
                hits[reference_key].update(dict.fromkeys(answering))
        for form, reference_keys in asked.items():
            for reference_key in reference_keys:
                hits[reference_key].update(dict.fromkeys(own.get((attribute.name, form), ())))

    def _forms(self, attribute: Attribute, name: str) -> tuple[str, ...]:
        text = name_key(name)
        identifiers = self._keys.identifiers
        if attribute.name == "serial_number":
            return tuple(dict.fromkeys(f for f in (text, identifiers.serial(name)) if f))
        if attribute.name == "host_name":
            return tuple(dict.fromkeys(f for f in (text, identifiers.host(name)) if f))
        if attribute.name == "email" and (address := person_names.address_in(name)):
            return tuple(dict.fromkeys((text, name_key(address))))
        if attribute.name == "user_name":
            return tuple(dict.fromkeys(f for f in (text, identifiers.user(name)) if f))
        return (text,)

    def _all_forms(self, attributes: Iterable[Attribute], reference_keys: Collection[ReferenceKey]) -> set[str]:
        return {form for one in attributes for wanted in reference_keys for form in self._forms(one, wanted[2])}

    def _own_keys(self, cls: str, wanted: Collection[str]) -> dict[tuple[str, str], list[str]]:
        """(kind, key) → ids of this import's own records of a class, for the keys that are wanted."""
        found: dict[tuple[str, str], list[str]] = {}
        own = (cluster for one in family(self._schema, cls) for cluster in self._of_class.get(one, ()))
        for cluster in own:
            if not cluster.uid:
                continue
            for one in cluster.members:
                keys: Mapping[str, Key] = one.keys
                if cls == "entitlement":
                    keys = {**keys, **{a: name_key(str(one.obs.values[a])) for a in _RIGHTS if a in one.obs.values}}
                for kind, key in keys.items():
                    if key in wanted and isinstance(key, str) and kind != "name":
                        named = found.setdefault((kind, key), [])
                        if cluster.uid not in named:
                            named.append(cluster.uid)
        return found

    def _spellings(self, cls: str, name: str) -> tuple[str, ...]:
        """The name keys by which a record may be found."""
        key = name_key(name)
        if cls == "manufacturer":
            return tuple(dict.fromkeys((key, *map(name_key, self._keys.identifiers.makers.spellings(name)))))
        if _may_be_person(cls):
            return tuple(dict.fromkeys(map(name_key, person_names.spellings(name))))
        if "." in key and self._schema.is_a(cls.partition("|")[0], "hardware"):
            return (key, key.partition(".")[0])
        if "department" in cls.split("|"):
            return tuple(dict.fromkeys((key, name_key(without_department(name)))))
        if self._schema.is_a(cls.partition("|")[0], "place"):
            return place_spellings(name)
        return (key,)

    def _canonical(self, cls: str, name: str) -> str:
        if cls == "manufacturer":
            return self._keys.identifiers.makers.canonical(name)
        if cls == "person":
            return person_names.account(name) or person_names.plain(name)
        return " ".join(name.split())

    # -- creating ---------------------------------------------------------------------------------------------------

    def create(self, cls: str, reference_keys: list[ReferenceKey]) -> Cluster | None:
        """A new record for a mention without a record, or None if its class is unknown."""
        spellings = sorted(w[2] for w in reference_keys)
        name = self._canonical(cls, spellings[0])
        level = next((str(value) for key in reference_keys for said, value in key[3] if said == "level"), "")
        concrete = level if level in self._schema.family("place") else default_class(self._schema, cls, name)
        if not concrete:
            return None
        if concrete == "person":
            name = self._canonical(concrete, spellings[0])
        said = max((self._wanted.sources[w] for w in reference_keys), key=lambda s: (s[1], s[0]))
        values = {"name": name}
        if concrete == "person" and (login := next(filter(None, map(person_names.account, spellings)), "")):
            values["user_name"] = login
        seen = self._keys.seen(Observation(concrete, {**values}), *said)
        seen.implied = True
        cluster = Cluster([seen])
        cluster.cls, cluster.name = concrete, values["name"]
        self._clusters.append(cluster)
        return cluster


def _would_hold_itself(cluster: Cluster, reference_key: ReferenceKey) -> bool:
    """Whether a new record is named by itself as its holder: a computer that is called after the person who has it."""
    if cluster.state != "new" or not reference_key[0].startswith("person|"):
        return False
    return any(own is reference_key or own == reference_key for member in cluster.members for _, own in member.refs)


def _may_be_person(target: str) -> bool:
    return not {"person", "party"}.isdisjoint(target.split("|"))


def _is_list(name: str) -> bool:
    return ";" in name and len([part for part in name.split(";") if part.strip()]) > 1
