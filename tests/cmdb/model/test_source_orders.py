"""Orders of sources: which entry is a source's, what is refused, and that the nearest order counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.claims import deviating, effective, kept_words, order, rule
from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.model.source_keys import is_kept
from cmdb.model.source_orders import HOLD, RankedSource, SourceOrder, order_document, read_order

SOURCES = ("person", "sheet:HR export.xlsx", "sheet:HR old.xlsx", "import:glpi", "scan:a", "scan:b", "scan:a (guests)")
ENTRIES = ("sheet", "import", "scan", "scan (guests)", "sheet:HR *", "sheet:HR export.xlsx", "scan:b", "import:glpi")

orders = st.lists(st.sampled_from(ENTRIES), unique=True).flatmap(
    lambda names: st.tuples(*(st.tuples(st.just(name), st.sampled_from(["apply", "ask", "hold"])) for name in names))
)
claims = st.dictionaries(
    st.sampled_from(SOURCES), st.tuples(st.sampled_from([4096, 8192, 16384, None]), st.sampled_from(["1", "2", "3"]))
)


def document(entries: Any) -> list[Any]:
    return [{"source": source, "does": does} for source, does in entries]


def with_orders(**said: Any) -> Schema:
    """A schema in which memory of laptops, and so on, have these orders."""
    found: dict[str, Any] = {"class": {}}
    for where, entries in said.items():
        cls, _, attribute = where.partition("__")
        one = found["class"].setdefault(cls, {})
        if attribute:
            one.setdefault("attributes", {})[attribute] = {"sources": entries}
        else:
            one["sources"] = entries
    return Schema.load(extra=[found])


def test_the_most_specific_entry_is_a_sources() -> None:
    found = SourceOrder(read_order(Message("x"), ["scan", "sheet:HR *", "import", "sheet:HR export.xlsx", "sheet"]))
    assert [found.entry(one) for one in ("sheet:HR export.xlsx", "sheet:HR old.xlsx", "sheet:a.xlsx", "scan:b")] == [
        "sheet:HR export.xlsx", "sheet:HR *", "sheet", "scan",
    ]  # fmt: skip
    ranked = sorted(
        ("person", "scan:a", "sheet:HR old.xlsx", "import", "sheet:HR export.xlsx", "sheet:a", "odd"),
        key=found.rank,
        reverse=True,
    )
    assert ranked == ["person", "scan:a", "sheet:HR old.xlsx", "import", "sheet:HR export.xlsx", "sheet:a", "odd"]


def test_a_machine_counts_more_than_its_host_unless_the_order_tells_them_apart() -> None:
    plain = SourceOrder(read_order(Message("x"), ["scan"]))
    assert plain.rank("scan:a") > plain.rank("scan:a (guests)") > plain.rank("sheet:a")
    apart = SourceOrder(read_order(Message("x"), ["scan (guests)", "scan"]))
    assert apart.rank("scan:a (guests)") > apart.rank("scan:a")


@pytest.mark.parametrize(
    "entries",
    ["scan", ["nobody"], ["scan", "scan"], ["scan", "person"], [{"source": "person", "does": "hold"}],
     [{"source": "scan", "does": "maybe"}], [{"source": "scan", "rank": 1}], [""]],
)  # fmt: skip
def test_what_is_no_order_is_refused(entries: Any) -> None:
    with pytest.raises(SchemaError):
        read_order(Message("Memory"), entries)


def test_an_order_is_written_as_it_is_read() -> None:
    found = (RankedSource("scan"), RankedSource("sheet", HOLD))
    assert read_order(Message("x"), order_document(found)) == found


@given(said=claims, entries=orders, data=st.data())
def test_the_order_of_statements_never_matters(said: dict[str, Any], entries: Any, data: st.DataObject) -> None:
    schema = with_orders(laptop__memory=document(entries))
    shuffled = data.draw(st.permutations(list(said)))
    by_source = {source: {"memory": said[source]} for source in said}
    found = effective(schema, "laptop", by_source)
    assert found == effective(schema, "laptop", {source: by_source[source] for source in shuffled})
    counting = [s for s in said if schema.source_orders("laptop").of["memory"].does(s) != HOLD]
    if not counting:
        assert found == {}
    else:
        best = order(schema, "laptop", "memory", said)[0]
        assert best in counting
        assert found.get("memory") == said[best][0]
    if said:
        assert str(rule(schema, "laptop", "memory", said))
    if "person" in said:
        assert found.get("memory") == said["person"][0], "a person's word counts most, whatever the order"


def reordered(before: Schema, now: Schema, said: dict[str, Any]) -> dict[str, Any]:
    """What is said of the memory of a laptop once another order of sources counts."""
    by_source = {source: {"memory": list(pair)} for source, pair in said.items()}
    found = dict(said)
    for (source, _), statement in kept_words(before, now, "laptop", by_source, ["memory"]).items():
        found.pop(source, None)
        if statement is not None:
            found[source] = tuple(statement)
    return found


def memory(schema: Schema, said: dict[str, Any]) -> Any:
    return effective(schema, "laptop", {source: {"memory": list(pair)} for source, pair in said.items()}).get("memory")


@given(said=claims, first=orders, then=orders, later=st.integers(1, 9))
def test_what_stands_when_its_source_is_held_stays_until_somebody_else_says_otherwise(
    said: dict[str, Any], first: Any, then: Any, later: int
) -> None:
    before, now = (with_orders(laptop__memory=document(one)) for one in (first, then))
    held = [source for source in SOURCES if now.source_orders("laptop").of["memory"].rank(source) < 0]
    kept = reordered(before, now, said)
    if said.keys() <= set(held):
        assert memory(now, kept) == memory(before, said)
    else:
        assert memory(now, kept) == memory(now, said), "whoever counts has said it already"
    assert reordered(before, now, kept) == kept
    for source in SOURCES:
        other = {**kept, source: (later, "9")}
        if source in held:
            assert memory(now, other) == memory(now, kept), "it writes no more"
        elif said.keys() <= set(held):
            assert memory(now, other) == later, "it says otherwise, and stands"
        assert str(rule(now, "laptop", "memory", other))
        assert not any(is_kept(one) for one in deviating(now, "laptop", "memory", other))
    if not any(does == HOLD for _, does in first):
        back = reordered(now, before, kept)
        assert not any(map(is_kept, back))
        assert memory(before, back) == memory(before, said)


@given(attribute=st.booleans(), above=st.booleans(), cls=st.booleans(), parent=st.booleans(), estate=st.booleans())
def test_the_nearest_order_counts(attribute: bool, above: bool, cls: bool, parent: bool, estate: bool) -> None:
    places = {
        "laptop__memory": (attribute, "sheet:1"), "computer__memory": (above, "sheet:2"),
        "laptop": (cls, "sheet:3"), "hardware": (parent, "sheet:4"),
    }  # fmt: skip
    said = {where: [first] for where, (there, first) in places.items() if there}
    schema = with_orders(**said)
    if estate:
        schema = Schema.load(extra=[{"class": {
            where.partition("__")[0]: {} for where in said
        }}, *_documents(said), {"sources": {"measured": ["sheet:5"]}}])  # fmt: skip
    first = next((one for there, one in (*places.values(), (estate, "sheet:5")) if there), "person")
    found = schema.source_rule("laptop", "memory")
    assert found.order.ranked[0].source == first
    assert found.own == (first != "person")
    where = next((where for where, (there, _) in places.items() if there), "")
    assert (found.of, found.cls) == (
        ("attribute" if "__" in where else "class", where.partition("__")[0]) if where else ("estate", "")
    )


def _documents(said: dict[str, Any]) -> list[Any]:
    found = []
    for where, entries in said.items():
        cls, _, attribute = where.partition("__")
        own = {"attributes": {attribute: {"sources": entries}}} if attribute else {"sources": entries}
        found.append({"class": {cls: own}})
    return found


def test_what_identifies_a_record_and_what_it_needs_is_never_blank_by_a_rule() -> None:
    schema = with_orders(laptop=[{"source": "scan", "does": "hold"}])
    said = {"scan:a": {"name": ["LT-1", "1"], "serial_number": ["S1", "1"], "memory": [8192, "1"]}}
    assert effective(schema, "laptop", said) == {"name": "LT-1", "serial_number": "S1"}
    more = {**said, "sheet:b": {"name": ["LT-2", "0"], "memory": [4096, "0"]}}
    assert effective(schema, "laptop", more) == {"name": "LT-2", "serial_number": "S1", "memory": 4096}
    assert effective(schema, "laptop", {"scan:a": {"last_seen": ["2026-01-01T00:00:00Z", "1"]}}), "seen is seen"


def test_why_is_said_with_the_rule() -> None:
    said = {"scan:a": [8192, "1"], "sheet:b": [4096, "2"]}
    assert str(rule(Schema.load(), "laptop", "memory", said)) == "For Memory a scan counts more than a sheet."
    schema = with_orders(laptop__memory=["sheet", "scan"])
    assert str(rule(schema, "laptop", "memory", said)) == (
        "For Memory of Laptops a sheet counts more than a scan (rule of this estate)."
    )
    schema = with_orders(computer__memory=["sheet", {"source": "scan", "does": "hold"}])
    assert str(rule(schema, "laptop", "memory", said)) == (
        "For Memory of Computers a sheet counts; what a scan says is held (rule of this estate)."
    )
    assert str(rule(schema, "laptop", "memory", {"scan:a": [8192, "1"]})) == (
        "What a scan says is held for Memory of Computers: it counts once it is taken over (rule of this estate)."
    )
