from __future__ import annotations

import pytest

from importers.inventory.package_urls import package_url
from importers.inventory.section_rows import details


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (("deb", "vim", "2:9.0-2", "amd64", "debian", "12"), "pkg:deb/debian/vim@2:9.0-2?arch=amd64&distro=debian-12"),
        (("deb", "g++", "4:12.2", "", "debian", ""), "pkg:deb/debian/g%2B%2B@4:12.2"),
        (("rpm", "perl", "4:5.38", "i686", "rhel", "9"), "pkg:rpm/rhel/perl@5.38?arch=i686&distro=rhel-9&epoch=4"),
        (("apk", "musl", "1.2.5-r1", "x86_64", "alpine", "3.20"), "pkg:apk/alpine/musl@1.2.5-r1?arch=x86_64"),
        (("pacman", "vim", "9.1.0-1", "x86_64", "arch"), "pkg:alpm/arch/vim@9.1.0-1?arch=x86_64"),
        (("pip", "Typing_Extensions", "4.12"), "pkg:pypi/typing-extensions@4.12"),
        (("npm", "@angular/cli", "17.0.0"), "pkg:npm/%40angular/cli@17.0.0"),
        (("deb", "vim", "9.0", "amd64"), ""),  # whose it is, is not known
        (("appimage", "Krita", "5.2.2"), ""),  # no type is registered
        (("pip", "", "1"), ""),
    ],
)  # fmt: skip
def test_a_package_has_one_url(said: tuple[str, ...], wanted: str) -> None:
    assert package_url(*said) == wanted


def test_rows_of_software_name_their_package_url() -> None:
    content = {
        "softwares": [{"name": "vim", "version": "9.0", "arch": "amd64", "from": "deb"}],
        "terrier": {"operating_system": {"id": "debian", "version_id": "12"}},
    }
    (row,) = details(content, "x").rows["software_details"]
    assert row["package_url"] == "pkg:deb/debian/vim@9.0?arch=amd64&distro=debian-12"
