"""Amounts of money in filters and sorts: exact, and each compared with amounts of its own currency only."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func

from cmdb.model import query
from cmdb.model.currencies import SIGNS, currencies_like, currency_named
from cmdb.model.errors import InvalidValue, QueryError
from cmdb.model.messages import Message
from cmdb.model.money import scaled
from cmdb.model.number_texts import currency_and_number, read_number
from cmdb.model.schema import Attribute
from cmdb.store.reading.attribute_columns import OPERATORS
from cmdb.store.rows import tables


def amount_meant(attribute: Attribute, text: str) -> tuple[Decimal, str]:
    """The amount and the currency that a filter names: "1000 EUR"; "" where it names none. Raises QueryError."""
    word, number = currency_and_number(text)
    currency = currency_named(word)
    if word and not currency:
        raise QueryError(_unknown(attribute, word))
    try:
        return read_number(replace(attribute, minimum=None, maximum=None), number if word else text), currency
    except InvalidValue as error:
        raise QueryError(error.message) from error


def _unknown(attribute: Attribute, word: str) -> Message:
    near = currencies_like(word)
    if word in SIGNS or near:
        return Message(
            "{attribute}: “{word}” is no code of a currency. Did you mean one of these: {codes}?",
            attribute=attribute.label,
            word=word,
            codes=near,
        )
    return Message(
        "{attribute}: “{word}” is no code of a currency, such as EUR or USD.", attribute=attribute.label, word=word
    )


def compared(attribute: Attribute, dialect: str, column: ColumnElement[Any], op: str, amount: Decimal) -> Any:
    """The condition on a column of amounts, as they are stored."""
    if op not in OPERATORS:
        raise QueryError(
            Message("{attribute} is an amount: compare it with =, !=, <, <=, > or >=.", attribute=attribute.label)
        )
    kind = tables.COLUMNS.get(attribute.name)
    in_ten_thousandths = kind == "money" or dialect == "sqlite"
    return OPERATORS[op](column, scaled(amount) if in_ten_thousandths else amount)


def currency_code(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The code of the currency in a column: older estates hold it as it was typed."""
    return func.upper(func.trim(column))


def by_currency(amount: ColumnElement[Any], currency: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The sort keys of amounts: the currency (absent where there is no amount), then the amount."""
    return [case((amount.is_not(None), func.coalesce(currency_code(currency), ""))), amount]


def names_no_currency(node: query.Compare) -> bool:
    """Whether a comparison with an amount leaves open of which currency it is."""
    return not currency_and_number(node.value)[0]


def several(attribute: Attribute, codes: tuple[str, ...], value: str) -> QueryError:
    """The error that amounts of several currencies are compared with a bare number."""
    return QueryError(
        Message(
            "{attribute} is in several currencies here ({codes}): name the one you mean, as in “{example}”.",
            attribute=attribute.label,
            codes=codes,
            example=f"{value} {codes[0]}",
        )
    )
