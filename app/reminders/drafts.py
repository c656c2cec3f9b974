"""Drafts of e-mails, one for each person: a mail program opens them, and who sends them may still change them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import BinaryIO

from app.attachments.file_names import cleaned, unused
from app.reminders.open_points import OpenPoints
from cmdb.model.characters import one_line
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import day
from cmdb.model.messages import Message, tr, trn
from cmdb.model.records import CI
from cmdb.model.whole_files import save_whole

EML, ZIP = ".eml", ".zip"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of the drafts in an archive: they tell none."""


@dataclass(frozen=True, slots=True)
class MailDraft:
    """The draft for a person. ``address`` is "" where none is known that an e-mail can be sent to."""

    points: OpenPoints
    address: str
    content: bytes


def drafts(every: Iterable[OpenPoints]) -> list[MailDraft]:
    """A draft for each person, with what that person is asked for."""
    return [_draft(one) for one in every]


def write_drafts(path: Path, found: Sequence[MailDraft]) -> None:
    """Writes a draft as .eml, or any number of them as a .zip of such. Raises InvalidValue where that can't be."""
    ending = path.suffix.casefold()
    if ending not in (EML, ZIP):
        raise InvalidValue(Message("{file}: drafts are written as {one} or {many}.", file=path, one=EML, many=ZIP))
    if ending == EML and len(found) > 1:
        raise InvalidValue(
            Message(
                "These are drafts for {count} people: name a {ending} file for all of them, or one person.",
                count=len(found),
                ending=ZIP,
            )
        )
    save_whole(path, lambda file: _write(file, found, packed=ending == ZIP))


def _write(file: BinaryIO, found: Sequence[MailDraft], *, packed: bool) -> None:
    if not packed:
        file.write(found[0].content)
        return
    used: list[str] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in found:
            used.append(unused(cleaned(f"{one.points.person.name}{EML}"), used))
            entry = zipfile.ZipInfo(used[-1], _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, one.content)


def _draft(points: OpenPoints) -> MailDraft:
    name = one_line(points.person.name)
    address = _address(name, one_line(points.person.text("email")))
    content = EmailMessage(SMTP if address is None or address.addr_spec.isascii() else SMTPUTF8)
    number = len(points.to_sign) + len(points.to_return) + len(points.to_find)
    content["Subject"] = trn("Your equipment: {count} open point", "Your equipment: {count} open points", number)
    if address is not None:
        content["To"] = address
    content["X-Unsent"] = "1"  # By this Outlook opens it to be sent; others leave it out.
    content.set_content("\n".join(_body(name, points)), charset="utf-8")
    return MailDraft(points, address.addr_spec if address is not None else "", content.as_bytes())


def _address(name: str, text: str) -> Address | None:
    """The address of a person; None where the text is none."""
    try:
        return Address(name, addr_spec=text) if text else None
    except (MessageError, ValueError, IndexError):
        return None


def _body(name: str, points: OpenPoints) -> Iterator[str]:
    yield tr("Hello {name},", name=name)
    if points.to_sign:
        yield from ("", tr("please sign for these items:"), *map(_receipt, points.to_sign))
    if points.to_return:
        yield from ("", tr("please bring these items back:"), *map(_lent, points.to_return))
    if points.to_find:
        yield from ("", tr("please look for these items, which an audit did not find:"), *map(_item, points.to_find))


def _receipt(one: CI) -> str:
    number, name, when = one.text("number"), one_line(one.name), one.text("done_on")
    if not when:
        return tr("- {number}: {name}", number=number, name=name)
    return tr("- {number}: {name} ({day})", number=number, name=name, day=day(date.fromisoformat(when)))


def _lent(one: CI) -> str:
    when = day(date.fromisoformat(one.text("expected_return")))
    return tr("{item}, expected on {day}", item=_item(one), day=when)


def _item(one: CI) -> str:
    known = dict.fromkeys(filter(None, (one.text("asset_tag"), one.text("serial_number"))))
    known.pop(one.name, None)
    if not known:
        return tr("- {name}", name=one_line(one.name))
    return tr("- {name} ({known})", name=one_line(one.name), known=tuple(known))
