"""What can be chosen for reading a sheet: encodings, separators, the order of dates, the decimal mark."""

from __future__ import annotations

from cmdb.model.formats import percent
from cmdb.model.messages import Message, tr

#: A text's encodings with what a person knows them by, the usual ones first.
ENCODINGS: tuple[tuple[str, Message | str], ...] = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", Message("Western (Windows 1252)")),
    ("cp1250", Message("Central European (Windows 1250)")),
    ("cp1251", Message("Cyrillic (Windows 1251)")),
    ("cp1253", Message("Greek (Windows 1253)")),
    ("cp1254", Message("Turkish (Windows 1254)")),
    ("cp1255", Message("Hebrew (Windows 1255)")),
    ("cp1256", Message("Arabic (Windows 1256)")),
    ("cp1257", Message("Baltic (Windows 1257)")),
    ("cp874", Message("Thai (Windows 874)")),
    ("cp932", Message("Japanese (Shift-JIS)")),
    ("euc_jp", Message("Japanese (EUC)")),
    ("gb18030", Message("Chinese, simplified (GB 18030)")),
    ("cp950", Message("Chinese, traditional (Big5)")),
    ("cp949", Message("Korean (Windows 949)")),
    ("iso8859-15", Message("Western (ISO 8859-15)")),
    ("iso8859-2", Message("Central European (ISO 8859-2)")),
    ("iso8859-5", Message("Cyrillic (ISO 8859-5)")),
    ("koi8-r", Message("Cyrillic (KOI8-R)")),
    ("cp866", Message("Cyrillic (DOS 866)")),
    ("cp850", Message("Western (DOS 850)")),
    ("cp437", Message("Western (DOS 437)")),
    ("cp852", Message("Central European (DOS 852)")),
    ("mac_roman", Message("Western (Mac Roman)")),
)
DELIMITERS = (
    (";", Message("Semicolon")),
    (",", Message("Comma")),
    ("\t", Message("Tab")),
    ("|", Message("Vertical bar")),
)
ORDERS = ((True, Message("Day first")), (False, Message("Month first")))
MARKS = ((True, Message("Comma: 1,5")), (False, Message("Point: 1.5")))


def in_doubt(encoding: str, confidence: float) -> str:
    """That the encoding of a file was found with little confidence (0 to 1), and what to do."""
    name = dict(ENCODINGS).get(encoding, encoding)
    return tr(
        "The encoding is in doubt: {encoding}, {sure} sure. "
        "Look at the letters below, and choose another one if they are wrong.",
        encoding=name,
        sure=percent(confidence),
    )
