"""Words for teams and departments, where a person's name may stand: "Web team", "IT Support", "Vertrieb", "HR"."""

from __future__ import annotations

import re

from cmdb.model.declarations import fold
from cmdb.model.person_names import is_place, is_stock, is_unfilled

#: What a name with one of these words names, whatever the others are.
_GROUP = re.compile(
    r"\b(?:teams?|group|gruppe|groupe|grupo|équipe|equipo|department|dept|abteilung|departamento|département|help\s?desk"
    r"|service\s?desk|user\s?help\s?desk|sekretariat|secretariat|secrétariat|stabsstelle|referat|verwaltung|marketing"
    r"|vertrieb|buchhaltung|comptabilité|contabilidad|controlling|logistik|logistics|accounting|engineering|procurement"
    r"|geschäftsführung|geschäftsleitung|kundendienst|kundenservice|customer service|entwicklung|devops|informatique"
    r"|\w{3,}abteilung|ressources humaines|recursos humanos|human resources|finance|operations|purchasing)\b"
    r"|^abt\.|^(?-i:AG|FB)\s"
    r"|\b(?:lehrstuhl|institute?|fakultät|faculty|fachbereich|fachschaft|klasse|schulleitung|professur|department)\b",
    re.IGNORECASE,
)
_ACRONYM = r"(?:IT|EDV|HR|QA|DBAs?|NOC|SOC|R&D|PR|DSI|RH|FIBU|FiBu|QS|UHD)"
_BESIDE = re.compile(rf"{_ACRONYM}(?:[\s/&+-]+\S+){{0,2}}|\S+[\s/&+-]+{_ACRONYM}")
_WHOLE = frozenset((
    "sales", "einkauf", "finanzen", "accounts", "payroll", "legal", "rechtsabteilung", "compliance", "support",
    "development", "ops", "production", "produktion", "versand", "shipping", "wareneingang", "warenausgang",
    "management", "vorstand", "direction", "direktion", "ventes", "achats", "finanzas", "ventas", "compras",
    "informática", "informatica", "sistemas", "dirección", "administración", "administration", "montage", "fertigung",
    "qualitätssicherung", "security", "facility", "facilities", "facility management", "konstruktion", "einkaufsteam",
    "it", "edv", "hr", "qa", "dba", "dbas", "noc", "soc", "r d", "gf",
))  # fmt: skip


_COMPANY = re.compile(
    r"\b(?:gmbh|mbh|ltd|limited|inc|llc|plc|corp|corporation|s\.?a\.?r\.?l|s\.?r\.?l|b\.v|n\.v"
    r"|(?-i:AG|KG|SE|SA|SAS|OHG|BV|NV))\b\.?$",
    re.IGNORECASE,
)


def is_company(name: str) -> bool:
    """Whether a text ends with the legal form of a company: "Maker GmbH"."""
    return len(name) <= _LONGEST and _COMPANY.search(name.strip()) is not None


_CALLED_DEPARTMENT = re.compile(
    r"(?:abteilung|abt\.|dept\.?|department|bereich|service|département|departamento(?: de)?)\s+(?=\w)", re.IGNORECASE
)


def without_department(name: str) -> str:
    """A department's name without the word for one before it: "Abteilung IT" is "IT"."""
    match = _CALLED_DEPARTMENT.match(name)
    return name[match.end() :] if match else name


def is_group(name: str) -> bool:
    """Whether a text names a team or department rather than a person, by its words."""
    if "@" in name or "," in name or len(name) > _LONGEST:
        return False
    words = " ".join(word for word in fold(name).split() if not word.isdigit())
    return _GROUP.search(name) is not None or _BESIDE.fullmatch(name) is not None or words in _WHOLE


_LONGEST = 80
"""A longer text is no name."""


def names_no_person(name: str) -> bool:
    """Whether a text where a person's name may stand is none: a team, a place, a company, stock, or nobody yet."""
    return is_group(name) or is_stock(name) or is_place(name) or is_unfilled(name) or is_company(name)
