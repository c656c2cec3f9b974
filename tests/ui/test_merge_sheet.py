"""Merging in the window: what stays is shown before; the former names are shown after; and it is split again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from app.assets.detail import facts_of
from app.verbs import known_verbs
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.register.merging import merge
from ui.context import Context
from ui.pages.review.page import ReviewPage
from ui.records.verbs import Verbs
from ui.widgets.buttons import PrimaryButton
from ui.widgets.merged_values import MergedValues
from ui.widgets.reference import ReferenceField
from ui.widgets.verb_sheet import VerbForm, run_verb

Settle = Callable[..., None]


def double(context: Context, **values: Any) -> tuple[str, str]:
    """A laptop and a second record of it: their ids."""
    with context.workspace.read() as reader:
        known = reader.find("LT-2055")
    second = new_id()
    edit = Edit(ci(second), "", None, {"class": "laptop", "name": known.name, **values})
    context.workspace.store.apply(Revision([edit], "tester"))
    return known.uid, second


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def press(shell: Any, settle: Settle) -> None:
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def test_what_stays_is_shown_before(context: Context, shell: Any, settle: Settle) -> None:
    first, second = double(context, asset_tag="X-1", notes="In the cupboard")
    run_verb(context, known_verbs()["merge"], lambda _: [second, first], "2 items", "laptop")
    settle()
    form = shell.content
    assert isinstance(form, VerbForm)
    into, shown = form.fields["into"], form.findChild(MergedValues)
    assert isinstance(into, ReferenceField)
    assert shown is not None
    assert into.value() == first, "most is known of it"
    said = words(shown)
    assert any(text.startswith("LT-2055 (") and "(X-1) becomes part of it" in text for text in said)
    place = said.index("Asset tag")
    assert said[place + 1 : place + 3] == ["✓", "A2055"], "its own tag stays"
    assert said[place + 4 : place + 6] == ["", "X-1"]
    press(shell, settle)
    with context.workspace.read() as reader:
        assert reader.by_uid([first, second]).keys() == {first}
        assert facts_of(reader, first).former != ()
    assert shell.said("toast") == [("2 items merged into LT-2055",)]


def test_what_cannot_be_one_thing_is_said_in_the_sheet(context: Context, shell: Any, settle: Settle) -> None:
    with context.workspace.read() as reader:
        laptop, person = reader.find("LT-2055").uid, reader.find("Tom Okafor").uid
    run_verb(context, known_verbs()["merge"], lambda _: [laptop], "LT-2055", "laptop")
    settle()
    form = shell.content
    into, shown = form.fields["into"], form.findChild(MergedValues)
    assert into.value() is None
    into.show_ci(person, "Tom Okafor")
    into.committed.emit()
    settle()
    assert any("can't be one thing" in text for text in words(shown))


def test_it_is_split_again(context: Context, shell: Any, settle: Settle) -> None:
    first, second = double(context, asset_tag="X-1")
    run_verb(context, known_verbs()["merge"], lambda _: [second, first], "2 items", "laptop")
    settle()
    press(shell, settle)
    Verbs(context).run("split", lambda _: [first], "LT-2055", "laptop")
    settle()
    chooser = shell.content.findChild(QComboBox)
    assert chooser.itemText(0).startswith("LT-2055 X-1, revision ")
    press(shell, settle)
    with context.workspace.read() as reader:
        assert reader.get(second).values["asset_tag"] == "X-1"
        assert facts_of(reader, first).former == ()
        assert not facts_of(reader, first).is_merged


def test_what_was_merged_under_the_same_name_is_known_too(context: Context) -> None:
    first, second = double(context)
    with context.workspace.read() as reader:
        context.workspace.apply(merge(reader, [second], first, "tester"))
    with context.workspace.read() as reader:
        found = facts_of(reader, first)
    assert found.former == ()
    assert found.is_merged, "so that it can be split again"


def test_the_review_page_asks_of_doubles(context: Context, shell: Any, settle: Settle) -> None:
    first, second = double(context, notes="In the cupboard")
    page = ReviewPage(context)
    page.opened()
    settle()
    number = next(n for n, q in enumerate(page._inbox.questions) if {s.uid for s in q.sides} == {first, second})
    page.list.setCurrentRow(number)
    assert page._question.text() == "Are these two one thing?"
    page.decide("merge")
    settle()
    assert isinstance(shell.content, VerbForm)
    page.decide("different")
    settle()
    page.opened()
    settle()
    assert not [q for q in page._inbox.questions if {s.uid for s in q.sides} == {first, second}]
    page.deleteLater()
