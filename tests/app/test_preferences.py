"""Declared settings: their checks, a person's preferences, and the settings of an estate."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale

from app import preferences
from app.declared_settings import DeclaredSetting
from app.estate_settings import (
    CURRENCY,
    ESTATE_SETTINGS,
    NAME,
    ORGANISATION,
    change,
    estate_settings,
    exported_as,
    with_currency,
)
from app.languages import of_system
from app.licences.workbook import preparation
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.errors import InvalidValue
from cmdb.store.upkeep.startup import create_estate

DECLARED = [one for one in vars(preferences).values() if isinstance(one, DeclaredSetting)]


@pytest.mark.parametrize("setting", DECLARED, ids=lambda one: one.name)
def test_a_preference_keeps_each_choice_and_refuses_all_else(setting: DeclaredSetting, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    if setting.choices is None:
        assert setting.is_folder
        preferences.keep(settings, setting, str(tmp_path))
        assert preferences.value_of(settings, setting) == str(tmp_path)
        with pytest.raises(InvalidValue):
            preferences.keep(settings, setting, str(tmp_path / "none"))
        return
    assert setting.default in [value for value, _ in setting.choices()]
    for value, words in setting.choices():
        preferences.keep(settings, setting, value)
        assert preferences.value_of(settings, setting) == value
        assert str(words)
    with pytest.raises(InvalidValue):
        preferences.keep(settings, setting, "no such choice")
    settings.set(setting.name, "no such choice")
    assert preferences.value_of(settings, setting) == setting.default


def test_the_locale_of_numbers_and_dates_can_differ_from_the_language(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    system = {"LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
    assert of_system(preferences.environment(settings, system)).locale == "en_US"
    preferences.keep(settings, preferences.LOCALE, "de_DE")
    found = of_system(preferences.environment(settings, system))
    assert (found.locale, found.code) == ("de_DE", "en")


def test_the_settings_of_an_estate_are_in_it_and_have_a_history(tmp_path: Path) -> None:
    workspace = Workspace(create_estate(tmp_path / "a.terrier"), Settings(tmp_path))
    assert workspace.title == workspace.look_up_title() == "a.terrier"
    for setting, value in ((NAME, " Harbour  Works "), (CURRENCY, "euro"), (NAME, "Harbour"), (CURRENCY, "")):
        workspace.edit(lambda reader, s=setting, v=value: change(reader, s, v, "Mia"))  # type: ignore[misc]
    with workspace.read() as reader:
        assert estate_settings(reader) == {**{one.name: "" for one in ESTATE_SETTINGS}, "name": "Harbour"}
        assert not change(reader, NAME, "Harbour", "Mia").edits
        assert str(reader.revisions(2)[1].reason) == "Name of the estate: Harbour"
    assert workspace.look_up_title() == workspace.title == "Harbour"
    assert workspace.undo_stack.undo() is not None
    with workspace.read() as reader:
        assert estate_settings(reader)["currency"] == "EUR"
    for setting in ESTATE_SETTINGS:
        workspace.edit(lambda reader, s=setting: change(reader, s, "", "Mia"))  # type: ignore[misc]
    assert workspace.look_up_title() == "a.terrier"
    workspace.close()


def test_amounts_of_new_items_and_exports_use_the_settings_of_the_estate(tmp_path: Path) -> None:
    workspace = Workspace(create_estate(tmp_path / "a.terrier"), Settings(tmp_path))
    with workspace.read() as reader:
        assert exported_as(reader, "a.terrier") == "a.terrier"
        assert with_currency(reader, "laptop", {"purchase_cost": 100}) == {"purchase_cost": 100}
    for setting, value in ((NAME, "Estate"), (ORGANISATION, "Harbour Works"), (CURRENCY, "CHF")):
        workspace.edit(lambda reader, s=setting, v=value: change(reader, s, v, "Mia"))  # type: ignore[misc]
    with workspace.read() as reader:
        assert exported_as(reader, "a.terrier") == "Harbour Works, Estate"
        assert with_currency(reader, "laptop", {"purchase_cost": 100}) == {"purchase_cost": 100, "currency": "CHF"}
        assert with_currency(reader, "laptop", {"purchase_cost": 1, "currency": "EUR"})["currency"] == "EUR"
        assert with_currency(reader, "laptop", {"name": "LT-1"}) == {"name": "LT-1"}
    workspace.close()


def test_a_text_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidValue, match="no currency"):
        CURRENCY.checked("shells")
    with pytest.raises(InvalidValue, match="at most"):
        NAME.checked("x" * 101)


def test_the_workbook_for_auditors_is_of_the_organisation(tmp_path: Path) -> None:
    workspace = Workspace(create_estate(tmp_path / "a.terrier"), Settings(tmp_path))
    workspace.edit(lambda reader: change(reader, ORGANISATION, "Harbour Works", "Mia"))
    with workspace.read() as reader:
        made = preparation(reader, "Mia", "a.terrier")
    assert (made.organisation, made.estate, made.author) == ("Harbour Works", "a.terrier", "Mia")
    workspace.close()


def test_rows_are_low_where_the_person_wants_them(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert not preferences.is_compact(settings)
    preferences.keep(settings, preferences.DENSITY, True)
    assert preferences.is_compact(Settings(tmp_path))


def test_locales_are_called_what_they_call_themselves() -> None:
    assert {code: Locale.parse(code).get_display_name() for code in preferences.LOCALES} == preferences.LOCALES
