"""The language that the program speaks: where its texts are translated, and how it writes numbers and dates."""

from __future__ import annotations

from gettext import NullTranslations
from typing import NamedTuple


class Language(NamedTuple):
    """A language: gettext's translations into it, and the locale (as Babel names it) of its numbers and dates.

    The source language is English; its texts are the templates themselves. The locale may be of another language: the
    person's language, into which the texts aren't translated yet.
    """

    locale: str = "en_GB"
    code: str = "en"
    translations: NullTranslations = NullTranslations()

    @property
    def is_source(self) -> bool:
        """Whether the texts are shown as their templates have them."""
        return type(self.translations) is NullTranslations

    def template(self, context: str, message: str) -> str:
        """The template of a text in this language."""
        if not message:
            return ""  # gettext answers "" with the header of its catalogue
        return self.translations.pgettext(context, message) if context else self.translations.gettext(message)

    def plural_template(self, one: str, many: str, number: int) -> str:
        """The template of a counted text in this language, in the plural form that the number asks for."""
        return self.translations.ngettext(one, many, number)


class Speaker:
    """Holds the one language of the process, as Qt and the C library hold their locale. See docs/decisions/texts.md."""

    def __init__(self) -> None:
        self.language = Language()

    def use(self, language: Language) -> None:
        """Sets the language of texts. The program calls it at the start, before anything is shown."""
        self.language = language


SPEAKER = Speaker()


def current() -> Language:
    """The language that texts are worded in."""
    return SPEAKER.language
