"""What installers' and purchases' names mean."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from cmdb.licences.engine.catalogue import Catalogue, _core
from cmdb.licences.engine.metrics import COUNTERS
from cmdb.licences.engine.name_forms import clean
from cmdb.licences.engine.rules import RuleBook
from cmdb.model.errors import SchemaError
from cmdb.model.schema import Schema

CATALOGUE = Catalogue.load()


@pytest.mark.parametrize(
    ("name", "publisher", "edition", "version", "expected"),
    [
        ("Microsoft SQL Server 2019 (64-bit)", "Microsoft Corporation", "", "15.0.2000.5", ("SQL Server", "", "2019")),
        ("SQL Server", "Microsoft", "Standard", "2019", ("SQL Server", "Standard", "2019")),
        ("SQL Server", "", "Enterprise Edition", "16.0.1000.6", ("SQL Server", "Enterprise", "2022")),
        ("Microsoft Windows Server 2012 R2 Standard", "", "", "", ("Windows Server", "Standard", "2012 R2")),
        ("Windows Server 2022 Standard - 16 Core License Pack", "", "", "", ("Windows Server", "Standard", "2022")),
        ("Windows 11 Pro", "", "", "10.0.22631", ("Windows", "Professional", "11")),
        ("Microsoft Office Professional Plus 2016", "Microsoft", "", "16.0.4266.1001",
         ("Office", "Professional Plus", "2016")),
        ("Office LTSC Standard 2021", "", "", "", ("Office", "Standard", "2021")),
        ("Microsoft Office 365 ProPlus - de-de", "Microsoft", "", "16.0.1", ("Microsoft 365 Apps", "", "")),
        ("Oracle Database 19c Enterprise Edition", "Oracle", "", "", ("Oracle Database", "Enterprise Edition", "")),
        ("Oracle Database", "Oracle", "SE2", "19c", ("Oracle Database", "Standard Edition 2", "")),
        ("Mozilla Firefox (x64 en-US)", "Mozilla", "", "131.0", ("Firefox", "", "131.0")),
        ("Adobe Acrobat Reader DC", "Adobe", "", "", ("Acrobat Reader", "", "")),
        ("Adobe Acrobat DC (64-bit)", "Adobe", "", "", ("Acrobat", "", "")),
        ("VMware ESXi 7.0.3", "", "", "", ("vSphere", "", "")),
        ("Windows Server 2019 User CAL", "", "", "", ("Windows Server CAL", "", "2019")),
    ],
)  # fmt: skip
def test_known_products(name: str, publisher: str, edition: str, version: str, expected: tuple[str, ...]) -> None:
    found = CATALOGUE.recognise(name, publisher, edition, version)
    assert found.product.listed
    assert (found.product.name, found.edition, found.version) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.38.33130", "runtime"),
        ("Microsoft SQL Server 2012 Native Client", "driver"), ("Update for Windows 10 (KB5001716)", "update"),
        ("Microsoft Office Proofing Tools 2016 - English", "language pack"),
        ("SQL Server 2019 Shared Management Objects", "component"),
    ],
)  # fmt: skip
def test_what_is_no_product_is_classified(name: str, kind: str) -> None:
    assert CATALOGUE.recognise(name, "Microsoft Corporation").kind == kind


def test_unlisted_names_lose_maker_version_and_architecture() -> None:
    for name, version in (("Acme Planner 2023", ""), ("Planner 2023 (64-bit)", ""), ("Planner", "2023")):
        found = CATALOGUE.recognise(name, "Acme Inc.", "", version)
        assert (found.product.key, found.version, found.product.listed) == ("planner", "2023", False)
    assert CATALOGUE.recognise("Area 51", "", "", "2.0").product.name == "Area 51"


def test_makers_java_builds_are_not_oracles() -> None:
    assert CATALOGUE.recognise("Java SE Development Kit 17", "Oracle Corporation").product.name == "Oracle Java SE"
    assert CATALOGUE.recognise("Eclipse Temurin JDK 17", "Eclipse Adoptium").product.exempt_all == "open source"


def test_every_listed_product_recognises_its_own_name_and_has_a_known_metric() -> None:
    for entry in CATALOGUE._entries:
        product = entry.product
        assert CATALOGUE.recognise(product.name, product.publisher).product.key == product.key
        assert product.metric in {*COUNTERS, ""}
        assert product.metric or product.exempt_all or product.exempt_unless_owned
        assert all(CATALOGUE.named(c) for c in product.components)


def test_a_broken_catalogue_is_a_plain_error() -> None:
    with pytest.raises(SchemaError, match="Broken"):
        Catalogue([{"product": [{"name": "Broken", "match": ["("]}]}])


def test_every_metric_of_the_schema_has_a_rule_and_a_count() -> None:
    book = RuleBook.open(date(2026, 1, 1))
    for choice in Schema.load().attribute("entitlement", "metric").choices:
        assert choice.value in COUNTERS
        assert book.unit(choice.value)


def test_constants_hold_from_their_day_and_say_where_they_stand() -> None:
    name = "virtual machines need maintenance from version"
    assert RuleBook.open(date(2022, 11, 15)).constant("sql server core", name) is None
    book = RuleBook.open(date(2022, 11, 16))
    assert book.constant("sql server core", name) == "2022"
    (rule,) = book.used
    assert (rule.since, bool(rule.source)) == (date(2022, 11, 16), True)


def test_estates_can_correct_a_constant() -> None:
    mine = {
        "constant": [
            {"metric": "sql server core", "name": "minimum per processor", "value": 6, "from": date(2025, 1, 1),
             "source": "our contract"}
        ]
    }  # fmt: skip
    assert RuleBook.open(date(2026, 1, 1), [mine]).number("sql server core", "minimum per processor") == 6
    assert RuleBook.open(date(2024, 1, 1), [mine]).number("sql server core", "minimum per processor") == 4


@pytest.mark.parametrize(
    ("model", "factor"),
    [
        ("Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz", "0.5"), ("AMD EPYC 7543", "0.5"), ("IBM POWER9", "1"),
        ("POWER5", "0.75"), ("SPARC T3", "0.25"), ("SPARC T5", "0.5"), ("SPARC-M7", "0.5"), ("Zilog Z80", "1"),
    ],
)  # fmt: skip
def test_core_factors(model: str, factor: str) -> None:
    assert RuleBook.open(date(2026, 1, 1)).core_factor(model)[0] == Fraction(factor)


@pytest.mark.parametrize(
    ("model", "sockets", "units"),
    [
        ("POWER7", 4, 100), ("POWER7", 2, 70), ("POWER8", 8, 120), ("Intel(R) Xeon(R) Gold 6130", 2, 70),
        ("Intel(R) Xeon(R) CPU E5-2690 v4", 2, 70), ("Intel(R) Xeon(R) CPU E7-8870", 4, 100), ("AMD EPYC 7543", 2, 70),
        ("Zilog Z80", 1, None),
    ],
)  # fmt: skip
def test_value_units(model: str, sockets: int, units: int | None) -> None:
    found = RuleBook.open(date(2026, 1, 1)).pvu(model, sockets)
    assert (found[0] if found else None) == units


def test_no_entry_answers_to_another_ones_name() -> None:
    for entry in CATALOGUE._entries:
        own = {clean(entry.product.name), *entry.names}
        for name in own | {n if n.startswith(entry.prefix) else entry.prefix + n for n in own}:
            assert CATALOGUE.recognise(name, entry.product.publisher).product.key == entry.product.key
            bare = name.removeprefix(entry.prefix)
            others = [e for e in CATALOGUE._entries if e is not entry and not e.publishers]
            swallowing = [
                e.product.name for e in others if any(p.pattern.fullmatch(n) for p in e.match for n in (name, bare))
            ]
            assert not swallowing, name


@pytest.mark.parametrize(
    ("name", "edition", "product"),
    [
        ("Microsoft 365 E3", "", "Microsoft 365 E3"), ("Microsoft 365", "E5", "Microsoft 365 E5"),
        ("Office 365 E3", "", "Office 365 E3"), ("Microsoft 365 Apps for enterprise - en-us", "", "Microsoft 365 Apps"),
        ("Microsoft 365 E3 EEA (no Teams)", "", "Microsoft 365 E3"), ("SPE_E5", "", "Microsoft 365 E5"),
        ("Office 365 Business Premium", "", "Microsoft 365 Business Standard"),
        ("Microsoft 365 E5 Security", "", ""), ("Microsoft 365 Copilot", "", ""),
        ("Microsoft 365 E3 - Unattended License", "", ""), ("Visio Plan 2", "", "Visio Plan 2"),
        ("SQL Server 2019 Standard User CAL", "", "SQL Server CAL"), ("Exchange Server 2019", "", "Exchange Server"),
        ("Exchange Server 2019 Enterprise CAL", "", "Exchange Server CAL"),
        ("Windows Server 2022 RDS User CAL", "", "Remote Desktop Services CAL"),
        ("Windows 11 Enterprise E3", "", "Windows Enterprise E3"), ("Windows 11 Enterprise", "", "Windows"),
        ("Zoom Phone", "", ""), ("FileZilla Pro", "", ""), ("Chrome Enterprise Upgrade", "", ""),
        ("DB2 Connect", "", ""), ("Oracle Database 19c Client", "", ""), ("vCenter Converter", "", ""),
        ("Creative Cloud for teams - Photoshop single app", "", ""),
    ],
)  # fmt: skip
def test_neighbours_in_a_price_list_are_told_apart(name: str, edition: str, product: str) -> None:
    found = CATALOGUE.recognise(name, "", edition).product
    assert (found.name if found.listed else "") == product


def test_no_kind_answers_to_a_products_name() -> None:
    for entry in CATALOGUE._entries:
        for name in {clean(entry.product.name), *entry.names}:
            for one in (name, entry.prefix + name):
                patterns = [p for _, all_of_kind in CATALOGUE._kinds for p in all_of_kind if not p.origins]
                assert not [p.pattern.pattern for p in patterns if p.pattern.search(one)], one
                assert CATALOGUE.recognise(one, entry.product.publisher).kind == "product"


def test_every_listed_name_is_listed_once() -> None:
    own = [{_core(name) for name in (clean(entry.product.name), *entry.names)} for entry in CATALOGUE._entries]
    names = [name for one in own for name in one]
    assert not {name for name, number in Counter(names).items() if number > 1}
