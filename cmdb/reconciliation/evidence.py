"""Weighing what speaks for and against two things being one: explained, never first match wins.

A machine's hardware (serial number, UUID, board, adapters) and its operating system (machine id, host name, disks) are
weighed apart, because either can leave the other: a disk moved into a loaner carries the second and not the first.
``weights`` says how many points each kind of evidence is worth, ``match_rules`` what the sums come to.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from cmdb.reconciliation import weights as w
from cmdb.reconciliation.keys import HARDWARE, PERSON, Identity, Key
from cmdb.reconciliation.lifetimes import together
from cmdb.reconciliation.match_rules import EvidenceScore, machine, person, record
from cmdb.reconciliation.match_verdicts import MatchEvidence, MatchVerdict, Outcome

Shared = Container[tuple[str, str]]
"""(kind, key) of values that several records have: such a value is no evidence."""

_LABELS = {
    "serial_number": "serial number", "uuid": "UUID", "asset_tag": "asset tag", "board_serial": "main board",
    "machine_id": "machine id", "host_name": "host name", "disk_serial": "disk", "mac": "network adapter",
    "name": "name", "email": "e-mail address", "user_name": "user name", "employee_number": "employee number",
}  # fmt: skip
#: Kinds that are weighed by rules of their own, not as a number of the hardware.
_RULED = frozenset({"mac", "host_name", "machine_id", "disk_serial", "name"})


def compare(a: Identity, b: Identity, shared: Shared) -> MatchVerdict:
    """Weighs observation ``a`` against ``b``."""
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
        if kind not in _RULED and kind in b.keys:
            _weigh_number(kind, a, b, shared, hard)
    if a.keys.get("mac") and b.keys.get("mac"):
        _weigh_adapters(a, b, shared, hard)
    for rule in _SYSTEM:
        rule(a, b, shared, soft)
    outcome = machine(hard, soft, virtual=a.virtual or b.virtual)
    if outcome == "same" and together(a, b):
        lines.append(
            MatchEvidence(
                "alive", False, "Both were alive at the same time, started at different times", w.STARTED_APART
            )
        )
        outcome = "different" if not (hard.plus >= w.STARTED_APART and not a.virtual) else "review"
    clean = hard.plus > 0 and soft.plus > 0 and not hard.minus and not soft.minus
    return MatchVerdict(outcome, hard.total + soft.total, tuple(lines), clean)


def _weigh_number(kind: str, a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    """A number that identifies hardware: the same, the same of another maker, or another."""
    left, right = a.keys[kind], b.keys[kind]
    weight = w.HARDWARE.get(kind, w.IDENTIFYING)
    label = _label(kind)
    if not _agree(left, right):
        scale.add(kind, False, f"Other {label}: {_text(left)}, not {_text(right)}", weight.differs)
    elif _counts(kind, left, right, shared):
        if kind == "serial_number" and a.maker and b.maker and a.maker != b.maker:
            text = f"Same serial number {_text(left)}, but of another manufacturer"
            scale.add(kind, True, text, w.OTHER_MAKER)
        else:
            scale.add(kind, True, f"Same {label} {_text(left)}", weight.agrees)


def _weigh_adapters(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    mine = {m for m in _all(a.keys["mac"]) if ("mac", m) not in shared}
    theirs = set(_all(b.keys["mac"]))
    common = mine & theirs
    if not common:
        if mine:
            points = w.OTHER_VIRTUAL_ADAPTERS if a.virtual or b.virtual else w.OTHER_ADAPTERS
            scale.add("mac", False, "Other network adapters", points)
    elif mine <= theirs or theirs <= mine:
        scale.add("mac", True, f"Same network adapters {_text(tuple(sorted(common)))}", w.ALL_ADAPTERS)
    else:
        text = f"One network adapter in common, {_text(tuple(sorted(common)))}, others not"
        scale.add("mac", True, text, w.ONE_ADAPTER)


def _weigh_machine_id(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    mine, theirs = a.keys.get("machine_id"), b.keys.get("machine_id")
    if not mine or not theirs:
        return
    if mine != theirs:
        text = "Other machine id: the system was installed anew, or is another"
        scale.add("machine_id", False, text, w.MACHINE_ID.differs)
    elif ("machine_id", str(mine)) not in shared:
        scale.add("machine_id", True, f"Same machine id {_text(mine)}", w.MACHINE_ID.agrees)


def _weigh_disks(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    mine, theirs = a.keys.get("disk_serial"), b.keys.get("disk_serial")
    if mine and theirs and (common := set(_all(mine)) & set(_all(theirs))):
        scale.add("disk_serial", True, f"Same disk {_text(tuple(sorted(common)))}", w.DISK.agrees)


def _weigh_host_names(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    """The host names, where both are known."""
    host, other = a.keys.get("host_name"), b.keys.get("host_name")
    if not host or not other:
        return
    if host != other:
        text = f"Other host name: {_text(host)}, not {_text(other)}"
        scale.add("host_name", False, text, w.HOST_NAME.differs)
    elif _domains_differ(a, b):
        text = f"Same host name {_text(host)}, but in another domain: {_text(a.domain)}, not {_text(b.domain)}"
        scale.add("host_name", False, text, w.OTHER_DOMAIN)
    elif _owners_differ(a, b):
        text = f"Same host name {_text(host)}, but of another company"
        scale.add("host_name", False, text, w.OTHER_DOMAIN)
    elif ("host_name", str(host)) not in shared:
        points = w.HOST_NAME_IN_DOMAIN if a.domain and b.domain else w.HOST_NAME.agrees
        scale.add("host_name", True, f"Same host name {_text(host)}", points)


def _weigh_names(a: Identity, b: Identity, shared: Shared, scale: EvidenceScore) -> None:
    """The names, where a host name is not known of both; a name may be what the other has for a host name."""
    host, other_host = a.keys.get("host_name"), b.keys.get("host_name")
    name, other = a.keys.get("name"), b.keys.get("name")
    if host and other_host:
        return
    if (name and name in (other, other_host)) or (host and host == other):
        if _domains_differ(a, b) or _owners_differ(a, b):
            text = "Same name, but in another domain or of another company"
            scale.add("name", False, text, w.OTHER_DOMAIN)
        elif ("name", str(name)) not in shared:
            scale.add("name", True, f"Same name {_text(name or host or '')}", w.NAME.agrees)
    elif name and other and name != other:
        text = f"Other name: {_text(name)}, not {_text(other)}"
        scale.add("name", False, text, w.NAME.differs)


#: What is weighed of the operating system, in the order in which it is shown.
_SYSTEM: tuple[Callable[[Identity, Identity, Shared, EvidenceScore], None], ...] = (
    _weigh_machine_id, _weigh_disks, _weigh_host_names, _weigh_names,
)  # fmt: skip


def _domains_differ(a: Identity, b: Identity) -> bool:
    return bool(a.domain and b.domain and a.domain != b.domain)


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
    """Records without hardware: by name and what tells records of one name apart, or by an identifying number."""
    scale = EvidenceScore([])
    _weigh_values(a, b, shared, scale, {}, w.NUMBER)
    numbered = scale.plus > 0
    for attribute in a.apart:
        if attribute in b.apart and a.apart[attribute] != b.apart[attribute]:
            text = f"Other {attribute.replace('_', ' ')}: {a.apart[attribute]}, not {b.apart[attribute]}"
            scale.add(attribute, False, text, w.TOLD_APART)
    named = _weigh_name(a, b, scale, w.OTHER_NAME)
    outcome = record(scale, numbered=numbered, named=named, bought_again=_another_purchase(a, b))
    return _verdict(outcome, scale)


def _weigh_values(
    a: Identity, b: Identity, shared: Shared, scale: EvidenceScore, known: dict[str, w.Weight], others: w.Weight
) -> None:
    """Identifying values, each by its own weight or that of the ``others``."""
    for kind, left in a.keys.items():
        if kind == "name" or kind not in b.keys:
            continue
        weight, right = known.get(kind, others), b.keys[kind]
        if left != right:
            scale.add(kind, False, f"Other {_label(kind)}: {_text(left)}, not {_text(right)}", weight.differs)
        elif _counts(kind, left, right, shared):
            scale.add(kind, True, f"Same {_label(kind)} {_text(left)}", weight.agrees)


def _weigh_name(a: Identity, b: Identity, scale: EvidenceScore, points: int) -> bool:
    """The name, where both have the same; whether they have."""
    same = bool(a.keys.get("name")) and a.keys.get("name") == b.keys.get("name")
    if same:
        scale.add("name", True, f"Same name {_text(a.keys['name'])}", points)
    return same


def _verdict(outcome: Outcome, scale: EvidenceScore) -> MatchVerdict:
    return MatchVerdict(outcome, scale.total, tuple(scale.lines), outcome == "same" and not scale.minus)


def _another_purchase(a: Identity, b: Identity) -> bool:
    """An entitlement with a purchase order, one without, and other quantities: corrected, or bought again?"""
    if a.cls != "entitlement" or a.details.get("quantity") == b.details.get("quantity"):
        return False
    return any((name in a.apart) != (name in b.apart) for name in ("purchase_order", "start"))


# -- keys as compared and as shown ------------------------------------------------------------------------------------


def _label(kind: str) -> str:
    return _LABELS.get(kind, kind.replace("_", " "))


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
