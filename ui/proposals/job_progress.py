"""The progress of a job, in the place of the page's content: title, progress, time left, and a way to stop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from cmdb.model.messages import tr
from ui.accessible import HasRole
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedText, Heading
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import PATIENCE, Icon

if TYPE_CHECKING:
    from app.jobs import Job, Jobs


class JobProgress(HasRole, QWidget):
    """Follows one job at a time. It stays blank for the first moments, so that nothing blinks.

    ``stopped`` fires when the person cancels it, before the job has noticed.
    """

    stopped = Signal()
    accessible_role = QAccessible.Role.Grouping

    def __init__(self, theme: Theme, icon: str, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None
        self._began = 0.0
        self._title = Heading("", 2)
        self._text = ElidedText("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._cancel = Button(tr("Cancel"), self._stop, hint=tr("Stops the work; nothing is changed  (Esc)"))
        picture = row(STRETCH, Icon(theme, icon, "accent", 40), STRETCH)
        inner = column(
            picture, row(STRETCH, self._title, STRETCH), self._bar, self._text, 4,
            row(STRETCH, self._cancel, STRETCH), spacing=12,
        )  # fmt: skip
        self._inner = box(inner)
        set_sizes(self._inner, width=380)
        self._inner.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.setLayout(column(STRETCH, row(STRETCH, self._inner, STRETCH), STRETCH))
        self._late = QTimer(self, singleShot=True, interval=PATIENCE * 2)
        self._late.timeout.connect(self._inner.show)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Running work"))
        jobs.listeners.append(self._heard)

    def follow(self, job: Job) -> None:
        """Shows another job."""
        self._job = job
        self._began = time.monotonic()
        self._title.setText(str(job.title))
        self._cancel.setEnabled(True)
        self._inner.hide()
        self._late.start()
        self._show(job)

    def _heard(self, job: Job) -> None:
        if not shiboken6.isValid(self):
            self._jobs.listeners.remove(self._heard)
        elif job is self._job:
            self._show(job)
            if not job.active:
                self._late.stop()

    def _show(self, job: Job) -> None:
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)
        numbers = pace(job.done, job.total, time.monotonic() - self._began) if job.total > 30 else ""
        self._text.setText(" · ".join(part for part in (str(job.text), numbers) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels."""
        if event.key() == Qt.Key.Key_Escape:
            self._stop()
        else:
            super().keyPressEvent(event)

    def _stop(self) -> None:
        if self._job is not None and self._job.active:
            self._cancel.setEnabled(False)
            self._text.setText(tr("Stopping…"))
            self._job.cancel()
            self.stopped.emit()


def pace(done: int, total: int, seconds: float) -> str:
    """Progress and speed: "1,200 of 5,000 · 800 a second · 5 s left". The speed is shown after half a second."""
    parts = [tr("{done} of {total}", done=done, total=total)]
    if seconds > 0.5 and done:
        speed = done / seconds
        left = round((total - done) / speed)
        parts.append(tr("{number} a second", number=round(speed)))
        parts.append(
            tr("{seconds} s left", seconds=left) if left < 90 else tr("{minutes} min left", minutes=round(left / 60))
        )
    return " · ".join(parts)
