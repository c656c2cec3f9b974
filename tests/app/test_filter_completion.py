"""What is offered while a filter is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.filter_completion import asks_register, known_completions, value_completions
from app.filter_words import condition_words
from cmdb.model import query
from cmdb.model.query_completion import expected
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = create_estate(tmp_path_factory.mktemp("estate") / "small.terrier")
    fill_small(found)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("warr", "warranty_until "),
        ("Asset t", "asset_tag "),
        ("assigned_to.dep", "assigned_to.department "),
        ("assigned", "assigned_to."),
        ("location ", "within "),
        ("location is n", "is not empty "),
        ("warranty_until be", "< "),
        ("status = in r", '"In repair" '),
        ("phase = l", "live "),
        ("warranty_until < today+", "today+30d "),
        ("status = Lost o", "or "),
        ("location within rot", "Rotterdam "),
        ("assigned_to = Anja V", '"Anja Vogt" '),
        ("assigned_to.email ~ tom", "tom@harbour.example "),
        ("asset_tag = A20", "A2041 "),
    ],
)
def test_what_is_offered(store: Store, typed: str, offered: str) -> None:
    with store.read() as reader:
        asked = expected(typed, len(typed))
        found = known_completions(reader.schema, "laptop", asked)
        if asks_register(reader.schema, "laptop", asked):
            found += value_completions(reader, "laptop", asked)
        assert offered in [one.text for one in found]
        for one in found:
            assert typed[: one.start] == (typed[: one.start] + one.text)[: one.start]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("cla", ["class "]), ("class ", ["= ", "!= "]), ("class = lap", ["laptop "]), ("class != desk", ["desktop "])],
)
def test_classes_are_offered_where_there_are_several(store: Store, typed: str, offered: list[str]) -> None:
    with store.read() as reader:
        known = known_completions(reader.schema, "computer", expected(typed, len(typed)))
        assert [one.text for one in known][: len(offered)] == offered
        assert "class " not in [one.text for one in known_completions(reader.schema, "laptop", expected("cla", 3))]
        leaf = query.parse("class = laptop")
        assert isinstance(leaf, query.Compare)
        assert condition_words(reader.schema, "computer", leaf) == "Class is Laptop"


@pytest.mark.parametrize(("typed", "first"), [("status = lo", "Lost "), ("status = re", "Retired ")])
def test_what_begins_with_the_typed_text_is_offered_first(store: Store, typed: str, first: str) -> None:
    with store.read() as reader:
        assert known_completions(reader.schema, "laptop", expected(typed, len(typed)))[0].text == first


def test_a_value_that_is_no_attribute_offers_nothing(store: Store) -> None:
    with store.read() as reader:
        asked = expected("colour = re", 11)
        assert known_completions(reader.schema, "laptop", asked) == []
        assert value_completions(reader, "laptop", asked) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("status = Deployed", "Status is Deployed"),
        ("warranty_until < today+90d", "Warranty until before today+90d"),
        ("assigned_to.department = Sales", "Assigned to: Department is Sales"),
        ("location is not empty", "Location is not empty"),
        ("location within Rotterdam", "Location is within Rotterdam"),
    ],
)
def test_conditions_are_worded(store: Store, typed: str, words: str) -> None:
    node = query.parse(typed)
    assert isinstance(node, query.Compare | query.Empty)
    with store.read() as reader:
        assert condition_words(reader.schema, "laptop", node) == words
