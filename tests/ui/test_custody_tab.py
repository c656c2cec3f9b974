"""Custody in the window: the tab of an item and of a person, and what a verb's sheet says before it acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from app.verbs import known_verbs, make
from ui.context import Context
from ui.records.detail.custody import CustodyTab, has_custody
from ui.widgets.reference import ReferenceField
from ui.widgets.verb_sheet import VerbForm, run_verb

Settle = Callable[..., None]


def shown(context: Context, settle: Settle, name: str) -> str:
    """The words of a record's tab."""
    with context.workspace.read() as reader:
        one = reader.find(name)
    assert has_custody(context.schema, one.cls)
    tab = CustodyTab(context)
    tab.show_of(one, now=True)
    settle()
    found = "\n".join(part.text() for kind in (QLabel, QAbstractButton) for part in tab.findChildren(kind))
    tab.deleteLater()
    return found


@pytest.mark.usefixtures("on_its_day")
def test_an_item_tells_who_had_it_and_a_person_what_they_had(context: Context, settle: Settle) -> None:
    with context.workspace.read() as reader:
        laptop, tom = reader.find("LT-2041"), reader.find("Tom Okafor")
        values = {"to": tom.uid}
        revision = make(reader, known_verbs()["hand_over"], [laptop.uid], values, "t", "2026-03-03", every=True)
    context.workspace.store.apply(revision)
    said = shown(context, settle, "LT-2041")
    assert "Tom Okafor" in said
    assert "3 Mar 2026 – now" in said
    assert "LT-2041" in shown(context, settle, "Tom Okafor")
    assert not has_custody(context.schema, "application")


def test_a_sheet_says_what_it_will_set_and_what_it_needs(context: Context, shell: Any, settle: Settle) -> None:
    with context.workspace.read() as reader:
        laptop, tom = reader.find("LT-2041"), reader.find("Tom Okafor")
    run_verb(context, known_verbs()["hand_over"], lambda _: [laptop.uid], "LT-2041", "laptop")
    settle()
    form = shell.content
    assert isinstance(form, VerbForm)
    assert not form.preview.isVisibleTo(form)
    to = form.fields["to"]
    assert isinstance(to, ReferenceField)
    to.show_ci(tom.uid, tom.name)
    to.committed.emit()
    settle()
    assert "→ Tom Okafor" in form.preview.text.text()
    assert "Stays as it is, though the holder changes: Location Rotterdam." in form.preview.text.text()
    run_verb(context, known_verbs()["take_back"], lambda _: [laptop.uid], "LT-2041", "laptop")
    settle()
    form = shell.content
    said = form.preview.text.text() + form.preview.problem.text()
    assert "Where is LT-2041 kept now?" in said or "Assigned to: " in said


def test_what_is_reserved_stands_first_and_is_ended_there(context: Context, shell: Any, settle: Settle) -> None:
    with context.workspace.read() as reader:
        laptop, tom = reader.find("LT-2041"), reader.find("Tom Okafor")
        values = {"for": tom.uid, "from": "2036-03-03", "until": "2036-03-05", "note": "Course"}
        made = make(reader, known_verbs()["reserve"], [laptop.uid], values, "t", every=True)
    context.workspace.store.apply(made)
    said = shown(context, settle, "LT-2041")
    assert "3 Mar 2036 – 5 Mar 2036" in said
    assert "Tom Okafor" in said
    assert "Course" in said
    tab = CustodyTab(context)
    tab.show_of(tom, now=True)
    settle()
    ends = [one for one in tab.findChildren(QAbstractButton) if one.text() == "End"]
    assert [one.accessibleName() for one in ends] == ["End the reservation of 3 Mar 2036 – 5 Mar 2036"]
    ends[0].click()
    settle()
    tab.deleteLater()
    with context.workspace.read() as reader:
        assert reader.records("reservation") == {}
