"""The names of models whose maker has a number in their place: a ThinkPad says "20XW0055GE" for its model, and what a
person calls it elsewhere. The rules are data (``identification/model_names.toml``).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import NamedTuple

from cmdb.model.resources import RESOURCES
from importers.inventory.fields import Entry, mapping, meaningful, text


class _Maker(NamedTuple):
    manufacturers: frozenset[str]
    number: re.Pattern[str] | None
    name: re.Pattern[str] | None
    sku: re.Pattern[str] | None
    model: re.Pattern[str] | None


def with_model_name(content: Entry) -> Entry:
    """The content of an inventory with the model's name as its model, and its number beside it."""
    bios = mapping(content, "bios")
    own = mapping(content, "terrier")
    system = mapping(own, "system")
    name, number = model_name(bios, system)
    if not name:
        return content
    system = {"product_number": number, **system}
    return {**content, "bios": {**bios, "smodel": name}, "terrier": {**own, "system": system}}


def model_name(bios: Entry, system: Entry) -> tuple[str, str]:
    """The name and the number of a model where its maker is one of the rules'; "" where its name is told nowhere."""
    told = text(bios, "smodel")
    maker = text(bios, "smanufacturer")
    if not told or not maker:
        return "", ""
    for rule in _rules_of(maker):
        if rule.model is not None and (both := rule.model.fullmatch(told)):
            return both["name"], both["number"]
        if rule.number is not None and rule.number.fullmatch(told):
            name = _elsewhere(rule, bios, system)
            if name:
                return name, told
    return "", ""


def is_number(bios: Entry) -> bool:
    """Whether a model is only the number that its maker gives it."""
    told, maker = text(bios, "smodel"), text(bios, "smanufacturer")
    rules = _rules_of(maker) if told and maker else []
    return any(rule.number is not None and rule.number.fullmatch(told) for rule in rules)


def _elsewhere(rule: _Maker, bios: Entry, system: Entry) -> str:
    sku = rule.sku.fullmatch(text(bios, "skunumber")) if rule.sku else None
    places = (text(system, "product_version"), sku["name"] if sku else "", meaningful(system, "family", "models"))
    return next((one for one in places if rule.name and rule.name.fullmatch(one)), "")


def _rules_of(maker: str) -> list[_Maker]:
    from cmdb.reconciliation.identifiers import shipped  # with all of reconciliation: help does without

    name = shipped().makers.canonical(maker)
    return [rule for rule in _rules() if name in rule.manufacturers]


@cache
def _rules() -> tuple[_Maker, ...]:
    document = tomllib.loads((RESOURCES / "identification" / "model_names.toml").read_text("utf-8"))
    patterns = ("number", "name", "sku", "model")
    return tuple(
        _Maker(frozenset(one["manufacturers"]), *(re.compile(one[key]) if key in one else None for key in patterns))
        for one in document["maker"]
    )
