"""The keys that identify observations and records, in the same form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Any

from cmdb.model.name_keys import name_key
from cmdb.model.observation import ONLY_NEW, SOURCE_ID, NamedReference, Observation
from cmdb.model.place_names import path
from cmdb.model.schema import Schema
from cmdb.model.text_forms import swapped_uuid
from cmdb.reconciliation.defaults import default_name
from cmdb.reconciliation.identifiers import Identifiers
from cmdb.reconciliation.lookup import KnownRecord, Said

Key = str | tuple[str, ...]
_NO_KEYS: Mapping[str, Key] = MappingProxyType({})
Normal = Callable[[Any], str]

HARDWARE = "hardware"
PERSON = "person"

#: Evidence kinds that are no attributes and hold several values each.
MANY = ("mac", "board_serial", "disk_serial", SOURCE_ID)
#: Kinds of weak keys: they are used if there is no better evidence.
WEAK = frozenset({"name", "host_name", "mac", "machine_id", "disk_serial", "board_serial", SOURCE_ID})

#: Values of the domain on machines that are in no domain.
_NO_DOMAINS = frozenset(
    {"workgroup", "mshome", "local", "localdomain", "lan", "home", "(none)", "arbeitsgruppe", "fritz.box"}
)

#: Kinds whose values are stored in more than one form.
VARIED = frozenset({"serial_number", "uuid", "host_name", "user_name"})

#: Attributes that distinguish records with the same name: if both have a value and the values differ, the records
#: differ.
COMPOSITES: Mapping[str, tuple[str, ...]] = {
    "entitlement": (
        "publisher", "product", "edition", "version", "metric", "purchase_order", "start", "agreement", "device",
    ),
    "software_product": ("publisher", "edition", "version"),
    "hardware_model": ("manufacturer",),
    "vlan": ("vlan_number", "location"),
    "place": ("location",),
    "department": ("company",),
    "cloud_resource": ("cloud_account",),
    "rack": ("location",),
}  # fmt: skip


class IdentifiedObservation:
    """An observation of an import, with its source, its time, and the keys by which its record may be found."""

    __slots__ = ("implied", "keys", "obs", "observed", "refs", "root", "source")

    def __init__(self, obs: Observation, source: str, observed: str, root: str, keys: Mapping[str, Key]) -> None:
        self.obs = obs
        self.source = source
        self.observed = observed
        self.root = root
        self.keys = keys
        self.refs: Sequence[tuple[str, Any]] = ()
        """(attribute, mention as wanted) of its references."""
        self.implied = False
        """Whether it comes from another row that refers to it, not from a row of its own."""

    def forget_keys(self) -> None:
        """Lets go of its keys, but for a serial number that is looked up in another form than it is stored in.

        Once an observation that stands alone is matched, nobody asks for the others.
        """
        key, raw = self.keys.get("serial_number"), self.obs.values.get("serial_number")
        odd = key and isinstance(raw, str) and raw.casefold() != key
        self.keys = {"serial_number": self.keys["serial_number"]} if odd else _NO_KEYS


class Identity:
    """The values of an observation or a record that are compared to decide whether two are the same."""

    __slots__ = (
        "apart",
        "cls",
        "details",
        "domain",
        "evidence",
        "former",
        "keys",
        "label",
        "maker",
        "names",
        "observed",
        "owner",
        "root",
        "scanned",
        "virtual",
    )

    def __init__(self, cls: str, root: str, keys: Mapping[str, Key], label: str) -> None:
        self.cls = cls
        self.root = root
        self.keys = dict(keys)
        self.label = label
        self.domain = ""
        self.maker = ""
        self.owner = ""
        self.virtual = False
        self.scanned = False
        """Whether a scan or another inventory saw it alive (rather than a sheet listing it)."""
        self.observed = ""
        """When an observation was made (ISO)."""
        self.apart: dict[str, str] = {}
        """The attributes of ``COMPOSITES``, as compared."""
        self.details: Mapping[str, Any] = {}
        self.names: Mapping[str, str] = {}
        """The names of records that the details name by their ids."""
        self.evidence: Mapping[str, Iterable[str]] = {}
        """The values of ``MANY``, as they were read."""
        self.former: Mapping[str, Collection[str]] = {}
        """Kind → keys that a record had before: it was merged, or what was merged into it had them."""

    def written(self, attribute: str) -> str:
        """The value of an attribute as its source writes it, places with those around them; "" where there is none."""
        value = self.details.get(attribute)
        if value is None:
            return ""
        text = _Named(self.names).of(value)
        return STEP.join(_place_path(value, text)) if attribute == "location" else text

    def called_as(self, record: Identity) -> Identity:
        """The same, where it has a former key of a record with that record's present one."""
        keys = dict(self.keys)
        for kind, values in record.former.items():
            if keys.get(kind) in values:
                if kind in record.keys:
                    keys[kind] = record.keys[kind]
                else:
                    del keys[kind]
        if keys == self.keys:
            return self
        made = copy(self)
        made.keys = keys
        return made


class Keys:
    """Makes keys of observations and records by the schema's identifying attributes."""

    def __init__(self, schema: Schema, identifiers: Identifiers) -> None:
        self.schema = schema
        self.identifiers = identifiers
        self._plans: dict[str, tuple[tuple[str, Normal | None], ...]] = {}
        self._roots: dict[str, str] = {}
        self._apart: dict[str, tuple[str, ...]] = {}

    def root(self, cls: str) -> str:
        """The root class within which a class's records are searched."""
        found = self._roots.get(cls)
        if found is None:
            chain = self.schema.ancestors(cls)
            found = PERSON if PERSON in chain else chain[-2] if len(chain) > 1 else "ci"
            self._roots[cls] = found
        return found

    def kinds(self, root: str) -> list[str]:
        """The attributes that give keys to records of a root class."""
        return [a.name for a in self.schema.all_attributes(root).values() if a.identifying]

    def seen(self, obs: Observation, source: str, observed: str) -> IdentifiedObservation:
        """An observation with its keys."""
        keys = self.of(obs.cls, obs.values, obs.evidence)
        if "name" not in keys and obs.cls == "entitlement" and "record" not in obs.evidence:
            keys["name"] = name_key(default_name(obs.cls, obs.values))
        return IdentifiedObservation(obs, source, observed, self.root(obs.cls), keys)

    def of(self, cls: str, values: Mapping[str, Any], evidence: Mapping[str, Iterable[str]]) -> dict[str, Key]:
        """Kind → key, without placeholders. Kinds are attribute names and those of ``MANY``, whose keys are tuples."""
        plan = self._plans.get(cls)
        if plan is None:
            plan = self._plans[cls] = self._plan(cls)
        keys: dict[str, Key] = {}
        for attribute, normal in plan:
            value = values.get(attribute)
            if value is not None:
                key = normal(value) if normal is not None else self._serial(value, values)
                if key:
                    keys[attribute] = key
        if evidence or "mac_address" in values:
            self._add_evidence(keys, cls, values, evidence)
        host = values.get("host_name")
        if host is not None and "host_name" not in keys and len(keys) > 1 and name_key(str(host)) == keys.get("name"):
            del keys["name"]  # "localhost" names nothing, not even as a name
        return keys

    def add_forms(self, forms: dict[str, str], kind: str, key: str, values: Mapping[str, Any]) -> None:
        """Adds to ``forms`` (form → key) the other lower-case forms in which a record's attribute may hold a key."""
        if kind == "uuid":
            forms[swapped_uuid(key)] = key
            return
        raw = values.get(kind)
        if raw is not None and len(raw) != len(key):
            forms[raw.casefold()] = key
        if kind == "host_name" and "domain" in values:
            forms[f"{key}.{values['domain'].casefold()}"] = key

    def _plan(self, cls: str) -> tuple[tuple[str, Normal | None], ...]:
        known: dict[str, Normal | None] = {
            "serial_number": None, "machine_id": self.identifiers.machine, "asset_tag": self.identifiers.tag,
            "host_name": self.identifiers.host, "user_name": self.identifiers.user,
        }  # fmt: skip
        plan: list[tuple[str, Normal | None]] = []
        for attribute in self.schema.cls(cls).attributes.values():
            if not attribute.identifying or attribute.name == "mac_address":
                continue
            normal = (
                self.identifiers.uuid if attribute.type == "uuid" else known.get(attribute.name, self.identifiers.text)
            )
            plan.append((attribute.name, normal))
        return (*plan, ("name", name_key))

    def _serial(self, value: Any, values: Mapping[str, Any]) -> str:
        maker = values.get("manufacturer")
        return self.identifiers.serial(value, maker.name if isinstance(maker, NamedReference) else "")

    def _add_evidence(
        self, keys: dict[str, Key], cls: str, values: Mapping[str, Any], evidence: Mapping[str, Iterable[str]]
    ) -> None:
        macs = list(evidence.get("mac", ()))
        if "mac_address" in values:
            macs.append(values["mac_address"])
        if macs:
            virtual = self.schema.is_a(cls, "virtual_machine")
            found = self.identifiers.macs(macs, virtual=virtual)
            if found:
                keys["mac"] = found
        for kind in ("board_serial", "disk_serial"):
            serials = tuple(sorted({s for s in map(self.identifiers.serial, evidence.get(kind, ())) if s}))
            if serials:
                keys[kind] = serials
        if SOURCE_ID in evidence and self.root(cls) == HARDWARE:
            keys[SOURCE_ID] = tuple(sorted({name_key(one) for one in evidence[SOURCE_ID]}))

    # -- identities -----------------------------------------------------------------------------

    def identity(self, seen: IdentifiedObservation) -> Identity:
        """The identity of an observation."""
        obs = seen.obs
        names = _Named({})
        made = self._identity(obs.cls, obs.values, seen.keys, names)
        made.evidence = obs.evidence
        made.observed = seen.observed
        made.scanned = seen.source.partition(":")[0] in ("scan", "import")
        for name in obs.evidence.get(ONLY_NEW, ()):
            made.apart.pop(name, None)
        return made

    def record(self, known: KnownRecord, said: Said, names: Mapping[str, str]) -> Identity:
        """The identity of a record in the register. ``names``: names of the CIs that it refers to, by id."""
        evidence: dict[str, list[str]] = {}
        for own in said.values():
            for attribute, pair in own.items():
                if attribute.startswith("evidence.") and pair[0]:
                    evidence.setdefault(attribute[9:], []).extend(pair[0])
        named = _Named(names)
        values = dict(known.values)
        if "manufacturer" in values:
            values["manufacturer"] = NamedReference("manufacturer", named.of(values["manufacturer"]))
        made = self._identity(known.cls, values, self.of(known.cls, values, evidence), named)
        if "serial_number" in evidence and "serial_number" not in made.keys:
            made.keys["serial_number"] = evidence["serial_number"][0]
        made.names, made.evidence = names, evidence
        return made

    def _identity(self, cls: str, values: Mapping[str, Any], keys: Mapping[str, Key], named: _Named) -> Identity:
        made = Identity(cls, self.root(cls), keys, str(values.get("name", "")))
        made.details = values
        made.virtual = self.schema.is_a(cls, "virtual_machine")
        if made.root == HARDWARE:
            made.maker = (
                self.identifiers.makers.key(named.of(values["manufacturer"])) if "manufacturer" in values else ""
            )
            made.owner = name_key(named.of(values["legal_owner"])) if "legal_owner" in values else ""
            domain = values.get("domain") or str(values.get("host_name", "")).partition(".")[2]
            domain = str(domain).casefold().strip(". ")
            made.domain = "" if domain in _NO_DOMAINS else domain
        for attribute in self._apart_of(cls):
            if attribute in values:
                made.apart[attribute] = self._comparable(attribute, values[attribute], named)
        return made

    def _apart_of(self, cls: str) -> tuple[str, ...]:
        found = self._apart.get(cls)
        if found is None:
            ours = (COMPOSITES[c] for c in self.schema.ancestors(cls) if c in COMPOSITES)
            found = self._apart[cls] = next(ours, ())
        return found

    def _comparable(self, attribute: str, value: Any, named: _Named) -> str:
        text = named.of(value)
        if attribute in ("manufacturer", "publisher"):
            return self.identifiers.makers.key(text)
        if attribute == "location":
            return STEP.join(map(name_key, _place_path(value, text)))
        return name_key(text)

    def compatible(self, a: str, b: str) -> bool:
        """Whether one record may have either class: one is a subclass of the other, or both are computers, or both
        mobiles.
        """
        schema = self.schema
        if schema.is_a(a, b) or schema.is_a(b, a):
            return True
        return any(schema.is_a(a, family) and schema.is_a(b, family) for family in ("computer", "mobile"))

    def placed(self, cls: str) -> bool:
        """Whether records of a class with the same name are told apart by where they are."""
        return "location" in self._apart_of(cls)

    def composite(self, cls: str) -> bool:
        """Whether records of a class are also distinguished by ``COMPOSITES``."""
        return bool(self._apart_of(cls))


STEP = " / "
"""Between the places of a path."""


def _place_path(value: Any, text: str) -> list[str]:
    """The names of a place and of those around it, as far as they are said, the largest first."""
    parts = path(text) or [text]
    while isinstance(value, NamedReference):
        value = dict(value.values).get("location")
        if isinstance(value, NamedReference):
            parts = [*(path(value.name) or [value.name]), *parts]
    return parts


class _Named:
    """The text of a value that may be a mention, an id with a known name, or a plain text."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def of(self, value: Any) -> str:
        if isinstance(value, NamedReference):
            return value.name
        return self._names.get(value, str(value)) if isinstance(value, str) else str(value)
