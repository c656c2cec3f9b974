"""The preferences of a person on this machine, as they are declared; ``app.settings`` keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from app.declared_settings import DeclaredSetting, SettingValue
from app.languages import TEXTS
from app.settings import Settings
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, verbatim

#: The locales that can be chosen, as Babel names them, by what each calls itself. To ask Babel loads the data of all.
LOCALES = {
    "cs_CZ": "čeština (Česko)", "da_DK": "dansk (Danmark)", "de_AT": "Deutsch (Österreich)",
    "de_CH": "Deutsch (Schweiz)", "de_DE": "Deutsch (Deutschland)", "en_GB": "English (United Kingdom)",
    "en_IE": "English (Ireland)", "en_US": "English (United States)", "es_ES": "español (España)",
    "fi_FI": "suomi (Suomi)", "fr_CH": "français (Suisse)", "fr_FR": "français (France)",
    "hu_HU": "magyar (Magyarország)", "it_IT": "italiano (Italia)", "nb_NO": "norsk bokmål (Norge)",
    "nl_BE": "Nederlands (België)", "nl_NL": "Nederlands (Nederland)", "pl_PL": "polski (Polska)",
    "pt_BR": "português (Brasil)", "pt_PT": "português (Portugal)", "sv_SE": "svenska (Sverige)",
    "tr_TR": "Türkçe (Türkiye)",
}  # fmt: skip
#: The sizes of text that can be chosen, in pixels.
SIZES = range(11, 23)
_SYSTEM = Message("As the system")
_FOLDERS = "folders"


def _looks() -> tuple[tuple[SettingValue, Message], ...]:
    return ("system", _SYSTEM), ("light", Message("Light")), ("dark", Message("Dark"))


def _fonts() -> tuple[tuple[SettingValue, Message], ...]:
    return ("inter", verbatim("Inter")), ("system", Message("The system's"))


def _sizes() -> tuple[tuple[SettingValue, Message], ...]:
    return (0, _SYSTEM), *((size, Message("{size} px", size=size)) for size in SIZES)


def _densities() -> tuple[tuple[SettingValue, Message], ...]:
    return (False, Message("Comfortable")), (True, Message("Compact"))


def _switch() -> tuple[tuple[SettingValue, Message], ...]:
    return (True, Message("Yes")), (False, Message("No"))


def _named(code: str) -> Message:
    """A language's name in itself."""
    from babel import Locale

    return verbatim(str(Locale.parse(code).get_display_name() or code))


def _languages() -> tuple[tuple[SettingValue, Message], ...]:
    found = sorted(path.parent.parent.name for path in TEXTS.glob("*/LC_MESSAGES/*.mo"))
    return ("", _SYSTEM), ("en", verbatim("English")), *((code, _named(code)) for code in found)


def _locales() -> tuple[tuple[SettingValue, Message], ...]:
    return ("", _SYSTEM), *((code, verbatim(name)) for code, name in LOCALES.items())


def _folder(text: str) -> str:
    path = Path(text).expanduser()
    if not path.is_dir():
        raise InvalidValue(Message("There is no folder {folder}.", folder=text))
    return str(path)


LOOK = DeclaredSetting("look", Message("Theme"), "system", choices=_looks)
FONT = DeclaredSetting("font", Message("Font"), "inter", choices=_fonts)
TEXT_SIZE = DeclaredSetting(
    "text_size", Message("Text size"), 0, Message("Also Ctrl + and Ctrl −; Ctrl 0 is the system's size."), _sizes
)
DENSITY = DeclaredSetting("compact", Message("Rows of tables"), False, choices=_densities)
LANGUAGE = DeclaredSetting("language", Message("Language"), "", choices=_languages, at_start=True)
LOCALE = DeclaredSetting(
    "locale", Message("Numbers and dates"), "", Message("How numbers, dates and amounts are written."), _locales,
    at_start=True,
)  # fmt: skip
FOLDER = DeclaredSetting(
    "folder", Message("Folder for files"),
    help=Message(
        "Where dialogs for files begin. After that each begins where the last one of its kind ended. Empty: your own "
        "folder."
    ),
    is_folder=True, check=_folder,
)  # fmt: skip
BACKUPS = DeclaredSetting(
    "backups", Message("Back up every day"), True,
    Message("When an estate is opened for the first time on a day, a copy is kept beside it."), _switch,
)  # fmt: skip


def value_of(settings: Settings, setting: DeclaredSetting) -> SettingValue:
    """The present value; the default where nothing is kept, or what is no longer a choice."""
    found: SettingValue = settings.get(setting.name, setting.default)
    if found == setting.default or setting.choices is None:
        return found
    return found if any(one == found for one, _ in setting.choices()) else setting.default


def folder_for(settings: Settings, purpose: str, otherwise: Path | None = None) -> Path:
    """Where a dialog for files begins: in the folder that was last chosen for its purpose ("export", "import", ...), in
    the one of the settings, in ``otherwise``, or in the person's own.
    """
    kept: dict[str, str] = settings.get(_FOLDERS, {})
    for found in (kept.get(purpose), value_of(settings, FOLDER)):
        if found and Path(str(found)).is_dir():
            return Path(str(found))
    return otherwise if otherwise is not None and otherwise.is_dir() else Path.home()


def keep_folder(settings: Settings, purpose: str, folder: Path) -> None:
    """Remembers the folder that was chosen for a purpose."""
    kept: dict[str, str] = settings.get(_FOLDERS, {})
    settings.set(_FOLDERS, {**kept, purpose: str(folder)})


def look_of(settings: Settings) -> Literal["system", "light", "dark"]:
    """The theme: one of the two, or the system's."""
    found = value_of(settings, LOOK)
    return "light" if found == "light" else "dark" if found == "dark" else "system"


def is_compact(settings: Settings) -> bool:
    """Whether tables have low rows."""
    return bool(value_of(settings, DENSITY))


def keep(settings: Settings, setting: DeclaredSetting, value: SettingValue) -> None:
    """Keeps a value; the default is not kept. Raises InvalidValue.

    Another folder for files counts for all dialogs: what each remembers is forgotten.
    """
    value = setting.checked(value)
    if setting is FOLDER:
        settings.set(_FOLDERS, None)
    settings.set(setting.name, None if value == setting.default else value)


def environment(settings: Settings, system: Mapping[str, str]) -> dict[str, str]:
    """The system's environment with the language and the locale that the person chose in its place."""
    found = dict(system)
    language, locale = str(value_of(settings, LANGUAGE)), str(value_of(settings, LOCALE))
    if language:
        found["TERRIER_LANGUAGE"] = language
    if locale:
        texts = found.pop("LC_ALL", "")
        if texts:
            found["LC_MESSAGES"] = texts
        found["LC_TIME"] = f"{locale}.UTF-8"
    return found
