"""The comparison of two observations: the evidence for and against their being the same thing, with its weights.

The hardware of a machine (serial number, UUID, board, adapters) and its operating system (machine id, host name, disks)
are weighed separately, because they can be separated: a disk that is moved into another computer takes the operating
system along. ``weights`` has the points of each kind of evidence, ``match_rules`` the outcome of the sums.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from cmdb.model.messages import Message, counted
from cmdb.model.observation import SOURCE_ID
from cmdb.reconciliation import weights as w
from cmdb.reconciliation.keys import HARDWARE, MANY, PERSON, STEP, Identity, Key
from cmdb.reconciliation.match_rules import EvidenceScore, machine, person, record
from cmdb.reconciliation.match_verdicts import MatchEvidence, MatchVerdict, Outcome

Shared = Container[tuple[str, str]]
"""(kind, key) of values that several records have. They are not used as evidence."""

_LABELS = {
    "serial_number": Message("serial number"),
    "uuid": Message("UUID"),
    "asset_tag": Message("asset tag"),
    "board_serial": Message("main board"),
    "source_id": Message("number in another tool"),
    "email": Message("e-mail address"),
    "user_name": Message("user name"),
    "employee_number": Message("employee number"),
}
_ADAPTERS = 6
"""Adapters that evidence names; a server or a switch may have many."""
_OTHER_ADAPTERS = Message("Other network adapters")
_OTHER_MACHINE_ID = Message("Other machine id: the system was installed anew, or is another")
_OTHER_PLACE = Message("Same name, but in another place")
_OTHER_NAMESAKE = Message("Same name, but in another domain or of another company")
#: Kinds with rules of their own; the others are weighed as numbers of the hardware.
_RULED = frozenset({"mac", "host_name", "machine_id", "disk_serial", "name"})


def compare(a: Identity, b: Identity, shared: Shared) -> MatchVerdict:
    """Compares observation ``a`` with ``b``."""
    if a.root != b.root:
        return MatchVerdict("none", 0, (), False)
    if a.root == HARDWARE:
        return _machine(a, b, shared)
    if a.root == PERSON:
        return _person(a, b, shared)
    return _other(a, b, shared)


# -- machines ---------------------------------------------------------------------------------------------------------


def _machine(a: Identity, b: Identity, shared: Shared) -> MatchVerdict:
    lines: list[MatchEvidence] = []
    hard, soft = EvidenceScore(lines), EvidenceScore(lines)
    for kind in a.keys:
        if kind not in _RULED and kind in b.keys and (kind != SOURCE_ID or _of_one_table(a.keys[kind], b.keys[kind])):
            _weigh_number(kind, a, b, shared, hard)
    if a.keys.get("mac") and b.keys.get("mac"):
        _weigh_adapters(a, b, shared, hard)
    for rule in _SYSTEM:
        rule(a, b, shared, soft)
    outcome = machine(hard, soft, virtual=a.virtual or b.virtual)
    clean = hard.plus > 0 and soft.plus > 0 and not hard.minus and not soft.minus
    return MatchVerdict(outcome, hard.total + soft.total, tuple(lines), clean)


def _of_one_table(a: Key, b: Key) -> bool:
    """Whether numbers in other tools are of the same table of the same tool; others are not compared."""
    tables = ({one.rpartition(" ")[0] for one in _all(key)} for key in (a, b))
    return bool(set.intersection(*tables))


def _weigh_number(kind: str, a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    """A number that identifies hardware: the same, the same of another manufacturer, or another."""
    left, right = a.keys[kind], b.keys[kind]
    weight = w.HARDWARE.get(kind, w.IDENTIFYING)
    label = _label(kind)
    if not _agree(left, right):
        text = Message(
            "Other {label}: {value}, not {other}", label=label, value=_written(a, kind), other=_written(b, kind)
        )
        read = (
            text.having(label=label, value=_as_read(a, kind, left), other=_as_read(b, kind, right))
            if kind in MANY
            else text
        )
        scale.add(kind, False, read, weight.differs, text)
    elif _counts(kind, left, right, shared):
        if kind == "serial_number" and a.maker and b.maker and a.maker != b.maker:
            text = Message("Same serial number {value}, but of another manufacturer", value=_written(a, kind))
            read = Message(
                "Same serial number {value}, but of another manufacturer: {maker}, not {other}",
                value=_written(a, kind), maker=a.written("manufacturer") or a.maker,
                other=b.written("manufacturer") or b.maker,
            )  # fmt: skip
            scale.add(kind, True, read, w.OTHER_MAKER, text)
        else:
            text = _same(kind, label, a, b)
            read = text.having(label=label, value=_as_read(a, kind, left)) if kind in MANY else text
            scale.add(kind, True, read, weight.agrees, text)


def _same(kind: str, label: str | Message, a: Identity, b: Identity) -> Message:
    """That both have a number, as the first of them writes it."""
    value, other = _written(a, kind), _written(b, kind)
    if kind == "uuid" and value.casefold() != other.casefold():
        return Message(
            "Same {label} {value}, which the other has in the other byte order: {other}",
            label=label, value=value, other=other,
        )  # fmt: skip
    return Message("Same {label} {value}", label=label, value=value)


def _written(one: Identity, kind: str) -> str:
    """A number as its source writes it, where that is known; else as it is compared."""
    value = one.details.get(kind)
    return value if isinstance(value, str) and value else _text(one.keys[kind])


def _weigh_adapters(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    mine = {m for m in _all(a.keys["mac"]) if ("mac", m) not in shared}
    theirs = set(_all(b.keys["mac"]))
    common = mine & theirs
    if not common:
        if mine:
            points = w.OTHER_VIRTUAL_ADAPTERS if a.virtual or b.virtual else w.OTHER_ADAPTERS
            own = {m for m in theirs if ("mac", m) not in shared} or theirs
            read = Message(
                "Other network adapters: {adapters}; the other has {other}", adapters=_listed(mine), other=_listed(own)
            )
            scale.add("mac", False, read, points, _OTHER_ADAPTERS)
    elif mine <= theirs or theirs <= mine:
        text = Message("Same network adapters {adapters}", adapters=_text(tuple(sorted(common))))
        scale.add("mac", True, text.having(adapters=_listed(common)), w.ALL_ADAPTERS, text)
    else:
        text = Message("One network adapter in common, {adapters}, others not", adapters=_text(tuple(sorted(common))))
        scale.add("mac", True, text.having(adapters=_listed(common)), w.ONE_ADAPTER, text)


def _weigh_machine_id(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    mine, theirs = a.keys.get("machine_id"), b.keys.get("machine_id")
    if not mine or not theirs:
        return
    if mine != theirs:
        read = Message(
            "Other machine id: {value}, not {other} (the system was installed anew, or is another)",
            value=_written(a, "machine_id"), other=_written(b, "machine_id"),
        )  # fmt: skip
        scale.add("machine_id", False, read, w.MACHINE_ID.differs, _OTHER_MACHINE_ID)
    elif ("machine_id", str(mine)) not in shared:
        text = Message("Same machine id {value}", value=_text(mine))
        scale.add("machine_id", True, text.having(value=_written(a, "machine_id")), w.MACHINE_ID.agrees, text)


def _weigh_disks(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    mine, theirs = a.keys.get("disk_serial"), b.keys.get("disk_serial")
    if mine and theirs and (common := set(_all(mine)) & set(_all(theirs))):
        text = Message("Same disk {disks}", disks=_text(tuple(sorted(common))))
        scale.add("disk_serial", True, text.having(disks=_as_read(a, "disk_serial", common)), w.DISK.agrees, text)


def _weigh_host_names(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    """The host names, where both are known."""
    host, other = a.keys.get("host_name"), b.keys.get("host_name")
    if not host or not other:
        return
    if host != other:
        text = Message("Other host name: {value}, not {other}", value=_text(host), other=_text(other))
        read = text.having(value=_written(a, "host_name"), other=_written(b, "host_name"))
        scale.add("host_name", False, read, w.HOST_NAME.differs, text)
    elif _domains_differ(a, b):
        text = Message(
            "Same host name {name}, but in another domain: {domain}, not {other}",
            name=_text(host),
            domain=_text(a.domain),
            other=_text(b.domain),
        )
        domain, elsewhere = _as_written(a, "domain", a.domain), _as_written(b, "domain", b.domain)
        read = text.having(name=_written(a, "host_name"), domain=domain, other=elsewhere)
        scale.add("host_name", False, read, w.OTHER_DOMAIN, text)
    elif _owners_differ(a, b):
        text = Message("Same host name {name}, but of another company", name=_text(host))
        read = Message(
            "Same host name {name}, but of another company: {company}, not {other}",
            name=_written(a, "host_name"),
            company=_as_written(a, "legal_owner", a.owner),
            other=_as_written(b, "legal_owner", b.owner),
        )
        scale.add("host_name", False, read, w.OTHER_DOMAIN, text)
    elif ("host_name", str(host)) not in shared:
        points = w.HOST_NAME_IN_DOMAIN if a.domain and b.domain else w.HOST_NAME.agrees
        text = Message("Same host name {name}", name=_text(host))
        scale.add("host_name", True, text.having(name=_written(a, "host_name")), points, text)


def _weigh_names(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    """The names, where not both host names are known. A name may be the host name of the other."""
    host, other_host = a.keys.get("host_name"), b.keys.get("host_name")
    name, other = a.keys.get("name"), b.keys.get("name")
    if host and other_host:
        return
    if (name and name in (other, other_host)) or (host and host == other):
        if _domains_differ(a, b):
            scale.add("name", False, _in_two_domains(a, b), w.OTHER_DOMAIN, _OTHER_NAMESAKE)
        elif _owners_differ(a, b):
            scale.add("name", False, _of_two_owners(a, b), w.OTHER_DOMAIN, _OTHER_NAMESAKE)
        elif _places_differ(a, b):
            place, elsewhere = (one.written("location") or one.apart["location"] for one in (a, b))
            read = Message(
                "Same name {name}, but in another place: {place}, not {other}",
                name=_called(a), place=place, other=elsewhere,
            )  # fmt: skip
            scale.add("name", False, read, w.OTHER_DOMAIN, _OTHER_PLACE)
        elif ("name", str(name)) not in shared:
            text = Message("Same name {name}", name=_text(name or host or ""))
            scale.add("name", True, text.having(name=_called(a)), w.NAME.agrees, text)
    elif name and other and name != other:
        text = Message("Other name: {value}, not {other}", value=_text(name), other=_text(other))
        read = text.having(value=_written(a, "name"), other=_written(b, "name"))
        scale.add("name", False, read, w.NAME.differs, text)


def _called(one: Identity) -> str:
    """The name, or else the host name, as it was read."""
    return _written(one, "name" if "name" in one.keys else "host_name")


def _in_two_domains(a: Identity, b: Identity) -> Message:
    return Message(
        "Same name {name}, but in another domain: {domain}, not {other}",
        name=_called(a),
        domain=_as_written(a, "domain", a.domain),
        other=_as_written(b, "domain", b.domain),
    )


def _of_two_owners(a: Identity, b: Identity) -> Message:
    return Message(
        "Same name {name}, but of another company: {company}, not {other}",
        name=_called(a),
        company=_as_written(a, "legal_owner", a.owner),
        other=_as_written(b, "legal_owner", b.owner),
    )


def _as_written(one: Identity, attribute: str, compared: Key) -> str:
    """A value as it was read, or else as it is compared."""
    return one.written(attribute) or _text(compared)


#: The evidence of the operating system, in the order in which it is shown.
_SYSTEM: tuple[Callable[[Identity, Identity, Shared, EvidenceScore], None], ...] = (
    _weigh_machine_id, _weigh_disks, _weigh_host_names, _weigh_names,
)  # fmt: skip


def _domains_differ(a: Identity, b: Identity) -> bool:
    return bool(a.domain and b.domain and a.domain != b.domain)


def _places_differ(a: Identity, b: Identity) -> bool:
    """Whether two racks of one name stand in places of which neither may lie in the other: each row has its R1."""
    here, there = (set(one.apart.get("location", "").split(STEP)) for one in (a, b))
    return "location" in a.apart and "location" in b.apart and not (here <= there or there <= here)


def _owners_differ(a: Identity, b: Identity) -> bool:
    return bool(a.owner and b.owner and a.owner != b.owner)


# -- people, and everything else --------------------------------------------------------------------------------------


def _person(a: Identity, b: Identity, shared: Shared) -> MatchVerdict:
    scale = EvidenceScore([])
    _weigh_values(a, b, shared, scale, w.PERSON, w.PERSON_OTHER)
    numbered = scale.plus > 0
    _weigh_name(a, b, scale, w.PERSON_NAME)
    outcome = person(scale, numbered=numbered)
    return _verdict(outcome, scale)


def _other(a: Identity, b: Identity, shared: Shared) -> MatchVerdict:
    """Records without hardware: by name and the attributes that distinguish namesakes, or by an identifying number."""
    scale = EvidenceScore([])
    _weigh_values(a, b, shared, scale, {}, w.NUMBER)
    numbered = scale.plus > 0
    for attribute in a.apart:
        if attribute in b.apart and _differ(attribute, a.apart[attribute], b.apart[attribute]):
            text = Message(
                "Other {label}: {value}, not {other}",
                label=_label(attribute),
                value=a.apart[attribute],
                other=b.apart[attribute],
            )
            said, other = (one.written(attribute) or one.apart[attribute] for one in (a, b))
            read = text.having(label=_label(attribute), value=said, other=other)
            scale.add(attribute, False, read, w.TOLD_APART, text)
    named = _weigh_name(a, b, scale, w.OTHER_NAME)
    outcome = record(scale, numbered=numbered, named=named, bought_again=_another_purchase(a, b))
    return _verdict(outcome, scale)


def _differ(attribute: str, a: str, b: str) -> bool:
    """Whether two values tell records apart; of two paths of places, one may go further up than the other."""
    if attribute != "location":
        return a != b
    return any(one != other for one, other in zip(reversed(a.split(STEP)), reversed(b.split(STEP)), strict=False))


def _weigh_values(
    a: Identity, b: Identity, shared: Shared, scale: EvidenceScore, known: dict[str, w.Weight], others: w.Weight
) -> None:
    """Identifying values, each by its own weight or that of the ``others``."""
    for kind, left in a.keys.items():
        if kind == "name" or kind not in b.keys:
            continue
        weight, right = known.get(kind, others), b.keys[kind]
        if left != right:
            text = Message(
                "Other {label}: {value}, not {other}", label=_label(kind), value=_text(left), other=_text(right)
            )
            read = text.having(label=_label(kind), value=_written(a, kind), other=_written(b, kind))
            scale.add(kind, False, read, weight.differs, text)
        elif _counts(kind, left, right, shared):
            text = Message("Same {label} {value}", label=_label(kind), value=_text(left))
            scale.add(kind, True, text.having(label=_label(kind), value=_written(a, kind)), weight.agrees, text)


def _weigh_name(a: Identity, b: Identity, scale: EvidenceScore, points: int) -> bool:
    """Weighs the name where both have the same. Returns whether they have."""
    same = bool(a.keys.get("name")) and a.keys.get("name") == b.keys.get("name")
    if same:
        text = Message("Same name {name}", name=_text(a.keys["name"]))
        scale.add("name", True, text.having(name=_written(a, "name")), points, text)
    return same


def _verdict(outcome: Outcome, scale: EvidenceScore) -> MatchVerdict:
    return MatchVerdict(outcome, scale.total, tuple(scale.lines), outcome == "same" and not scale.minus)


def _another_purchase(a: Identity, b: Identity) -> bool:
    """Whether two entitlements may be two purchases: one has a purchase order or start, and the quantities differ."""
    if a.cls != "entitlement" or a.details.get("quantity") == b.details.get("quantity"):
        return False
    return any((name in a.apart) != (name in b.apart) for name in ("purchase_order", "start"))


# -- keys as compared and as shown ------------------------------------------------------------------------------------


def _label(kind: str) -> Message | str:
    return _LABELS.get(kind) or kind.replace("_", " ")


def _agree(a: Key, b: Key) -> bool:
    if isinstance(a, tuple) or isinstance(b, tuple):
        return bool(set(_all(a)) & set(_all(b)))
    return a == b


def _all(key: Key) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,)


def _counts(kind: str, a: Key, b: Key, shared: Shared) -> bool:
    return any((kind, value) not in shared for value in set(_all(a)) & set(_all(b)))


def _text(key: Key) -> str:
    return ", ".join(
        k.upper() if len(k) < 24 and " " not in k and any(c.isdigit() for c in k) else k for k in _all(key)
    )


def _listed(macs: Iterable[str]) -> str | Message:
    """Adapters as they are shown everywhere; of many the first ones, and how many more there are."""
    found = sorted(macs)
    shown = ", ".join(found[:_ADAPTERS])
    more = len(found) - _ADAPTERS
    return (
        counted("{adapters} and {count} more", "{adapters} and {count} more", more, adapters=shown)
        if more > 0
        else shown
    )


def _as_read(one: Identity, kind: str, keys: Iterable[str]) -> str:
    """Some of the keys of ``MANY``, as their source writes them; the register has them only as they are compared."""
    read = {"".join(value.split()).casefold(): value for value in one.evidence.get(kind, ())}
    return ", ".join(_text(key) if read.get(key, key) == key else read[key] for key in sorted(keys))
