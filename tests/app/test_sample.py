"""The sample estate: the content that the tour, the screenshots and other tests rely on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app import import_proposal
from app.inventory_export import computers
from app.sample.revision_builder import RevisionBuilder
from app.sample.sample_estate import estate, revisions
from app.sample.spreadsheets import EXPECTED, write
from cmdb.graph.impact import impact
from cmdb.licences.engine.position import position
from cmdb.licences.register_facts import gather
from cmdb.model.clock import VARIABLE
from cmdb.model.control import Control
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.model.values import check
from cmdb.register.live_graph import graph_of
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from importers.importer import Options
from importers.inventory.constraints import violations
from importers.inventory.record_document import record_document
from importers.spreadsheets import ReadOptions, read_files
from main import main

TODAY = date(2026, 11, 22)
SCHEMA = Schema.load()


@pytest.fixture(scope="module")
def told() -> list[Revision]:
    return list(revisions(SCHEMA, TODAY))


@pytest.fixture(scope="module")
def builder() -> RevisionBuilder:
    return estate(SCHEMA, TODAY)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample as the command line makes it on that day."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TERRIER_CONFIG", "XDG_DATA_HOME"):
            patch.setenv(name, str(folder / name))
        patch.setenv(VARIABLE, f"{TODAY}T12:00:00+00:00")
        assert main(["new", str(folder / "harbour.terrier"), "--sample"]) == 0
    made = open_estate(folder / "harbour.terrier")
    yield made
    made.close()


def test_the_same_estate_is_made_each_time(told: list[Revision]) -> None:
    again = list(revisions(SCHEMA, TODAY))
    assert [(r.id, r.time, r.edits) for r in again] == [(r.id, r.time, r.edits) for r in told]


def test_another_day_makes_the_same_estate_on_other_dates(builder: RevisionBuilder) -> None:
    later = estate(SCHEMA, TODAY + timedelta(days=100))
    assert [v["name"] for v in later.cis.values()] == [v["name"] for v in builder.cis.values()]
    one, other = builder.cis[builder.named("LT-2100")], later.cis[later.named("LT-2100")]
    bought = date.fromisoformat(one["purchase_date"])
    assert other["purchase_date"] == (bought + timedelta(days=100)).isoformat()


def test_it_is_as_large_as_promised(told: list[Revision], builder: RevisionBuilder) -> None:
    assert 2300 <= len(builder.cis) <= 2700
    assert len(builder.of("site")) == 3
    assert 60 <= len(told) <= 150
    assert len(builder.installed) > 3000


def test_its_history_spans_two_years_in_order(told: list[Revision]) -> None:
    times = [r.time for r in told]
    assert times == sorted(times)
    assert len(set(times)) == len(times)
    assert times[0][:10] == (TODAY - timedelta(days=730)).isoformat()
    assert times[-1][:10] >= (TODAY - timedelta(days=2)).isoformat()
    assert max(times) < TODAY.isoformat()
    assert {r.source.partition(":")[0] for r in told} == {"person", "sheet", "import", "scan"}


def test_every_value_fits_its_attribute(told: list[Revision], builder: RevisionBuilder) -> None:
    for revision in told:
        for edit in revision.edits:
            if edit.record.kind != "ci":
                continue
            cls = {**builder.cis, **builder.tasks}[edit.record.key[0]]["class"]
            for name, value in (edit.after or {}).items() if not edit.field else [(edit.field, edit.after)]:
                if name != "class" and value is not None:
                    check(SCHEMA.attribute(cls, name), value)


def test_references_lead_to_the_right_class(builder: RevisionBuilder) -> None:
    for values in builder.cis.values():
        for name, attribute in SCHEMA.classes[values["class"]].attributes.items():
            if attribute.type == "reference" and name in values:
                assert SCHEMA.is_a(builder.cis[values[name]]["class"], attribute.target), (values["name"], name)


def test_relationships_stand_between_classes_that_allow_them(builder: RevisionBuilder) -> None:
    for record in builder.links:
        kind, source, target = record.key
        found = SCHEMA.relationship(kind)
        ends = (builder.cis[source]["class"], builder.cis[target]["class"])
        assert any(SCHEMA.is_a(ends[0], c) for c in found.subjects), (kind, ends)
        assert any(SCHEMA.is_a(ends[1], c) for c in found.objects), (kind, ends)


def test_unique_values_are_unique(builder: RevisionBuilder) -> None:
    for attribute, cls in (("asset_tag", "hardware"), ("email", "person"), ("user_name", "person"), ("name", "person")):
        values = Counter(builder.get(u, attribute) for u in builder.of(cls) if builder.get(u, attribute))
        assert values.most_common(1)[0][1] == 1, (attribute, values.most_common(1))
    serials = Counter(
        builder.get(u, "serial_number") for u in builder.of("hardware") if builder.get(u, "serial_number")
    )
    assert serials.most_common(1)[0][1] == 1


def test_every_group_holds_before_anything_fails(builder: RevisionBuilder) -> None:
    members = Counter(member.key[0] for member in builder.members)
    for uid, fields in builder.groups.items():
        needs = fields["needs"]
        least = -(-int(needs[:-1]) * members[uid] // 100) if needs.endswith("%") else int(needs)
        assert 1 <= least <= members[uid], fields
        assert members[uid] > 1 or fields["label"] != "power", fields


def test_what_is_wrong_on_purpose(builder: RevisionBuilder) -> None:
    """A good sample has the troubles that the program is there to find."""
    kept = [u for u in builder.where("laptop", status="Deployed") if builder.get(u, "assigned_to")]
    gone = [u for u in kept if builder.get(builder.get(u, "assigned_to"), "status") == "Left"]
    assert gone, "laptops whose owner left the company"
    month = builder.day(-30)
    stale = [u for u in builder.where("computer", status="Deployed") if (builder.get(u, "last_seen") or "9") < month]
    assert stale, "computers not seen for a month"
    assert any(builder.get(u, "virtual_cores") is None for u in builder.of("virtual_machine"))
    soon = builder.day(90)
    assert any(builder.day(0) < builder.get(u, "warranty_until", "") < soon for u in builder.of("laptop"))


def test_it_loads_and_matches_the_ledger(store: Store, builder: RevisionBuilder) -> None:
    with store.read() as reader:
        assert reader.count(Selection()) == len(builder.cis)
        found = reader.by_uid(builder.cis)
        for uid, values in builder.cis.items():
            assert {"class": found[uid].cls, **found[uid].values} == values
        assert len(list(reader.all_installations())) == len(builder.installed)


def test_the_laptop_of_the_pictures(store: Store) -> None:
    with store.read() as reader:
        laptop = reader.find("LT-2055")
        assert laptop.values["status"] == "In repair"
        assert laptop.values["asset_tag"] == "A10256"
        assert laptop.values["returned_for"] == "Battery swelling"
        assert reader.names([laptop.values["assigned_to"]])[laptop.values["assigned_to"]] == ("person", "Sofia Reyes")
        assert reader.find("5CG3420QXN").uid == laptop.uid
        assert len(reader.versions(laptop.uid)) > 3


def test_a_new_estate_with_the_sample_is_made_by_the_command_line(store: Store) -> None:
    with store.read() as reader:
        assert reader.find("cluster-rtm").cls == "cluster"


# Its spreadsheets -----------------------------------------------------------------------------------------------------


def test_its_computers_go_out_as_inventories_that_glpi_takes(store: Store) -> None:
    with store.read() as reader:
        selections = [Selection(cls) for cls in ("server", "virtual_machine", "tablet")]
        documents = [record_document(one) for one in computers(reader, selections, Control())]
    assert len(documents) > 50
    assert [said for one in documents for said in violations(one)] == []


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("sheets"), TODAY)


def test_its_spreadsheets_match_their_description(files: list[Path]) -> None:
    readings = [r for path in files for r in read_files([path], SCHEMA)]
    assert [(r.read, r.rejected) for r in readings] == [(e.rows, e.bad) for e in EXPECTED.values()]
    classes = [r.cls or r.kind for r in readings]
    expected = "laptop person class entitlement server relationship installation assignment"
    assert classes == expected.split()


def test_every_bad_row_says_why(files: list[Path]) -> None:
    strict = ReadOptions(strict=True)
    readings = [r for path in files for r in read_files([path], SCHEMA, Options(reading=strict))]
    problems = [p for r in readings for p in r.problems if p.severity == "error"]
    assert Counter(p.kind for p in problems) == {
        "date": 2,
        "choice": 3,
        "scientific": 2,
        "relationship": 1,
        "required": 3,
        "needs": 2,
    }
    assert all(p.row > 1 and p.column and p.message for p in problems)


def test_new_records_of_its_spreadsheets_are_new(files: list[Path], builder: RevisionBuilder) -> None:
    names = {v["name"] for v in builder.cis.values()}
    for reading in (r for path in files for r in read_files([path], SCHEMA)):
        if reading.observations:
            origin = reading.observations[0].origin
            new = [o for o in reading.observations if o.values["name"] not in names]
            assert len(new) == EXPECTED[origin.file, origin.sheet].new, origin.file


def test_its_spreadsheets_are_the_same_each_time(files: list[Path], tmp_path: Path) -> None:
    again = write(tmp_path, TODAY)
    assert [p.name for p in again] == [p.name for p in files]
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in files]


def test_its_spreadsheets_update_the_estate_once(store: Store, files: list[Path]) -> None:
    """The second time, everything is known already."""
    for again in (False, True):
        for path in files:
            promised = [e for (name, _), e in EXPECTED.items() if name == path.name]
            proposal = import_proposal.propose(store, import_proposal.read_files([path], store.schema)[0], "Tester")
            assert proposal.rejected == sum(e.bad for e in promised)
            assert len(proposal.review) == sum(e.doubtful for e in promised)
            counts = (proposal.created, proposal.updated)
            assert counts == ((0, 0) if again else (sum(e.new for e in promised), sum(e.changed for e in promised)))
            assert not proposal.created_references
            store.apply(proposal.revision)


# What it shows --------------------------------------------------------------------------------------------------------


def test_a_failing_switch_shows_every_state(told: list[Revision], tmp_path: Path) -> None:
    """The story of the map's picture: one down, two exhausted, twelve at risk."""
    made = create_estate(tmp_path / "impact.terrier")
    for revision in told[:13]:
        made.apply(revision)
    with made.read() as reader:
        graph = graph_of(reader)
        found = impact(graph, [reader.find("sw-2").id])
        names = {state: {c.name for c in reader.many(list(getattr(found, state)))} for state in ("down", "exhausted")}
        assert graph.errors == ()
        assert names == {"down": {"host-c"}, "exhausted": {"host-b", "cluster-rtm"}}
        assert {"Payroll", "Web shop", "Mail"} <= {c.name for c in reader.many(list(found.at_risk))}
        assert len(found.at_risk) == 12
    made.close()


def test_its_licences_come_to_every_verdict(store: Store) -> None:
    with store.read(store_before_imports(store)) as reader:
        positions = position(gather(reader, TODAY), TODAY).positions
    verdicts = {p.title: p.verdict for p in positions}
    assert {"short", "unknown", "over-licensed", "compliant", "exempt"} <= set(verdicts.values())
    assert verdicts["SQL Server Enterprise 2019"] == "unknown"
    short = next(p for p in positions if p.title == "SQL Server Standard 2022")
    assert (short.entitled, short.needed, short.short) == (48, 64, 16)


def store_before_imports(store: Store) -> int:
    """The number of the sample's own last revision."""
    return len(list(revisions(store.schema, TODAY)))
