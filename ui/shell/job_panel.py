"""The job panel below the navigation: running jobs, their progress, and a button that stops each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.buttons import IconButton
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import row

if TYPE_CHECKING:
    from app.jobs import Job, Jobs

#: A job is shown once it has run this long (milliseconds); it stays for LINGER after its end.
PATIENCE, LINGER = 800, 1500
#: The jobs that are shown at once; the others are counted.
_SHOWN = 2


class JobRow(QWidget):
    """One job: title, progress, stop."""

    def __init__(self, theme: Theme, job: Job) -> None:
        super().__init__()
        self.job = job
        self._title = ElidedText(str(job.title))
        self._text = ElidedText("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(str(job.title))
        self._stop = IconButton(theme, "close", tr("Stop: {job}", job=job.title), self._cancel, size=24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 4, 8)
        layout.setSpacing(2)
        top = row(self._title, self._stop, spacing=4)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self._bar)
        layout.addWidget(self._text)
        self.refresh()

    def fold(self, folded: bool) -> None:
        """Shows the progress alone, where there is no room for words; they stand in the tooltip."""
        for label in (self._title, self._text):
            label.setVisible(not folded)
        self.setToolTip(plain_tip(str(self.job.title) if folded else ""))

    def refresh(self) -> None:
        """Shows the job as it is now."""
        job = self.job
        words = {
            "waiting": tr("waiting"),
            "failed": tr("failed"),
            "cancelled": tr("stopped"),
            "done": tr("done"),
        }
        self._bar.setRange(0, job.total or (0 if job.active else 1))
        self._bar.setValue(job.done if job.active else self._bar.maximum())
        numbers = (
            tr("{done} of {total}", done=job.done, total=job.total)
            if job.total
            else (number(job.done) if job.done else "")
        )
        text = " · ".join(part for part in (numbers, str(job.text)) if part)
        self._text.setText(words.get(job.state, text) if job.state != "running" else text)
        self._stop.setEnabled(job.active)

    def _cancel(self) -> None:
        self._stop.setEnabled(False)
        self.job.cancel()


class JobPanel(QFrame):
    """Rows of running jobs, beside the pages, of which it covers nothing; hidden while nothing runs.

    A job whose page shows its progress is shown here only while another page is shown.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "raised")
        self.setAccessibleName(tr("Running work"))
        self._rows: dict[int, JobRow] = {}
        self._page = ""
        self._folded = False
        self._layout = QVBoxLayout()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._more = Text("", "small")
        self._more.setContentsMargins(10, 0, 4, 6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._layout)
        whole.addWidget(self._more)
        self.hide()

    def watch(self, jobs: Jobs) -> None:
        """Shows a workspace's jobs. The jobs' callbacks must come on the GUI thread (``jobs.deliver``)."""
        jobs.listeners.append(self._heard)

    def show_page(self, name: str) -> None:
        """Another page is shown."""
        self._page = name
        self._fit()

    def fold(self, folded: bool) -> None:
        """Leaves the words out, where the navigation is narrow."""
        self._folded = folded
        for one in self._rows.values():
            one.fold(folded)

    def _is_for_here(self, job: Job) -> bool:
        return not job.place or job.place != self._page

    def _fit(self) -> None:
        revealed = [one for one in self._rows.values() if self._layout.indexOf(one) >= 0]
        here = [one for one in revealed if self._is_for_here(one.job)]
        for one in revealed:
            one.setVisible(one in here[:_SHOWN])
        more = len(here) - _SHOWN
        self._more.setText(trn("{count} more", "{count} more", more) if more > 0 else "")
        self._more.setVisible(more > 0)
        self.setVisible(bool(here))

    def _heard(self, job: Job) -> None:
        if job.id in self._rows:
            self._rows[job.id].refresh()
            if not job.active:
                QTimer.singleShot(LINGER, self, lambda: self._remove(job.id))
        elif job.active:
            row = self._rows[job.id] = JobRow(self._theme, job)
            row.setParent(self)  # alone it would be a window, which others may close
            row.hide()  # until it is revealed, also where the panel is shown before
            row.fold(self._folded)
            QTimer.singleShot(PATIENCE, self, lambda: self._reveal(job.id))

    def _reveal(self, number: int) -> None:
        row = self._rows.get(number)
        if row is not None and row.job.active:
            self._layout.addWidget(row)
            self._fit()
        else:
            self._remove(number)

    def _remove(self, number: int) -> None:
        row = self._rows.pop(number, None)
        if row is not None:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._fit()
