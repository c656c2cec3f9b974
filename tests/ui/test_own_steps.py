"""Undo and redo of a page's own steps: the window's Undo acts on them while the page has some, and says which."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.workspace import Workspace
from cmdb.model.messages import EMPTY, Message
from cmdb.model.revision import Edit, Revision, ci, new_id
from ui.actions import Action
from ui.context import Context
from ui.page import OwnSteps
from ui.shell import revision_steps
from ui.shell.services import Services
from ui.theme import Theme


class OnePage:
    """A stack that shows one page with steps, or without."""

    current = "import"

    def __init__(self) -> None:
        self.steps: OwnSteps | None = None

    def page(self, _: str) -> OnePage:
        return self

    def own_steps(self) -> OwnSteps | None:
        return self.steps


def test_undo_is_the_page_s_while_it_has_steps_of_its_own(context: Context, workspace: Workspace, theme: Theme) -> None:
    stack, parent, done = OnePage(), QWidget(), []
    services = Services(theme, parent, stack, None, None)  # type: ignore[arg-type]
    services.context = context
    undo = Action("edit.undo", Message("Undo"), services.undo, enabled=services.can_undo, what=services.undo_words)
    workspace.apply(Revision([Edit(ci(new_id()), "", None, {"class": "laptop", "name": "nb-1"})], "anna"))
    assert (undo.enabled(), str(undo.caption)) == (True, "Undo")
    stack.steps = OwnSteps(lambda: done.append("undo"), lambda: done.append("redo"), Message("Merge 3 values"), EMPTY)
    assert (undo.enabled(), str(undo.caption), undo.tooltip) == (True, "Undo: Merge 3 values", "Undo: Merge 3 values")
    undo.run()
    assert (done, services.can_redo(), workspace.undo_stack.can_undo) == (["undo"], False, True)
    stack.steps = OwnSteps(lambda: done.append("undo"), lambda: done.append("redo"), EMPTY, Message("Merge 3 values"))
    assert (undo.enabled(), services.can_redo(), str(services.redo_words())) == (False, True, "Merge 3 values")
    parent.deleteLater()


def test_what_is_known_of_revisions_does_not_grow_without_bound() -> None:
    known: dict[int, str] = {}
    for number in range(revision_steps._MOST + 20):
        revision_steps._keep(known, number, "assets")
    assert (len(known), min(known), max(known)) == (revision_steps._MOST, 20, revision_steps._MOST + 19)
