"""Metrics, verdicts and units as publishers' documents write them."""

from __future__ import annotations

from typing import get_args

from cmdb.licences.engine.metrics import COUNTERS
from cmdb.licences.engine.results import Verdict
from cmdb.licences.engine.rights import COSTS
from cmdb.licences.labels import CHANNELS, METRICS, RIGHTS, VERDICTS, amount, label, pack_size, packs, units
from cmdb.model.schema import Schema
from tests.pseudo_locale import plain_words, spoken


def test_every_metric_verdict_and_right_of_the_engine_has_a_label() -> None:
    assert METRICS.keys() == COUNTERS.keys()
    assert VERDICTS.keys() == set(get_args(Verdict))
    assert COSTS.keys() <= RIGHTS.keys()
    assert label(METRICS, "oracle nup") == "Named User Plus (Oracle)"
    assert label(METRICS, "a metric of one's own") == "a metric of one's own"


def test_the_schema_shows_the_same_labels() -> None:
    attributes = Schema.load().cls("entitlement").attributes
    assert {one.value: one.label for one in attributes["metric"].choices} == {k: str(v) for k, v in METRICS.items()}
    assert {one.value: one.label for one in attributes["channel"].choices} == {k: str(v) for k, v in CHANNELS.items()}


def test_amounts_and_packs_are_counted() -> None:
    assert [str(amount(n, "core")) for n in (1, 2514)] == ["1 core", "2,514 cores"]
    assert [str(amount(3, unit)) for unit in ("person", "PVU", "")] == ["3 people", "3 PVU", "3"]
    assert [units("core"), units("PVU")] == ["cores", "PVU"]
    assert [str(packs(n, 2, "core")) for n in (1, 3)] == ["1 × 2-core pack", "3 × 2-core packs"]
    assert str(packs(3, 10, "user")) == "3 packs of 10"
    assert [str(pack_size(16, "core")), str(pack_size(10, "user"))] == ["16-core packs", "packs of 10"]


def test_an_amount_that_was_kept_is_worded_when_it_is_shown() -> None:
    kept = amount(2514, "core")
    with spoken():
        assert plain_words(str(kept)) == []
        assert "2.514" in str(kept)
    assert str(kept) == "2,514 cores"
