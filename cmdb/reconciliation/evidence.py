"""Weighing what speaks for and against two things being one: explained, never first match wins.

A machine's hardware (serial number, UUID, board, adapters) and its operating system (machine id, host name, disks) are
weighed apart, because either can leave the other: a disk moved into a loaner carries the second and not the first.
The weights are ours: a serial number decides against a swapped board; adapters and names decide only where nothing
better is known.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from cmdb.reconciliation.keys import HARDWARE, PERSON, Identity, Key

Outcome = Literal["same", "review", "different", "none"]


class Line(NamedTuple):
    """One piece of evidence, as a person reads it."""

    kind: str
    agrees: bool
    text: str
    weight: int


class Verdict(NamedTuple):
    """What two identities have to do with each other. "none": nothing comparable speaks for it."""

    outcome: Outcome
    score: int
    lines: tuple[Line, ...]
    clean: bool
    """Hardware and operating system both agree and nothing disagrees."""


#: kind → (weight where it agrees, weight where it differs), hardware side.
_HARDWARE = {"serial_number": (100, 100), "uuid": (60, 40), "asset_tag": (60, 50), "board_serial": (30, 10)}
_PERSON = {"email": (60, 20), "user_name": (50, 20), "employee_number": (70, 60)}
_LABELS = {
    "serial_number": "serial number", "uuid": "UUID", "asset_tag": "asset tag", "board_serial": "main board",
    "machine_id": "machine id", "host_name": "host name", "disk_serial": "disk", "mac": "network adapter",
    "name": "name", "email": "e-mail address", "user_name": "user name", "employee_number": "employee number",
}  # fmt: skip
#: Two times of starting that differ by less are one, read from a clock that was set.
CLOCK = 600


class _Scale:
    """Evidence gathered so far, on one side of the scales."""

    __slots__ = ("lines", "minus", "plus")

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.plus = 0
        self.minus = 0

    def add(self, kind: str, agrees: bool, text: str, weight: int) -> None:
        if agrees:
            self.plus += weight
        else:
            self.minus += weight
        self.lines.append(Line(kind, agrees, text, weight))

    @property
    def total(self) -> int:
        return self.plus - self.minus


def compare(a: Identity, b: Identity, shared: Container[tuple[str, str]]) -> Verdict:
    """Weighs observation ``a`` against ``b``. ``shared`` holds (kind, key) of values that several records have."""
    if a.root != b.root:
        return Verdict("none", 0, (), False)
    if a.root == HARDWARE:
        return _hardware(a, b, shared)
    if a.root == PERSON:
        return _person(a, b, shared)
    return _other(a, b, shared)


def _hardware(a: Identity, b: Identity, shared: Container[tuple[str, str]]) -> Verdict:
    lines: list[Line] = []
    hard, soft = _Scale(lines), _Scale(lines)
    _weigh_hardware(a, b, shared, hard)
    _weigh_system(a, b, shared, soft)
    outcome = _decide(a, b, hard, soft)
    if outcome == "same" and together(a, b):
        lines.append(Line("alive", False, "Both were alive at the same time, started at different times", 100))
        outcome = "different" if not (hard.plus >= 100 and not a.virtual) else "review"
    clean = hard.plus > 0 and soft.plus > 0 and not hard.minus and not soft.minus
    return Verdict(outcome, hard.total + soft.total, tuple(lines), clean)


def _weigh_hardware(a: Identity, b: Identity, shared: Container[tuple[str, str]], scale: _Scale) -> None:
    for kind in a.keys:
        if kind in ("mac", "host_name", "machine_id", "disk_serial", "name") or kind not in b.keys:
            continue
        left, right = a.keys[kind], b.keys[kind]
        plus, minus = _HARDWARE.get(kind, (50, 40))
        label = _LABELS.get(kind, kind.replace("_", " "))
        if _agree(left, right):
            if _counts(kind, left, right, shared):
                if kind == "serial_number" and a.maker and b.maker and a.maker != b.maker:
                    scale.add(kind, True, f"Same serial number {_text(left)}, but of another manufacturer", 40)
                else:
                    scale.add(kind, True, f"Same {label} {_text(left)}", plus)
        else:
            scale.add(kind, False, f"Other {label}: {_text(left)}, not {_text(right)}", minus)
    macs, others = a.keys.get("mac"), b.keys.get("mac")
    if macs and others:
        _weigh_macs({m for m in macs if ("mac", m) not in shared}, set(others), a.virtual or b.virtual, scale)


def _weigh_macs(mine: set[str], theirs: set[str], virtual: bool, scale: _Scale) -> None:
    common = mine & theirs
    if not common:
        if mine:
            scale.add("mac", False, "Other network adapters", 15 if virtual else 5)
    elif mine <= theirs or theirs <= mine:
        scale.add("mac", True, f"Same network adapters {_text(tuple(sorted(common)))}", 35)
    else:
        scale.add("mac", True, f"One network adapter in common, {_text(tuple(sorted(common)))}, others not", 10)


def _weigh_system(a: Identity, b: Identity, shared: Container[tuple[str, str]], scale: _Scale) -> None:
    machine, other = a.keys.get("machine_id"), b.keys.get("machine_id")
    if machine and other:
        if machine != other:
            scale.add("machine_id", False, "Other machine id: the system was installed anew, or is another", 10)
        elif ("machine_id", str(machine)) not in shared:
            scale.add("machine_id", True, f"Same machine id {_text(machine)}", 40)
    disks, others = a.keys.get("disk_serial"), b.keys.get("disk_serial")
    if disks and others and _agree(disks, others):
        scale.add("disk_serial", True, f"Same disk {_text(tuple(sorted(set(disks) & set(others))))}", 20)
    host, other_host = a.keys.get("host_name"), b.keys.get("host_name")
    apart = ""
    if a.domain and b.domain and a.domain != b.domain:
        apart = f"{_text(a.domain)}, not {_text(b.domain)}"
    owners = bool(a.owner and b.owner and a.owner != b.owner)
    name, other_name = a.keys.get("name"), b.keys.get("name")
    if host and other_host:
        if host != other_host:
            scale.add("host_name", False, f"Other host name: {_text(host)}, not {_text(other_host)}", 5)
        elif apart:
            scale.add("host_name", False, f"Same host name {_text(host)}, but in another domain: {apart}", 30)
        elif owners:
            scale.add("host_name", False, f"Same host name {_text(host)}, but of another company", 30)
        elif ("host_name", str(host)) not in shared:
            scale.add("host_name", True, f"Same host name {_text(host)}", 25 if a.domain and b.domain else 20)
    elif (name and name in (other_name, other_host)) or (host and host == other_name):
        if apart or owners:
            scale.add("name", False, "Same name, but in another domain or of another company", 30)
        elif ("name", str(name)) not in shared:
            scale.add("name", True, f"Same name {_text(name or host or '')}", 15)
    elif name and other_name and name != other_name:
        lines = Line("name", False, f"Other name: {_text(name)}, not {_text(other_name)}", 0)
        scale.lines.append(lines)


def _decide(a: Identity, b: Identity, hard: _Scale, soft: _Scale) -> Outcome:
    """The outcome of hardware against operating system. See docs/identification.md for the reasons."""
    if hard.plus and not hard.minus:
        if hard.plus >= 60:
            return "same"
        if hard.plus >= 30:
            return "same" if soft.total >= 0 else "review"
        return "same" if soft.total > 0 else "different" if soft.minus else "review"
    if hard.plus:
        return _mixed(hard, soft)
    if hard.minus:
        if a.virtual or b.virtual:
            return "different"  # a clone: the copy has the machine id, but not the machine
        if hard.minus > 15:
            return "review" if _carried(soft) else "different"
        return "same" if _carried(soft) else "review" if soft.total > 0 else "different"
    return _system_only(soft)


def _mixed(hard: _Scale, soft: _Scale) -> Outcome:
    """Hardware that agrees in part: a board was swapped, or something is wrong."""
    if hard.total >= 40:
        return "same" if soft.total >= 0 else "review"
    if hard.total <= -40:
        decisive = any(
            line.agrees and line.kind not in ("mac", "board_serial") for line in hard.lines if line.kind in _HARDWARE
        )
        return "review" if decisive or _carried(soft) else "different"
    return "review"


def _system_only(soft: _Scale) -> Outcome:
    """Nothing is known of the hardware of one of them."""
    if not soft.plus:
        return "different" if soft.minus else "none"
    if not soft.minus or soft.total >= 30:
        return "same"
    return "review"


def _carried(soft: _Scale) -> bool:
    """Whether the operating system is recognised by more than its name."""
    return any(line.agrees and line.kind in ("machine_id", "disk_serial") for line in soft.lines)


def _person(a: Identity, b: Identity, shared: Container[tuple[str, str]]) -> Verdict:
    lines: list[Line] = []
    scale = _Scale(lines)
    for kind in a.keys:
        if kind == "name" or kind not in b.keys:
            continue
        plus, minus = _PERSON.get(kind, (60, 40))
        label = _LABELS.get(kind, kind.replace("_", " "))
        left, right = a.keys[kind], b.keys[kind]
        if left != right:
            scale.add(kind, False, f"Other {label}: {_text(left)}, not {_text(right)}", minus)
        elif _counts(kind, left, right, shared):
            scale.add(kind, True, f"Same {label} {_text(left)}", plus)
    strong = scale.plus
    if a.keys.get("name") and a.keys.get("name") == b.keys.get("name"):
        scale.add("name", True, f"Same name {_text(a.keys['name'])}", 20)
    outcome: Outcome
    if strong:
        outcome = "same" if scale.total >= 20 else "review"
    elif scale.minus:
        outcome = "different"
    else:
        outcome = "same" if scale.plus else "none"
    return Verdict(outcome, scale.total, tuple(lines), outcome == "same" and not scale.minus)


def _other(a: Identity, b: Identity, shared: Container[tuple[str, str]]) -> Verdict:
    """Records without hardware: by name and what tells records of one name apart, or by an identifying number."""
    lines: list[Line] = []
    scale = _Scale(lines)
    for kind in a.keys:
        if kind == "name" or kind not in b.keys:
            continue
        label = _LABELS.get(kind, kind.replace("_", " "))
        if a.keys[kind] != b.keys[kind]:
            scale.add(kind, False, f"Other {label}: {_text(a.keys[kind])}, not {_text(b.keys[kind])}", 60)
        elif _counts(kind, a.keys[kind], b.keys[kind], shared):
            scale.add(kind, True, f"Same {label} {_text(a.keys[kind])}", 60)
    numbered = scale.plus > 0
    for attribute in a.apart:
        if attribute in b.apart and a.apart[attribute] != b.apart[attribute]:
            text = f"Other {attribute.replace('_', ' ')}: {a.apart[attribute]}, not {b.apart[attribute]}"
            scale.add(attribute, False, text, 60)
    named = bool(a.keys.get("name")) and a.keys.get("name") == b.keys.get("name")
    if named:
        scale.add("name", True, f"Same name {_text(a.keys['name'])}", 20)
    clean = not scale.minus
    outcome: Outcome
    if not scale.plus:
        outcome = "different" if scale.minus else "none"
    elif scale.minus:
        outcome = "review" if numbered and named else "different"
    else:
        outcome = "review" if _another_purchase(a, b) else "same"
    return Verdict(outcome, scale.total, tuple(lines), clean and outcome == "same")


def _another_purchase(a: Identity, b: Identity) -> bool:
    """An entitlement with a purchase order, one without, and other quantities: corrected, or bought again?"""
    if a.cls != "entitlement" or a.details.get("quantity") == b.details.get("quantity"):
        return False
    return any((name in a.apart) != (name in b.apart) for name in ("purchase_order", "start"))


def together(a: Identity, b: Identity) -> bool:
    """Whether both were up at one moment with different times of starting: then they are two.

    A machine has one time of starting at any moment, so two overlapping spells that began apart are two machines'.
    """
    started_a, seen_a = (_moment(t) for t in a.alive)
    started_b, seen_b = (_moment(t) for t in b.alive)
    if started_a is None or seen_a is None or started_b is None or seen_b is None:
        return False
    if abs((started_a - started_b).total_seconds()) <= CLOCK:
        return False
    return max(started_a, started_b) < min(seen_a, seen_b)


def same_moment(a: Identity, b: Identity) -> bool:
    """Whether both were seen alive within ten minutes of each other."""
    seen_a, seen_b = _moment(a.alive[1]), _moment(b.alive[1])
    if seen_a is None or seen_b is None or not (a.scanned and b.scanned):
        return False
    return abs((seen_a - seen_b).total_seconds()) <= CLOCK


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _agree(a: Key, b: Key) -> bool:
    if isinstance(a, tuple) or isinstance(b, tuple):
        return bool(set(_all(a)) & set(_all(b)))
    return a == b


def _all(key: Key) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,)


def _counts(kind: str, a: Key, b: Key, shared: Container[tuple[str, str]]) -> bool:
    return any((kind, value) not in shared for value in set(_all(a)) & set(_all(b)))


def _text(key: Any) -> str:
    return ", ".join(
        str(k).upper() if len(str(k)) < 24 and " " not in str(k) and any(c.isdigit() for c in str(k)) else str(k)
        for k in _all(key)
    )
