"""Properties: the order of rows changes nothing, and a repeated import changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.observation import Link, NamedReference, Observation, ObservedLink, Origin, Reading
from cmdb.model.schema import Schema
from cmdb.reconciliation import Proposal
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet
from tests.laws import examples

SCHEMA = Schema.load()
few = st.sampled_from
maybe = st.none()


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None}


computers = st.builds(
    lambda cls, values, macs: (cls, without_none(values), {"mac": macs} if macs else {}),
    few(["laptop", "desktop", "computer", "virtual_machine"]),
    st.fixed_dictionaries(
        {
            "name": few(["pc-1", "PC-1", "pc-2", "pc-3"]),
            "serial_number": maybe | few(["SNAAA1", "snaaa1", "SNBBB2", "To be filled by O.E.M."]),
            "asset_tag": maybe | few(["A-1", "A-2"]),
            "host_name": maybe | few(["pc-1", "pc-2", "pc-1.north.example"]),
            "domain": maybe | few(["north.example", "south.example"]),
            "uuid": maybe | few(["33221100-5544-7766-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff"]),
            "machine_id": maybe | few(["1a" * 16, "2b" * 16]),
            "manufacturer": maybe | few([NamedReference("manufacturer", m) for m in ("Lenovo", "LENOVO", "Dell Inc.")]),
            "location": maybe | few([NamedReference("place", p) for p in ("Lyon", "Lyon / Floor 2", "Bonn > Floor 2")]),
            "assigned_to": maybe
            | few(
                [
                    NamedReference("person", "Anna"),
                    NamedReference("person", "anna@x.org"),
                    NamedReference("person", "Anna", (("email", "anna@x.org"),)),
                ]
            ),
            "memory": maybe | few([4096, 8192]),
        }
    ),
    st.lists(few(["00:1b:21:00:00:01", "00:1b:21:00:00:02", "00:50:b6:00:00:01"]), max_size=2),
)
people: st.SearchStrategy[Any] = st.builds(
    lambda values: ("person", without_none(values), {}),
    st.fixed_dictionaries(
        {
            "name": few(["Anna", "anna", "Bert"]),
            "email": maybe | few(["anna@x.org", "bert@x.org"]),
            "user_name": maybe | few(["anna", "X\\bert"]),
        }
    ),
)
links = st.builds(
    lambda a, b, group, needs: (a, b, group, needs),
    few(["pc-1", "pc-2", "Anna"]),
    few(["pc-1", "pc-3"]),
    few(["", "G"]),
    few(["", "1", "2"]),
)
rows = st.lists(computers | people, min_size=1, max_size=6)


def observation(row: tuple[str, dict[str, Any], dict[str, list[str]]], number: int) -> Observation:
    cls, values, evidence = row
    return Observation(cls, dict(values), Origin("f.xlsx", "S", number), {k: list(v) for k, v in evidence.items()})


def readings(made: list[Any], linked: list[Any], order: list[int], kind: str) -> list[Reading]:
    seen = [observation(row, n + 2) for n, row in enumerate(made)]
    stated = [
        ObservedLink(NamedReference("", a), "depends_on", NamedReference("", b), g, n, Origin("f.xlsx", "L", i + 2))
        for i, (a, b, g, n) in enumerate(linked)
    ]
    seen = [seen[i] for i in order]
    if kind == "scan":
        for one in seen:
            one.links = [Link("connected_to", NamedReference("", "pc-2"))] if one.cls != "person" else []
        return [
            scan(one, host=f"h{one.origin.row % 3}", observed=f"2026-03-0{one.origin.row}T00:00:00Z") for one in seen
        ]
    return [sheet(*seen, links=[stated[i % len(stated)] for i in order if i < len(stated)] if stated else [])]


def picture(estate: ReconciledEstate, proposal: Proposal) -> Any:
    """All that a proposal says and does, without ids."""
    names = {
        u: f"{estate.classes[u]}:{v['name']}:{sorted(map(str, without_ids(estate, u).items()))}"
        for u, v in estate.values.items()
    }
    members = Counter(key[1:] for key in estate.records["membership"])
    relations = sorted(
        (k[0], names[k[1]], names[k[2]], bool(f.get("alone", True)), members[k])
        for k, f in estate.records["relationship"].items()
    )
    groups = sorted((names[f["owner"]], f["label"], f["needs"]) for f in estate.records["group"].values())
    counts = (proposal.created, proposal.updated, proposal.unchanged, proposal.rejected, proposal.relationships)
    reviews = sorted((r.kind, str(r.question), len(r.options)) for r in proposal.review)
    problems = sorted((p.row, p.column, p.kind, p.severity) for p in proposal.problems)
    return counts, sorted(names.values()), relations, groups, reviews, problems, sorted(proposal.created_references)


def without_ids(estate: ReconciledEstate, uid: str) -> dict[str, Any]:
    attributes = estate.schema.classes[estate.classes[uid]].attributes
    return {
        a: estate.values[v]["name"] if attributes[a].type == "reference" else v for a, v in estate.values[uid].items()
    }


@examples(60, soak=750)
@given(rows, st.lists(links, max_size=3), few(["sheet", "scan"]), st.data())
def test_the_order_of_rows_changes_nothing(made: list[Any], linked: list[Any], kind: str, data: st.DataObject) -> None:
    order = list(range(len(made)))
    turned = data.draw(st.permutations(order))
    pictures = []
    for each in (order, turned):
        estate = ReconciledEstate(SCHEMA)
        given_rows = readings(made, linked if kind == "sheet" and len(linked) <= len(made) else [], each, kind)
        pictures.append(picture(estate, estate.take(*given_rows)))
    assert pictures[0] == pictures[1]


@examples(60, soak=750)
@given(rows, st.lists(links, max_size=3), few(["sheet", "scan"]))
def test_taken_in_twice_changes_nothing_the_second_time(made: list[Any], linked: list[Any], kind: str) -> None:
    estate = ReconciledEstate(SCHEMA)
    order = list(range(len(made)))
    estate.take(*readings(made, linked, order, kind))
    before = {u: dict(v) for u, v in estate.values.items()}
    again = estate.take(*readings(made, linked, order, kind))
    assert (again.created, again.updated) == (0, 0)
    assert estate.values == before
