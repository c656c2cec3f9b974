"""The columns of sheets that are no class: relationships, installations and assignments of licences."""

from __future__ import annotations

from cmdb.model.schema import Attribute, fold
from importers.spreadsheets.normalised_headers import plain_header

RELATIONSHIP = (
    Attribute("source", "Source", "reference", required=True, target="ci", synonyms=(
        "from", "subject", "source ci", "source name", "parent item", "source item", "a", "von", "quelle",
    )),
    Attribute("relationship", "Relationship", required=True, synonyms=(
        "relationship type", "relation", "relation type", "type", "link type", "connection", "beziehung", "verb",
    )),
    Attribute("target", "Target", "reference", required=True, target="ci", synonyms=(
        "to", "object", "target ci", "target name", "child item", "target item", "destination", "b", "nach", "ziel",
    )),
    Attribute("group", "Group", synonyms=("dependency group", "redundancy group", "gruppe")),
    Attribute("needs", "Needs", synonyms=("needed", "quorum", "minimum", "required members", "benötigt")),
    Attribute("source_class", "Source class", synonyms=("source type", "from class", "from type", "subject class")),
    Attribute("target_class", "Target class", synonyms=("target type", "to class", "to type", "object class")),
)  # fmt: skip

INSTALLATION = (
    Attribute("computer", "Computer", "reference", required=True, target="computer", synonyms=(
        "computer name", "host", "host name", "hostname", "machine", "machine name", "device", "device name", "pc",
        "server", "server name", "system", "system name", "installed on computer", "netbios name", "netbios name0",
        "assetname", "rechner", "gerät", "ordinateur", "poste",
    )),
    Attribute("product", "Product", required=True, synonyms=(
        "software", "software product", "software name", "software title", "product name", "application",
        "application name", "app name", "app", "display name", "program", "program name", "title", "displayname0",
        "productname0", "softwarename", "produkt", "programm", "logiciel", "produit",
    )),
    Attribute("publisher", "Publisher", synonyms=(
        "vendor", "manufacturer", "software publisher", "publisher0", "application publisher", "hersteller", "éditeur",
    )),
    Attribute("edition", "Edition", synonyms=("product edition", "variant", "ausgabe")),
    Attribute("version", "Version", synonyms=(
        "product version", "software version", "application version", "app version", "release", "version0",
        "display version",
    )),
    Attribute("user", "User", synonyms=("user name", "installed for", "installed by", "account", "benutzer")),
    Attribute("environment", "Environment", synonyms=("stage", "umgebung", "env")),
    Attribute("installed_on", "Installed on", "date", synonyms=(
        "install date", "installation date", "installed", "date installed", "installdate0", "installiert am",
    )),
    Attribute("last_used", "Last used", "date", synonyms=(
        "last use", "last usage", "last run", "last accessed", "zuletzt benutzt", "last used date",
    )),
    Attribute("scope", "Scope", synonyms=("install scope",)),
)  # fmt: skip

ASSIGNMENT = (
    Attribute("entitlement", "Entitlement", "reference", target="entitlement", synonyms=(
        "licence", "license", "licence name", "license name", "entitlement name", "lizenz",
    )),
    Attribute("product", "Product", "reference", target="entitlement", synonyms=(
        "software", "software product", "product name", "application", "sku", "product title", "produkt",
        "assigned product", "assigned products",
    )),
    Attribute("person", "Person", "reference", target="person", synonyms=(
        "user", "user name", "assigned to", "assignee", "employee", "display name", "user principal name", "upn",
        "email", "e mail", "holder", "licence holder", "benutzer", "mitarbeiter", "utilisateur",
    )),
    Attribute("computer", "Computer", "reference", target="computer", synonyms=(
        "device", "device name", "host", "host name", "hostname", "machine", "pc", "computer name", "gerät",
    )),
)  # fmt: skip

FIELDS: dict[str, tuple[Attribute, ...]] = {
    "relationship": RELATIONSHIP, "installation": INSTALLATION, "assignment": ASSIGNMENT,
}  # fmt: skip

LABELS = {"relationship": "Relationship", "installation": "Installation", "assignment": "Assignment"}
_WORDS = {
    "relationship": ("relationship", "relationships", "relations", "links", "dependencies", "beziehungen"),
    "installation": (
        "installation", "installations", "installed software", "software inventory", "software installations",
    ),
    "assignment": (
        "assignment", "assignments", "seats", "seat assignments", "licence assignments", "license assignments",
        "zuweisungen",
    ),
}  # fmt: skip

_LOOKUP = {
    kind: {
        fold(word): attribute
        for attribute in reversed(attributes)
        for word in (*attribute.synonyms, attribute.label, attribute.name)
    }
    for kind, attributes in FIELDS.items()
}


def find_field(kind: str, header: str) -> Attribute | None:
    """The column of such a sheet that a header means."""
    return _LOOKUP[kind].get(fold(header)) or _LOOKUP[kind].get(fold(plain_header(header)))


def find_kind(word: str) -> str:
    """The kind of sheet that a word names ("Relationships"), or ""."""
    word = fold(word)
    return next((kind for kind, words in _WORDS.items() if word in words), "")


def kind_by_columns(headers: list[str], name: str) -> tuple[str, int]:
    """Which of these sheets the columns make, and how many columns it takes; "" if none. ``name`` settles ties."""
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
