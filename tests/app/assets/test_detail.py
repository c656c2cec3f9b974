"""One item in detail: facts, parts, history, and the edits that are offered there."""

from __future__ import annotations

import pytest

from app.assets.detail import equipment_of, facts_depend_on, facts_of, history_of, parts_of, unfolded
from app.assets.item_edits import remove_link, set_value
from app.assets.places import counts, places, within
from app.item_search import item, matching, names_of, searched
from app.workspace import Workspace
from cmdb.model.errors import NotFound
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.selection import Selection


def uid_of(workspace: Workspace, name: str) -> str:
    return workspace.question(lambda reader: reader.find(name).uid).answer()


def test_facts_have_their_sources_and_names(workspace: Workspace) -> None:
    uid = uid_of(workspace, "LT-2041")
    found = workspace.question(lambda reader: facts_of(reader, uid)).answer()
    assert found.ci.name == "LT-2041"
    assert {name for _, name in found.names.values()} == {"Anja Vogt", "Rotterdam"}
    assert found.claims["status"][0].value == "Deployed"
    with pytest.raises(NotFound):
        workspace.question(lambda reader: facts_of(reader, "nobody")).answer()


def test_parts_are_counted_and_unfolded(workspace: Workspace) -> None:
    uid = uid_of(workspace, "Rotterdam")
    with workspace.read() as reader:
        parts = parts_of(reader, uid, 1)
        (kind,) = parts.kinds
        assert (parts.number, kind.number, len(kind.first)) == (3, 3, 1)
        assert [one.name for one in unfolded(reader, uid, kind, 10).first] == ["LT-2041", "LT-2048", "LT-2055"]
        assert (parts.installations, parts.sightings) == ([], [])


def test_a_person_is_told_with_what_they_have(workspace: Workspace) -> None:
    anja, laptop = uid_of(workspace, "Anja Vogt"), uid_of(workspace, "LT-2041")
    with workspace.read() as reader:
        found, other = facts_of(reader, anja), facts_of(reader, laptop)
        assert found.equipment is not None
        assert [one.name for one in found.equipment.first] == ["LT-2041", "LT-2055"]
        assert found.equipment.number == reader.count(Selection("hardware", equipment_of(anja)))
        assert other.equipment is None
    given = workspace.edit(
        lambda reader: set_value(reader, laptop, reader.schema.cls("laptop").attributes["assigned_to"], None, "tom")
    )
    assert any(one.is_concerned(given) for one in facts_depend_on(found))


def test_history_is_read_as_far_as_it_is_wanted(workspace: Workspace) -> None:
    uid = uid_of(workspace, "LT-2041")
    with workspace.read() as reader:
        latest = history_of(reader, uid, 1)
        assert ([v.number for v in latest.versions], latest.more) == ([2], True)
        whole = history_of(reader, uid, 10)
        assert ([v.number for v in whole.versions], whole.more, whole.kept_from) == ([2, 1], False, "")
        assert whole.names[uid] == ("laptop", "LT-2041")


def test_a_value_is_set_and_cleared(workspace: Workspace) -> None:
    uid, attribute = uid_of(workspace, "LT-2041"), workspace.schema.cls("laptop").attributes["asset_tag"]
    workspace.edit(lambda reader: set_value(reader, uid, attribute, "NEW", "tom"))
    assert workspace.question(lambda reader: reader.get(uid).values["asset_tag"]).answer() == "NEW"
    workspace.edit(lambda reader: set_value(reader, uid, attribute, None, "tom"))
    assert "asset_tag" not in workspace.question(lambda reader: reader.get(uid).values).answer()


def test_links_are_taken_away_from_either_end(workspace: Workspace) -> None:
    laptop, server, site = (uid_of(workspace, name) for name in ("LT-2041", "host-a", "Rotterdam"))
    workspace.apply(Revision([Edit(Record("relationship", ("depends_on", laptop, server)), "", None, {})], "anna"))
    for uid in (server, site):
        with workspace.read() as reader:
            one = next(r for k in parts_of(reader, uid, 10).kinds for r in k.first if r.uid == laptop)
        assert one.inverse
        workspace.edit(lambda reader, uid=uid, one=one: remove_link(reader, uid, one, "tom"))  # type: ignore[misc]
    with workspace.read() as reader:
        assert {r.name for k in parts_of(reader, laptop, 10).kinds for r in k.first} == {"Anja Vogt"}


def test_places_count_their_items_and_give_their_filter(workspace: Workspace) -> None:
    with workspace.read() as reader:
        found, numbers = places(reader)
        ((uid, name, parent),) = found
        assert (name, parent, numbers) == ("Rotterdam", "", {uid: 3})
        assert reader.count(Selection("hardware", within(name))) == 3
        assert counts(reader)["laptop"] == 3


def test_items_are_found_by_what_is_typed(workspace: Workspace) -> None:
    with workspace.read() as reader:
        assert [one.name for one in matching(reader, "person", "tom", 5)] == ["Tom Okafor"]
        assert [one.name for one in matching(reader, "laptop", "", 2)] == ["LT-2041", "LT-2048"]
        known = matching(reader, "ci", "tom okafor", 9, "class = person or class = hardware")
        assert known[0].name == "Tom Okafor", "before what he has"
        for typed in ("Okafor, Tom", "okafor, t"):
            assert matching(reader, "ci", typed, 9, "class = person or class = hardware")[0].name == "Tom Okafor"
        assert "LT-2048" in [one.name for one in known[1:]]
        assert searched(reader, "host-a", 5)[0].name == "host-a"
        uid = reader.find("host-a").uid
        assert names_of(reader, [uid, "nobody"]) == {uid: ("server", "host-a")}
        assert item(reader, "nobody") is None
