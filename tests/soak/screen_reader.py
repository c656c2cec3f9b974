"""What a screen reader does, over AT-SPI: it follows the focus, reads a table, and presses keys.

Runs with the system's Python, which has D-Bus, in a session of its own: ``screen_reader.py COMMAND...`` starts the
window by the command, and prints what it met as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import dbus  # type: ignore[import-not-found]  # of the system's Python

ACCESSIBLE, TABLE = "org.a11y.atspi.Accessible", "org.a11y.atspi.Table"
CONTROLLER = "org.a11y.atspi.DeviceEventController"
#: Numbers of the protocol: states, the role of a table and those of items, kinds of key events, and keys of X.
FOCUSED, SHOWING, IS_TABLE = 12, 25, 55
ITEMS = (32, 56, 91)
PRESS, RELEASE, SYMBOL = 0, 1, 3
TAB, SPACE = 0xFF09, 0x20
PATIENCE = 60.0


class ScreenReader:
    """Reads the window of the first application on the bus of assistive technologies."""

    def __init__(self) -> None:
        address = (
            dbus.SessionBus().get_object("org.a11y.Bus", "/org/a11y/bus").GetAddress(dbus_interface="org.a11y.Bus")
        )
        self.bus = dbus.bus.BusConnection(str(address))
        self.stops: list[str] = []
        """The names at which Tab stopped."""

    def call(self, one: tuple[str, str], interface: str, method: str, *args: Any) -> Any:
        """Asks an element."""
        return self.bus.get_object(one[0], one[1], introspect=False).get_dbus_method(method, interface)(*args)

    def name(self, one: tuple[str, str]) -> str:
        """What an element is called."""
        return str(self.call(one, "org.freedesktop.DBus.Properties", "Get", ACCESSIBLE, "Name"))

    def elements(self) -> list[tuple[tuple[str, str], int]]:
        """All elements that are shown, with their states as one number."""
        root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        found: list[tuple[tuple[str, str], int]] = []
        waiting = [(str(a), str(b)) for a, b in self.call(root, ACCESSIBLE, "GetChildren")]
        first = True
        while waiting:
            one = waiting.pop()
            low, high = self.call(one, ACCESSIBLE, "GetState")
            states = int(low) | int(high) << 32
            if not first and not states >> SHOWING & 1:
                continue
            first = False
            found.append((one, states))
            if int(self.call(one, ACCESSIBLE, "GetRole")) != IS_TABLE:
                waiting += [(str(a), str(b)) for a, b in self.call(one, ACCESSIBLE, "GetChildren")]
        return found

    def until(self, holds: Any, what: str) -> Any:
        """Waits for an answer that is not None."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if (found := holds()) is not None:
                    return found
            except dbus.DBusException:
                pass  # an element went while it was read
            time.sleep(0.1)
        raise SystemExit(f"waited in vain for {what}; Tab stopped at {self.stops}")

    def shown(self, wanted: Callable[[str], bool], what: str) -> str:
        """The name of an element that is shown, once there is one that is wanted."""

        def find() -> str | None:
            return next((name for one, _ in self.elements() if wanted(name := self.name(one))), None)

        return str(self.until(find, what))

    def press(self, symbol: int) -> None:
        """Presses a key."""
        controller = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry/deviceeventcontroller")
        self.call(controller, CONTROLLER, "GenerateKeyboardEvent", dbus.Int32(symbol), "", dbus.UInt32(SYMBOL))

    def focused(self) -> str | None:
        """The name of the element that has the focus; None while none has.

        A list's current item counts as focused, wherever the focus is: it gives way to all others.
        """
        found = [one for one, states in self.elements() if states >> FOCUSED & 1]
        found.sort(key=lambda one: int(self.call(one, ACCESSIBLE, "GetRole")) in ITEMS)
        return self.name(found[0]) if found else None

    def tab_to(self, beginning: str, *, whole: bool = False) -> None:
        """Goes on with Tab until the focus is at an element whose name begins so, or is that, and presses it."""

        def wanted(name: str) -> bool:
            return name == beginning if whole else name.startswith(beginning)

        self.shown(wanted, f"an element {beginning!r}")
        for _ in range(80):
            name = self.until(self.focused, "the focus")
            self.stops.append(name)
            if wanted(name):
                self.press(SPACE)
                time.sleep(0.4)
                return
            self.press(TAB)
            time.sleep(0.15)
        raise SystemExit(f"Tab never came to {beginning!r}; it stopped at {self.stops}")

    def row(self, word: str) -> list[str]:
        """The cells of the first row, in any table that is shown, of which one says a word."""

        def read() -> list[str] | None:
            for one, _ in self.elements():
                if int(self.call(one, ACCESSIBLE, "GetRole")) != IS_TABLE:
                    continue
                properties = "org.freedesktop.DBus.Properties"
                rows, columns = (int(self.call(one, properties, "Get", TABLE, name)) for name in ("NRows", "NColumns"))
                for row in range(min(rows, 30)):
                    cells = [self.call(one, TABLE, "GetAccessibleAt", row, column) for column in range(columns)]
                    said = [self.name((str(a), str(b))) for a, b in cells]
                    if word in said:
                        return said
            return None

        found: list[str] = self.until(read, f"a row with {word}")
        return found


def main(command: list[str]) -> None:
    """Imports, reads a row, undoes."""
    reader = ScreenReader()
    window = subprocess.Popen(command, env={**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"})
    try:
        for step in ("Map columns", "Check", "Compare"):
            reader.tab_to(step)
        row = reader.row("LT-9001")
        reader.tab_to("Import 2")
        reader.tab_to("Undo this import")
        reader.tab_to("Undo this import", whole=True)  # in the dialog, which comes a moment after it was asked for
        said = reader.shown(lambda name: "was undone" in name, "a word that it was undone")
    finally:
        window.kill()
        window.wait()
    print(json.dumps({"stops": reader.stops, "row": row, "undone": said}))


if __name__ == "__main__":
    main(sys.argv[1:])
