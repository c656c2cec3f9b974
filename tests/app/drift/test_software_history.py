"""The history of the software of a computer: what came, went and was upgraded, when, and who saw it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.drift.record_drift import record_drift
from app.drift.releases import FoundRelease, order_of_versions, paired
from app.drift.software_history import SoftwareStep, last_seen_text, software_history
from app.imports.file_summaries import ReadFile, file_summaries, older_scans
from app.imports.proposed_software import proposed_software
from cmdb.licences.engine.catalogue import Catalogue
from cmdb.register import history
from cmdb.register.history import Part
from cmdb.store.store import Store
from tests.app.drift.inventories import inventory, laptop, proposed, take

FOX, FOX_2, EDITOR = ("Fox Browser", "115.0"), ("Fox Browser", "128.0"), ("Editor", "1")
SOURCE = ("scan:agent",)


def steps(store: Store, at: int | None = None) -> list[SoftwareStep]:
    uid = laptop(store)
    with store.read(at) as reader:
        return software_history(reader, uid)


def told(store: Store, at: int | None = None) -> list[tuple[str, ...]]:
    """Day, what happened, product, version before and version."""
    return [(s.seen[8:10], s.what, s.product, s.before, s.version) for s in steps(store, at)]


def test_every_step_with_when_it_was_first_and_last_seen(store: Store) -> None:
    take(store, 1, [FOX, EDITOR])
    second = take(store, 2, [FOX_2, EDITOR, ("Viewer", "3")])
    take(store, 3, [FOX_2], incomplete=["softwares"])
    assert {one[0] for one in told(store)} == {"01", "02"}, "not seen is not gone"
    take(store, 4, [FOX_2])
    take(store, 5, [FOX, EDITOR])
    take(store, 5, [FOX, EDITOR])  # the same again
    assert told(store) == [
        ("05", "installed_again", "Editor", "", "1"),
        ("05", "downgraded", "Fox Browser", "128.0", "115.0"),
        ("04", "removed", "Editor", "", "1"),
        ("04", "removed", "Viewer", "", "3"),
        ("02", "upgraded", "Fox Browser", "115.0", "128.0"),
        ("02", "installed", "Viewer", "", "3"),
        ("01", "found", "Editor", "", "1"),
        ("01", "found", "Fox Browser", "", "115.0"),
    ]
    upgraded = steps(store)[4]
    assert (upgraded.first_seen[:10], upgraded.last_seen[:10]) == ("2026-03-02", "2026-03-04")
    gone = steps(store)[2]
    assert (gone.first_seen[:10], gone.last_seen[:10], gone.sources) == ("2026-03-01", "2026-03-02", SOURCE)
    assert told(store, second) == told(store)[4:]


def test_what_is_seen_again_in_part_of_a_list_was_seen(store: Store) -> None:
    """Without an administrator the software that people installed for themselves is never seen whole."""
    own = {"name": "Notes", "version": "4", "username": "nora", "from": "registry"}
    other = {**own, "name": "Chess"}

    def look(day: int, *software: dict[str, str]) -> int:
        return take(store, day, incomplete=["user_softwares"], softwares=list(software))

    def seen() -> dict[str, str]:
        return {one.product: one.last_seen[8:10] for one in steps(store)}

    look(1, own, other)
    second = look(2, own, other)
    assert seen() == {"Notes": "02", "Chess": "02"}
    third = look(3, own)
    assert seen() == {"Notes": "02", "Chess": "02"}, "which of them was seen is not kept"
    told = {(last_seen_text(one), one.seen_in_part[8:10]) for one in steps(store)}
    assert told == {("2 Mar 2026 or later", "03")}, "nobody is told that what was seen on the 3rd was seen last before"
    history.undo(store, third, "tester")
    assert {(last_seen_text(one), one.seen_in_part) for one in steps(store)} == {("2 Mar 2026", "")}
    look(3, own)
    history.undo(store, second, "tester")
    assert seen() == {"Notes": "01", "Chess": "01"}


def test_a_scan_whose_clock_is_behind_says_so_with_both_times(store: Store) -> None:
    take(store, 5, [FOX])
    again = proposed(store, inventory(5, [FOX]))
    assert not older_scans(again), "the same scan is no older one"
    for agent in ("agent", "other"):
        late = proposed(store, inventory(2, [FOX, EDITOR], agent))
        (said,) = older_scans(late).values()
        assert str(said).startswith(
            "By the machine's clock this scan is of 2 Mar 2026, 08:00, and one of 5 Mar 2026, 08:00 is known"
        )
        assert (late.installed, [str(one.problem) for one in file_summaries([ReadFile(Path("nb-017"))], late)]) == (
            0, [str(said)],
        )  # fmt: skip
    later = inventory(5, [FOX])
    later["content"]["terrier"]["scanned_at"] = "2026-03-05T08:00:30Z"
    store.apply(proposed(store, later).revision)
    assert not older_scans(again := proposed(store, inventory(5, [FOX]))), "of the same minute: no clock is wrong"
    assert again.removed == 0


def test_details_of_what_others_installed_stay_where_an_ordinary_user_scans(store: Store) -> None:
    """What is installed for everybody went all the same."""
    own = {"name": "Notes", "version": "4", "username": "nora", "filesize": 7}
    mine = {"name": "Maps", "version": "1", "username": "tom", "filesize": 7}
    whole = {"name": "Chess", "version": "2", "filesize": 7}

    def details() -> list[str]:
        uid = laptop(store)
        with store.read() as reader:
            rows = reader.sections(uid)["software_details"]
        return sorted(str(row.columns["name"]) for row in rows)

    take(store, 1, softwares=[own, mine, whole])
    take(store, 2, incomplete=["user_softwares"], softwares=[mine])
    assert details() == ["Maps", "Notes"]
    take(store, 3, incomplete=["user_softwares"], softwares=[mine])
    assert details() == ["Maps", "Notes"]
    take(store, 4, softwares=[mine])
    assert details() == ["Maps"], "who sees all says what is gone, also where no other look differed"


def test_a_scan_that_was_undone_never_happened(store: Store) -> None:
    take(store, 1, [FOX, EDITOR])
    before = told(store)
    second = take(store, 2, [FOX_2])
    after = told(store)
    assert len(after) == 4
    undone = history.undo(store, second, "tester").number
    assert told(store) == before
    again = history.undo(store, undone, "tester").number
    assert [one[1:] for one in told(store)] == [one[1:] for one in after]
    history.undo(store, again, "tester")
    assert told(store) == before
    third = take(store, 3, [FOX_2, EDITOR])
    assert told(store)[0] == ("03", "upgraded", "Fox Browser", "115.0", "128.0")
    history.undo(store, third, "tester", part=Part(laptop(store)))
    assert told(store) == before


def test_software_of_users_and_of_two_agents(store: Store) -> None:
    mine = [{"name": "Chat", "version": "1", "username": "nora", "from": "registry"}]
    take(store, 1, [FOX], softwares=[*mine, {"name": "Chat", "version": "1", "from": "registry"}])
    take(store, 2, [FOX], "other", softwares=[{**mine[0], "version": "2"}, {"name": "Chat", "version": "1"}])
    found = [(s.what, s.scope, s.version, s.sources) for s in steps(store)]
    assert ("found", "", "1", ("scan:agent", "scan:other")) in found
    assert ("upgraded", "nora", "2", ("scan:other",)) in found
    assert {one.called for one in steps(store) if one.version == "2"} == {"Chat (nora)"}, "whose it is, is told"


def test_two_agents_that_word_a_publisher_differently_make_no_step(store: Store) -> None:
    def listed(*software: tuple[str, str, str]) -> list[dict[str, str]]:
        return [dict(zip(("name", "version", "publisher"), one, strict=True), **{"from": "deb"}) for one in software]

    take(store, 1, softwares=listed(("Editor", "1", "Maker"), ("Fox", "1", "M")))
    take(store, 2, agent="other", softwares=listed(("Editor", "1", "Maker Inc."), ("Fox", "1", "M"), ("Own", "7", "O")))
    assert told(store)[0] == ("02", "found", "Own", "", "7"), "the other agent looked for the first time"
    document = inventory(3, softwares=listed(("Editor", "1", "Maker"), ("Fox", "1", "M"), ("Own", "7", "O")))
    proposal = proposed(store, document)
    with store.read() as reader:
        changes = proposed_software(reader, proposal)
    assert ([one.what for one in changes.changes], changes.replaced) == (["Editor 1: Maker Inc. → Maker"], 1)
    store.apply(proposal.revision)
    take(store, 4, softwares=listed(("Fox", "1", "M"), ("Own", "7", "O")))
    assert told(store) == [
        ("04", "removed", "Editor", "", "1"), ("02", "found", "Own", "", "7"), ("01", "found", "Editor", "", "1"),
        ("01", "found", "Fox", "", "1"),
    ]  # fmt: skip
    removed = steps(store)[0]
    assert (removed.first_seen[8:10], removed.last_seen[8:10]) == ("01", "03")
    with store.read() as reader:
        (software,) = [one for one in record_drift(reader, laptop(store), 1).sections if one.name == "software"]
    assert software.counts_text == "1 added, 1 removed"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (("7-Zip 23.01 (x64)", "23.01"), ("7-Zip 24.08 (x64)", "24.08"), True),
        (("Fox Browser", "115"), ("Fox Browser", "116"), True),
        (("python3.11", "3.11.2"), ("python3.12", "3.12.1"), False),
        (("Runtime 8 (x64)", "8.0.1"), ("Runtime 8 (x86)", "8.0.2"), False),
        (("Editor", "1"), ("Editor Plus", "2"), False),
        (("Tool 1", "1"), ("Tool 1", "2"), True),
    ],
)
def test_what_takes_the_place_of_what(before: tuple[str, str], after: tuple[str, str], same: bool) -> None:
    old, new = (FoundRelease("", "Maker", name, "", version) for name, version in (before, after))
    found = paired([old], [new], Catalogue.load)
    assert bool(found.replaced) is same
    assert bool(found.came and found.went) is not same


def test_several_versions_side_by_side_are_paired_in_order() -> None:
    old, new = ([FoundRelease("", "", "Runtime", "", version) for version in each] for each in (("3", "10"), ("11",)))
    found = paired(old, new, Catalogue.load)
    assert [(a.version, b.version) for a, b in found.replaced] == [("10", "11")]
    assert [one.version for one in found.went] == ["3"]


def test_a_number_in_a_name_is_no_version_where_the_name_stays() -> None:
    old, new = ([FoundRelease("", "", f"Tool {n}", "", version) for n in range(4)] for version in ("1", "2"))
    found = paired(old, new, Catalogue.load)
    assert all(a.product == b.product for a, b in found.replaced)
    assert (len(found.replaced), found.came, found.went) == (4, [], [])


def test_versions_are_compared_by_their_numbers() -> None:
    pairs = (("9.6", "10.1", 1), ("10.1", "9.6", -1), ("a", "b", 0), ("1:2.3-1", "1:2.3-4", 1), ("1.0a", "1.0b", 0))
    assert [order_of_versions(*pair[:2]) for pair in pairs] == [pair[2] for pair in pairs]
