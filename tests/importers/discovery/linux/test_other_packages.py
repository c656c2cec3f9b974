"""Package managers besides dpkg's and rpm's, and software that none installed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.linux import apk, appimage, brew, nix, pacman, swid_tags
from tests.importers.discovery.machines import PASSWD, Tree, build, collect, found

DESC = (
    "%NAME%\nvim\n\n%VERSION%\n9.1.0-1\n\n%DESC%\nVi Improved\n\n%ARCH%\nx86_64\n\n%INSTALLDATE%\n1700000000\n\n"
    "%PACKAGER%\nNora Field <nora@example.org>\n\n%SIZE%\n4321\n\n%URL%\nhttps://vim.example\n\n%LICENSE%\ncustom\nGPL\n"
)
INSTALLED = (
    "C:Q1abc=\nP:musl\nV:1.2.5-r1\nA:x86_64\nS:400\nI:667648\nT:the C library\nU:https://musl.example/\nL:MIT\n"
    "m:Ann Gray <ann@example.org>\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\n\nP:half\n\nV:1.0\n"
)
IMAGE = b"\x7fELF\x02\x01\x01\x00AI\x02" + bytes(20)
TAG = """<?xml version="1.0"?>
<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" name="Backup &amp; More" version='8.2'
  tagId="example.com-backup-8.2" tagVersion="1">
  <Entity name="Example Ltd" role="tagCreator softwareCreator" regid="example.com"/>
  <Entity name="Shop" role="distributor"/>
</SoftwareIdentity>
"""
TAG_2009 = """<?xml version="1.0"?>
<swid:software_identification_tag xmlns:swid="http://standards.iso.org/iso/19770/-2/2009/schema.xsd">
  <swid:product_title>Planner</swid:product_title><swid:product_version><swid:name>7.1</swid:name></swid:product_version>
  <swid:software_creator><swid:name>Example Ltd</swid:name></swid:software_creator>
  <swid:software_id><swid:unique_id>planner-7</swid:unique_id></swid:software_id>
</swid:software_identification_tag>
"""


def softwares(collector: Any, root: Path, tree: Tree) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = found(collector, root, tree)["softwares"]
    return listed


def test_pacman_tells_when_and_who(tmp_path: Path) -> None:
    tree = {"var/lib/pacman/local/vim-9.1.0-1/desc": DESC, "var/lib/pacman/local/ALPM_DB_VERSION": "9\n"}
    assert softwares(pacman.COLLECTOR, tmp_path, tree) == [
        {
            "name": "vim", "version": "9.1.0-1", "arch": "x86_64", "publisher": "Nora Field", "comments": "Vi Improved",
            "url_info_about": "https://vim.example", "install_date": "2023-11-14", "filesize": 4321, "from": "pacman",
        }
    ]  # fmt: skip


def test_apk_does_not_tell_when(tmp_path: Path) -> None:
    musl, half = softwares(apk.COLLECTOR, tmp_path, {"lib/apk/db/installed": INSTALLED})
    assert musl == {
        "name": "musl", "version": "1.2.5-r1", "arch": "x86_64", "publisher": "Ann Gray", "comments": "the C library",
        "url_info_about": "https://musl.example/", "filesize": 667648, "from": "apk",
    }  # fmt: skip
    assert half == {"name": "half", "from": "apk"}


def test_appimages_by_their_mark_not_by_their_name_alone(tmp_path: Path) -> None:
    home = "home/nora/Applications/"
    tree: Tree = {
        "etc/passwd": PASSWD,
        home + "Krita-5.2.2-x86_64.AppImage": IMAGE,
        home + "notes.AppImage": "no program\n",
        "opt/Sync-Client.AppImage": IMAGE,
    }
    build(tmp_path, tree)
    os.utime(tmp_path / home / "Krita-5.2.2-x86_64.AppImage", (1_700_000_000, 1_700_000_000))
    sync, krita = softwares(appimage.COLLECTOR, tmp_path, {})
    assert krita == {
        "name": "Krita", "version": "5.2.2", "arch": "x86_64", "filesize": 31, "install_date": "2023-11-14",
        "folder": "/home/nora/Applications", "username": "nora", "userid": "1000", "from": "appimage",
    }  # fmt: skip
    assert (sync["name"], "version" in sync, "username" in sync) == ("Sync-Client", False, False)


def test_profiles_of_nix_of_the_machine_and_of_a_person(tmp_path: Path) -> None:
    store = "/nix/store/" + "a" * 32 + "-"
    elements = {"hello": {"storePaths": [store + "hello-2.12.1"]}, "x": {"storePaths": [store + "x11-tools"]}}
    tree: Tree = {
        "etc/passwd": PASSWD,
        "nix/var/nix/profiles/default/manifest.json": json.dumps({"version": 3, "elements": elements}),
        "home/nora/.nix-profile/manifest.nix": f'[ {{ name = "ripgrep-14.1.0"; outPath = "{store}ripgrep"; }} ]',
    }
    hello, tools, ripgrep = softwares(nix.COLLECTOR, tmp_path, tree)
    assert hello == {"name": "hello", "version": "2.12.1", "from": "nix"}
    assert tools == {"name": "x11-tools", "from": "nix"}
    assert (ripgrep["name"], ripgrep["version"], ripgrep["username"]) == ("ripgrep", "14.1.0", "nora")


def test_formulas_of_homebrew(tmp_path: Path) -> None:
    cellar = "home/linuxbrew/.linuxbrew/Cellar/"
    tree = {
        cellar + "jq/1.7.1/INSTALL_RECEIPT.json": '{"time": 1700000000}',
        cellar + "odd/2.0/INSTALL_RECEIPT.json": '{"time": ',
    }
    assert softwares(brew.COLLECTOR, tmp_path, tree) == [
        {"name": "jq", "version": "1.7.1", "install_date": "2023-11-14", "from": "brew"},
        {"name": "odd", "version": "2.0", "from": "brew"},
    ]


def test_tags_that_publishers_left_beside_their_software(tmp_path: Path) -> None:
    tree = {
        "usr/lib/swidtag/example.com/backup.swidtag": TAG,
        "opt/backup/swidtag/backup.swidtag": TAG,
        "opt/backup/swidtag/installer.swidtag": TAG.replace('tagVersion="1"', 'corpus="true"'),
        "usr/share/swidtag/other/readme.txt": "x",
        "usr/share/swidtag/other/broken.swidtag": "<SoftwareIdentity",
        "etc/swid/swidtags.d/old.swidtag": TAG_2009,
    }
    assert softwares(swid_tags.COLLECTOR, tmp_path, tree) == [
        {
            "name": "Backup & More", "version": "8.2", "publisher": "Example Ltd", "guid": "example.com-backup-8.2",
            "from": "swid",
        },
        {"name": "Planner", "version": "7.1", "publisher": "Example Ltd", "guid": "planner-7", "from": "swid"},
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_is_read_without_an_error(text: str) -> None:
    pacman.software(pacman.description(text))
    apk.software(text)
    nix.software(text)
    nix.store_names(text)
    appimage.named(text + ".AppImage")
    brew.software("x", "1", text)
    swid_tags.software(f"<SoftwareIdentity {text}>")


def test_what_others_installed_for_themselves_is_missed_without_rights(tmp_path: Path, request: Any) -> None:
    build(tmp_path, {"etc/passwd": PASSWD, "home/nora/Applications/": "", "opt/Sync.AppImage": IMAGE})
    (tmp_path / "home/nora").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, _ = collect(appimage.COLLECTOR, tmp_path)
    assert (outcome.complete, outcome.incomplete) == (("softwares",), ("user_softwares",))
    (tmp_path / "home/nora").chmod(0o700) if os.geteuid() == 0 else None
