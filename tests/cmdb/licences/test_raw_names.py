"""What the names mean that agents report of installed software: product, edition, version, kind and publisher."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.licences.engine.catalogue import CERTAIN, Catalogue, CatalogueMatch
from cmdb.licences.engine.overrides import NO_PRODUCT, NameOverride, name_key
from cmdb.model.resources import RESOURCES
from tests.laws import examples

DOCUMENTS: list[dict[str, Any]] = [
    tomllib.loads(path.read_text("utf-8")) for path in sorted((RESOURCES / "software").glob("*.toml"))
]
CATALOGUE = Catalogue(DOCUMENTS)
#: Name, publisher, version and origin as reported → kind, product, edition, version.
REPORTED = {
    ("Microsoft Office Professional Plus 2019 - de-de", "Microsoft Corporation", "16.0.10396.20023", "registry"):
        ("product", "Office", "Professional Plus", "2019"),
    ("Microsoft Office Standard 2016", "Microsoft Corporation", "16.0.4266.1001", "registry"):
        ("product", "Office", "Standard", "2016"),
    ("Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.38.33135", "Microsoft Corporation", "14.38.33135.0",
     "registry"): ("runtime", "Microsoft Visual C++ 2015-2022 Redistributable", "", "14.38.33135.0"),
    ("Adobe Acrobat (64-bit)", "Adobe", "23.006.20380", "registry"): ("product", "Acrobat", "", "23.006.20380"),
    ("Adobe Acrobat Reader - Deutsch", "Adobe", "23.1", "registry"): ("product", "Acrobat Reader", "", "23.1"),
    ("Mozilla Firefox 121.0 (x64 de)", "Mozilla", "121.0", "registry"): ("product", "Firefox", "", "121.0"),
    ("Google Chrome", "Google LLC", "120.0.6099.130", "registry"): ("product", "Chrome", "", "120.0.6099.130"),
    ("7-Zip 23.01 (x64)", "Igor Pavlov", "23.01", "registry"): ("product", "7-Zip", "", "23.01"),
    ("Java 8 Update 391 (64-bit)", "Oracle Corporation", "8.0.3910.13", "registry"):
        ("product", "Oracle Java SE", "", ""),
    ("Eclipse Temurin JDK mit Hotspot 17.0.9+9 (x64)", "Eclipse Adoptium", "17.0.9.9", "registry"):
        ("product", "OpenJDK", "", "17.0.9.9"),
    ("openjdk-17-jre-headless", "Debian", "17.0.9", "deb"): ("product", "OpenJDK", "", "17.0.9"),
    ("Microsoft 365 Apps for enterprise - en-us", "Microsoft Corporation", "16.0.1", "registry"):
        ("product", "Microsoft 365 Apps", "", ""),
    ("Microsoft 365 Apps for business - de-de", "Microsoft Corporation", "16.0.1", "registry"):
        ("product", "Microsoft 365 Apps for business", "", ""),
    ("Microsoft SQL Server 2019 (64-bit)", "Microsoft Corporation", "", "registry"):
        ("product", "SQL Server", "", "2019"),
    ("Microsoft SQL Server 2019 LocalDB", "Microsoft Corporation", "15.0.2000.5", "registry"):
        ("product", "SQL Server", "Express", "2019"),
    ("SQL Server 2019 Analysis Services", "Microsoft Corporation", "15.0.2000.5", "registry"):
        ("component", "SQL Server 2019 Analysis Services", "", "15.0.2000.5"),
    ("Browser for SQL Server 2019", "Microsoft Corporation", "15.0.2000.5", "registry"):
        ("component", "Browser for SQL Server 2019", "", "15.0.2000.5"),
    ("Microsoft SQL Server Management Studio - 19.2", "Microsoft Corporation", "19.2.56.2", "registry"):
        ("product", "SQL Server Management Studio", "", "19.2.56.2"),
    ("Microsoft ODBC Driver 17 for SQL Server", "Microsoft Corporation", "17.10", "registry"):
        ("driver", "Microsoft ODBC Driver 17 for SQL Server", "", "17.10"),
    ("Visual Studio Community 2022", "Microsoft Corporation", "17.8.3", "registry"):
        ("product", "Visual Studio", "Community", "2022"),
    ("Microsoft Visio Professional 2019 - de-de", "Microsoft Corporation", "16.0", "registry"):
        ("product", "Visio", "Professional", "2019"),
    ("Microsoft Project Standard 2021 - en-us", "Microsoft Corporation", "16.0", "registry"):
        ("product", "Project", "Standard", "2021"),
    ("Microsoft Access Runtime 2016", "Microsoft Corporation", "16.0", "registry"):
        ("runtime", "Microsoft Access Runtime 2016", "", "16.0"),
    ("VMware Workstation 17 Player", "VMware, Inc.", "17.5", "registry"): ("product", "VMware Player", "", "17.5"),
    ("VMware Workstation Pro", "VMware, Inc.", "17.5", "registry"): ("product", "VMware Workstation", "", "17.5"),
    ("Sicherheitsupdate für Microsoft Office 2016 (KB5002138) 64-Bit-Edition", "Microsoft", "", "registry"):
        ("update", "Sicherheitsupdate für Microsoft Office 2016 (KB5002138) 64-Bit-Edition", "", ""),
    ("Microsoft Office Korrekturhilfen 2016 - Deutsch", "Microsoft Corporation", "16.0", "registry"):
        ("language pack", "Microsoft Office Korrekturhilfen 2016 - Deutsch", "", "16.0"),
    ("NVIDIA Grafiktreiber 546.33", "NVIDIA Corporation", "546.33", "registry"):
        ("driver", "NVIDIA Grafiktreiber", "", "546.33"),
    ("linux-image-6.1.0-13-amd64", "Debian", "6.1.55-1", "deb"):
        ("component", "linux-image-6.1.0-13-amd64", "", "6.1.55-1"),
    ("libc6", "Debian", "2.36-9", "deb"): ("component", "libc6", "", "2.36-9"),
    ("python3-requests", "Debian", "2.28", "deb"): ("component", "python3-requests", "", "2.28"),
    ("libreoffice-writer", "Debian", "7.4", "deb"): ("product", "LibreOffice", "", "7.4"),
    ("libreoffice-l10n-de", "Debian", "7.4", "deb"): ("language pack", "libreoffice-l10n-de", "", "7.4"),
    ("firmware-iwlwifi", "Debian", "2023", "deb"): ("driver", "firmware-iwlwifi", "", "2023"),
    ("Microsoft.WindowsCalculator_8wekyb3d8bbwe", "Microsoft Corporation", "11.2307", "store"):
        ("product", "Windows Calculator", "", "11.2307"),
    ("Microsoft.VCLibs.140.00_8wekyb3d8bbwe", "Microsoft Corporation", "14.0", "store"):
        ("runtime", "VCLibs.140.00", "", "14.0"),
    ("MSTeams_8wekyb3d8bbwe", "Microsoft Corporation", "23335.2", "store"): ("product", "Teams", "", "23335.2"),
    ("SpotifyAB.SpotifyMusic_zpdnekdrzrea0", "", "1.226", "appx"): ("product", "Spotify", "", "1.226"),
    ("5319275A.WhatsAppDesktop_cv1g1gvanyjgm", "", "2.24", "appx"): ("product", "WhatsApp", "", "2.24"),
    ("Microsoft.HEIFImageExtension_8wekyb3d8bbwe", "", "1.0", "appx"):
        ("component", "HEIF Image Extensions", "", "1.0"),
    ("com.microsoft.package.Microsoft_Excel.app", "", "16.80", "pkgutil"):
        ("component", "Microsoft Excel", "", "16.80"),
    ("com.apple.pkg.CLTools_Executables", "", "15.1", "pkgutil"):
        ("component", "Command Line Tools for Xcode", "", "15.1"),
    ("com.acme.pkg.Till_Client", "", "3", "pkgutil"): ("product", "Till Client", "", "3"),
    ("com.microsoft.Excel", "", "16.80", "apple"): ("product", "Excel", "", ""),
    ("org.mozilla.firefox", "", "121.0", "apple"): ("product", "Firefox", "", "121.0"),
}  # fmt: skip


def _of(catalogue: Catalogue, name: str, publisher: str, version: str, origin: str) -> CatalogueMatch:
    return catalogue.recognise(name, publisher, "", version, origin)


@pytest.mark.parametrize(("reported", "expected"), REPORTED.items(), ids=[name for name, *_ in REPORTED])
def test_reported_names(reported: tuple[str, str, str, str], expected: tuple[str, ...]) -> None:
    found = _of(CATALOGUE, *reported)
    assert (found.kind, found.product.name, found.edition, found.version) == expected


def test_the_publisher_of_a_certificate_is_its_organisation() -> None:
    name = "CN=Contoso Apps, O=Contoso Corporation, L=Redmond, C=US"
    assert CATALOGUE.recognise("Contoso.Planner_8wekyb3d8bbwe", name).product.publisher == "Contoso Corporation"
    assert CATALOGUE.recognise("Planner", "Contoso, Ltd.").product.publisher == "Contoso, Ltd."


def test_confidence_says_what_decided() -> None:
    sure = {name: _of(CATALOGUE, name, *rest).confidence for name, *rest in REPORTED}
    assert sure["Microsoft 365 Apps for enterprise - en-us"] == CERTAIN
    assert sure["Microsoft Office Standard 2016"] > sure["Adobe Acrobat (64-bit)"] == sure["libc6"] > 0
    assert CATALOGUE.recognise("Frobnicator").confidence == 0


def test_two_products_of_one_confidence_are_none() -> None:
    two = [{"name": name, "match": ["planner.*"], "metric": "device"} for name in ("Planner A", "Planner B")]
    found = Catalogue([{"product": two}]).recognise("Planner 5")
    assert (found.product.listed, found.confidence) == (False, 0)
    two[1] = {**two[1], "match": [{"pattern": "planner.*", "confidence": 95}]}
    assert Catalogue([{"product": two}]).recognise("Planner 5").product.name == "Planner B"


@examples(8, soak=200)
@given(rules=st.permutations(range(len(DOCUMENTS))), names=st.permutations(list(REPORTED)), back=st.booleans())
def test_neither_the_order_of_rules_nor_that_of_scans_changes_a_meaning(
    rules: list[int], names: list[tuple[str, str, str, str]], back: bool
) -> None:
    turned = [{k: v[::-1] if back else v for k, v in DOCUMENTS[n].items()} for n in rules]
    catalogue = Catalogue(turned)
    for reported in names:
        assert _of(catalogue, *reported) == _of(CATALOGUE, *reported)


def test_what_a_person_said_comes_first_and_is_said_of_one_name() -> None:
    said = [
        NameOverride(name_key("Frob Suite 3.1 (x64)", "Frob Inc.", "3.1"), "Excel", "Microsoft"),
        NameOverride(name_key("Google Chrome", "Google LLC"), kind=NO_PRODUCT),
        NameOverride(name_key("libplan", "Debian"), "Planner", "Acme", "Pro"),
    ]
    catalogue = CATALOGUE.with_overrides(said)
    for version in ("3.1", "3.2"):  # the next version's name follows
        found = catalogue.recognise(f"Frob Suite {version} (x64)", "Frob Inc.", "", version)
        assert (found.product.name, found.product.listed, found.said) == ("Excel", True, True)
    assert not catalogue.recognise("Frob Suite 2019", "Frob Inc.", "", "3.1").said
    assert not catalogue.recognise("Frob Suite 3.1 (x64)", "Other", "", "3.1").said
    assert catalogue.recognise("Google Chrome", "Google LLC").kind == NO_PRODUCT
    own = catalogue.recognise("libplan", "Debian", "", "2.0", "deb")
    assert (own.product.name, own.product.publisher, own.edition, own.kind, own.version) == (
        "Planner", "Acme", "Pro", "product", "2.0",
    )  # fmt: skip
    assert CATALOGUE.recognise("Google Chrome", "Google LLC").product.listed


@pytest.mark.parametrize(
    ("said", "edition", "expected"),
    [
        ("AutoCAD 2025", "", ("AutoCAD", "", "2025")),
        ("SQL Server Standard 2022", "", ("SQL Server", "Standard", "2022")),
        ("SQL Server 2022", "Enterprise", ("SQL Server", "Enterprise", "2022")),
    ],
)
def test_a_product_that_a_person_names_as_it_is_bought_counts_as_that(
    said: str, edition: str, expected: tuple[str, str, str]
) -> None:
    catalogue = CATALOGUE.with_overrides([NameOverride(name_key("Till", "Acme", "5.0"), said, "", edition)])
    found = catalogue.recognise("Till", "Acme", "", "5.0")
    assert (found.product.name, found.edition, found.version) == expected
    assert (found.product.listed, found.said, found.kind) == (True, True, "product")


#: Kind → names as installers report them.
OF_KIND = {
    "update": """Hotfix 5058 for SQL Server 2019 (KB5030333) (64-bit)
        Mise à jour pour Windows 10 (KB4023057)
        Update für Microsoft Outlook 2016 (KB5002522) 64-Bit-Edition
        Microsoft .NET Framework 4.8 Security Update (KB4502560)
        SQL Server 2019 Cumulative Update 25""",
    "driver": """Intel(R) Rapid Storage Technology
        Intel(R) Serial IO
        Intel® PROSet/Wireless Software
        Intel® Wireless Bluetooth®
        Intel(R) Network Connections 27.8.0.1
        ELAN Touchpad 11.5.16.1_X64
        Realtek Card Reader
        Realtek USB Audio
        Conexant HD Audio
        AMD Chipset Software
        AMD Software
        AMD Radeon Settings
        Windows Driver Package - Silicon Laboratories Inc. (silabser) Ports  (10/17/2022 10.1.10.103)
        Silicon Labs CP210x USB to UART Bridge (Driver Removal)
        FTDI CDM Drivers
        Dell ControlVault Host Components Installer 64 bit
        ThinkPad Hotkey Features Integration
        DisplayLink Graphics
        Thunderbolt™ Software
        Fortinet Virtual Ethernet Adapter
        Npcap
        TAP-Windows 9.24.2
        psqlODBC_x64
        Brother MFL-Pro Suite MFC-L2710DW series
        EPSON ET-2750 Series Printer Uninstall
        Canon MF240 Series
        HP LaserJet Pro MFP M227 PCLmS""",
    "runtime": """Microsoft Visual C++ 2022 X64 Minimum Runtime - 14.38.33135
        Microsoft .NET AppHost Pack - 8.0.1 (x64)
        Microsoft .NET Framework 4.8
        Microsoft Visual Studio 2010 Tools for Office Runtime (x64)
        MSXML 4.0 SP3 Parser
        Adobe AIR
        Adobe Flash Player 32 NPAPI
        NVIDIA PhysX System Software 9.21.0713
        Vulkan Run Time Libraries 1.0.65.1
        Microsoft DirectX Runtime
        MATLAB Runtime R2022b
        Apple Application Support (64-bit)""",
    "language pack": """Microsoft .NET Framework 4.8 Language Pack - DEU
        Microsoft .NET Framework 4.8 (Deutsch)
        Microsoft Excel MUI (French) 2016
        Outils de vérification linguistique 2016 de Microsoft Office - Français""",
    "component": """Windows Software Development Kit - Windows 10.0.22621.1
        Microsoft .NET Framework 4.8 SDK
        Microsoft .NET Framework 4.7.2 Targeting Pack
        ClickOnce Bootstrapper Package for Microsoft .NET Framework
        Universal CRT Tools x64
        vs_minshellmsi
        icecap_collection_neutral
        Bonjour
        Apple Mobile Device Support
        QEMU guest agent
        PC-Integritätsprüfung für Windows
        IIS URL Rewrite Module 2""",
    "product": """Driver Booster 11
        Snappy Driver Installer
        Intel® Driver & Support Assistant
        Dell Command | Update
        HP Support Assistant
        Canon EOS Utility
        Epson Print CD
        Wireshark 4.2.2 x64
        Runtime Software GetDataBack
        Rosetta Stone Language Training
        Thunderbird
        DATEV Basis""",
}


@pytest.mark.parametrize("kind", OF_KIND)
def test_names_as_installers_report_them_are_of_their_kind(kind: str) -> None:
    names = [name.strip() for name in OF_KIND[kind].splitlines()]
    assert {name: CATALOGUE.recognise(name, "", "", "", "registry").kind for name in names} == dict.fromkeys(
        names, kind
    )


@pytest.mark.parametrize("form", ["{p} {n} {v} {e}", "{n} {v} {e}", "{n} {e} {v} - de-de", "{n} {v} {e} (64-bit)"])
def test_a_product_in_each_edition_and_version_is_never_taken_for_another(form: str) -> None:
    wrong = []
    for entry in CATALOGUE._entries:
        product = entry.product
        for edition in sorted({edition for _, edition in entry.editions}) or [""]:
            for version in list(product.released) or [""]:
                name = " ".join(form.format(p=product.publisher, n=product.name, e=edition, v=version).split())
                found = CATALOGUE.recognise(name, product.publisher)
                dated = "" if product.versionless else version
                same = found.product.key == product.key and found.edition == edition
                if found.product.listed and not (same and found.version in (dated, version)):
                    wrong.append((name, found.product.name, found.edition, found.version))
    assert not wrong


@pytest.mark.parametrize(
    "name",
    [
        "Notepad++ Plugin Manager", "Node.js Tools for Visual Studio", "Git LFS", "Python Tools for Visual Studio",
        "Google Chrome Canary", "Chrome Remote Desktop Host", "Firefox Developer Edition (x64 en-US)", "Zoom Rooms",
        "AutoCAD Electrical 2024", "Microsoft SQL Server 2022 Management Studio", "VMware vSphere Client 6.0",
        "Oracle Database 19c Client", "Visual Studio Build Tools 2022", "GIMP Help", "MySQL Installer", "DB2 Connect",
        "Adobe Premiere Pro Presets", "Adobe After Effects Render Engine", "Adobe Lightroom Presets Pack",
    ],
)  # fmt: skip
def test_a_neighbour_is_not_swallowed(name: str) -> None:
    assert not CATALOGUE.recognise(name, name.split()[0]).product.listed
