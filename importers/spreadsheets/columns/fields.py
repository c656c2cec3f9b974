"""The columns of sheets that are no class: relationships, installations and assignments of licences."""

from __future__ import annotations

from functools import lru_cache

from cmdb.model.language import Language, current
from cmdb.model.messages import Message, SchemaWord
from cmdb.model.schema import Attribute, fold
from cmdb.model.schema_languages import worded
from importers.spreadsheets.columns.normalised_headers import plain_header


def _field(
    name: str,
    label: Message,
    kind: str = "text",
    *,
    required: bool = False,
    target: str = "",
    synonyms: tuple[str, ...] = (),
) -> Attribute:
    word = SchemaWord(label.source(), label.source())
    return Attribute(name, word, kind, required=required, target=target, synonyms=synonyms)


RELATIONSHIP = (
    _field(
        "source",
        Message("Source"),
        "reference",
        required=True,
        target="ci",
        synonyms=(
            "from",
            "subject",
            "source ci",
            "source name",
            "parent item",
            "source item",
            "a",
            "von",
            "quelle",
        ),
    ),
    _field(
        "relationship",
        Message("Relationship"),
        required=True,
        synonyms=(
            "relationship type",
            "relation",
            "relation type",
            "type",
            "link type",
            "connection",
            "beziehung",
            "verb",
        ),
    ),
    _field(
        "target",
        Message("Target"),
        "reference",
        required=True,
        target="ci",
        synonyms=(
            "to",
            "object",
            "target ci",
            "target name",
            "child item",
            "target item",
            "destination",
            "b",
            "nach",
            "ziel",
        ),
    ),
    _field("group", Message("Group"), synonyms=("dependency group", "redundancy group", "gruppe")),
    _field("needs", Message("Needs"), synonyms=("needed", "quorum", "minimum", "required members", "benötigt")),
    _field(
        "source_class",
        Message("Source class"),
        synonyms=("source type", "from class", "from type", "subject class"),
    ),
    _field(
        "target_class",
        Message("Target class"),
        synonyms=("target type", "to class", "to type", "object class"),
    ),
)

INSTALLATION = (
    _field(
        "computer",
        Message("Computer"),
        "reference",
        required=True,
        target="computer",
        synonyms=(
            "computer name",
            "host",
            "host name",
            "hostname",
            "machine",
            "machine name",
            "device",
            "device name",
            "pc",
            "server",
            "server name",
            "system",
            "system name",
            "installed on computer",
            "netbios name",
            "netbios name0",
            "assetname",
            "rechner",
            "gerät",
            "ordinateur",
            "poste",
        ),
    ),
    _field(
        "product",
        Message("Product"),
        required=True,
        synonyms=(
            "software",
            "software product",
            "software name",
            "software title",
            "product name",
            "application",
            "application name",
            "app name",
            "app",
            "display name",
            "program",
            "program name",
            "title",
            "displayname0",
            "productname0",
            "softwarename",
            "produkt",
            "programm",
            "logiciel",
            "produit",
        ),
    ),
    _field(
        "publisher",
        Message("Publisher"),
        synonyms=(
            "vendor",
            "manufacturer",
            "software publisher",
            "publisher0",
            "application publisher",
            "hersteller",
            "éditeur",
        ),
    ),
    _field("edition", Message("Edition"), synonyms=("product edition", "variant", "ausgabe")),
    _field(
        "version",
        Message("Version"),
        synonyms=(
            "product version",
            "software version",
            "application version",
            "app version",
            "release",
            "version0",
            "display version",
        ),
    ),
    _field("user", Message("User"), synonyms=("user name", "installed for", "installed by", "account", "benutzer")),
    _field("environment", Message("Environment"), synonyms=("stage", "umgebung", "env")),
    _field(
        "installed_on",
        Message("Installed on"),
        "date",
        synonyms=(
            "install date",
            "installation date",
            "installed",
            "date installed",
            "installdate0",
            "installiert am",
        ),
    ),
    _field(
        "last_used",
        Message("Last used"),
        "date",
        synonyms=(
            "last use",
            "last usage",
            "last run",
            "last accessed",
            "zuletzt benutzt",
            "last used date",
        ),
    ),
    _field("scope", Message("Scope"), synonyms=("install scope",)),
)

ASSIGNMENT = (
    _field(
        "entitlement",
        Message("Entitlement"),
        "reference",
        target="entitlement",
        synonyms=(
            "licence",
            "license",
            "licence name",
            "license name",
            "entitlement name",
            "lizenz",
        ),
    ),
    _field(
        "product",
        Message("Product"),
        "reference",
        target="entitlement",
        synonyms=(
            "software",
            "software product",
            "product name",
            "application",
            "sku",
            "product title",
            "produkt",
            "assigned product",
            "assigned products",
        ),
    ),
    _field(
        "person",
        Message("Person"),
        "reference",
        target="person",
        synonyms=(
            "user",
            "user name",
            "username",
            "login",
            "login name",
            "user id",
            "full name",
            "employee name",
            "email address",
            "user email",
            "assigned user",
            "holder name",
            "assigned to",
            "assignee",
            "employee",
            "display name",
            "user principal name",
            "upn",
            "email",
            "e mail",
            "holder",
            "licence holder",
            "benutzer",
            "mitarbeiter",
            "utilisateur",
        ),
    ),
    _field(
        "computer",
        Message("Computer"),
        "reference",
        target="computer",
        synonyms=(
            "device",
            "device name",
            "host",
            "host name",
            "hostname",
            "machine",
            "pc",
            "computer name",
            "gerät",
        ),
    ),
)

EVENT = (
    _field("item", Message("Item"), "reference", target="hardware", synonyms=("asset", "asset name", "item name")),
    _field(
        "item_serial",
        Message("Item's serial number"),
        synonyms=("serial", "serial number", "asset tag", "item tag"),
    ),
    _field("item_kind", Message("Kind of item"), synonyms=("item type", "type")),
    _field("happened", Message("Happened"), required=True, synonyms=("date", "time", "when", "happened at", "datum")),
    _field("action", Message("Action"), required=True, synonyms=("event", "activity", "what", "aktion")),
    _field("handed_over", Message("Handed over"), synonyms=("handed over on", "checkout date", "checked out date")),
    _field("taken_back", Message("Taken back"), synonyms=("taken back on", "checkin date", "checked in date")),
    _field("holder", Message("Holder"), "reference", target="person", synonyms=("to", "target", "checked out to")),
    _field("holder_email", Message("Holder's e-mail"), synonyms=("holder email", "email")),
)

FIELDS: dict[str, tuple[Attribute, ...]] = {
    "relationship": RELATIONSHIP,
    "installation": INSTALLATION,
    "assignment": ASSIGNMENT,
    "event": EVENT,
}

LABELS = {
    "relationship": Message("Relationship"),
    "installation": Message("Installation"),
    "assignment": Message("Assignment"),
    "event": Message("Event"),
}
_WORDS = {
    "relationship": ("relationship", "relationships", "relations", "links", "dependencies", "beziehungen"),
    "installation": (
        "installation",
        "installations",
        "installed software",
        "software inventory",
        "software installations",
    ),
    "assignment": (
        "assignment",
        "assignments",
        "seats",
        "seat assignments",
        "licence assignments",
        "license assignments",
        "zuweisungen",
    ),
    "event": ("event", "events", "activity", "activity report", "activities", "check out history", "ereignisse"),
}


def fields_of(kind: str) -> tuple[Attribute, ...]:
    """The columns of such a sheet, labelled in the current language; the English words stay known as synonyms.

    None for another kind of sheet.
    """
    return _worded(kind, current()) if kind in FIELDS else ()


def find_field(kind: str, header: str) -> Attribute | None:
    """The column of such a sheet that a header means, in English or in the current language."""
    known = _lookup(kind, current())
    return known.get(fold(header)) or known.get(fold(plain_header(header)))


@lru_cache(maxsize=16)
def _worded(kind: str, language: Language) -> tuple[Attribute, ...]:
    if language.is_source:
        return FIELDS[kind]
    return tuple(map(worded, FIELDS[kind]))


@lru_cache(maxsize=16)
def _lookup(kind: str, language: Language) -> dict[str, Attribute]:
    return {
        fold(word): attribute
        for attribute in reversed(_worded(kind, language))
        for word in (*attribute.synonyms, attribute.label, attribute.name)
    }


def find_kind(word: str) -> str:
    """The kind of sheet that a word names ("Relationships", or what that is called here), or ""."""
    word = fold(word)
    return next((kind for kind, words in _WORDS.items() if word in words or word == fold(str(LABELS[kind]))), "")


def kind_by_columns(headers: list[str], name: str) -> tuple[str, int]:
    """The kind of sheet that matches the columns, and the number of matches; "" if none. ``name`` settles ties."""
    named = find_kind(name)
    found: dict[str, set[str]] = {}
    for kind in FIELDS:
        found[kind] = {a.name for h in headers if (a := find_field(kind, h)) is not None}
    complete: dict[str, int] = {}
    if {"source", "relationship", "target"} <= found["relationship"]:
        complete["relationship"] = len(found["relationship"])
    if {"computer", "product"} <= found["installation"]:
        complete["installation"] = len(found["installation"])
    licence = {"entitlement", "product"} & found["assignment"]
    if licence and {"person", "computer"} & found["assignment"] and not _tells_installation(found, headers):
        complete["assignment"] = len(found["assignment"])
    if named in complete:
        return named, complete[named] + 1
    if not complete:
        return "", 0
    if "assignment" in complete and ("entitlement" in found["assignment"] or "person" in found["assignment"]):
        complete.pop("installation", None)
    best = max(complete, key=lambda kind: (complete[kind], kind == "installation"))
    return best, complete[best]


def _tells_installation(found: dict[str, set[str]], headers: list[str]) -> bool:
    """Versions and dates of installation are of installed software, not of seats."""
    installed = found["installation"]
    return "computer" in installed and bool({"version", "installed_on", "last_used", "scope"} & installed)
