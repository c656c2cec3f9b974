"""The window asks who the person is at the first start, and whenever they want."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app import identity
from app.settings import Settings
from ui.context import Context
from ui.run import make_window
from ui.shell import identity as shell_identity
from ui.shell.identity import IdentityForm

Settle = Callable[..., None]


def test_the_name_and_the_record_are_kept(context: Context, settle: Settle, shell: object) -> None:
    form = IdentityForm(context, known=False)
    assert form.name.text() == identity.suggested_name()
    form.name.setText("Mira Jansen")
    form.record.setText("somebody")
    form.save()
    assert not form.problem.isHidden()
    form.record.show_ci("", "")
    form.new.setChecked(True)
    form.save()
    settle(lambda: bool(context.workspace.writer.person))
    assert context.author == "Mira Jansen"
    with context.workspace.read() as reader:
        own = identity.own_person(reader, context.workspace.writer)
        assert own is not None
        assert reader.get(own).name == "Mira Jansen"
        assert reader.revisions(1)[0].author == "Mira Jansen"
    again = IdentityForm(context, known=True)
    settle(lambda: again.record.uid == own)
    assert again.record.text() == "Mira Jansen"
    form.deleteLater()
    again.deleteLater()


def test_the_first_start_asks_once(
    app: QApplication, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell_identity, "PAUSE", 0)
    window = make_window(app, Settings())
    window.estate.opened.connect(lambda _: window.identity.ask_at_first_start())
    window.show()
    window.estate.open(str(estate))
    settle(lambda: window.sheet.isVisible())
    form = window.sheet.findChild(IdentityForm)
    assert form is not None
    later = next(b for b in window.sheet.findChildren(shell_identity.Button) if b.text() == "Later")
    later.click()
    assert not window.sheet.isVisible()
    assert identity.is_asked(Settings())
    window.identity.ask_at_first_start()
    window.actions_list["file.identity"].run()
    assert window.sheet.isVisible()
    window.close()
    settle(tasks=window.tasks)
    window.deleteLater()
