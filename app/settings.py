"""The preferences of one person on one machine: window sizes, theme, recent files. A JSON file, written atomically.

The file is in the user's configuration folder, or where ``TERRIER_CONFIG`` points. The program never fails because of
it: a damaged file is set aside, and a value of the wrong type counts as not set. If the file cannot be written, the
settings are valid until the program ends, and ``problem`` reports this.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any, TypeVar

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem, StoreProblem
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import tr
from cmdb.model.system_errors import reason_of
from cmdb.store.connection import database_address

T = TypeVar("T")


def config_folder() -> Path:
    """The folder of this person's settings; it may not exist yet."""
    override = os.environ.get("TERRIER_CONFIG")
    if override:
        return Path(override)
    import platformdirs

    return platformdirs.user_config_path("terrier", appauthor=False)


def data_folder() -> Path:
    """The folder of this person's default estate; it may not exist yet."""
    import platformdirs

    return platformdirs.user_data_path("terrier", appauthor=False)


class Settings:
    """Named JSON values. Safe to use from any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or config_folder()) / "settings.json"
        self.problem = ""
        self._lock = threading.Lock()
        self._set: dict[str, Any] = {}
        """What was set in this run; None: removed."""
        self._values = self._read()

    def get(self, name: str, default: T) -> T:
        """The value of ``name``, or ``default`` where it is not set or not of the type of the default or its items."""
        with self._lock:
            value = self._values.get(name, default)
        if default is None or (type(value) is type(default) and _is_alike(value, default)):
            return value  # type: ignore[no-any-return]
        if isinstance(default, float) and type(value) is int:
            return float(value)  # type: ignore[return-value]
        return default

    def set(self, name: str, value: Any) -> None:
        """Keeps a JSON value under ``name``; None removes it. A database's URL is stored without secrets."""
        value = _without_secrets(value)
        with self._lock:
            if self._values.get(name) == value:
                return
            if value is None:
                del self._values[name]
            else:
                self._values[name] = value
            self._set[name] = value
            self._write()

    def _read(self) -> dict[str, Any]:
        try:
            if not self.path.exists():
                return {}
            values = parsed(regular_files.content(self.path))
        except (FileProblem, JsonProblem) as error:
            return self._set_aside(str(error))
        if not isinstance(values, dict):
            return self._set_aside(tr("the file holds no JSON object"))
        clean: dict[str, Any] = _without_secrets(values)
        if clean != values:  # earlier versions kept some passwords of servers
            self._values = clean
            self._write()
        return clean

    def _set_aside(self, reason: str) -> dict[str, Any]:
        aside = self.path.with_name("settings.damaged.json")
        try:
            os.replace(self.path, aside)
            self.problem = tr(
                "The settings could not be read and start afresh; the old file is kept as {file}.", file=aside
            )
        except OSError:
            self.problem = tr("The settings in {file} cannot be read: {reason}", file=self.path, reason=reason)
        return {}

    def _kept(self) -> dict[str, Any]:
        """What the file has now: another window may have set something meanwhile, which must stay."""
        try:
            found = parsed(regular_files.content(self.path)) if self.path.exists() else None
        except (FileProblem, JsonProblem, OSError):
            found = None
        clean: dict[str, Any] = _without_secrets(found) if isinstance(found, dict) else self._values
        return clean

    def _write(self) -> None:
        values = {name: value for name, value in {**self._kept(), **self._set}.items() if value is not None}
        text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
        temporary = ""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            import tempfile  # most commands set nothing

            handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix="settings.", suffix=".part")
            # A path that is no UTF-8 has bytes that stand for no character; they are kept as JSON's escapes.
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            os.replace(temporary, self.path)
        except OSError as error:
            self.problem = tr(
                "The settings cannot be kept in {folder}: {reason}",
                folder=self.path.parent,
                reason=reason_of(error),
            )
            if temporary:
                Path(temporary).unlink(missing_ok=True)


def _is_alike(value: object, default: object) -> bool:
    """Whether the items of a list are of the type of the default's; an empty default says nothing of them."""
    if not isinstance(value, list) or not isinstance(default, list) or not default:
        return True
    return all(type(one) is type(default[0]) for one in value)


def _without_secrets(value: Any) -> Any:
    """A JSON value with URLs of databases without secrets; URLs that cannot be read are left out."""
    match value:
        case str():
            if not database_address.is_server_url(value):
                return value
            try:
                return database_address.parsed(value).shown
            except StoreProblem:
                return ""
        case list():
            return [clean for one in value if (clean := _without_secrets(one)) != "" or one == ""]
        case {"server": str(server)} if "@" in server:  # more than a server's name was typed or pasted there
            return _without_secrets({**value, "server": ""})
        case dict():
            return {_without_secrets(name): _without_secrets(one) for name, one in value.items()}
    return value
