"""How names of installed software are written: trade marks, versions inside of them, identifiers in place of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import fold


class FormedName(NamedTuple):
    """What an identifier says: the name, as people would write it, the publisher ("": it does not say), and the kind of
    what is no product.
    """

    name: str
    publisher: str
    confidence: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NameForm:
    """A form of identifiers that stand where a name should: those of the Store, of macOS bundles."""

    pattern: re.Pattern[str]
    confidence: int

    def read(self, product: str) -> FormedName | None:
        """What a name of this form says; None for one of another form."""
        match = self.pattern.fullmatch(product.strip())
        if match is None:
            return None
        words = match.groupdict()
        return FormedName(_spaced(words["name"]), _spaced(words.get("publisher") or ""), self.confidence)


_HASH = re.compile(r"_[a-hjkmnp-tv-z0-9]{13}$")
_LISTED = 100


class AppIdentifiers:
    """Identifiers that stand where a name should: those of apps that are listed, and those that are of a form."""

    def __init__(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Raises SchemaError."""
        declared = list(documents)
        self._forms = forms_of(declared)
        self._listed = {
            identifier.casefold(): FormedName(name, app["publisher"], _LISTED, app.get("kind", ""))
            for document in declared
            for app in document.get("app", ())
            for identifier, name in app["names"].items()
        }

    def read(self, product: str) -> FormedName | None:
        """What an identifier says; None for what is none."""
        listed = self._listed.get(_HASH.sub("", product.strip()).casefold())
        return listed or next((found for one in self._forms if (found := one.read(product))), None)

    def listed(self, product: str) -> str:
        """What people call the app of an identifier that is listed, or ""."""
        found = self._listed.get(_HASH.sub("", product.strip()).casefold())
        return found.name if found else ""


@cache
def shipped_identifiers() -> AppIdentifiers:
    """Those of the shipped catalogue, without the rest of it."""
    folder = RESOURCES / "software"
    return AppIdentifiers(tomllib.loads((folder / name).read_text("utf-8")) for name in ("apps.toml", "forms.toml"))


def forms_of(documents: Iterable[Mapping[str, Any]]) -> list[NameForm]:
    """The forms that the catalogue's files declare. Raises SchemaError."""
    found = []
    for raw in (one for document in documents for one in document.get("form", ())):
        try:
            found.append(NameForm(re.compile(raw["match"]), raw["confidence"]))
        except (KeyError, TypeError, re.error) as error:
            name = str(raw.get("name"))
            raise SchemaError(
                Message("Software catalogue, “{name}”: {reason}", name=name, reason=str(error))
            ) from error
    return found


def _spaced(word: str) -> str:
    """The words of an identifier: "WindowsCalculator" is "Windows Calculator"; "7-Zip" and "MSTeams" stay."""
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", word.replace("_", " ")).strip()


def clean(text: str) -> str:
    """A name in the form that patterns are matched against: lower case, no trade marks, single spaces."""
    text = re.sub(r"[®™©]|\((r|tm|c)\)", "", text, flags=re.IGNORECASE)
    return " ".join(text.split()).casefold()


_BUILD = re.compile(r"\s*\((x64|x86|64-bit|32-bit|amd64|arm64|[a-z]{2}-[A-Z]{2}|\s)+\)$")


_LANGUAGE = re.compile(r"\s+-\s+[a-z]{2,3}(?:-[a-z0-9]{2,8})+$", re.IGNORECASE)


def without_build(name: str) -> str:
    """A name without what installers put at its end: the processors and the language that it was built for."""
    return _LANGUAGE.sub("", _BUILD.sub("", name)) or name


def without_version(product: str, version: str, *, of_product: bool = True) -> tuple[str, str]:
    """A name without what is its version, and that version: the version itself repeated at its end; of a product, also
    a year.
    """
    name = _BUILD.sub("", " ".join(product.split()))
    match = re.fullmatch(r"(.*\D) v?((?:19|20)\d\d|\d+(?:\.\d+)*)", name)
    if not match:
        return name, version
    year = of_product and re.fullmatch(r"(19|20)\d\d", match[2])
    if year and (not version or not clean(version).startswith(("19", "20"))):
        return match[1], match[2]
    if version and (clean(version) + ".").startswith(match[2] + "."):
        return _BUILD.sub("", re.sub(r"\s+-$", "", match[1])), version
    return name, version


_SUFFIXES = re.compile(
    r"\b(incorporated|inc|corporation|corp|company|co|gmbh|ag|se|ltd|limited|llc|sa|bv|plc|systems?|software)\b"
)


def maker(publisher: str) -> str:
    """A publisher's name without what kind of company it is, for comparing."""
    return " ".join(_SUFFIXES.sub(" ", fold(publisher)).split()) or fold(publisher)


def publisher_of(text: str) -> str:
    """A publisher as reported; of a certificate's name (CN=…, O=…) the organisation."""
    if not re.match(r"\s*(CN|O)\s*=", text, re.IGNORECASE):
        return text
    said = {
        key.strip().upper(): value.strip().strip('"')
        for key, _, value in (part.partition("=") for part in re.split(r",(?=\s*[A-Za-z.\d]+\s*=)", text))
    }
    return said.get("O") or said.get("CN") or text
