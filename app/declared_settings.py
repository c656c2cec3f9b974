"""What a setting is: one declaration gives its type, its default, its words, its choices and its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cmdb.model.characters import one_line
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import EMPTY, Message

SettingValue = str | int | bool
#: The longest text that a setting takes, the longest path, and the longest text of lines.
LONGEST, LONGEST_PATH, LONGEST_LINES = 100, 4096, 50_000


@dataclass(frozen=True, slots=True)
class DeclaredSetting:
    """One setting. With ``choices`` (value and words) it is one of them, without any it is one line of text."""

    name: str
    label: Message
    default: SettingValue = ""
    help: Message = EMPTY
    choices: Callable[[], tuple[tuple[SettingValue, Message], ...]] | None = None
    at_start: bool = False
    """It takes effect when the program is next started, and its help says so."""
    is_folder: bool = False
    """The text is the path of a folder, which a dialog can choose, too."""
    is_lines: bool = False
    """The text has lines, each of which counts; empty ones are left out."""
    check: Callable[[str], str] | None = None
    """Of texts: gives the form that is kept. Raises InvalidValue."""

    def checked(self, value: SettingValue) -> SettingValue:
        """The value as it is kept. Raises InvalidValue for one that the setting doesn't take."""
        if self.choices is not None:
            if not any(one == value and type(one) is type(value) for one, _ in self.choices()):
                raise InvalidValue(Message("{setting} has no choice “{value}”.", setting=self.label, value=value))
            return value
        text = one_line(str(value))
        if self.is_lines:
            text = "\n".join(filter(None, map(one_line, str(value).splitlines())))
        most = LONGEST_LINES if self.is_lines else LONGEST_PATH if self.is_folder else LONGEST
        if len(text) > most:
            raise InvalidValue(Message("{setting} has at most {most} characters.", setting=self.label, most=most))
        return self.check(text) if self.check is not None and text else text
