"""Contradictory rows, decisions and their results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cmdb.model.errors import NotFound, UserError
from cmdb.model.messages import from_data
from cmdb.model.observation import InstalledSoftware, Link, NamedReference, Observation, Origin
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.schema import Schema
from cmdb.reconciliation import Proposal, Review, decide
from cmdb.reconciliation.cluster import Candidate, Cluster
from cmdb.reconciliation.evidence import compare
from cmdb.reconciliation.keys import Keys
from cmdb.reconciliation.pipeline import shipped
from cmdb.reconciliation.review import decision_id
from cmdb.reconciliation.source_statements import StatementConflict
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet
from tests.pseudo_locale import plain_words, spoken


def laptop(name: str = "nb-1", row: int = 2, **values: Any) -> Observation:
    return Observation("laptop", {"name": name, **values}, Origin("assets.xlsx", "Assets", row))


def carry_out(estate: ReconciledEstate, review: Review, choice: str) -> Proposal:
    proposal = decide(estate, estate.schema, review.id, choice, "anna")
    estate.apply(proposal.revision)
    assert estate.records["decision"][(review.id,)]["state"] == "done"
    return proposal


def disagreeing() -> list[Observation]:
    return [laptop(serial_number="PF1ABCDE", cost_centre=c, row=n) for n, c in ((2, "100"), (3, "200"))]


def test_rows_of_one_source_that_disagree_go_to_review(estate: ReconciledEstate) -> None:
    for rows in (disagreeing(), disagreeing()[::-1]):
        proposal = estate.propose(sheet(*rows))
        assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 0, 1)
        (item,) = proposal.review
        assert [o.choice for o in item.options] == ["1", "2", "separate", "ignore"]
        assert "Cost centre 100" in str(item.options[0].text)
        assert "row 2" in str(item.options[0].text)


def test_rows_of_several_classes_say_which_class_they_state(estate: ReconciledEstate) -> None:
    rows = [
        Observation(cls, {"name": "nb-1", "serial_number": "PF1ABCDE"}, Origin("assets.xlsx", "Assets", n))
        for n, cls in ((2, "laptop"), (3, "printer"))
    ]
    (item,) = estate.propose(sheet(*rows)).review
    texts = [str(option.text) for option in item.options]
    assert any("Class Laptop" in text for text in texts)
    assert any("Class Printer" in text for text in texts)


def test_a_conflict_names_the_attribute_by_its_label() -> None:
    schema = Schema.load()
    assert str(StatementConflict("cost_centre", []).label(schema, "laptop")) == "Cost centre"
    assert str(StatementConflict("cost_centre", []).label(schema, "person")) == "Cost centre"
    assert str(StatementConflict("badge_colour", []).label(schema, "laptop")) == "“badge_colour”"


def test_the_id_of_a_decision_is_the_one_that_older_estates_hold() -> None:
    keys = Keys(Schema.load(), shipped())
    one, other = (
        keys.seen(laptop(name, **values), "sheet:assets.xlsx", "2026-03-01T00:00:00Z")
        for name, values in (
            ("nb-7", {"serial_number": "PF1LOAN1", "machine_id": "1a" * 16, "asset_tag": "A-1"}),
            ("loaner", {"serial_number": "PF1MINE1", "machine_id": "1a" * 16, "asset_tag": "A-2"}),
        )
    )
    with spoken():
        lines = compare(keys.identity(one), keys.identity(other), frozenset()).lines
        cluster = Cluster([one])
        cluster.kind, cluster.candidates = "identity", [Candidate("01890000-0000-7000-8000-000000000001", lines)]
        assert decision_id(cluster, ()) == "77d98e69-6139-508d-8487-143d31236c1c"
        assert not [word for line in lines for word in plain_words(str(line.text), VALUES)]


def test_evidence_shows_values_as_they_were_read() -> None:
    keys = Keys(Schema.load(), shipped())
    said = {"serial_number": "pf1 Loan-1", "machine_id": "1A" * 16, "host_name": "Nb-7", "domain": "Ad.Example.org"}
    other = {**said, "serial_number": "Pf1 Mine/1", "host_name": "Loaner x1", "domain": "corp.Example"}
    read = [keys.seen(laptop(one["host_name"], **one), "scan:a", "2026-03-01T00:00:00Z") for one in (said, other)]
    texts = " ".join(str(line.text) for line in compare(*map(keys.identity, read), frozenset()).lines)
    assert "pf1 Loan-1, not Pf1 Mine/1" in texts
    assert "Other host name: Nb-7, not Loaner x1" in texts
    assert f"Same machine id {'1A' * 16}" in texts


def named(kind: str, name: str) -> NamedReference:
    return NamedReference(kind, name)


@pytest.mark.parametrize(
    ("cls", "one", "other", "read", "kept"),
    [
        (
            "laptop", {"mac": ["00:1b:21:AA:00:01", "00:1b:21:aa:00:02"]}, {"mac": ["00:1b:21:bb:00:01"]},
            "Other network adapters: 00:1b:21:aa:00:01, 00:1b:21:aa:00:02; the other has 00:1b:21:bb:00:01",
            "Other network adapters",
        ),
        (
            "laptop", {"machine_id": "1A" * 16}, {"machine_id": "{2b" + "2b" * 15 + "}"},
            f"Other machine id: {'1A' * 16}, not {{{'2b' * 16}}} (the system was installed anew, or is another)",
            "Other machine id: the system was installed anew, or is another",
        ),
        (
            "laptop", {"mac": ["00:1b:21:aa:00:01"]}, {"mac": [f"00:1b:21:bb:00:0{n}" for n in range(8)]},
            "Other network adapters: 00:1b:21:aa:00:01; the other has 00:1b:21:bb:00:00, 00:1b:21:bb:00:01, "
            "00:1b:21:bb:00:02, 00:1b:21:bb:00:03, 00:1b:21:bb:00:04, 00:1b:21:bb:00:05 and 2 more",
            "Other network adapters",
        ),
        (
            "laptop", {"mac": ["00-1B-21-AA-00-01"]}, {"mac": ["00:1b:21:aa:00:01", "00:1b:21:aa:00:02"]},
            "Same network adapters 00:1b:21:aa:00:01", "Same network adapters 00:1B:21:AA:00:01",
        ),
        (
            "laptop", {"disk": ["s5gx Na7w1"]}, {"disk": ["S5GXNA7W1"]}, "Same disk s5gx Na7w1", "Same disk S5GXNA7W1",
        ),
        (
            "laptop", {"board": ["L1HF 2aB0"]}, {"board": ["l1hf2ab0"]},
            "Same main board L1HF 2aB0", "Same main board L1HF2AB0",
        ),
        (
            "laptop", {"board": ["L1HF 2aB0"]}, {"board": ["L1hf2Ab1"]},
            "Other main board: L1HF 2aB0, not L1hf2Ab1", "Other main board: L1HF2AB0, not L1HF2AB1",
        ),
        (
            "laptop", {"serial_number": "pf1 ab/2", "manufacturer": named("manufacturer", "LENOVO")},
            {"serial_number": "PF1AB/2", "manufacturer": named("manufacturer", "Dell Inc.")},
            "Same serial number pf1 ab/2, but of another manufacturer: LENOVO, not Dell Inc.",
            "Same serial number pf1 ab/2, but of another manufacturer",
        ),
        (
            "laptop", {"host_name": "Nb-1", "legal_owner": named("company", "Acme GmbH")},
            {"host_name": "nb-1", "legal_owner": named("company", "Globex Inc")},
            "Same host name Nb-1, but of another company: Acme GmbH, not Globex Inc",
            "Same host name NB-1, but of another company",
        ),
        (
            "laptop", {"name": "Nb-1", "domain": "Ad.Example.org"}, {"name": "nb-1", "domain": "Corp.example"},
            "Same name Nb-1, but in another domain: Ad.Example.org, not Corp.example",
            "Same name, but in another domain or of another company",
        ),
        (
            "laptop", {"name": "Nb-1", "legal_owner": named("company", "Acme GmbH")},
            {"name": "nb-1", "legal_owner": named("company", "Globex Inc")},
            "Same name Nb-1, but of another company: Acme GmbH, not Globex Inc",
            "Same name, but in another domain or of another company",
        ),
        (
            "rack", {"name": "Row A 1", "location": named("room", "Room 1")},
            {"name": "row a 1", "location": named("room", "Room 2")},
            "Same name Row A 1, but in another place: Room 1, not Room 2", "Same name, but in another place",
        ),
        (
            "hardware_model", {"name": "M1", "manufacturer": named("manufacturer", "ACME Corp")},
            {"name": "M1", "manufacturer": named("manufacturer", "Globex")},
            "Other manufacturer: ACME Corp, not Globex", "Other manufacturer: acme, not globex",
        ),
    ],
)  # fmt: skip
def test_evidence_of_each_kind_shows_what_each_side_has(
    cls: str, one: dict[str, Any], other: dict[str, Any], read: str, kept: str
) -> None:
    keys = Keys(Schema.load(), shipped())
    evidence = {"mac": "mac", "disk": "disk_serial", "board": "board_serial"}
    both = [
        keys.identity(
            keys.seen(
                Observation(
                    cls, {name: value for name, value in said.items() if name not in evidence},
                    evidence={kind: said[name] for name, kind in evidence.items() if name in said},
                ),
                "scan:a", "2026-03-01T00:00:00Z",
            )
        )
        for said in (one, other)
    ]  # fmt: skip
    told = {str(line.text): (line.compared or line.text).source() for line in compare(*both, frozenset()).lines}
    assert told.get(read) == kept, told  # the id of a decision has what is kept


VALUES = frozenset({"LOAN", "MINE", "PF", "nb", "loaner"})


def test_texts_of_a_decision_are_kept_as_data(estate: ReconciledEstate) -> None:
    moved_disk(estate)
    (fields,) = estate.records["decision"].values()
    with spoken():
        assert not plain_words(str(from_data(fields["question"])))
        told = [from_data(line["text"]) for o in fields["candidates"] for line in o["evidence"]]
        assert told
        assert all("·" in str(text) for text in told)
    assert str(from_data("Is it this one?")) == "Is it this one?", "as older estates hold it"


def test_a_decision_holds_the_words_that_the_schema_declares() -> None:
    with spoken():
        estate = ReconciledEstate(Schema.load())
        estate.take(sheet(*disagreeing()))
        moved_disk(estate)
    decisions = list(estate.records["decision"].values())
    assert len(decisions) == 2
    assert "⟦" not in json.dumps(decisions, ensure_ascii=False)


def test_also_of_a_known_record_and_then_nothing_of_it_changes(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(serial_number="PF1ABCDE", notes="here"), file="old.csv"))
    before = dict(estate.get("nb-1"))
    proposal = estate.take(sheet(*disagreeing()))
    assert (len(proposal.review), estate.get("nb-1")) == (1, before)


def test_the_same_question_is_asked_once(estate: ReconciledEstate) -> None:
    first = estate.take(sheet(*disagreeing()))
    again = estate.propose(sheet(*disagreeing()[::-1], observed="2026-04-01T00:00:00Z"))
    assert [r.id for r in first.review] == [r.id for r in again.review]
    assert [r.known for r in again.review] == [True]
    assert list(again.revision.edits) == []


def test_the_decision_record_can_be_kept_as_json(estate: ReconciledEstate) -> None:
    rows = disagreeing()
    rows[0].links = [Link("connected_to", NamedReference("", "sw-1"), group="g", needs="1")]
    rows[0].installed = [InstalledSoftware("vim", version="9")]
    rows[0].values["model"] = NamedReference(
        "hardware_model", "T14", (("manufacturer", NamedReference("manufacturer", "Lenovo")),)
    )
    estate.take(sheet(*rows))
    (fields,) = estate.records["decision"].values()
    assert json.loads(json.dumps(fields)) == fields
    assert (fields["state"], fields["kind"], fields["name"]) == ("open", "rows", "nb-1")


def test_a_link_that_holds_only_where_the_other_end_is_known_stays_so_over_a_decision(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop("sw-1", serial_number="SW1ABCDE"), file="old.csv"))
    rows = disagreeing()
    ends = [(NamedReference("hardware", "nobody"), NamedReference("hardware", name)) for name in ("sw-1", "nothing")]
    for row in rows:
        row.links = [Link("connected_to", known[0], known_as=known) for known in ends]
    (item,) = estate.take(sheet(*rows)).review
    proposal = carry_out(estate, item, "1")
    assert (proposal.created, proposal.relationships, [str(p.message) for p in proposal.problems]) == (1, 1, [])


@pytest.mark.parametrize(("choice", "value"), [("1", "100"), ("2", "200")])
def test_choosing_a_row(estate: ReconciledEstate, choice: str, value: str) -> None:
    (item,) = estate.take(sheet(*disagreeing())).review
    proposal = carry_out(estate, item, choice)
    assert (proposal.created, estate.get("nb-1")["cost_centre"]) == (1, value)
    again = estate.propose(sheet(*disagreeing()))
    assert (again.created, again.updated) == (0, 0)


def test_choosing_a_row_for_a_known_record(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(serial_number="PF1ABCDE"), file="old.csv"))
    (item,) = estate.take(sheet(*disagreeing())).review
    proposal = carry_out(estate, item, "2")
    assert (proposal.created, proposal.updated, estate.get("nb-1")["cost_centre"]) == (0, 1, "200")
    again = estate.propose(sheet(*disagreeing()))
    assert (len(again.review), list(again.revision.edits)) == (0, [])


def test_ignoring_is_remembered(estate: ReconciledEstate) -> None:
    (item,) = estate.take(sheet(*disagreeing())).review
    assert carry_out(estate, item, "ignore").created == 0
    again = estate.propose(sheet(*disagreeing()))
    assert (len(again.review), again.created, list(again.revision.edits)) == (0, 0, [])


def moved_disk(estate: ReconciledEstate) -> Review:
    mine = laptop("nb-7", serial_number="PF1MINE1", machine_id="1a" * 16)
    loaner = laptop("loaner", serial_number="PF1LOAN1", machine_id="9f" * 16)
    estate.take(scan(mine, loaner))
    (item,) = estate.take(moved()).review
    return item


def moved(observed: str = "2026-03-09T10:00:00Z") -> Any:
    return scan(laptop("nb-7", serial_number="PF1LOAN1", machine_id="1a" * 16, memory=4096), observed=observed)


def test_choosing_a_record(estate: ReconciledEstate) -> None:
    item = moved_disk(estate)
    choice = next(o.choice for o in item.options if o.name == "loaner")
    uid = estate.uid("loaner")
    proposal = carry_out(estate, item, choice)
    assert (proposal.updated, estate.values[uid]["memory"]) == (1, 4096)
    later = estate.propose(moved("2026-03-15T10:00:00Z"))
    assert (later.created, len(later.review)) == (0, 0), "what was decided is not asked again"


@pytest.mark.parametrize("by", ["name", "uid"])
def test_choosing_by_name_or_id(estate: ReconciledEstate, by: str) -> None:
    item = moved_disk(estate)
    uid = estate.uid("loaner")
    carry_out(estate, item, "Loaner" if by == "name" else uid)
    assert estate.values[uid]["memory"] == 4096


def test_choosing_a_new_record(estate: ReconciledEstate) -> None:
    item = moved_disk(estate)
    proposal = carry_out(estate, item, "new")
    assert (proposal.created, len(estate.all("laptop"))) == (1, 3)


def test_an_open_question_decided_outside_is_carried_out_by_the_next_import(estate: ReconciledEstate) -> None:
    item = moved_disk(estate)
    decision = Record("decision", (item.id,))
    outcome = [Edit(decision, "state", "open", "done"), Edit(decision, "outcome", None, f"same:{estate.uid('loaner')}")]
    estate.apply(Revision(outcome, "anna"))
    proposal = estate.take(moved())
    assert (proposal.updated, len(proposal.review)) == (1, 0)


def test_clones_kept_together_or_apart(estate: ReconciledEstate) -> None:
    def clones() -> list[Any]:
        same = {"uuid": "4c4c4544-0042-3510-8052-b4c04f4e5332", "machine_id": "c" * 30 + "01"}
        return [
            scan(
                Observation("virtual_machine", {"name": f"web-{n}", "host_name": f"web-{n}", **same}),
                observed=f"2026-03-0{n}T10:00:00Z",
            )
            for n in (1, 2)
        ]

    for choice, count in (("separate", 2), ("together", 1)):
        own = ReconciledEstate(estate.schema)
        (item,) = own.take(*clones()).review
        assert carry_out(own, item, choice).created == count


def test_references_to_a_record_in_review_wait(estate: ReconciledEstate) -> None:
    people = [Observation("person", {"name": "Anna", "email": "anna@example.org", "cost_centre": c}) for c in "12"]
    people = [
        Observation("person", {"name": "Anna", "email": "anna@example.org", "first_name": c}) for c in ("An", "Anna")
    ]
    proposal = estate.take(sheet(*people, laptop(assigned_to=NamedReference("person", "anna"))))
    assert (len(proposal.review), proposal.created, proposal.created_references) == (1, 1, [])
    assert "assigned_to" not in estate.get("nb-1")
    assert [p.kind for p in proposal.problems] == ["review"]


def test_wrong_choices(estate: ReconciledEstate) -> None:
    (item,) = estate.take(sheet(*disagreeing())).review
    with pytest.raises(UserError, match="not one of the choices: 1, 2, separate, ignore"):
        decide(estate, estate.schema, item.id, "7", "anna")
    with pytest.raises(NotFound):
        decide(estate, estate.schema, "nothing", "1", "anna")
    carry_out(estate, item, "1")
    with pytest.raises(UserError, match="decided already"):
        decide(estate, estate.schema, item.id, "1", "anna")


@pytest.mark.parametrize("open_before", [False, True])
def test_an_answer_given_with_the_rows_is_carried_out_and_kept(estate: ReconciledEstate, open_before: bool) -> None:
    rows = sheet(*disagreeing())
    (item,) = estate.propose(rows).review
    if open_before:
        estate.apply(estate.propose(rows).revision)
    refused = estate.propose(rows, answers={item.id: "9"})
    assert [one.id for one in refused.review] == [item.id]
    proposal = estate.propose(rows, answers={item.id: "2"})
    assert (proposal.created, proposal.review) == (1, [])
    estate.apply(proposal.revision)
    decision = estate.records["decision"][(item.id,)]
    assert (decision["state"], decision["outcome"]) == ("done", "row:2")
    assert [one["cost_centre"] for one in estate.all("laptop")] == ["200"]
    again = estate.propose(rows)
    assert (again.created, again.updated, again.review, list(again.revision.edits)) == (0, 0, [], [])


@pytest.mark.parametrize("way", ["decided", "answered", "answered when open"])
def test_rows_that_became_records_are_these_whatever_the_records_are_called_later(
    estate: ReconciledEstate, way: str
) -> None:
    rows = [laptop(host_name="h1", cost_centre=c, row=n) for n, c in ((2, "100"), (3, "200"))]
    (item,) = estate.propose(sheet(*rows)).review
    if way != "answered":
        estate.take(sheet(*rows))
    if way == "decided":
        estate.apply(decide(estate, estate.schema, item.id, "separate", "anna").revision)
    else:
        estate.apply(estate.propose(sheet(*rows), answers={item.id: "separate"}).revision)
    renamed = next(uid for uid, values in estate.values.items() if values["cost_centre"] == "200")
    said = Record("claim", (renamed, "person:anna"))
    later = "2026-04-01T00:00:00Z"
    names = {"name": "nb-9", "host_name": "h9"}
    estate.apply(Revision([Edit(said, name, None, [value, later]) for name, value in names.items()], "anna"))
    again = estate.take(sheet(*rows, laptop("nb-7", row=4)))
    assert (again.created, again.review) == (1, []), "only the row that is new is a new record"


def with_one_tag(**first: Any) -> list[Observation]:
    return [laptop("nb-1", asset_tag="A100", **first), laptop("nb-2", asset_tag="A100", serial_number="PF9", row=3)]


@pytest.mark.parametrize("first", [{}, {"serial_number": "PF1ABCDE"}])
@pytest.mark.parametrize("known", [False, True])
def test_two_rows_with_one_tag_are_both_kept_with_the_tag_corrected(
    estate: ReconciledEstate, known: bool, first: dict[str, Any]
) -> None:
    if known:
        estate.take(sheet(laptop("nb-1", asset_tag="A100", **first), file="old.csv"))
    rows = with_one_tag(**first)
    (item,) = estate.take(sheet(*rows)).review
    assert item.options[-2].choice == "separate"
    wrong = decide(estate, estate.schema, item.id, "separate", "anna")
    assert wrong.rejected
    number = _row_of(estate, item, "nb-2")
    proposal = decide(estate, estate.schema, item.id, "separate", "anna", corrections={number: {"asset_tag": "A101"}})
    estate.apply(proposal.revision)
    assert (proposal.created, proposal.rejected) == (1 if known else 2, 0)
    assert {one["name"]: one["asset_tag"] for one in estate.all("laptop")} == {"nb-1": "A100", "nb-2": "A101"}
    again = estate.take(sheet(*rows))
    assert (again.created, again.updated, again.rejected, again.review) == (0, 0, 0, [])


def _row_of(estate: ReconciledEstate, item: Review, name: str) -> int:
    rows = estate.records["decision"][(item.id,)]["observation"]["rows"]
    return 1 + next(n for n, row in enumerate(rows) if row["observation"]["values"]["name"] == name)


@pytest.mark.parametrize("choice", ["1", "2", "separate"])
@pytest.mark.parametrize(
    "other", [{}, {"serial_number": "PF9XYZZZ"}, {"asset_tag": "A102", "serial_number": "PF1ABCDE"}]
)
def test_what_was_decided_of_rows_is_not_asked_again(
    estate: ReconciledEstate, choice: str, other: dict[str, Any]
) -> None:
    one, two = {"asset_tag": "A100", "serial_number": "PF1ABCDE"}, {"asset_tag": "A100", **other}
    rows = [laptop("nb-1", **one), laptop("nb-2", row=3, **two)]
    (item,) = estate.take(sheet(*rows)).review
    number = _row_of(estate, item, "nb-2")
    changes = {number: {"asset_tag": "A103"}} if choice == "separate" else {}
    estate.apply(decide(estate, estate.schema, item.id, choice, "anna", corrections=changes).revision)
    again = estate.take(sheet(*rows))
    assert (again.created, again.updated, again.rejected, again.review) == (0, 0, 0, [])


def test_one_record_of_values_of_both_rows(estate: ReconciledEstate) -> None:
    rows = [
        laptop(serial_number="PF1ABCDE", cost_centre=c, notes=n, row=r) for c, n, r in (("1", "a", 2), ("2", "b", 3))
    ]
    (item,) = estate.take(sheet(*rows)).review
    kept = estate.records["decision"][(item.id,)]["observation"]["rows"][0]["observation"]["values"]
    other = "b" if kept["notes"] == "a" else "a"
    estate.apply(decide(estate, estate.schema, item.id, "1", "anna", corrections={1: {"notes": other}}).revision)
    assert (estate.get("nb-1")["cost_centre"], estate.get("nb-1")["notes"]) == (kept["cost_centre"], other)
    again = estate.take(sheet(*rows))
    assert (again.updated, again.rejected, again.review) == (0, 0, [])


def test_a_value_that_is_not_taken_stays_as_the_register_has_it(estate: ReconciledEstate) -> None:
    item = moved_disk(estate)
    uid = estate.uid("loaner")
    estate.apply(decide(estate, estate.schema, item.id, uid, "anna", corrections={1: {"memory": None}}).revision)
    assert "memory" not in estate.values[uid]
    assert estate.take(moved()).review == []


def test_a_decision_about_rows_holds_when_the_list_is_sorted_anew(estate: ReconciledEstate) -> None:
    rows = disagreeing()
    (item,) = estate.take(sheet(*rows)).review
    carry_out(estate, item, "1")
    value = estate.get("nb-1")["cost_centre"]
    swapped = [laptop(serial_number="PF1ABCDE", cost_centre=c, row=n) for n, c in ((3, "100"), (2, "200"))]
    again = estate.take(sheet(*swapped))
    assert (again.review, estate.get("nb-1")["cost_centre"]) == ([], value)
