"""Nothing in the window takes what a record says for markup: by rule over the code, and as Qt shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt as QtCore
from PySide6.QtGui import QAction, Qt, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from tests.programs import nodes
from ui.plain_texts import menu_label, plain_label, plain_tip, read_label
from ui.widgets.buttons import Button, PushButton
from ui.widgets.labels import Text

UI = Path(__file__).resolve().parents[2] / "ui"
MARKUP = (
    "<b>bold</b>",
    "<img src='file:///etc/passwd'>",
    "a &lt; b",
    "<table><tr><td>x</table>",
)

#: What guesses or shows markup, and where it may be named: with a fixed format, or for its type.
RICH = frozenset(
    "QTextBrowser QTextEdit QTextDocument QMessageBox QInputDialog QErrorMessage QWhatsThis QGraphicsTextItem "
    "QStaticText QProgressDialog QSplashScreen setHtml insertHtml setWhatsThis setStatusTip toHtml "
    "StatusTipRole WhatsThisRole setTabToolTip setToolTipDuration".split()
)
#: The places of each widget that would guess: ``Text`` is plain, ``Icon`` has no text; ``PushButton`` keeps "&"; those
#: of files show pictures alone.
HOMES = {
    "QLabel": {"widgets/labels.py", "widgets/page_states.py", "records/file_preview.py"},
    "QPushButton": {"widgets/buttons.py"},
    "QToolButton": {"widgets/buttons.py", "records/detail/file_row.py", "records/detail/head_picture.py"},
}
#: What shows markup of the program's own documents.
OWN_MARKUP = {"shell/guide_window.py": {"QTextBrowser", "QTextDocument"}}
_LITERAL = {"tr", "trc"}


def interpreted(program: str, path: str = "") -> set[str]:
    """Where a program gives Qt a text that it may take for HTML, or for a key's mark."""
    broken = set()
    for node in nodes(program):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in RICH - OWN_MARKUP.get(path, set()):
                broken.add(f"{name} in line {node.lineno}")
            case ast.Call() if said := _called(node):
                broken.add(f"{said} in line {node.lineno}")
            case ast.Call(func=ast.Name(id=name)) if path not in HOMES.get(name, {path}):
                broken.add(f"{name} in line {node.lineno}")
            case ast.ClassDef(bases=bases):
                names = {base.id for base in bases if isinstance(base, ast.Name)}
                broken |= {f"{name} in line {node.lineno}" for name in names if path not in HOMES.get(name, {path})}
            case ast.If(test=test, body=body) if "ToolTipRole" in ast.unparse(test):
                broken |= {f"ToolTipRole in line {one.lineno}" for one in _returned(body) if not _is(one, "plain_tip")}
    return broken


def _called(node: ast.Call) -> str:
    """The function that is called with a text that is not made safe; "" for none."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = [one for one in node.args if not _is(one, "icon")]
    match name:
        case "setToolTip" if not _is(node.args[-1], "plain_tip") and not _empty(node.args[-1]):
            return name
        case "elidedText" if not _is(node.args[0], "marked"):
            return name
        case "showText" if not _is(node.args[1], "plain_tip"):
            return name
        case "addAction" | "addMenu" | "QAction" | "QCheckBox" | "QRadioButton" | "QGroupBox" | "addTab" if texts:
            alone = name == "addAction" and len(node.args) == 1 and not isinstance(texts[0], ast.Call | ast.Constant)
            return "" if alone or _is(texts[0], "plain_label", "menu_label", "qaction") or _fixed(texts[0]) else name
    return ""


def _returned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Return) and node.value is not None:
                found = node.value.body if isinstance(node.value, ast.IfExp) else node.value
                yield found


def _is(node: ast.expr, *names: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in names


def _empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def _fixed(node: ast.expr) -> bool:
    """A text of the program without values."""
    return isinstance(node, ast.Call) and _is(node, *_LITERAL) and not node.keywords


def test_no_text_of_a_record_is_interpreted() -> None:
    found = {
        str(path.relative_to(UI)): interpreted(path.read_text("utf-8"), path.relative_to(UI).as_posix())
        for path in UI.rglob("*.py")
        if path.name != "plain_texts.py"
    }
    assert {path: broken for path, broken in found.items() if broken} == {}


@pytest.mark.parametrize(
    "program",
    [
        "label.setToolTip(record.name)",
        "item.setToolTip(0, name)",
        "QToolTip.showText(place, edge.text, self)",
        "metrics.elidedText(record.name, Qt.ElideRight, 100)",
        "label = QLabel(name)",
        "class Title(QLabel): pass",
        "button = QPushButton(name)",
        "menu.addAction(view.name, run)",
        "menu.addAction(icon, tr('Open {name}', name=name), run)",
        "menu.addMenu(tr('Do with {name}', name=name))",
        "QAction(one.label, menu)",
        "QMessageBox.warning(None, '', name)",
        "document.setHtml(name)",
        "def data(self, index, role):\n    if role == Qt.ToolTipRole:\n        return self.name",
        "def data(self, index, role):\n    if role in (DISPLAY, Qt.ToolTipRole):\n        return self.name",
    ],
)
def test_another_way_is_seen(program: str) -> None:
    assert interpreted(program)


def test_escaped_text_is_accepted() -> None:
    assert not interpreted("a.setToolTip(plain_tip(name))\nb.addAction(plain_label(name), f)\nc.addMenu(tr('Go'))")


def as_shown(tip: str) -> str:
    """What a tooltip shows, as Qt decides."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText().replace("\u00a0", " ")


@pytest.mark.parametrize("text", MARKUP)
def test_a_tip_shows_markup_as_it_is(app: QApplication, text: str) -> None:
    assert Qt.mightBeRichText(text)
    assert as_shown(plain_tip(text)) == text


@given(st.text(st.sampled_from("<>/&;bimg ='\"p\n")))
def test_a_tip_shows_every_text_as_it_is(text: str) -> None:
    assert " ".join(as_shown(plain_tip(text)).split()) == " ".join(text.split())


@pytest.mark.parametrize("text", ["R&D", "Smith && Sons", "&", "A & B"])
def test_an_ampersand_is_shown(app: QApplication, text: str) -> None:
    button = Button(text)
    assert button.text() == text
    assert button.shortcut().isEmpty()
    button.setText(text + "&")
    assert button.text() == text + "&"
    assert PushButton(text).text() == text
    assert read_label(QAction(plain_label(text)).text()) == text


def test_what_a_person_typed_makes_no_menu_wider_than_the_screen(app: QApplication) -> None:
    assert menu_label("R&D") == "R&&D"
    assert menu_label("two\nlines\tand a key") == "two lines and a key"
    menu = QMenu()
    menu.addAction(menu_label("w" * 3000))
    assert menu.sizeHint().width() < 1280
    assert menu.actions()[0].text().endswith("…")


def test_labels_are_plain(app: QApplication) -> None:
    assert Text("<b>x</b>").textFormat() == QtCore.TextFormat.PlainText
    assert QLabel("<b>x</b>").textFormat() == QtCore.TextFormat.AutoText
