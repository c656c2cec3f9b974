"""How ``import`` is to read tables, where what it detects is wrong: ``--encoding``, ``--delimiter`` and others."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from importers.spreadsheets.sheets.options import ReadOptions

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "pipe": "|", "space": " "}
_ORDERS = ("dmy", "mdy", "ymd")


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """The options themselves."""
    parser.add_argument(
        "--encoding", metavar="E", default="",
        help=tr("the encoding of text tables, such as cp1250 (default: detected)"),
    )  # fmt: skip
    parser.add_argument(
        "--delimiter", metavar="D", default="",
        help=tr("what stands between the cells of text tables: a character, or “tab” (default: detected)"),
    )  # fmt: skip
    parser.add_argument(
        "--header-row", metavar="N", default="", help=tr("the row that names the columns, from 1 (default: detected)")
    )
    parser.add_argument(
        "--decimal", metavar="C", default="", help=tr("the decimal mark, “,” or “.” (default: by the column)")
    )
    parser.add_argument(
        "--dates", metavar="ORDER", default="",
        help=tr("the order of dates such as 03/04/24: dmy, mdy or ymd (default: by the column)"),
    )  # fmt: skip
    parser.add_argument(
        "--strict", action="store_true",
        help=tr("reject a row for any cell that can't be read, also for one that it can lack"),
    )  # fmt: skip
    parser.add_argument("--clear-blanks", action="store_true", help=tr("a blank cell clears what is there"))


def reading_options(args: argparse.Namespace) -> ReadOptions:
    """What was asked for. Raises UserError for a value that none of the options takes."""
    from importers.spreadsheets.files.encoding import codec_named
    from importers.spreadsheets.sheets.options import ReadOptions

    order = args.dates.strip().casefold()
    if order and order not in _ORDERS:
        raise UserError(Message("“{value}” is no order of dates. Orders: {orders}.", value=args.dates, orders=_ORDERS))
    if args.decimal not in ("", ",", "."):
        raise UserError(Message("“{value}” is no decimal mark: it is “,” or “.”.", value=args.decimal))
    return ReadOptions(
        encoding=codec_named(args.encoding) if args.encoding else "",
        delimiter=_delimiter(args.delimiter),
        header_row=_row(args.header_row),
        day_first=order == "dmy" if order in ("dmy", "mdy") else None,
        year_first=order == "ymd",
        decimal_comma=args.decimal == "," if args.decimal else None,
        clear_blanks=args.clear_blanks,
        strict=args.strict,
    )


def _delimiter(word: str) -> str:
    found = _DELIMITERS.get(word.strip().casefold(), word)
    if len(found) > 1 or found in ('"', "\r", "\n", "\0"):
        raise UserError(
            Message(
                "“{value}” cannot stand between cells: one character can, or one of {words}.",
                value=word,
                words=("tab", "comma", "semicolon", "bar", "space"),
            )
        )
    return found


def _row(word: str) -> int | None:
    if not word:
        return None
    if not (word.isascii() and word.isdigit()) or not 1 <= int(word[:9]) <= 10_000_000:
        raise UserError(Message("“{value}” is no row: rows are counted from 1.", value=word))
    return int(word)
