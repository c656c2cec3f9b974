"""The scanner of this computer: its test code is scanned once, and what it shows is kept."""

from __future__ import annotations

from pathlib import Path

from app.codes.keyboards import TEST_CODE, Typing
from app.codes.scanner import is_tested, keep_test, kept_typing
from app.settings import Settings


def test_what_the_test_code_shows_is_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert (is_tested(settings), kept_typing(settings)) == (False, None)
    assert keep_test(settings, "XTEST?").typing is None
    assert not is_tested(settings)
    german = Typing("us", "de")
    assert keep_test(settings, german.typed(TEST_CODE)).typing == german
    assert kept_typing(Settings(tmp_path)) == german
    assert keep_test(settings, TEST_CODE).same
    assert (is_tested(settings), kept_typing(settings)) == (True, None)
    settings.set("scanner_layouts", "us:klingon")
    assert kept_typing(settings) is None
