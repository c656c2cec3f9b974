"""The choice for how long a scan watches connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from cmdb.model.messages import counted, tr

if TYPE_CHECKING:
    from importers.discovery.watch import Watch

_SECONDS = 10
_MINUTES = (1, 5, 30)


class WatchChoice(QComboBox):
    """Not at all, some seconds, some minutes."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Watch connections"))
        self.addItem(tr("not at all"), 0)
        self.addItem(str(counted("for {count} second", "for {count} seconds", _SECONDS)), _SECONDS)
        for number in _MINUTES:
            self.addItem(str(counted("for {count} minute", "for {count} minutes", number)), number * 60)

    def watch(self, told: Callable[[int], None]) -> Watch | None:
        """The watch that is chosen; ``told`` hears the seconds that have passed, on the thread of the scan."""
        from importers.discovery.watch import Watch

        seconds = self.currentData()
        return Watch(seconds, told=told) if seconds else None
