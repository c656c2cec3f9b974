from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.settings import Settings
from tests.pseudo_locale import plain_words, spoken


def test_settings_are_kept(tmp_path: Path) -> None:
    Settings(tmp_path).set("theme", "dark")
    assert Settings(tmp_path).get("theme", "system") == "dark"
    Settings(tmp_path).set("theme", None)
    assert Settings(tmp_path).get("theme", "system") == "system"


def test_a_value_of_another_type_counts_as_not_set(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set("width", "wide")
    assert settings.get("width", 200) == 200
    settings.set("scale", 2)
    assert settings.get("scale", 1.5) == 2.0
    settings.set("sizes", [300, None])
    assert settings.get("sizes", [200, 400]) == [200, 400]
    assert settings.get("sizes", []) == [300, None]


def test_two_windows_keep_each_other_s_settings(tmp_path: Path) -> None:
    Settings(tmp_path).set("gone", True)
    one, other = Settings(tmp_path), Settings(tmp_path)
    one.set("width", 200)
    other.set("theme", "dark")
    one.set("gone", None)
    other.set("height", 100)
    found = Settings(tmp_path)
    assert (found.get("width", 0), found.get("height", 0), found.get("theme", "")) == (200, 100, "dark")
    assert not found.get("gone", False)


@pytest.mark.parametrize("text", ["{ not json", "[1, 2]", "\xff\xfe"])
def test_a_damaged_file_is_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, "latin-1")
    settings = Settings(tmp_path)
    assert settings.get("theme", "system") == "system"
    assert "kept" in settings.problem
    assert (tmp_path / "settings.damaged.json").read_text("latin-1") == text
    settings.set("theme", "dark")
    assert Settings(tmp_path).get("theme", "") == "dark"


def test_a_file_that_cannot_be_set_aside_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("app.settings.os.replace", refuse)
    (tmp_path / "settings.json").write_text("[]")
    assert Settings(tmp_path).problem.endswith("cannot be read: the file holds no JSON object")
    with spoken():
        words = Settings(tmp_path).problem.replace(str(tmp_path / "settings.json"), "")
        assert plain_words(words) == []


def test_the_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_CONFIG", str(tmp_path / "elsewhere"))
    Settings().set("a", 1)
    assert os.listdir(tmp_path / "elsewhere") == ["settings.json"]


def test_where_nothing_can_be_written_settings_hold_for_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file")
    settings.set("theme", "dark")
    assert settings.get("theme", "") == "dark"
    assert "cannot be kept" in settings.problem


def test_passwords_that_earlier_versions_kept_are_taken_out_when_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    urls = ["postgresql://db/e?user=t&password=s3cret", "postgresql://t:s3cret/x@db/e", "postgresql://db:s3cret/e"]
    path.write_text(
        json.dumps({"recent": [*urls, "/tmp/a.terrier"], "place": {"estate": urls[0], "page": "x"}, "theme": "dark",
                    "server": {"server": "me:s3cret@db", "database": "e"}})
    )  # fmt: skip
    settings = Settings(tmp_path)
    assert settings.get("recent", []) == ["postgresql://db/e?user=t", "postgresql://t@db/e", "/tmp/a.terrier"]
    assert settings.get("place", {}) == {"estate": "postgresql://db/e?user=t", "page": "x"}
    assert settings.get("server", {}) == {"server": "", "database": "e"}
    assert "s3cret" not in path.read_text(), "they leave the disk at once"
    assert json.loads(path.read_text())["theme"] == "dark"


def test_no_password_is_kept(tmp_path: Path) -> None:
    Settings(tmp_path).set("recent", ["postgres://t:s3cret@db/e", "https://me:fine@example.org/"])
    assert Settings(tmp_path).get("recent", []) == ["postgresql://t@db/e", "https://me:fine@example.org/"]


def test_a_path_that_is_no_utf_8_is_kept(tmp_path: Path) -> None:
    where = os.fsdecode(b"/srv/b\xfcro.terrier")
    settings = Settings(tmp_path)
    settings.set("recent", [where])
    assert not settings.problem
    assert Settings(tmp_path).get("recent", [""]) == [where]
