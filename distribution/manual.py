"""The manual page, terrier(1), made from the command line's parsers."""

from __future__ import annotations

import re

from argparse_manpage.manpage import Manpage

from app.imports.formats import formats
from app.version import VERSION
from distribution.reference import ABOUT, as_shipped, whole_parser

#: Further sections of the page: headings with pairs of a name and its description.
SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "exit status": (
        ("0", "Done."),
        ("1", "Done, but rows were rejected or records need review."),
        ("2", "Unusable input or arguments; nothing was written."),
        ("3", "A fault of Terrier's; its trace is saved, and the message names the file."),
        ("130", "Stopped by Ctrl-C; nothing is left behind."),
    ),
    "environment": (
        ("TERRIER_DB", "The estate, a file or a PostgreSQL URL, where --db names none."),
        ("TERRIER_PASSPHRASE", "The passphrase of an encrypted estate."),
        ("TERRIER_CONFIG", "The folder of the settings, instead of the user's own."),
        ("TERRIER_LANGUAGE", "The language of texts, before that of the system."),
        ("PGPASSWORD", "The password of a PostgreSQL server, where the URL has none."),
        ("XDG_DATA_HOME, XDG_CONFIG_HOME", "Where folders of data and of settings are, as for other programs."),
    ),
    "files": (
        ("~/.local/share/terrier/estate.terrier", "The estate of somebody who names none."),
        ("~/.config/terrier/", "Settings, and the traces of faults."),
        ("~/.pgpass", "Passwords of PostgreSQL servers."),
    ),
}


def manual_page() -> str:
    """The page's source, the same on every day and every machine."""
    with as_shipped():
        parser = whole_parser(common=False)
        page = Manpage(parser)
        page.description, page.manual, page.date, page.source = ABOUT, "Terrier", "", f"Terrier {VERSION}"
        described = [(one.label, f"{', '.join(one.endings)}: {one.help}") for one in formats()]
        for heading, entries in (("file formats", tuple(described)), *SECTIONS.items()):
            texts = (f".TP\n\\fB{_plain(name)}\\fR\n{_plain(text)}" for name, text in entries)
            page.add_section(heading, ">", "\n".join(texts))
        return _with_text_only(str(page))


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("-", r"\-")


def _with_text_only(page: str) -> str:
    """The page in ASCII, with a mark before each line of text that begins as a request would, such as ".xlsx"."""
    marked = re.sub(r"^(?=\.(?![A-Z]{1,2}\b)|')", r"\\&", page, flags=re.MULTILINE)
    return re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", marked)
