"""The time control takes a typed day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cmdb.model import clock
from ui.context import Context
from ui.widgets.time_control import TimePopup, show_moment


@pytest.mark.usefixtures("on_its_day")
@pytest.mark.parametrize("typed", ["{:%Y-%m-%d}", "{:%-d.%-m.%Y}", "today-1d"])
def test_a_typed_day_is_shown(context: Context, settle: Callable[..., None], typed: str) -> None:
    host = QWidget()
    host.show()
    popup = TimePopup(context, host, lambda resolve: show_moment(context, resolve))
    popup.pop_up(host)
    field = popup.focusWidget()
    assert field is popup.field, "typing begins at once"
    QTest.keyClicks(popup.field, typed.format(clock.today() - timedelta(days=1)))
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    settle(lambda: context.moment.at is not None)
    assert context.moment.at == 0, "before the first revision"
