"""The web addresses on labels of other tools: what they name, by rules that are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES

FILE = RESOURCES / "codes" / "web_addresses.toml"
ANY = ""
"""What a word may be where a rule says only that it identifies."""
NUMBER = "source_id"
"""What a number of another tool is: evidence, kept as "asset 1001"."""
_ATTRIBUTES = {
    "tag": "asset_tag", "serial": "serial_number", "mac": "mac_address", "name": "name", "code": ANY, "ID": NUMBER,
}  # fmt: skip
_WORD = re.compile(r"\{(\w+)\}")
_LONGEST = 2000
"""Longer addresses are none that a label holds."""


@dataclass(frozen=True, slots=True)
class NamedInAddress:
    """What a web address names: the value of an attribute ("" for any that identifies), and whose address it is."""

    attribute: str
    values: tuple[str, ...]
    tool: str


class AddressRule:
    """One form of addresses: "…/ht/{tag}". Raises InvalidValue where it names nothing or its words are unknown."""

    __slots__ = ("_attribute", "_kinds", "_parameters", "_path", "_tool")

    def __init__(self, text: str, tool: str, kinds: Iterable[str]) -> None:
        words: list[str] = _WORD.findall(text)
        if len(words) != 1 or words[0] not in _ATTRIBUTES:
            raise InvalidValue(
                Message(
                    "“{text}” is no rule for web addresses: it needs one of {words}, as in {example}.",
                    text=text, example="…/ht/{tag}", words=tuple(f"{{{word}}}" for word in _ATTRIBUTES),
                )
            )  # fmt: skip
        path, _, query = text.partition("?")
        self._attribute, self._tool, self._kinds = _ATTRIBUTES[words[0]], tool, tuple(kinds)
        anywhere = path.startswith(("…", "..."))
        literal = re.sub(r"^(?:…|\.\.\.|https?://)", "", path.strip(), flags=re.IGNORECASE).rstrip("/")
        pattern = "".join(
            r"(?P<word>[^/]+)" if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{\w+\})", literal) if part
        )  # fmt: skip
        self._path = re.compile(f"{'.*' if anywhere else ''}{pattern}", re.IGNORECASE | re.DOTALL)
        self._parameters = _parameters(query)

    def read(self, host_and_path: str, parameters: dict[str, str]) -> NamedInAddress | None:
        """What an address of this form names; None for another address."""
        match = self._path.fullmatch(host_and_path)
        if match is None:
            return None
        word = match.groupdict().get("word", "")
        for name, wanted in self._parameters.items():
            given = parameters.get(name, "")
            if wanted.startswith("{"):
                word = given
            elif given.casefold() != wanted.casefold():
                return None
        word = word.strip()
        if not word:
            return None
        values = tuple(f"{kind} {word}" for kind in self._kinds) if self._attribute == NUMBER else (word,)
        return NamedInAddress(self._attribute, values, self._tool)


def named_in(code: str, own: Iterable[AddressRule] = ()) -> list[NamedInAddress]:
    """What a web address names, by the rules that it fits, an estate's own first; nothing for any other text."""
    if "/" not in code or len(code) > _LONGEST:
        return []
    address, _, page = code.partition("#")
    path, _, query = address.partition("?")
    if page.startswith("/"):  # a page of an application in one page: …/#/ht/A1
        path, _, query = f"{path.rstrip('/')}{page}".partition("?")
    where = re.sub(r"^\w+://", "", path).rstrip("/")
    parameters = _parameters(query)
    found = (rule.read(_unescaped(where), parameters) for rule in (*own, *_shipped()))
    return list(dict.fromkeys(one for one in found if one is not None))


def rules_of(text: str) -> list[AddressRule]:
    """An estate's own rules, one in a line. Raises InvalidValue."""
    lines = (line.strip() for line in text.splitlines())
    return [AddressRule(line, "", _numbers()) for line in lines if line]


def _tools() -> Iterator[tuple[str, str, list[str]]]:
    for tool in tomllib.loads(FILE.read_text("utf-8"))["tool"]:
        yield tool["name"], tool.get("number", ""), tool["addresses"]


@cache
def _shipped() -> tuple[AddressRule, ...]:
    return tuple(AddressRule(text, tool, (kind,)) for tool, kind, its in _tools() for text in its)


@cache
def _numbers() -> tuple[str, ...]:
    """The kinds of tables whose numbers are kept."""
    return tuple(dict.fromkeys(kind for _, kind, _ in _tools() if kind))


def _parameters(query: str) -> dict[str, str]:
    """The parameters of an address, with their names in lower case."""
    pairs = (one.partition("=") for one in query.replace("+", " ").split("&") if one)
    return {_unescaped(name).casefold(): _unescaped(value) for name, _, value in pairs}


def _unescaped(text: str) -> str:
    """A part of an address without percent signs: "A%2010" is "A 10"."""
    return re.sub(
        r"(?:%[0-9A-Fa-f]{2})+", lambda one: bytes.fromhex(one[0].replace("%", "")).decode(errors="replace"), text
    )
