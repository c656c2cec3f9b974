"""Tokens, icons, and that nothing else in the code names a colour."""

from __future__ import annotations

import gc
import re
import sys
import weakref
import xml.etree.ElementTree as ET
from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from cmdb.model.schema import Schema
from ui.icons import FOLDER, Icons
from ui.pages import entries
from ui.theme import Theme
from ui.theme_tokens import TONES, Tokens, contrast, mix, tokens

ROOT = Path(__file__).resolve().parents[2]
THEMES = ("light", "dark")
#: What text stands on what.
TEXTS = [
    *product(("text", "muted"), ("ground", "surface", "raised", "side")),
    *product(("faint",), ("ground", "surface", "side")),
    *((tone, f"{tone}_ground") for tone in TONES),
    *product(TONES, ("surface", "raised", "ground")),
    ("accent_text", "accent"),
    ("text", "accent_ground"),
    ("muted", "accent_ground"),
    ("accent", "side"),
    ("muted", "neutral_ground"),
]


def test_contrast_of_black_and_white_is_21_and_of_one_colour_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#1D5BD6", "#1D5BD6") == 1
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(name: str, text: str, ground: str) -> None:
    found = tokens(name).colours()
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_every_token_is_a_colour(name: str) -> None:
    for colour in tokens(name).colours().values():
        assert re.fullmatch(r"#[0-9A-F]{6}", colour)


def test_mixing_ends_at_its_ends() -> None:
    assert mix("#102030", "#FFFFFF", 0) == "#102030"
    assert mix("#102030", "#FFFFFF", 1) == "#FFFFFF"


def test_the_style_sheet_names_only_tokens_that_exist(app: QApplication, theme: Theme) -> None:
    for mode in THEMES:
        theme.set_mode(mode)  # type: ignore[arg-type]
        assert "$" not in app.styleSheet()


def test_the_theme_changes_palette_sheet_and_icons(app: QApplication, theme: Theme) -> None:
    heard: list[bool] = []
    theme.changed.connect(lambda: heard.append(theme.tokens.dark))
    icon = theme.icon("search", "text")
    light = icon.pixmap(20).toImage()
    theme.set_mode("dark")
    assert heard == [True]
    assert app.palette().color(QPalette.ColorRole.Window).name().upper() == tokens("dark").ground
    assert icon.pixmap(20).toImage() != light
    theme.set_mode("light")
    assert app.palette().color(QPalette.ColorRole.Window).name().upper() == tokens("light").ground


def test_the_system_decides_unless_a_look_is_chosen(app: QApplication, theme: Theme) -> None:
    theme.set_mode("system")
    dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.tokens.dark == dark


ICONS = sorted(FOLDER.glob("*.svg"))


@pytest.mark.parametrize("path", ICONS, ids=lambda p: p.stem)
def test_an_icon_keeps_to_the_set(path: Path) -> None:
    root = ET.parse(path).getroot()
    assert root.get("viewBox") == "0 0 20 20"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.5"
    assert root.get("stroke-linecap") == "round"
    assert "#" not in path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("path", ICONS, ids=lambda p: p.stem)
def test_an_icon_draws_something_within_its_grid(theme: Theme, path: Path) -> None:
    image = theme.icons.pixmap(path.stem, "#000000", 20, 2.0).toImage()
    assert image.width() == 40
    inked = [(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() > 40]
    assert len(inked) > 20
    assert all(1 <= x <= 38 and 1 <= y <= 38 for x, y in inked)


def test_an_icon_in_use_outlives_the_collection_of_its_set(app: QApplication) -> None:
    """Both used to be one cycle: collecting it deleted the engine that the button still drew with (a crash)."""
    icons = Icons(lambda token: "#ff0000")
    held = weakref.ref(icons)
    button = QPushButton()
    button.setIconSize(QSize(20, 20))
    button.setIcon(icons.icon("check", "text"))
    cycle: list[object] = [icons.icon("check", "text"), icons]
    cycle.append(cycle)
    assert not button.icon().pixmap(20, 20).toImage().allGray()
    del icons, cycle
    gc.collect()
    assert held() is None
    assert button.icon().pixmap(20, 20).toImage().pixelColor(10, 10).alpha() == 0
    button.setIcon(QIcon())


def test_every_icon_that_the_schema_and_the_pages_name_exists() -> None:
    known = {path.stem for path in ICONS}
    schema = Schema.load()
    assert {cls.icon for cls in schema.classes.values()} <= known
    assert {entry.icon for entry in entries()} <= known


def test_every_icon_that_the_code_names_exists() -> None:
    known = {path.stem for path in ICONS}
    pattern = re.compile(r"""(?:\bicon=|\.icon\(|\.pixmap\(|Icon\((?:self\.)?theme, )"([a-z-]+)\"""")
    named = {(path.name, name) for path in (ROOT / "ui").rglob("*.py") for name in pattern.findall(path.read_text())}
    assert len(named) > 10
    missing = [found for found in named if found[1] not in known]
    assert not missing


def test_an_unknown_tone_is_neutral() -> None:
    found = tokens("light")
    assert found.tone("purple") == (found.neutral, found.neutral_ground)


def test_nothing_but_the_tokens_names_a_colour() -> None:
    names = {f.name for f in fields(Tokens)}
    assert "accent" in names
    found = []
    pattern = re.compile(
        r"#[0-9A-Fa-f]{3,8}\b|QColor\(\s*\d|Qt\.GlobalColor\.(?!transparent)|QColorConstants|\brgba?\("
    )
    printed = ROOT / "ui" / "printing" / "ink.py"  # paper has no theme
    for path in (*(ROOT / "ui").rglob("*.py"), *(ROOT / "resources" / "themes").glob("*.qss")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if path != printed and pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not found, "\n".join(found)


def test_void_calls_keep_the_reference_to_none(theme: Theme) -> None:
    """PySide6 6.12.0 on Python 3.11 loses one per call, and the process dies after some thousands."""
    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(1000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 200


def test_a_long_list_of_choices_does_not_take_the_whole_screen(theme: Theme) -> None:
    box = QComboBox()
    box.addItems([f"Attribute {number}" for number in range(60)])
    box.ensurePolished()
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    assert not box.style().styleHint(QStyle.StyleHint.SH_ComboBox_Popup, option, box)


def test_a_list_that_drops_down_under_a_field_has_a_frame_and_one_in_a_page_has_none(
    app: QApplication, theme: Theme
) -> None:
    page, inside, dropped = QWidget(), QListView(), QListView()
    inside.setParent(page)
    for one in (page, dropped):
        one.resize(120, 90)
        one.show()
    inside.setGeometry(0, 0, 100, 60)
    edge = [one.grab().toImage().pixelColor(0, 30) for one in (dropped, inside)]
    assert edge == [theme.color("line"), theme.color("surface")]
    page.close()
    dropped.close()
