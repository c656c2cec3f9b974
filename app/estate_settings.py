"""The settings of an estate, which all who open it share: a document in it, with history like every other record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.assets.tag_patterns import checked_patterns
from app.declared_settings import DeclaredSetting, SettingValue
from app.fact_rules import STALE_DAYS
from cmdb.model.currencies import currency_named
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_RECORD = Record("setting", ("estate",))
_INTERVAL = re.compile(r"(?P<cls>[^:]+): *0*(?P<months>[1-9][0-9]?|[1-5][0-9][0-9]|600)")
MOST_DAYS = 3650
"""The most days that a computer can be unseen before it is stale."""


def _currency(text: str) -> str:
    found = currency_named(text)
    if not found:
        raise InvalidValue(Message("“{text}” is no currency: write a code, such as EUR.", text=text))
    return found


def _days(text: str) -> str:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_DAYS:
        return str(int(text))
    raise InvalidValue(Message("“{text}” is no number of days from 1 to {most}.", text=text, most=MOST_DAYS))


def _address_rules(text: str) -> str:
    from app.codes.web_addresses import rules_of

    rules_of(text)
    return text


def _intervals(text: str) -> str:
    for line in text.splitlines():
        if not _INTERVAL.fullmatch(line):
            raise InvalidValue(
                Message("“{text}” is no class with a number of months from 1 to 600, such as “Laptop: 12”.", text=line)
            )
    return text


def _keys(text: str) -> str:
    from app.signatures.ssh_signature import public_key

    for line in text.splitlines():
        try:
            public_key(line)
        except ValueError:
            message = Message(
                "“{text}” is no public key of Ed25519: it begins with “ssh-ed25519”, as a file KEY.pub does.",
                text=line[:40],
            )
            raise InvalidValue(message) from None
    return text


NAME = DeclaredSetting(
    "name", Message("Name of the estate"),
    help=Message("Shown in the window's title, on the start page and on printed reports. Empty: the name of its file."),
)  # fmt: skip
ORGANISATION = DeclaredSetting(
    "organisation", Message("Organisation"), help=Message("Whose estate it is; stands on printed reports.")
)
CURRENCY = DeclaredSetting(
    "currency",
    Message("Currency"),
    help=Message("Of the amounts of new items where none is given, such as EUR."),
    check=_currency,
)
STALE = DeclaredSetting(
    "stale_days",
    Message("Days until a computer is stale"),
    help=Message("A computer in use that no scan has seen for so many days needs attention. Empty: 30."),
    check=_days,
)
SCAN_KEYS = DeclaredSetting(
    "scan_keys",
    Message("Keys whose scans are trusted"),
    help=Message(
        "Public keys of Ed25519, each in a line as a file KEY.pub has it, with the name of who has it behind. With a "
        "key here, a scan that was signed with another one is refused."
    ),
    is_lines=True,
    check=_keys,
)
ONLY_SIGNED = DeclaredSetting(
    "only_signed",
    Message("Scans that are taken in"),
    choices=lambda: (
        ("", Message("All, signed or not")),
        ("signed", Message("Signed ones only")),
    ),
    help=Message(
        "A signature is a file NAME.sig beside the file NAME. One that does not fit its file is always refused."
    ),
)
ADDRESS_RULES = DeclaredSetting(
    "address_rules",
    Message("Web addresses on old labels"),
    help=Message(
        "What a scanned web address names, a rule in each line, such as {path} or {query}. Those of known "
        "tools, such as Snipe-IT and GLPI, are there already.",
        path="…/inventory/{tag}",
        query="…?nr={serial}",
    ),
    is_lines=True,
    check=_address_rules,
)
AUDIT_INTERVALS = DeclaredSetting(
    "audit_intervals",
    Message("Months between two audits"),
    help=Message(
        "A class and a number in each line, such as “Laptop: 12”: a person looks at each thing of the class once in "
        "so many months. Models and places have intervals of their own; the shortest counts."
    ),
    is_lines=True,
    check=_intervals,
)
TAG_PATTERNS = DeclaredSetting(
    "tag_patterns",
    Message("Asset tags"),
    help=Message(
        "How new asset tags are made, a class and its pattern in each line, such as {example}: the next free number of "
        "five digits. A class without one goes by the nearest above it, or by the tags in use.",
        example="laptop: LT-{n:05}",
    ),
    is_lines=True,
    check=checked_patterns,
)
ESTATE_SETTINGS = (
    NAME, ORGANISATION, CURRENCY, STALE, AUDIT_INTERVALS, SCAN_KEYS, ONLY_SIGNED, ADDRESS_RULES, TAG_PATTERNS,
)  # fmt: skip


def estate_settings(reader: Reader) -> dict[str, str]:
    """The texts of all settings of an estate, "" for what was not set."""
    fields: Mapping[str, Any] = reader.records("setting").get(_RECORD.key) or {}
    return {one.name: str(fields.get(one.name) or "") for one in ESTATE_SETTINGS}


def stale_days(reader: Reader) -> int:
    """After how many days without a scan a computer of an estate is stale."""
    return int(estate_settings(reader)[STALE.name] or STALE_DAYS)


def audit_intervals(reader: Reader) -> dict[str, int]:
    """Class, as people call it → the months between two audits of its things."""
    lines = estate_settings(reader)[AUDIT_INTERVALS.name].splitlines()
    found = (_INTERVAL.fullmatch(line) for line in lines)
    return {one["cls"].strip(): int(one["months"]) for one in found if one is not None}


def exported_as(reader: Reader, name: str) -> str:
    """How what is exported calls the estate: its organisation and its name, ``name`` where people gave it none."""
    found = estate_settings(reader)
    return ", ".join(filter(None, (found[ORGANISATION.name], found[NAME.name] or name)))


def with_currency(reader: Reader, cls: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new record, whose amounts get the estate's currency where they have none."""
    found = dict(values)
    missing = {
        one.currency
        for one in reader.schema.cls(cls).attributes.values()
        if one.currency and found.get(one.name) is not None and not found.get(one.currency)
    }
    currency = estate_settings(reader)[CURRENCY.name] if missing else ""
    return {**found, **dict.fromkeys(missing, currency)} if currency else found


def change(reader: Reader, setting: DeclaredSetting, value: SettingValue, author: str) -> Revision:
    """A revision that gives a setting another value; an empty one if it has it. Raises InvalidValue."""
    checked = str(setting.checked(value))
    before = {name: text for name, text in estate_settings(reader).items() if text}
    after = {name: text for name, text in {**before, setting.name: checked}.items() if text}
    edits: list[Edit] = []
    if not before and after:
        edits = [Edit(_RECORD, "", None, after)]
    elif before and not after:
        edits = [Edit(_RECORD, "", before, None)]
    elif before != after:
        edits = [Edit(_RECORD, setting.name, before.get(setting.name), after.get(setting.name))]
    reason = Message("{setting}: {value}", setting=setting.label, value=checked or "–")
    return Revision(edits, author, reason=reason)
