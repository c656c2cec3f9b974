"""Every page and dialog in the pseudo-locale: no plain English is left, every element has a name, and all fits.

The estate's own data is Greek, so that whatever Latin letters a page still has were never marked as a text, or are a
name, a unit or an identifier that stands in ``KNOWN`` with its reason.
"""

from __future__ import annotations

import gc
import platform
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app import preferences, system_account
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.planted import free_texts, plant
from tests.pseudo_locale import plain_words, spoken
from tests.ui.accessible_tree import nameless
from tests.ui.fit_walk import FitWalk
from tests.ui.shown_texts import Held, texts_of
from tests.ui.window_walk import PARTS, close_estate, walk_empty_part, walk_part
from ui.qt_texts import QtTexts

#: Words of Latin letters that stay in every language, by what they are.
KNOWN = frozenset(
    {
        # The program, and what it works with: names of products and file formats.
        "Terrier", "PostgreSQL", "Python", "SQLite", "SQLCipher", "sqlcipher", "psycopg", "Qt",
        "CSV", "PDF", "SVG", "PNG", "MIT",
        "Inter",  # a font
        # Folders and endings of files.
        "faults", "fault", "txt", "backups", "terrier", "xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv", "json",
        "xml", "ocs", "log", "lldp", "dmidecode", "facts", "capture", "spdx", "swidtag", "zip",
        # Encodings of texts, and formats of packages.
        "UTF", "Windows", "Mac", "Roman", "DOS", "ISO", "deb", "registry",
        # The name of the example's scans as a source.
        "inventory",
        # The beginning of an audit's number, as the schema has it.
        "AUD",
        # Units and currencies, as their standards write them.
        "GiB", "MiB", "TiB", "KiB", "GHz", "MHz", "EUR", "GBP", "USD", "SEK", "CHF",
    }
)  # fmt: skip

#: What is shown as it is typed, or as the system or Python says it.
VERBATIM = (
    "phase = live and warranty_until < today+90d",
    "due < today+7d and priority = High",
    "name = ουδέν",
    "model ~ latitude",
    "A10262\nLT-2122\n00:1a:2b:3c:4d:5e",  # what a pasted list may look like
    # the sheets of the example, where they are named as sources
    "October purchases.xlsx", "Licences.xlsx", "Contracts.xlsx", "Sites and rooms.xlsx", "Racks and power.xlsx",
    "Network.xlsx", "Servers.xlsx", "Inventory laptops.xlsx", "Inventory desktops.xlsx", "Applications.xlsx",
    "Purchases.xlsx", "Printers.csv", "Screens and docks.csv",
    "db.example.org",
    "/settings/settings.json",  # where a person's settings are kept
    "main.py",
    "laptop: LT-{n:05}",  # a class and its pattern of tags, as they are typed
    "…/inventory/{tag}", "…?nr={serial}",  # rules of web addresses, as they are typed
    "--class",  # an option of the command line
    "check --against",
    "traceback:",  # the trace of a fault, for the developers
    platform.node(),
    system_account.login(),
    f"{platform.system()} {platform.release()}",
)  # fmt: skip

#: What languages are called in themselves, wherever they can be chosen.
LANGUAGES = frozenset(
    str(words) for one in (preferences.LANGUAGE, preferences.LOCALE) for value, words in one.choices() if value
)

#: Where tips give the names that filters and files use.
NAMES = "ClassLists / TableView: cell's tip"

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_GREEK = "αβγδεφγηιικλμνοπκρστυβωξυζ"
_TO_GREEK = str.maketrans(_LATIN + _LATIN.upper(), _GREEK + _GREEK.upper())
_TO_DIGITS = str.maketrans("abcdef", "012345")


def greek(text: str) -> str:
    """The text with Greek letters for Latin ones."""
    return text.translate(_TO_GREEK)


def fill_in_greek(store: Store) -> None:
    """The sample estate with Greek data."""
    from app.sample.sample_estate import revisions

    texts = free_texts(store.schema)
    told = list(revisions(store.schema, date.today()))
    store.clock = iter([one.time for one in told]).__next__
    for one in told:
        store.apply(plant(one, texts, greek, {"mac_address": lambda text: text.translate(_TO_DIGITS)}))


#: Addresses of people, as they are typed.
_ADDRESS = re.compile(r"[\w.-]+@[\w.-]+")

#: A head of the journal.
_HEAD = re.compile(r"\b[0-9a-f]{16,64}\b")


def _without(text: str, phrases: tuple[str, ...]) -> str:
    for phrase in phrases:
        text = text.replace(phrase, "")
    return _HEAD.sub("", _ADDRESS.sub("", text))


def words(texts: dict[str, str]) -> dict[str, str]:
    """Texts that still have plain words: the text, its words, and where it stands."""
    judged = [text for text in texts if text not in LANGUAGES and not texts[text].endswith(NAMES)]
    found = {text: plain_words(_without(text, VERBATIM), KNOWN) for text in judged}
    return {text: f"{one} in {texts[text]}" for text, one in found.items() if one}


class JudgedWalk(FitWalk):
    """The walk that looks at what fits into the smallest window, and at what is told to a screen reader."""

    unspoken: dict[str, set[str]]

    def forget(self) -> None:
        """Lets go of what was collected."""
        super().forget()
        self.unspoken = defaultdict(set)

    def judge(self, part: str, held: Held) -> None:
        """Collects what does not fit, and the elements without a name."""
        super().judge(part, held)
        self.unspoken[part] |= nameless(held[0][0])


@pytest.fixture(scope="module")
def greek_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the sample estate with Greek data."""
    path = tmp_path_factory.mktemp("ξένο") / "κτήμα.terrier"
    store = create_estate(path)
    fill_in_greek(store)
    store.close()
    return path


@pytest.fixture(scope="module")
def opened(app: QApplication, greek_file: Path) -> Iterator[JudgedWalk]:
    """The window, in which the parts are gone through one after the other."""
    with spoken(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "άννα")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(greek_file.parent))
        translator = QtTexts(app)
        app.installTranslator(translator)
        walk = JudgedWalk(app, greek_file.parent, patch, greek)
        try:
            yield walk
            close_estate(walk)
        finally:
            app.removeTranslator(translator)
            walk.window.close()
            walk.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture(
    scope="module",
    params=[*((part, False) for part in PARTS), *((part, True) for part in PARTS)],
    ids=[*PARTS, *(f"{part} of an empty estate" for part in PARTS)],
)
def walked(request: pytest.FixtureRequest, opened: JudgedWalk, greek_file: Path) -> JudgedWalk:
    """What was met in one part of the window, in the estate or in one that holds nothing."""
    part, empty = request.param
    opened.forget()
    if empty:
        walk_empty_part(opened, part)
    else:
        walk_part(opened, greek_file, part)
    opened.texts.pop("", None)  # painted while nobody looked
    assert opened.texts[part]
    return opened


def test_no_plain_english_is_left(walked: JudgedWalk) -> None:
    assert {part: left for part, texts in walked.texts.items() if (left := words(texts))} == {}


def test_every_element_has_a_name(walked: JudgedWalk) -> None:
    assert {part: those for part, those in walked.unspoken.items() if those} == {}


def test_nothing_is_cut_or_covered_in_the_smallest_window(walked: JudgedWalk) -> None:
    assert {part: faults for part, faults in walked.unfit.items() if faults} == {}


def test_plain_english_is_seen(app: QApplication) -> None:
    widget = QWidget()
    QLabel("Open", widget)
    QPushButton("Ⓞ", widget).setToolTip("Ctrl+O opens it")
    found = {text: place for place, text in texts_of(widget)}
    assert set(words(found)) == {"Open", "Ctrl+O opens it"}
    widget.deleteLater()
