"""The longest pauses of the window's event loop on an estate, page by page and action by action, with its memory.

    python bench/probes/gaps.py ESTATE [--only WORD] [--stacks] [--wait SECONDS]

A timer of 5 ms notes when it comes late; a pause is what the person would feel as a frozen window. ``--stacks`` prints
where the threads were during the long ones. The estate is opened as it is: give it a copy.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import main

main.tune()

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from ui.run import application, begin, make_window, share_time

TICK = 5
#: The stacks are printed for a pause of at least this many milliseconds.
LONG = 40
PAGES = ("overview", "assets", "map", "licences", "scan", "import", "review", "reports", "history")


class Pulse(QObject):
    """Beats every TICK ms on the GUI thread and remembers the longest time between two beats."""

    def __init__(self, stacks: bool) -> None:
        super().__init__()
        self.last = time.perf_counter()
        self.longest = 0.0
        self.long = 0
        self._gui = threading.get_ident()
        self._timer = QTimer(self, interval=TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        if stacks:
            threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        now = time.perf_counter()
        gap = (now - self.last) * 1000
        self.longest = max(self.longest, gap)
        self.long += gap > 16 + TICK
        self.last = now

    def start(self) -> None:
        """Forgets what was."""
        self.last, self.longest, self.long = time.perf_counter(), 0.0, 0

    def _watch(self) -> None:
        seen = 0.0
        while True:
            time.sleep(0.004)
            if (time.perf_counter() - self.last) * 1000 > LONG and seen != self.last:
                seen = self.last
                for thread, frame in sys._current_frames().items():
                    if thread == threading.get_ident():
                        continue
                    lines = traceback.format_stack(frame)[-6 if thread == self._gui else -3 :]
                    name = "GUI" if thread == self._gui else "worker"
                    sys.stderr.write(f"--- {name}, {(time.perf_counter() - self.last) * 1000:.0f} ms late\n")
                    sys.stderr.write("".join(lines))


class Run:
    """Runs steps one after the other, each until the window is idle."""

    def __init__(self, app: QApplication, window: Any, pulse: Pulse, wait: float, only: str) -> None:
        self.app, self.window, self.pulse, self.wait, self.only = app, window, pulse, wait, only

    def busy(self) -> bool:
        """Whether results are still expected."""
        workspace = self.window.estate.workspace
        return bool(self.window.tasks.busy or (workspace is not None and workspace.jobs.busy))

    def settle(self, rest: float = 0.4) -> tuple[float, bool]:
        """Runs the loop until nothing is under way for ``rest`` seconds: the seconds taken, and whether it is."""
        start = quiet = time.perf_counter()
        while time.perf_counter() - start < self.wait:
            self.app.processEvents(self._flags(), 20)
            time.sleep(0.0005)
            if self.busy():
                quiet = time.perf_counter()
            elif time.perf_counter() - quiet > rest:
                return time.perf_counter() - start - rest, True
        return time.perf_counter() - start, False

    @staticmethod
    def _flags() -> Any:
        from PySide6.QtCore import QEventLoop

        return QEventLoop.ProcessEventsFlag.AllEvents

    def step(self, name: str, act: Callable[[], Any]) -> None:
        """One step, printed as a line: longest pause, pauses over a frame, time to rest, memory."""
        if self.only and not any(word in name for word in self.only.split(",")):
            return
        self.pulse.start()
        QTimer.singleShot(0, act)
        seconds, rested = self.settle()
        note = "" if rested else "  (still busy)"
        print(
            f"{name:44} {self.pulse.longest:7.0f} ms {self.pulse.long:5} over a frame "
            f"{seconds:7.2f} s {_rss():6.0f} MB{note}",
            flush=True,
        )


def _rss() -> float:
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def _key(widget: Any, key: Qt.Key, text: str = "", modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.postEvent(widget, QKeyEvent(kind, key, modifiers, text))


def steps(run: Run) -> None:
    """First visits of all pages, second visits, and what people do most."""
    window = run.window
    for page in PAGES:
        run.step(f"first visit: {page}", lambda page=page: window.services.go(page))
    for page in PAGES:
        run.step(f"again: {page}", lambda page=page: window.services.go(page))
    run.step("assets: back", lambda: window.services.go("assets", cls="ci"))
    page = window.stack.page("assets")
    table = page.listing.table

    def select(row: int) -> None:
        index = page.listing.model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    run.step("assets: End", lambda: _key(table, Qt.Key.Key_End, "", Qt.KeyboardModifier.ControlModifier))
    bar = table.verticalScrollBar()
    run.step("assets: scroll to the middle", lambda: bar.setValue(bar.maximum() // 2))
    run.step("assets: Home", lambda: _key(table, Qt.Key.Key_Home, "", Qt.KeyboardModifier.ControlModifier))
    run.step("assets: open a CI", lambda: select(3))
    for number in range(4, 8):
        run.step(f"assets: next CI {number}", lambda number=number: select(number))
    for name in ("-name", "warranty_until", "-purchase_date", "status", "purchase_cost", "order_number", "memory"):
        run.step(f"assets: sort by {name}", lambda name=name: window.services.go("assets", cls="hardware", sort=name))
    for where in ("status = Deployed", "name ~ 0123", "location.name = site-0000003", "memory = 16384"):
        run.step(f"assets: where {where}", lambda where=where: window.services.go("assets", cls="ci", where=where))
    run.step("assets: words", lambda: window.services.go("assets", cls="ci", where="laptop-0123"))
    run.step("assets: all again", lambda: window.services.go("assets", cls="ci", sort="name"))
    run.step("assets: select all", table.selectAll)
    run.step("assets: select none", table.clearSelection)
    run.step("bulk: 10,000 laptops", lambda: window.services.go("assets", cls="laptop", sort="name"))
    run.step("bulk: select them", lambda: _select(page, 10_000))
    run.step("bulk: edit them, one revision", lambda: _edit(run, page))
    run.step("bulk: undo", window.services.undo)
    for word in ("site-0000003", "hardware-model-0000025", "person-0000060", "server-0900000"):
        run.step(f"open {word}", lambda word=word: _open(run, word))
    for tab in ("relations", "software", "history", "facts"):
        run.step(f"detail: {tab}", lambda tab=tab: (page.detail.tabs.choose(tab), page.detail._choose(tab)))
    run.step("Ctrl+K", window.open_palette)
    for letter in "lap-012":
        run.step(f"Ctrl+K: {letter}", lambda letter=letter: _type(window, letter))


def _select(page: Any, number: int) -> None:
    """Selects the first rows."""
    page.listing._select([(0, number - 1)])


def _edit(run: Run, page: Any) -> None:
    """Sets a value of everything that is selected, as the sheet for many does."""
    from cmdb.register import edits

    context = run.window.services.context
    value = f"Cost centre {time.time():.0f}"

    def write(ids: Any) -> None:
        def make(reader: Any) -> Any:
            uids = [found[0] for found in reader.outer(ids).values()]
            return edits.set_values(reader, uids, {"cost_centre": value}, context.author, "Bulk edit")

        context.edit(make, "Cost centre set", doing="Editing 10,000 items")

    page.listing.selected_ids(write)


def _open(run: Run, name: str) -> None:
    """Opens a CI by its name, as the palette does."""
    window = run.window

    def found(ci: Any) -> None:
        window.services.open_ci(ci.uid)

    window.services.context.query(lambda reader: reader.find(name), found)


def _type(window: Any, letter: str) -> None:
    field = window.top.field
    field.setText(field.text() + letter)
    field.textEdited.emit(field.text())


def watch_answers(tasks: Any) -> None:
    """Reports which results of workers took the GUI thread longer than a frame."""
    deliver = tasks._deliver

    def timed(call: Any) -> None:
        before = time.perf_counter()
        deliver(call)
        took = (time.perf_counter() - before) * 1000
        if took > 16:
            cells = [c.cell_contents for c in (call[0].__closure__ or ()) if callable(c.cell_contents)]
            names = ", ".join(getattr(c, "__qualname__", "?") for c in (call[0], *cells))
            sys.stderr.write(f"--- an answer took {took:.0f} ms: {names}\n")

    tasks._finished.disconnect()
    tasks._finished.connect(timed)


def start() -> None:
    """Reads the arguments and runs the steps."""
    parser = argparse.ArgumentParser(description="The window's pauses on an estate.")
    parser.add_argument("estate")
    parser.add_argument("--only", default="", help="steps whose names contain one of these words (commas)")
    parser.add_argument("--stacks", action="store_true")
    parser.add_argument("--answers", action="store_true", help="say which answers take the GUI thread long")
    parser.add_argument("--wait", type=float, default=120.0, help="seconds that a step may take to come to rest")
    chosen = parser.parse_args()
    app = application()
    settings = Settings()
    settings.set("backups", False)
    settings.set("place", {"estate": str(Path(chosen.estate).absolute()), "page": "scan", "params": {}})
    window = make_window(app, settings)
    pulse = Pulse(chosen.stacks)
    if chosen.answers:
        watch_answers(window.tasks)
    run = Run(app, window, pulse, chosen.wait, chosen.only)
    window.show()
    window.estate.opened.connect(lambda _: share_time())
    QTimer.singleShot(0, lambda: begin(window, chosen.estate))
    end = time.perf_counter() + 60
    while window.estate.workspace is None and time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.002)
    print(f"{'opened':44} {pulse.longest:7.0f} ms {'':29} {_rss():6.0f} MB", flush=True)
    run.settle(2.0)
    print(f"{'at rest':44} {'':7}    {'':29} {_rss():6.0f} MB", flush=True)
    steps(run)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).malloc_trim(0)
        print(f"{'after giving free memory back':44} {'':39} {_rss():6.0f} MB")
    sys.stdout.flush()
    os._exit(0)


start()
