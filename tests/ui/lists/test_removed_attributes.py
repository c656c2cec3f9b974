"""Attributes and classes that others took away while a list shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.asked_list import AskedList
from app.schema.attributes import AttributeForm, hide_attribute, new_attribute
from app.schema.change import NO_ANSWERS, SchemaChange
from app.schema.plan import propose, revise
from app.workspace import Workspace
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.reading.reader import Reader
from tests.ui.lists.list_user import ListUser, Settle

BUGGY: Any = {"label": "Buggy", "plural": "Buggies", "parent": "hardware", "attributes": {"hue": {"label": "Hue"}}}


def add_attribute(workspace: Workspace, label: str) -> str:
    """Gives laptops an attribute. Returns its name."""
    names: list[str] = []

    def add(reader: Reader) -> SchemaChange:
        made, name = new_attribute(reader.schema, "laptop", AttributeForm(label))
        names.append(name)
        return made

    with workspace.read() as reader:
        revision = revise(reader, propose(reader, add), NO_ANSWERS, "anna")
    workspace.apply(revision)
    return names[0]


@pytest.mark.parametrize("typed", ["seal = x", "seal is empty"])
def test_a_filter_whose_attribute_is_gone_is_an_error_and_nothing_else(
    person: ListUser, settle: Settle, typed: str
) -> None:
    """Neither "nothing matches" nor the rows of before stand beside the message: they would answer no question."""
    listing, workspace = person.page.listing, person.context.workspace

    def change(make: Callable[[Reader], SchemaChange]) -> None:
        with workspace.read() as reader:
            revision = revise(reader, propose(reader, make), NO_ANSWERS, "anna")
        workspace.apply(revision)
        person.page.reload()  # as the window does where the schema has changed
        settle()

    name = add_attribute(workspace, "Seal")
    person.page.reload()
    settle()
    person.type_filter(typed)
    settle()
    assert not listing.filter.complaint
    change(lambda reader: hide_attribute(reader, "laptop", name))
    assert "no attribute" in listing.filter.complaint
    assert listing._states.name == "failed"
    assert not listing.model.rowCount()
    assert listing.selection() is None
    person.type_filter("name ~ LT")
    settle()
    assert listing._states.name == "content"


@pytest.mark.parametrize("descending", ["", "-"])
def test_a_list_is_not_sorted_grouped_or_shown_by_an_attribute_that_others_took_away(
    person: ListUser, settle: Settle, descending: str
) -> None:
    """Else it could never be shown again: the sort is kept for the class, and no header stands to choose another."""
    listing, workspace = person.page.listing, person.context.workspace
    name = add_attribute(workspace, "Seal")
    listing.columns.choose(["name", name, "status"])
    settle()
    listing.sort_by(f"{descending}{name}")
    listing.group_by(name)
    settle()
    assert listing.groups.isVisible()
    with workspace.read() as reader:
        revision = revise(reader, propose(reader, lambda r: hide_attribute(r, "laptop", name)), NO_ANSWERS, "bob")
    person.page.changed(workspace.apply(revision))
    settle()
    assert (listing.asked.sort, listing.asked.group) == ("name", "")
    assert [one.name for one in listing.model.columns] == ["name", "status"]
    assert not listing.groups.isVisible()
    assert listing.model.rowCount() == 3
    person.page.opened(cls="laptop")  # its sort is kept in the settings
    settle()
    assert listing._states.name == "content"


def test_a_list_of_a_class_that_others_took_away_becomes_the_list_of_all(person: ListUser, settle: Settle) -> None:
    listing, store = person.page.listing, person.context.workspace.store
    entry, document = Record("schema_entry", (new_id(),)), {"class": {"buggy": BUGGY}}
    person.page.changed(store.apply(Revision([Edit(entry, "", None, {"document": document})], "bob")))
    person.page.opened(cls="buggy", where="name ~ b", sort="hue")
    settle()
    assert listing.heading.text() == "Buggies"
    person.page.changed(store.apply(Revision([Edit(entry, "", {"document": document}, None)], "bob")))
    settle()
    assert listing.asked == AskedList("ci")
    assert (listing.heading.text(), listing.search.text(), listing._states.name) == ("All items", "", "content")
    person.page.opened(cls="buggy")  # as a link or a start does that remembers it
    settle()
    assert (listing.heading.text(), listing._states.name) == ("All items", "content")
