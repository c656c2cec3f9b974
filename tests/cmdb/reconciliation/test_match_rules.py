"""The tables of outcomes: each covers every case, and every rule decides some case."""

from __future__ import annotations

import itertools

import pytest

from cmdb.model.messages import Message
from cmdb.reconciliation import weights as w
from cmdb.reconciliation.match_rules import (
    AGREES,
    DIFFERS,
    MIXED,
    SYSTEM,
    TABLES,
    EvidenceScore,
    MachineComparison,
    MatchRule,
)
from cmdb.reconciliation.match_verdicts import MatchEvidence

POINTS = (0, w.ONE_ADAPTER, w.MINOR, w.LIKELY, w.PARTLY, w.SURE, 100, 160)
KINDS = ("serial_number", "board_serial", "machine_id", "host_name")


def scale(plus: int, minus: int, kind: str) -> EvidenceScore:
    made = EvidenceScore([])
    for agrees, points in ((True, plus), (False, minus)):
        if points:
            made.add(kind, agrees, "", points)
    return made


EVERYTHING = [
    MachineComparison(scale(*hard, hard_kind), scale(*soft, soft_kind), virtual)
    for hard in itertools.product(POINTS, repeat=2)
    for soft in itertools.product((0, 5, 20, 40), repeat=2)
    for hard_kind in KINDS[:2]
    for soft_kind in KINDS[2:]
    for virtual in (False, True)
]


def belongs(table: tuple[MatchRule, ...], one: MachineComparison) -> bool:
    agrees, differs = bool(one.hard.plus), bool(one.hard.minus)
    return {AGREES: (True, False), MIXED: (True, True), DIFFERS: (False, True), SYSTEM: (False, False)}[table] == (
        agrees,
        differs,
    )


@pytest.mark.parametrize(("title", "table"), TABLES, ids=lambda one: one if isinstance(one, str) else "")
def test_every_rule_decides_something_and_one_of_them_always_does(title: str, table: tuple[MatchRule, ...]) -> None:
    decided: set[str] = set()
    for one in EVERYTHING:
        if belongs(table, one):
            decided.add(next(rule.when for rule in table if rule.applies(one)))
    assert decided == {rule.when for rule in table}


def test_evidence_of_no_points_is_shown_and_weighs_nothing() -> None:
    made = EvidenceScore([])
    text = Message("Other name")
    made.add("name", False, text, 0)
    assert (made.total, made.lines) == (0, [MatchEvidence("name", False, text, 0)])
