"""A job in the place of the page's content: what runs, how far it is, how long it will take, and how to stop it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dates import count
from ui.widgets.labels import ElidedText, Heading
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import PATIENCE, Icon

if TYPE_CHECKING:
    from app.jobs import Job, Jobs


class JobProgress(QWidget):
    """Follows one job at a time. It stays blank for the first moments, so that nothing blinks."""

    def __init__(self, theme: Theme, icon: str, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None
        self._began = 0.0
        self._title = Heading("", 2)
        self._text = ElidedText("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._cancel = Button("Cancel", self._stop, hint="Stops the work; nothing is kept of it")
        picture = row(STRETCH, Icon(theme, icon, "accent", 40), STRETCH)
        inner = column(
            picture, row(STRETCH, self._title, STRETCH), self._bar, self._text, 4,
            row(STRETCH, self._cancel, STRETCH), spacing=12,
        )  # fmt: skip
        self._inner = box(inner)
        self._inner.setFixedWidth(380)
        self._inner.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.setLayout(column(STRETCH, row(STRETCH, self._inner, STRETCH), STRETCH))
        self._late = QTimer(self, singleShot=True, interval=PATIENCE * 2)
        self._late.timeout.connect(self._inner.show)
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

    def _stop(self) -> None:
        if self._job is not None:
            self._cancel.setEnabled(False)
            self._text.setText("Stopping…")
            self._job.cancel()


def pace(done: int, total: int, seconds: float) -> str:
    """How far and how fast: "1,200 of 5,000 · 800 a second · 5 s left"; the pace only once it can be told."""
    parts = [f"{count(done)} of {count(total)}"]
    if seconds > 0.5 and done:
        speed = done / seconds
        left = round((total - done) / speed)
        parts.append(f"{count(round(speed))} a second")
        parts.append(f"{left} s left" if left < 90 else f"{round(left / 60)} min left")
    return " · ".join(parts)
