r"""How people are named in tables: "Lee, Ann (IT)", "DOMAIN\ann", and several people in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from cmdb.model.declarations import fold

_LISTED = re.compile(r"\s*[;|\n]\s*")
_JOINED = re.compile(r"\s*(?:->|=>|→)\s*|\s+(?:&|\+|/|and|(?<!von )und|et)\s+|\s*[&/]\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|herrn?|frau|mme|mlle|monsieur|madame|señora?|sra?|srta|(?-i:Hr|Hrn|Fr))(?:\.[\s-]*|\s+)"
    r"|(?:hrn?|fr|mag|ing|dipl|med|jur|rer|nat|phil|habil)\.[\s-]*)+(?=\w)",
    re.IGNORECASE,
)
"""Forms of address and titles before a name: they are no part of it."""
_LOGIN = re.compile(r"[a-z0-9._-]+\s*[(\[]\s*([^\W\d_][^()\[\]@]*[\s,][^()\[\]@]+)[)\]]")
"""A login, and its person's name in brackets."""
_ADDRESS_BEHIND = re.compile(r"([^@|]*[^\W\d_][^@|]*?)[\s,:-]+<?[^\s@<>|]+@[^\s@<>|]+>?")
"""A name, and an e-mail address behind it."""
_BORN = re.compile(
    r"\s+(?:geb(?:\.|orene)|née|nee|born)\s+\S.*$"
    r"|\s+(?:until|till|since|from|bis|ab|seit|jusqu['’]?\s?(?:à|au|en)|depuis|hasta|desde)\s.*\d.*$",
    re.IGNORECASE,
)
"""The name that somebody had before, or since when they have a thing, behind their name."""
_AN_ADDRESS = re.compile(r"[^\s@<>|;,()\[\]]+@[^\s@<>|;,()\[\]]+\.[^\s@<>|;,()\[\]]+")
_LONGEST = 1_000
"""A longer text names nobody."""
_ONE_ADDRESS = re.compile(r"[^\s@<>,;|]+@[^\s@<>,;|]+")
_ACCOUNT = re.compile(r"[\w.-]+\\([\w.$-]+)")
_DISTINGUISHED = re.compile(r"CN=((?:\\.|[^,\\])+),\s*(?:CN|OU|DC|O)=", re.IGNORECASE)
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "md", "phd", "msc", "bsc", "mba", "esq"))


_NOBODY = frozenset((
    "unassigned", "not assigned", "unallocated", "not allocated", "nobody", "no one", "no user", "no owner", "vacant",
    "nicht zugewiesen", "niemand", "kein benutzer", "non affecté", "non attribué", "sin asignar", "nadie",
    "n n", "libre",
))  # fmt: skip
_NO_PERSON = frozenset((
    "stock", "in stock", "it stock", "spare", "spares", "available", "pool", "storage", "in storage", "store", "free",
    "corporate", "company", "company owned", "corporate owned", "personal", "personally owned", "byod", "leased",
    "loaner", "shared", "lager", "im lager", "auf lager", "frei", "reserve", "en stock", "disponible", "warehouse",
    "loan", "loan device", "spare device", "ersatz", "ersatzgerät", "leihgerät", "poolgerät", "prêt", "préstamo",
    "réserve", "magasin", "almacén", "almacen", "dépôt", "depot", "depósito", "archiv", "schrank", "tresor", "safe",
    "bestand", "lagerbestand", "vorrat", "verfügbar", "defekt", "defective", "broken", "repair", "in repair",
    "reparatur", "en réparation", "en reparación", "entsorgt", "disposed", "verschrottet", "scrapped", "various",
    "diverse", "divers", "varios", "several", "mehrere", "alle", "everyone", "everybody", "all users", "alle benutzer",
    "alle mitarbeiter", "multi user", "shared device", "shared pc", "gemeinsam", "generic", "homeoffice",
    "home office", "remote", "praktikant", "praktikantin", "azubi", "auszubildender", "werkstudent", "aushilfe",
    "intern", "trainee", "contractor", "gast", "visitor", "besucher", "stagiaire", "becario", "invitado", "on call",
    "bereitschaft", "rufbereitschaft", "notdienst", "hausmeister", "astreinte", "ausbildung", "schulung", "training",
    "messe", "präsentation", "verschiedene", "verschiedenes", "nicht bekannt", "not known", "desconocido", "ja",
    "nein", "yes", "no", "oui", "non", "x", "formation", "formación", "event", "projekt", "project", "projet",
    "stolen", "lost", "missing", "gestohlen", "verloren", "volé", "perdu", "robado", "perdido", "decommissioned",
    "ausgemustert", "retired", "recycled", "sold", "verkauft", "vendu", "returned", "zurückgegeben", "leaver",
    "ausgeschieden", "wechselnd", "wechselnde", "changing", "rotating", "varies", "any", "anyone", "jeder", "tous",
    "todos", "public", "öffentlich",
))  # fmt: skip
_UNFILLED = frozenset((
    "neueinstellung", "neueinstellungen", "neuer mitarbeiter", "neue mitarbeiterin", "neu", "new hire", "new starter",
    "new joiner", "new employee", "open position", "open", "to be hired", "to be recruited", "unbesetzt", "vakant",
    "offene stelle", "stelle unbesetzt", "nachfolge", "nouveau", "nouvel employé", "poste vacant", "à recruter",
    "vacante", "puesto vacante", "por contratar", "nuevo empleado", "tbd", "t b d", "tba", "tbc", "n n", "nn",
    "to be defined", "to be confirmed", "noch offen", "offen", "wird noch benannt", "folgt", "wird nachgereicht",
    "xxx", "placeholder", "platzhalter",
))  # fmt: skip
_WHOSE = frozenset(("it", "edv", "dept", "department", "abteilung", "team"))
_FORMER = re.compile(
    r"(?:ex|leaver|former(?:ly)?|previously|ehem|ehemals|ehemalige[rs]?|vormals|ancien(?:ne)?)[\s.:-]+\w", re.IGNORECASE
)


def is_nobody(name: str) -> bool:
    """Whether a text says that nobody has a thing: "Unassigned"."""
    return fold(name) in _NOBODY


def is_unfilled(name: str) -> bool:
    """Whether a text stands for somebody who is not there yet: "N.N.", "TBD", "Neueinstellung", "vacant"."""
    words = " ".join(word for word in fold(name).split() if not word.isdigit())
    return words in _UNFILLED or words in _NOBODY


def is_stock(name: str) -> bool:
    """Whether a text says where a thing waits, or whose property it is, rather than who has it: "Spare", "BYOD",
    "IT-Pool 2", "Demo laptop 3", "Praktikant"; or who had it ("ex Ann Lee"). So does a text without letters, or with a
    colon ("Customer: Maker").
    """
    if "@" in name or "," in name:
        return False
    if not any(map(str.isalpha, name)) or ":" in name:
        return True
    if _FORMER.match(name) or (len(name) <= _LONGEST and _THINGS.fullmatch(name.strip())):
        return True
    words = [word for word in fold(name).split() if word not in _WHOSE and not word.isdigit()]
    return " ".join(words) in _NO_PERSON


_ROOMS = re.compile(
    r"\b(room|lobby|reception|office|desk|floor|warehouse|closet|kiosk|workshop|conference|raum|empfang|werkstatt"
    r"|[a-zäöüß]{4,}(?:raum|zimmer|saal|halle)|salle|bureau|atelier|accueil|sala|oficina|taller|aula|recepción|recepcion"
    r"|foyer|rezeption|pforte|poststelle|postraum|leitstand|leitstelle|wache|magazin|kantine|labor|lab|laboratory|hangar|küche|büro|cafeteria|bibliothek|library|zimmer)\b"
    r"|\b(?:regal|schrank|halle|hall|keller|platz|arbeitsplatz|bay|tisch|shelf|rack|slot|stock|etage|og|eg|ug)\s*-?\d"
    r"|\b(?:regal|schrank|shelf|rack|hörsaal|auditorium)\s+[a-z]\b|\braum\b|^r\.?\s?\d",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"(?:.*\b)?(?:laptop|notebook|pc|rechner|\w*geräte?|device|devices|machine|printer|drucker|tablet|ipad|server|beamer"
    r"|projector|projektor|terminal|kasse|scanner|monitor|ordinateur|imprimante|portátil|impresora"
    r"|(?:leih|ersatz|pool|reserve|test|demo|schulungs|leihgeräte|geräte)-?\s?(?:pool|laptops?|notebooks?|pcs?|rechner|geräte?))"
    r"(?:[\s#-]*\d+)?",
    re.IGNORECASE,
)


def is_place(name: str) -> bool:
    """Whether a text says where a thing stands rather than who has it: "Meeting Room 3"."""
    return len(name) <= _LONGEST and _ROOMS.search(name) is not None and "@" not in name


class Listed(Enum):
    """How certain it is that a text names several people."""

    SURELY = "surely"
    PERHAPS = "perhaps"
    """"Ann Lee, Bob Roe" may also be a last name of two words before two first names."""
    IF_KNOWN = "known"
    """"Lee, Ann" is one person, unless both are known by such a name or login."""


def plain(name: str) -> str:
    """A person's name as it is spoken: "Lee, Ann (IT)", "Dr. Ann Lee", "CN=Ann Lee,OU=IT" are "Ann Lee"; "LEE Ann" is
    "Ann LEE".
    """
    if len(name) > _LONGEST:
        return name
    found = (common_name(name) or name).strip().strip("\"'").strip()
    if login := _LOGIN.fullmatch(found):
        found = login[1]
    found = _BRACKETS.sub("", found).strip() or found
    if address := _ADDRESS_BEHIND.fullmatch(found):
        found = address[1]
    found = _BORN.sub("", without_titles(found))
    last, comma, first = (part.strip() for part in found.partition(","))
    if comma and last and first and "," not in first and "@" not in found:
        found = without_titles(f"{without_titles(first)} {last}")
    return " ".join(_surname_last(found.split()))


def _surname_last(words: list[str]) -> list[str]:
    """The words of a name, of which a last name in capitals stands first: "MARTIN Claire"."""
    capitals = next((place for place, word in enumerate(words) if not word.isupper()), 0)
    if not capitals or any(map(str.isupper, words[capitals:])) or len(words[capitals - 1]) <= _INITIALS:
        return words
    return [*words[capitals:], *words[:capitals]]


_INITIALS = 2
"""Letters in capitals that are somebody's initials, not a name."""


def without_titles(name: str) -> str:
    """A name without "Mr", "Frau Dr." and the like before it."""
    match = _TITLES.match(name)
    return name[match.end() :] if match else name


def common_name(name: str) -> str:
    """The name in a directory's distinguished name, "CN=Ann Lee,OU=People,DC=example", "" where it is none."""
    match = _DISTINGUISHED.match(name.strip())
    return match[1].replace("\\", "") if match else ""


def address_in(name: str) -> str:
    """The only e-mail address in a text: "ann@example.org (Ann)"; "" where there is none, or several."""
    found = _AN_ADDRESS.findall(name) if name.count("@") == 1 else []
    return found[0] if found else ""


def account(name: str) -> str:
    r"""The login in "DOMAIN\login", "" where it is none."""
    match = _ACCOUNT.fullmatch(name.strip())
    return match[1] if match else ""


def spellings(name: str) -> tuple[str, ...]:
    """The ways in which the same person may be written, as it stands first: "Ann Lee", "Lee, Ann"."""
    spoken = plain(name)
    words = spoken.split()
    cuts = range(1, len(words)) if len(words) <= 4 and "," not in spoken and "@" not in spoken else ()
    turned = (f"{' '.join(words[cut:])}, {' '.join(words[:cut])}" for cut in reversed(cuts))
    return tuple(dict.fromkeys((name, spoken, *turned)))


def people_in(text: str) -> tuple[tuple[str, ...], Listed | None]:
    """The names of the people that a text lists, and how certain it is; none where it names one person."""
    if len(text) > _LONGEST or _ONE_ADDRESS.fullmatch(text.strip()):
        return (), None
    text = common_name(text) or text
    parts = _parts(_LISTED.split(text))
    if len(parts) > 1:
        return parts, Listed.SURELY
    if text.count("@") > 1:
        parts = _parts(re.split(r"[,\s]+(?=[^\s,<>]+@)|\s*,\s*", text))
        if len(parts) > 1:
            return parts, Listed.SURELY
    parts = _parts(_JOINED.split(_BRACKETS.sub("", text)))
    if len(parts) > 1 and "\\" not in text and all(any(c.isalpha() for c in part) for part in parts):
        return parts, Listed.SURELY
    return _between_commas(_BRACKETS.sub("", text))


def _between_commas(text: str) -> tuple[tuple[str, ...], Listed | None]:
    parts = _parts(part for part in text.split(",") if part.strip(" .").casefold().replace(".", "") not in _SUFFIXES)
    if len(parts) < 2:
        return (), None
    if len(parts) > 2:
        return parts, Listed.SURELY
    left, right = (part.split() for part in parts)
    if len(left) > 1 and len(right) > 1 and not left[0][0].islower():
        return parts, Listed.PERHAPS
    return parts, Listed.IF_KNOWN


def _parts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for text in texts if (part := text.strip(" ,")))


def says_last_name_first(name: str) -> bool:
    """Whether a name can only be "Last, First": with a single word before its comma, or behind it."""
    parts, listed = _between_commas(_BRACKETS.sub("", name))
    return listed is Listed.IF_KNOWN and "@" not in name and all(part[:1].isalpha() for part in parts)
