"""Canonical values of attributes: reading what people type and spreadsheets hold, and showing it again.

Canonical values are JSON values: text, choice, uuid, email, url → str; integer → int; number, money → Decimal (JSON's
whole numbers are read as int, which equals it); boolean → bool; date → "YYYY-MM-DD"; time → ISO UTC ending in Z;
reference → the target's id. Absent is left out. No canonical value is a float: see ``cmdb.model.money``.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cmdb.model.calendar_bounds import in_utc
from cmdb.model.characters import unseen, visible
from cmdb.model.currencies import currencies_like, currency_named, digits, minor_units
from cmdb.model.date_texts import latest_year, parse_date
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import is_size, measured
from cmdb.model.messages import Message, tr
from cmdb.model.raw_values import quoted
from cmdb.model.schema import Attribute, Choice, fold

if TYPE_CHECKING:
    from decimal import Decimal

    Value = str | int | bool | Decimal
else:  # every command imports this module, and few meet a decimal
    Value = str | int | bool
"""A canonical value. ``Value | None``: None means that there is none."""

_TRUE = {
    "true", "yes", "y", "1", "x", "on", "ja", "j", "oui", "si", "sí", "wahr", "vrai", "verdadero", "checked",
    "enabled", "active", "aktiv", "aktiviert", "activé", "activo", "automatic",
    "encrypted", "verschlüsselt", "chiffré", "color", "colour", "in colour", "farbe", "farbig", "couleur",
    "✓", "✔", "☑",
}  # fmt: skip
_KEPT_ANSWERS = ("No", "Yes")
"""How a text attribute keeps an answer: in the register, so the same in every language."""
_FALSE = {
    "false", "no", "n", "0", "off", "nein", "non", "falsch", "faux", "falso", "unchecked", "disabled", "inactive",
    "inaktiv", "deaktiviert", "désactivé", "inactivo", "manual",
    "not encrypted", "unencrypted", "unverschlüsselt", "nicht verschlüsselt", "non chiffré",
    "mono", "monochrome", "s w", "sw", "b w", "bw", "black and white", "schwarz weiß", "schwarzweiß", "noir et blanc",
    "✗", "✘", "☐",
}  # fmt: skip
_UNITS = {"mib": 1, "mb": 1, "m": 1, "gib": 1024, "gb": 1024, "g": 1024, "tib": 1 << 20, "tb": 1 << 20, "t": 1 << 20}
MAX_TEXT = 100_000
"""Characters that a text may have at most."""


def parse(attribute: Attribute, raw: object, *, day_first: bool = True, decimal_comma: bool | None = None) -> Value:
    """The canonical value of what a person typed or a cell held. References stay text: the caller resolves them.

    Characters that nobody sees are left out; ``removed`` says which.
    ``day_first`` decides about 03/04/2024. ``decimal_comma`` None: the last mark is decimal. Raises InvalidValue.
    """
    if isinstance(raw, str):
        raw = visible(raw.replace("\u00a0", " ")).strip()
        if not raw:
            raise InvalidValue(Message("{attribute} is blank.", attribute=attribute.label))
    kind = attribute.type
    if kind in ("text", "long_text", "url", "reference"):
        return _text(attribute, raw)
    if kind == "date":
        return parse_date(raw, attribute.label, day_first=day_first, latest=latest_year(attribute))
    if kind == "choice":
        return _choice(attribute, raw)
    if kind == "integer":
        return _integer(attribute, raw, decimal_comma)
    if kind in ("number", "money"):
        from cmdb.model.number_texts import read_number

        return read_number(attribute, raw, decimal_comma=decimal_comma)
    if kind == "boolean":
        return _boolean(attribute, raw)
    if kind == "time":
        return _time(attribute, raw, day_first)
    if kind == "uuid":
        return _uuid(attribute, raw)
    return _formed(attribute, " ".join(str(raw).split()))


def removed(raw: object) -> Message | None:
    """What ``parse`` leaves out of a text that was typed, as a sentence; None where that is nothing."""
    codes = unseen(raw) if isinstance(raw, str) else ()
    return Message("Characters that nobody sees are left out: {codes}.", codes=codes) if codes else None


def show(attribute: Attribute, value: Value | None, currency: str = "") -> str:
    """Plain text of a canonical value, which ``parse`` reads back (references excepted). Absent shows as "".

    An amount has at least the decimals of its ``currency``, and all that it was stated with.
    """
    if value is None:
        return ""
    if attribute.type == "boolean":
        return tr("Yes") if value else tr("No")
    if attribute.type == "choice":
        return label_of(attribute, str(value))
    if isinstance(value, str | bool):
        return str(value)
    return digits(value, minor_units(currency) if attribute.type == "money" else 0)


def show_with_unit(attribute: Attribute, value: Value | None, currency: str = "") -> str:
    """``show`` for people who read on: with the unit, a size in the largest that it has one of."""
    if is_size(attribute.unit) and value is not None and not isinstance(value, str | bool):
        return measured(value, attribute.unit)
    text = show(attribute, value, currency)
    return f"{text} {attribute.unit}" if text and attribute.unit else text


def is_same(one: object, other: object) -> bool:
    """Whether two values, or two statements [value, observed], are one. Python takes yes for the number 1, and no for
    0; where an attribute gets another type they are different values.
    """
    if one != other:
        return False
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and one:
        one, other = one[0], other[0]
    return isinstance(one, bool) is isinstance(other, bool)


def means_same(attribute: Attribute, one: Value | None, other: Value | None) -> bool:
    """Whether two values of an attribute mean the same: a UUID does in either byte order."""
    from cmdb.model.text_forms import swapped_uuid  # few commands meet one

    return one == other or (attribute.type == "uuid" and len(str(one)) == 36 and swapped_uuid(str(one)) == other)


def label_of(attribute: Attribute, value: str) -> str:
    """What is shown of a choice's stored value; the value itself where the schema does not have it."""
    return _labels(attribute.choices).get(value, value)


def check(attribute: Attribute, value: object) -> None:
    """Raises InvalidValue unless ``value`` is canonical for the attribute. Cheap: it runs on every write."""
    kind = attribute.type
    if kind in ("number", "money"):
        from cmdb.model.money import check_number

        check_number(kind, attribute.label, value)
        return
    fits: type = _CANONICAL[kind]
    if type(value) is not fits:
        raise InvalidValue(Message("{attribute} cannot be “{value}”.", attribute=attribute.label, value=value))
    if kind == "choice":
        if value not in _allowed(attribute.choices):
            raise InvalidValue(
                Message(
                    "{attribute} cannot be “{value}”. It is one of: {choices}.",
                    attribute=attribute.label,
                    value=value,
                    choices=_listed(attribute),
                )
            )
    elif kind == "date":
        if not _is_date(str(value)):
            raise InvalidValue(
                Message(
                    "{attribute} cannot be “{value}”: dates are YYYY-MM-DD.", attribute=attribute.label, value=value
                )
            )
    elif kind == "time":
        if not _ISO_TIME.match(str(value)) or not _is_date(str(value)[:10]):
            raise InvalidValue(
                Message(
                    "{attribute} cannot be “{value}”: times are YYYY-MM-DDTHH:MM:SSZ.",
                    attribute=attribute.label,
                    value=value,
                )
            )
    elif isinstance(value, str) and not 0 < len(value) <= MAX_TEXT:
        raise InvalidValue(
            Message(
                "{attribute} must have between 1 and {most} characters.",
                attribute=attribute.label,
                most=MAX_TEXT,
            )
        )


_ISO_TIME = re.compile(r"[\d-]{10}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z\Z", re.ASCII)


@lru_cache(1 << 12)
def _is_date(text: str) -> bool:
    """Whether it is a day of the calendar as YYYY-MM-DD; ``fromisoformat`` alone takes weeks, too."""
    try:
        return len(text) == 10 and text[7] == "-" and bool(date.fromisoformat(text))
    except ValueError:
        return False


_CANONICAL: dict[str, type] = {
    "text": str, "long_text": str, "choice": str, "uuid": str, "email": str, "url": str, "reference": str,
    "date": str, "time": str, "integer": int, "boolean": bool,
}  # fmt: skip
PLAIN: Mapping[str, type] = {kind: its for kind, its in _CANONICAL.items() if kind not in ("choice", "date", "time")}
"""Type of an attribute → of what Python type its values are, where ``check`` asks no more than that, and that a text is
neither empty nor longer than ``MAX_TEXT``.
"""


@lru_cache(maxsize=1024)
def _allowed(choices: tuple[Choice, ...]) -> frozenset[str]:
    return frozenset(c.value for c in choices)


@lru_cache(maxsize=1024)
def _labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {c.value: c.label for c in choices}


def _listed(attribute: Attribute) -> tuple[str, ...]:
    return tuple(c.label for c in attribute.choices)


def _text(attribute: Attribute, raw: Any) -> str:
    if isinstance(raw, bool):
        return _KEPT_ANSWERS[raw]
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        number = str(int(raw))
        return _formed(attribute, number) if attribute.form else number
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == datetime.min.time() else raw.isoformat(sep=" ")
    text = str(raw)
    if attribute.type != "long_text":
        text = " ".join(text.split())
    if not text:
        raise InvalidValue(Message("{attribute} is blank.", attribute=attribute.label))
    if attribute.of_amounts:
        return _currency(attribute, text)
    if attribute.form:
        return _formed(attribute, text)
    if len(text) > MAX_TEXT:
        raise InvalidValue(
            Message("{attribute} is longer than {most} characters.", attribute=attribute.label, most=MAX_TEXT)
        )
    return text


def _currency(attribute: Attribute, text: str) -> str:
    """The code of a currency: "eur", "€" and "Euro" are EUR. Any three letters are a code: there are private ones."""
    code = currency_named(text)
    if code or re.fullmatch("[A-Za-z]{3}", text):
        return code or text.upper()
    near = currencies_like(text)
    if near:
        raise InvalidValue(
            Message(
                "{attribute} can't be “{text}”: it is a code of ISO 4217. Did you mean one of these: {codes}?",
                attribute=attribute.label,
                text=text,
                codes=near,
            )
        )
    raise InvalidValue(
        Message(
            "{attribute} can't be “{text}”: it is a code of ISO 4217, such as EUR.",
            attribute=attribute.label,
            text=text,
        )
    )


def in_form(attribute: Attribute, text: str) -> str:
    """What a program says of an address or number, in the form of the attribute where it has that form."""
    if not attribute.form or not text:
        return text
    from cmdb.model.text_forms import FORMS

    return FORMS[attribute.form].read(text) or text


def _formed(attribute: Attribute, text: str) -> str:
    from cmdb.model.text_forms import form_of  # few commands meet one

    form = form_of(attribute.form, attribute.type)
    found = form.read(text) if form is not None else text
    if form is not None and not found:
        raise InvalidValue(form.refusal(attribute.label, text))
    return found


def _choice(attribute: Attribute, raw: Any) -> str:
    said = quoted(raw)
    word = fold(said)
    for one in attribute.choices:
        if fold(one.value) == word:
            return one.value
    for one in attribute.choices:
        if fold(one.label) == word:
            return one.value
    for one in attribute.choices:
        if any(fold(s) == word for s in one.synonyms):
            return one.value
    raise InvalidValue(
        Message(
            "{attribute} cannot be “{raw}”. It is one of: {choices}.",
            attribute=attribute.label,
            raw=said,
            choices=_listed(attribute),
        )
    )


def _integer(attribute: Attribute, raw: Any, decimal_comma: bool | None) -> int:
    from cmdb.model.number_texts import check_bounds, read_decimal

    factor = 1
    if isinstance(raw, str) and attribute.unit == "MiB":
        match = re.fullmatch(r"([\d.,]+)\s*([a-zA-Z]+)", raw)
        if match and match[2].casefold() in _UNITS:
            raw, factor = match[1], _UNITS[match[2].casefold()]
    number = read_decimal(attribute, raw, decimal_comma)
    number = number * factor if factor == 1 else (number * factor).to_integral_value()
    if abs(number) >= 1 << 53 or number != int(number):
        raise InvalidValue(
            Message("{attribute} must be a whole number, not “{raw}”.", attribute=attribute.label, raw=quoted(raw))
        )
    check_bounds(attribute, number, raw)
    return int(number)


def _boolean(attribute: Attribute, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    said = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    word = fold(said) or said.strip()
    if word in _TRUE or word == fold(tr("Yes")):
        return True
    if word in _FALSE or word == fold(tr("No")):
        return False
    raise InvalidValue(
        Message("{attribute} must be yes or no, not “{raw}”.", attribute=attribute.label, raw=quoted(raw))
    )


_CLOCK = re.compile(
    r"(.+?)(?:T|,?\s+(?:(?:um|at|à|a las) )?)(\d{1,2})\s?[:h]\s?(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"\s*([ap]\.?m\.?)?(?:\s*(?:uhr|h))?\Z",
    re.IGNORECASE,
)


def _time(attribute: Attribute, raw: Any, day_first: bool) -> str:
    """A time; without a zone it is in this computer's. A date alone is its first moment, in UTC."""
    if isinstance(raw, datetime):
        moment = raw
    elif isinstance(raw, int | float) and not isinstance(raw, bool) and raw != int(raw):
        day = datetime.fromisoformat(parse_date(raw, attribute.label))
        moment = day + timedelta(seconds=round((raw - int(raw)) * 86_400))
    else:
        text = str(raw)
        try:
            if len(text) <= 10:
                raise ValueError(text)
            moment = datetime.fromisoformat(text)
        except ValueError:
            if ":" not in text and not _CLOCK.match(text):
                return parse_date(raw, attribute.label, day_first=day_first) + "T00:00:00Z"
            moment = _at_clock(attribute, text, day_first)
    moment = in_utc(moment)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def _at_clock(attribute: Attribute, text: str, day_first: bool) -> datetime:
    problem = InvalidValue(
        Message(
            "{attribute} must be a time such as 2026-03-31 14:05, not “{text}”.", attribute=attribute.label, text=text
        )
    )
    match = _CLOCK.match(text)
    if match is None:
        raise problem
    day = date.fromisoformat(parse_date(match[1], attribute.label, day_first=day_first))
    hour = int(match[2])
    if match[5]:
        hour = hour % 12 + (12 if match[5][0] in "pP" else 0)
    try:
        return datetime(day.year, day.month, day.day, hour, int(match[3]), int(match[4] or 0))
    except ValueError:
        raise problem from None


def _uuid(attribute: Attribute, raw: Any) -> str:
    try:
        return str(uuid.UUID(str(raw)))
    except ValueError:
        raise InvalidValue(
            Message("{attribute} must be a UUID, not “{raw}”.", attribute=attribute.label, raw=quoted(raw))
        ) from None
