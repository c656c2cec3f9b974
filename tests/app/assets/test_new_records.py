"""A new record like another one, and the next free tags."""

from __future__ import annotations

import pytest

from app.assets.item_edits import new_item, set_values
from app.assets.new_records import alike, blank, is_shared, next_free, tagged
from app.assets.tag_patterns import TagPattern, tag_patterns
from app.estate_settings import TAG_PATTERNS, change
from app.workspace import Workspace
from cmdb.model.errors import InvalidValue
from cmdb.model.schema import Schema
from cmdb.store.connection import engine as engines

_NEVER = {"name", "asset_tag", "serial_number", "uuid", "mac_address", "ip_address", "host_name", "imei", "machine_id"}
_NEVER |= {"assigned_to", "main_user", "last_seen", "email", "user_name", "employee_number"}


def uid_of(workspace: Workspace, name: str) -> str:
    return workspace.question(lambda reader: reader.find(name).uid).answer()


def test_what_names_one_thing_is_shared_by_no_class(workspace: Workspace) -> None:
    for cls in workspace.schema.concrete():
        for one in cls.attributes.values():
            if one.name in _NEVER or one.unique or one.identifying:
                assert not is_shared(one), (cls.name, one.name)
    known = workspace.schema.cls("laptop").attributes
    assert all(is_shared(known[name]) for name in ("model", "memory", "purchase_cost", "warranty_until", "supplier"))


def test_one_like_a_laptop_in_use_is_in_stock_and_has_the_next_numbers(workspace: Workspace) -> None:
    uid, site = uid_of(workspace, "LT-2041"), uid_of(workspace, "Rotterdam")
    more = {"serial_number": "S1", "memory": 16384, "home_place": site, "department": None, "notes": "scratched"}
    workspace.edit(lambda reader: set_values(reader, [uid], more, "t", ""))
    found = workspace.question(lambda reader: alike(reader, uid)).answer()
    assert found.values == {
        "status": "In stock", "warranty_until": "2026-12-12", "memory": 16384, "home_place": site, "location": site,
    }  # fmt: skip
    assert found.free == {"asset_tag": "A2056", "name": "LT-2056"}
    workspace.edit(lambda reader: new_item(reader, found.cls, {**found.values, **found.free}, "t"))
    assert workspace.question(lambda reader: alike(reader, uid)).answer().free["asset_tag"] == "A2057"


def test_a_person_like_another_has_no_number(workspace: Workspace) -> None:
    uid = uid_of(workspace, "Tom Okafor")
    found = workspace.question(lambda reader: alike(reader, uid)).answer()
    assert (found.values, found.free) == ({"status": "Active"}, {})
    assert workspace.question(lambda reader: blank(reader, "laptop")).answer().free == {"asset_tag": "A2056"}


def test_items_without_a_tag_get_the_next_ones(workspace: Workspace) -> None:
    for name in ("LT-3", "LT-1", "LT-2"):
        workspace.edit(lambda reader, name=name: new_item(reader, "laptop", {"name": name}, "t"))
    uids = [uid_of(workspace, name) for name in ("LT-1", "LT-2", "LT-3", "LT-2041", "host-a")]
    applied = workspace.edit(lambda reader: tagged(reader, uids, "t"))
    with workspace.read() as reader:
        tags = {one.name: one.text("asset_tag") for one in reader.by_uid(uids).values()}
    assert tags == {"host-a": "A2056", "LT-1": "A2057", "LT-2": "A2058", "LT-3": "A2059", "LT-2041": "A2041"}
    assert applied.number
    with pytest.raises(InvalidValue, match="asset tags already"):
        workspace.edit(lambda reader: tagged(reader, uids, "t"))


def test_what_is_hidden_is_not_copied(workspace: Workspace) -> None:
    uid = uid_of(workspace, "LT-2041")
    hidden = {"class": {"hardware": {"attributes": {"warranty_until": {"hidden": True}}}}}
    with workspace.read() as reader:
        assert "warranty_until" in alike(reader, uid).values
        reader.schema = Schema.load(extra=[hidden])
        assert "warranty_until" not in alike(reader, uid).values


def test_tags_go_by_the_pattern_of_the_class_or_of_the_nearest_above(workspace: Workspace) -> None:
    patterns = "laptop: LT-{n:05}\nHardware: HW-{n}"
    workspace.edit(lambda reader: change(reader, TAG_PATTERNS, patterns, "t"))
    for name, cls in (("LT-1", "laptop"), ("LT-2", "laptop"), ("p-1", "printer")):
        workspace.edit(lambda reader, name=name, cls=cls: new_item(reader, cls, {"name": name}, "t"))
    uids = [uid_of(workspace, name) for name in ("LT-1", "LT-2", "p-1", "host-a")]
    applied = workspace.edit(lambda reader: tagged(reader, uids, "t"))
    with workspace.read() as reader:
        tags = {one.name: one.text("asset_tag") for one in reader.by_uid(uids).values()}
        assert blank(reader, "laptop").free == {"asset_tag": "LT-00003"}
    assert tags == {"host-a": "HW-1", "LT-1": "LT-00001", "LT-2": "LT-00002", "p-1": "HW-2"}
    workspace.undo_stack.undo()
    assert applied.number
    with workspace.read() as reader:
        assert blank(reader, "laptop").free == {"asset_tag": "LT-00003"}  # no number is given twice


def test_a_copy_with_a_block_of_numbers_gives_these_alone_and_others_leave_them(workspace: Workspace) -> None:
    workspace.edit(lambda reader: change(reader, TAG_PATTERNS, "laptop: LT-{n:03}", "t"))
    with engines.writing(workspace.store._engine) as connection:
        connection.exec_driver_sql("INSERT INTO number_block VALUES ('asset_tag lt-', 999, 1, 50)")
    assert workspace.question(lambda reader: next_free(reader, "laptop", "asset_tag")).answer() == ["LT-051"]
    with engines.writing(workspace.store._engine) as connection:
        connection.exec_driver_sql("UPDATE number_block SET copy = 1, first = 49")
    found = workspace.question(lambda reader: next_free(reader, "laptop", "asset_tag", number=2)).answer()
    assert found == ["LT-049", "LT-050"]
    with pytest.raises(InvalidValue, match="numbers of LT-050 that this copy"):
        workspace.question(lambda reader: next_free(reader, "laptop", "asset_tag", number=3)).answer()


def test_patterns_that_nobody_could_tell_apart_are_refused() -> None:
    for text, said in (
        ("laptop: LT-", "no pattern of tags"),
        ("laptop: {n}", "no pattern of tags"),
        ("laptop: LT-{n:05}x", "no pattern of tags"),
        ("laptop LT-{n}", "no pattern of tags"),
        ("laptop: LT1{n}", "a digit stands before the number"),
        ("laptop: LT-{n}\nLaptop: NB-{n}", "has two patterns"),
        ("laptop: LT-{n}\ndesktop: lt-{n:05}", "would begin alike"),
    ):
        with pytest.raises(InvalidValue, match=said):
            TAG_PATTERNS.checked(text)
    assert tag_patterns("laptop: LT-{n:05}")["laptop"] == TagPattern("LT-", 5)
