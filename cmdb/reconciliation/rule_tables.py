"""The rules of identification as tables for readers, generated from the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cmdb.reconciliation import weights as w
from cmdb.reconciliation.match_rules import TABLES

_OUTCOMES = {"same": "the same", "review": "review", "different": "two", "none": "nothing: new, if nobody else fits"}


def machine_weights() -> str:
    """The evidence about computers and other hardware, as a Markdown table."""
    system = (
        _row(w.MACHINE_ID),
        (
            w.HOST_NAME.shown,
            f"{w.HOST_NAME.agrees}, with the same domain {w.HOST_NAME_IN_DOMAIN}",
            f"−{w.HOST_NAME.differs}",
            w.HOST_NAME.reason,
        ),
        (
            "host name, but another domain or another company; a rack's name, but another place",
            "",
            f"−{w.OTHER_DOMAIN}",
            "namesakes",
        ),
        _row(w.DISK),
        _row(w.NAME),
    )
    hardware = (
        _row(w.HARDWARE["serial_number"]),
        ("serial number, but of another manufacturer", str(w.OTHER_MAKER), "", "makers count alike"),
        *(_row(weight) for kind, weight in w.HARDWARE.items() if kind != "serial_number"),
        _row(w.IDENTIFYING),
        (
            "all network adapters (of one side)",
            str(w.ALL_ADAPTERS),
            f"−{w.OTHER_ADAPTERS}, of virtual machines −{w.OTHER_VIRTUAL_ADAPTERS}",
            "dongles come and go; a hypervisor gives each clone its own",
        ),
        ("one adapter in common, others not", str(w.ONE_ADAPTER), "", "docks and dongles move between machines"),
    )
    return _table(
        ("evidence", "agrees", "differs", "why"),
        [("**hardware**", "", "", ""), *hardware, ("**operating system**", "", "", ""), *system],
    )


def machine_outcomes() -> str:
    """The outcomes for two machines, as a Markdown table: the first line that applies decides."""
    rows: list[tuple[str, ...]] = []
    for title, rules in TABLES:
        rows.append((f"**{title}**", ""))
        rows.extend((rule.when, _OUTCOMES[rule.outcome]) for rule in rules)
    return _table(("what is seen", "outcome"), rows)


def person_weights() -> str:
    """The evidence about people, as a Markdown table."""
    name = ("name", str(w.PERSON_NAME), "", "namesakes are common")
    return _table(("evidence", "agrees", "differs", "why"), [*map(_row, w.PERSON.values()), _row(w.PERSON_OTHER), name])


def _row(weight: w.Weight) -> tuple[str, ...]:
    return weight.shown, str(weight.agrees), f"−{weight.differs}" if weight.differs else "", weight.reason


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |".replace("|  |", "| |").replace("|  |", "| |")
