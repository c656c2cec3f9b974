"""Computers as a CycloneDX list: its structure, and the way back."""

from __future__ import annotations

from typing import Any

from importers.cyclonedx import software_list
from importers.inventory.record_document import ComputerFacts
from importers.software_lists.cyclonedx_document import cyclonedx_document
from importers.software_lists.readings import readings

INSTALLED = [
    {"product": "bash", "version": "5.2-1", "publisher": "Debian", "origin": "deb"},
    {"product": "Editor", "version": "", "edition": "Pro", "scope": "nora", "origin": "registry"},
]


def server(name: str = "srv-1") -> ComputerFacts:
    values: dict[str, Any] = {
        "serial_number": "S1", "manufacturer": "Dell", "model": "R640", "operating_system": "Debian", "os_version": "12"
    }  # fmt: skip
    sections: dict[str, Any] = {
        "operating_system": [{"distribution": "debian"}],
        "software_components": [
            {"name": "zlib", "type": "library", "hashes": "SHA-1: " + "a" * 40, "licences": "Zlib"}
        ],
    }
    return ComputerFacts("server", name, values, sections, INSTALLED)


def test_one_computer_is_what_the_list_is_about() -> None:
    document = cyclonedx_document([server()])
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert document["serialNumber"].startswith("urn:uuid:")
    about = document["metadata"]["component"]
    assert (about["type"], about["name"], "components" in about) == ("device", "srv-1", False)
    assert [(c["type"], c["name"]) for c in document["components"]] == [
        ("operating-system", "Debian"), ("application", "bash"), ("application", "Editor"), ("library", "zlib")
    ]  # fmt: skip
    assert document["components"][1]["purl"] == "pkg:deb/debian/bash@5.2-1"
    refs = [component["bom-ref"] for component in document["components"]]
    assert len({*refs, about["bom-ref"]}) == len(refs) + 1
    assert document["dependencies"] == [{"ref": about["bom-ref"], "dependsOn": refs}, *({"ref": ref} for ref in refs)]


def test_it_comes_back_with_what_is_installed_and_whose() -> None:
    for computers in ([server()], [server(), ComputerFacts("laptop", "bare", {}, {})]):
        found = readings(software_list(cyclonedx_document(computers), "list"), "list", "")
        seen = [one for reading in found for one in reading.observations]
        assert [one.values["name"] for one in seen] == [one.name for one in computers]
        assert (seen[0].cls, seen[0].values["serial_number"]) == ("server", "S1")
        assert [(i.product, i.edition, i.version, i.origin, i.user) for i in seen[0].installed] == [
            ("bash", "", "5.2-1", "deb", ""), ("Editor", "Pro", "", "", "nora")
        ]  # fmt: skip
        assert seen[0].details["software_components"][0]["name"] == "zlib"


def test_a_list_of_the_register_says_nothing_that_the_register_does_not() -> None:
    never = ComputerFacts("laptop", "LT-1", {"name": "LT-1", "serial_number": "S2", "operating_system": "Debian"}, {})
    known = ComputerFacts(
        "laptop", "LT-2", {"name": "LT-2", "host_name": "office-lt-2"}, {}, observed="2026-03-31T08:15:00Z"
    )
    made = readings(software_list(cyclonedx_document([never, known]), "list"), "list", "")
    first, second = [one.observations[0] for one in made]
    assert first.values == {**never.values, "operating_system": "Debian"}, "no sighting, and no host name"
    assert (second.values["host_name"], second.values["last_seen"]) == ("office-lt-2", "2026-03-31T08:15:00Z")
    assert not any(rows for one in (first, second) for rows in one.details.values())


def test_a_package_url_is_that_of_the_scan_or_of_what_is_known() -> None:
    def urls(**sections: Any) -> list[str]:
        installed = [{"product": "bash", "version": "5.2-1", "origin": "deb"}, {"product": "Editor", "version": "1"}]
        facts = ComputerFacts("server", "srv-1", {}, sections, installed)
        return [one.get("purl", "") for one in cyclonedx_document([facts])["components"]]

    system = [{"distribution": "debian", "version_id": "12"}]
    row = {"name": "bash", "version": "5.2-1", "architecture": "amd64"}
    assert urls() == ["", ""]
    assert urls(operating_system=system) == ["pkg:deb/debian/bash@5.2-1?distro=debian-12", ""]
    told = "pkg:deb/debian/bash@5.2-1?arch=amd64&distro=debian-12"
    assert urls(operating_system=system, software_details=[row]) == [told, ""]
    assert urls(software_details=[{**row, "package_url": told}]) == [told, ""]
