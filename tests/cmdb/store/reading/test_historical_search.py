"""A search in the past finds what it found then, after later changes, deletions and undos."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from tests.cmdb.store.conftest import Hand, emptied
from tests.laws import examples

NAMES = st.sampled_from(
    ["srv-01", "SRV-02", "Büro 4", "buro_5", "ΣΊΣΥΦΟΣ", "Straße 9", "100%", "a.b@c.example", "İzmir"]
)
NOTES = st.one_of(
    st.none(), st.sampled_from(["to be moved", "To be, moved", "moved to be", "Étage 2 übrig", "x_y", '"q"'])
)
SEARCHES = (
    "srv", "01", "srv-0", "buro", "büro", "BURO 4", "σίσ", "strasse", "straße", "100", "b@c", "to be", "be moved",
    "étage", "etage ubr", "izm", "x_y", "q", "--", "%", "_", "moved", "srv moved", "v-01", "o 4",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(["make", "name", "notes", "owner", "drop"]), st.integers(0, 3), NAMES, NOTES),
    min_size=1,
    max_size=6,
)


class SearchedEstate:
    """Four servers that come and go, and are assigned to one another's people."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.slots = [new_id() for _ in range(4)]
        self.people = [new_id() for _ in range(4)]
        self.people_there = False

    def edits(self, steps: list[tuple[Any, ...]]) -> list[Edit]:
        with self.store.read() as reader:
            there = reader.by_uid([*self.slots, *self.people])
        found: dict[Any, Edit] = {}
        if not self.people_there:
            self.people_there = True
            for uid in self.people:
                found[uid] = Edit(ci(uid), "", None, {"class": "person", "name": f"Ane {uid[-3:]}", "notes": "to be"})
            return list(found.values())
        gone: set[str] = set()
        for kind, slot, name, notes in steps:
            uid = self.slots[slot]
            if kind == "make" and uid not in there:
                more = {"notes": notes} if notes else {}
                found[uid, ""] = Edit(ci(uid), "", None, {"class": "server", "name": name, **more})
            elif uid not in there or uid in gone:
                continue
            elif kind == "drop":
                gone.add(uid)
                found = {key: edit for key, edit in found.items() if key[0] != uid}
                found[uid, ""] = Edit(ci(uid), "", {}, None)
            elif kind == "owner":
                found[uid, kind] = Edit(ci(uid), "assigned_to", there[uid].values.get("assigned_to"), self.people[slot])
            else:
                value = name if kind == "name" else notes
                found[uid, kind] = Edit(ci(uid), kind, there[uid].values.get(kind), value)
                person = self.people[slot]
                found[person, kind] = Edit(ci(person), kind, there[person].values.get(kind), value)
        return list(found.values())


def found(reader: Reader) -> dict[str, Any]:
    """What each search finds, as a list, as a count, and narrowed to a class."""
    answers: dict[str, Any] = {}
    for words in SEARCHES:
        uids = sorted(c.uid for c in reader.all(Selection(text=words)))
        servers = [c.uid for c in reader.page(Selection("server", "not notes is empty", "-name", words))]
        answers[words] = uids, servers, [c.uid for c in reader.search(words)]
        assert reader.count(Selection(text=words)) == len(uids)
    return answers


def then_as_now(store: Store, history: Any) -> None:
    estate = SearchedEstate(store)
    seen: dict[int, dict[str, Any]] = {}
    for steps in [[], *history]:
        number = store.apply(Revision(estate.edits(steps), "law")).number
        if number:
            with store.read() as reader:
                seen[number] = found(reader)
    for number, expected in seen.items():
        with store.read(number) as reader:
            answers = found(reader)
        for words in SEARCHES:
            assert answers[words] == expected[words], (number, words)


@examples(3, soak=30)
@given(history=st.lists(STEPS, min_size=1, max_size=3))
def test_words_find_what_they_found_then(file: Store, history: Any) -> None:
    then_as_now(emptied(file), history)


@examples(2, soak=10)
@given(history=st.lists(STEPS, min_size=1, max_size=3))
def test_words_find_what_they_found_then_on_a_server(server: Store, history: Any) -> None:
    then_as_now(emptied(server), history)


def test_words_in_what_only_its_class_has_are_found_in_the_past_too(hand: Hand) -> None:
    uid = hand.make("server", "srv-01", notes="old words", role="Billing of the harbour")
    hand.set(uid, "notes", "new words")
    with hand.store.read(1) as reader:
        assert [c.uid for c in reader.all(Selection(text="harbour old"))] == [uid]
        assert list(reader.all(Selection(text="harbour new"))) == []


def test_what_has_changed_since_is_found_as_it_was(hand: Hand) -> None:
    person = hand.make("person", "Ane", notes="to be")
    names = NAMES.elements  # type: ignore[attr-defined]
    notes = ["to be moved", "To be, moved", "moved to be", "Étage 2 übrig", "x_y", '"q"', "a", "b", "c"]
    servers = [hand.make("server", name, notes=note) for name, note in zip(names, notes, strict=True)]
    hand.set(servers[0], "assigned_to", person)
    with hand.store.read() as reader:
        expected, number = found(reader), reader.number
    assert len([words for words, (uids, *_) in expected.items() if uids]) > 15
    hand.apply(*(Edit(ci(u), "notes", note, "changed") for u, note in zip(servers, notes, strict=True)))
    hand.set(person, "name", "Bob")
    with hand.store.read(number) as reader:
        answers = found(reader)
    assert answers == expected
