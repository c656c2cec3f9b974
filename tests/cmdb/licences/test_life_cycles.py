"""Which release of end-of-life data a version is: by name, label, build and edition; what is in doubt is none."""

from __future__ import annotations

import pytest

from cmdb.licences.engine.catalogue import Catalogue
from cmdb.licences.engine.life_cycles import FoundCycle, LifeCycle, LifeCycles, release_title
from cmdb.model.observation import ObservedRelease

CATALOGUE = Catalogue.load()


def _release(name: str, end: str, label: str = "", latest: str = "") -> ObservedRelease:
    return ObservedRelease(name, label, end=end, latest=latest)


def _of(name: str, label: str, cycles: tuple[ObservedRelease, ...], *identifiers: str) -> LifeCycle:
    return LifeCycle(name, label, (), identifiers, cycles)


DATA = [
    _of("mssqlserver", "Microsoft SQL Server", (
        _release("16.0", "2033-01-11", "2022 'Dallas'", "16.0.4245.2 CU24"),
        _release("15.0", "2030-01-08", "2019 'Aris'", "15.0.4460.4 CU32+GDR"),
        _release("13.0-sp3", "2026-07-14", "2016 SP3", "13.0.7075.5"),
        _release("13.0-sp2", "2022-10-11", "2016 SP2", "13.0.5893.48 CU17+GDR"),
        _release("13.0", "2018-01-09", "2016", "13.0.2218.0"),
    )),
    _of("ubuntu", "Ubuntu", (_release("22.04", "2027-04-01", "22.04 'Jammy Jellyfish' (LTS)", "22.04.5"),)),
    _of("debian", "", (_release("12", "2026-06-10", latest="12.5"), _release("1", "1999-01-01"))),
    _of("windows", "Microsoft Windows", (
        _release("11-23h2-e", "2026-11-10", "11 23H2 (E)", "10.0.22631"),
        _release("11-23h2-w", "2025-11-11", "11 23H2 (W)", "10.0.22631"),
        _release("10-22h2", "2025-10-14", "10 22H2", "10.0.19045"),
    )),
    _of("windows-server", "Microsoft Windows Server", (
        _release("2022", "2031-10-14", "2022 (LTSC)", "10.0.20348"), _release("2012", "2023-10-10", "2012", "6.2.9200"),
        _release("2012-R2", "2023-10-11", "2012 R2", "6.3.9600"),
    )),
    _of("python", "Python", (_release("3.11", "2027-10-31"), _release("3.1", "2012-04-09"))),
    _of("office", "Microsoft Office", (_release("2019", "2025-10-14", "2019"),)),
    _of("eclipse-temurin", "Eclipse Temurin", (_release("17", "2027-10-31"),)),
    _of("django", "Django", (_release("4.2", "2026-04-30"),), "pkg:pypi/django", "pkg:github/django/django"),
    _of("amazon-corretto", "Amazon Corretto", (_release("17", "2029-10-31"),)),
]  # fmt: skip
CYCLES = LifeCycles(DATA, CATALOGUE)


def _name(found: FoundCycle) -> str:
    return found.cycle.name if found.cycle is not None else f"– {found.why}"


@pytest.mark.parametrize(
    ("name", "publisher", "version", "origin", "expected"),
    [
        ("Microsoft SQL Server 2019 (64-bit)", "Microsoft", "15.0.2000.5", "registry", "15.0"),
        ("Microsoft SQL Server 2016", "Microsoft", "13.0.6300.2", "registry", "13.0-sp3"),
        ("Microsoft SQL Server 2016", "Microsoft", "13.0.5026.0", "registry", "13.0-sp2"),
        ("Microsoft SQL Server 2016", "Microsoft", "13.0.1601.5", "registry", "13.0"),
        ("Microsoft SQL Server 2016", "Microsoft", "", "registry", "– several releases fit: 13.0, 13.0-sp3, 13.0-sp2"),
        ("SQL Server", "Microsoft", "2022", "sheet", "16.0"),
        ("SQL Server", "Microsoft", "", "sheet", "– its version is not known"),
        ("SQL Server", "Microsoft", "2099", "sheet", "– no release of Microsoft SQL Server is 2099"),
        ("Python 3.11.7 (64-bit)", "Python Software Foundation", "3.11.7150.0", "registry", "3.11"),
        ("python3", "Debian", "3.11.2", "deb", "– it ends with the distribution that packages it"),
        ("Microsoft Office Professional Plus 2019 - de-de", "Microsoft", "16.0.10396", "registry", "2019"),
        ("Eclipse Temurin", "Eclipse Adoptium", "17.0.9", "", "17"),
        ("OpenJDK", "", "17.0.9", "", "– no end-of-life data has this product"),  # whose build?
        ("Django", "", "4.2.11", "pip", "4.2"),
        ("python", "", "3.11", "npm", "– no end-of-life data has this product"),
        ("Frob", "", "1.0", "", "– no end-of-life data has this product"),
    ],
)
def test_software(name: str, publisher: str, version: str, origin: str, expected: str) -> None:
    what = CATALOGUE.recognise(name, publisher, "", version, origin)
    assert _name(CYCLES.of_software(what, name, version, origin)) == expected


@pytest.mark.parametrize(
    ("name", "version", "edition", "expected"),
    [
        ("Ubuntu", "22.04.3 LTS", "", "22.04"), ("Ubuntu 22.04.3 LTS", "22.04", "", "22.04"),
        ("Debian GNU/Linux 12 (bookworm)", "", "", "12"), ("Debian GNU/Linux", "12 (bookworm)", "", "12"),
        ("Microsoft Windows 11 Pro", "10.0.22631", "", "11-23h2-w"),
        ("Microsoft Windows 11", "10.0.22631", "Enterprise", "11-23h2-e"),
        ("Microsoft Windows 11", "10.0.22631", "", "– several releases fit: 11-23h2-e, 11-23h2-w"),
        ("Microsoft Windows 10 Pro", "22H2", "", "10-22h2"),
        ("Microsoft Windows 10 Pro", "", "", "– no release of Microsoft Windows is 10"),
        ("Windows Server 2022 Standard", "10.0.20348", "", "2022"), ("Windows Server 2012 R2", "", "", "2012-R2"),
        ("Windows Server 2012", "", "", "2012"), ("", "1", "", "– no end-of-life data has this product"),
    ],
)  # fmt: skip
def test_systems(name: str, version: str, edition: str, expected: str) -> None:
    assert _name(CYCLES.of_system(name, version, edition)) == expected


def test_the_order_of_the_data_changes_nothing() -> None:
    turned = LifeCycles(
        [LifeCycle(p.name, p.label, p.other_names, p.identifiers, p.cycles[::-1]) for p in DATA[::-1]], CATALOGUE
    )
    what = CATALOGUE.recognise("Microsoft SQL Server 2016", "Microsoft", "", "13.0.6300.2")
    assert _name(turned.of_software(what, "Microsoft SQL Server 2016", "13.0.6300.2")) == "13.0-sp3"


def test_releases_of_editions_with_other_ends_have_other_titles() -> None:
    titles = [release_title(_release(name, "2026-11-10", label)) for name, label in (
        ("11-23h2-e", "11 23H2 (E)"), ("11-23h2-w", "11 23H2 (W)"), ("12", "12 (Bookworm)"), ("2022", ""),
    )]  # fmt: skip
    assert titles == ["11 23H2 (E)", "11 23H2 (W)", "12", "2022"]
