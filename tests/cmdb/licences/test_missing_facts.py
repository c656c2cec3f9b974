"""What is missing is asked for by a table of rules: each has words for it and a remedy."""

from __future__ import annotations

import pytest

from cmdb.licences.engine.missing_facts import RULES, GapRule, remedy
from cmdb.licences.engine.results import MissingFact
from tests.cmdb.licences.estate import on, owned, pcs, row, settle


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.about)
def test_every_rule_can_say_what_is_missing_and_what_to_do(rule: GapRule) -> None:
    gap = MissingFact("edition", "PC1", "pc1")
    assert str(rule.text(gap))
    told = str(remedy({gap: rule, MissingFact("version", "PC1", "pc1"): rule}))
    assert "2 computers" in told or "edition of PC1, version of PC1" in told


def test_rules_that_only_use_up_spare_licences_come_last() -> None:
    assert [rule.last for rule in RULES] == sorted(rule.last for rule in RULES)


def test_computers_without_inventory_are_asked_for_only_where_nothing_else_is_missing() -> None:
    seen, unseen = pcs(3), pcs(2, 10, inventoried=False)
    found = settle(seen, unseen, on(seen, "Tool"), owned("E", "Tool", 4))
    assert {gap.of for gap in row(found, product="Tool").missing} == {"PC010", "PC011"}
    assert [str(one) for one in row(found, product="Tool").actions] == ["Scan 2 computers that nobody has inventoried"]
    assert {line.kind for line in found.exceptions} == {"never inventoried"}

    without = settle(seen, unseen, on(seen, "Tool"), owned("E", "Tool", None))
    assert [gap.fact for gap in row(without, product="Tool").missing] == ["quantity"]
    assert [str(one) for one in row(without, product="Tool").actions] == ["Supply quantity of E"]
