from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.linux import deb, flatpak, npm, pip, rpm, snap
from tests.importers.discovery.machines import PASSWD, Symlink, Tree, build, collect, found

STATUS = """Package: vim
Status: install ok installed
Section: editors
Installed-Size: 3737
Maintainer: Debian Vim Maintainers <team+vim@tracker.example>
Architecture: amd64
Version: 2:9.0.1378-2
Description: Vi IMproved - enhanced vi editor
 Vim is an almost compatible version of the UNIX editor Vi.
 Status: this line is text
Homepage: https://www.vim.example/

Package: oldthing
Status: deinstall ok config-files
Version: 1.0

Package: browser-stable
Status: hold ok installed
Maintainer: Browser Linux Team <browser@example.org>
Vendor: Example LLC
Architecture: amd64
Version: 120.0
"""


def by_name(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in content["softwares"]}


def test_deb_packages_with_the_day_they_were_put_there(tmp_path: Path) -> None:
    build(tmp_path, {"var/lib/dpkg/status": STATUS, "var/lib/dpkg/info/browser-stable:amd64.list": "/.\n"})
    build(tmp_path, {"var/lib/dpkg/info/vim.list": "/.\n/usr/bin/vim.basic\n"})
    os.utime(tmp_path / "var/lib/dpkg/info/vim.list", (1_700_000_000, 1_700_000_000))
    outcome, content = collect(deb.COLLECTOR, tmp_path)
    assert (outcome.state, outcome.complete) == ("collected", ("softwares",))
    packages = by_name(content)
    assert set(packages) == {"vim", "browser-stable"}
    assert packages["vim"] == {
        "name": "vim",
        "from": "deb",
        "version": "2:9.0.1378-2",
        "arch": "amd64",
        "publisher": "Debian Vim Maintainers",
        "comments": "Vi IMproved - enhanced vi editor",
        "system_category": "editors",
        "url_info_about": "https://www.vim.example/",
        "install_date": "2023-11-14",
        "filesize": 3737 * 1024,
    }
    assert packages["browser-stable"]["publisher"] == "Example LLC"
    assert "install_date" in packages["browser-stable"]


def test_a_machine_without_dpkg_has_no_debs(tmp_path: Path) -> None:
    assert collect(deb.COLLECTOR, tmp_path)[0].state == "absent"


@given(st.text(max_size=300))
def test_any_status_file_is_read_without_an_error(text: str) -> None:
    for fields in deb.status(text):
        assert deb.software(fields)["from"] == "deb"


def test_rpm_packages_by_the_listing() -> None:
    listing = (
        "bash\t(none)\t5.2.26\t3.fc40\tx86_64\tFedora Project\t1700000000\t8000000\tUnspecified"
        "\thttps://gnu.example\tThe shell\n"
        "perl-libs\t4\t5.38.2\t506.fc40\tx86_64\tFedora Project\t(none)\t1\tDevelopment\t(none)\t(none)\n"
        "gpg-pubkey\t(none)\ta15b79cc\t63d04c2c\t(none)\t(none)\t1700000000\t0\tPublic Keys\t(none)\tkey\n"
        "half a line\n"
    )
    bash, perl = rpm.software(listing)
    assert (bash["name"], bash["version"], bash["publisher"]) == ("bash", "5.2.26-3.fc40", "Fedora Project")
    assert (bash["install_date"], bash["from"]) == ("2023-11-14", "rpm")
    assert "system_category" not in bash
    assert perl["version"] == "4:5.38.2-506.fc40"
    assert {"install_date", "comments", "url_info_about"}.isdisjoint(perl)


def test_rpm_is_not_asked_where_there_is_no_database(tmp_path: Path) -> None:
    assert collect(rpm.COLLECTOR, build(tmp_path, {"usr/bin/rpm": ""}))[0].state == "absent"


def test_snaps_by_their_descriptions(tmp_path: Path) -> None:
    tree: Tree = {
        "snap/core22/1122/meta/snap.yaml": "name: core22\nversion: '20240111'\ntype: base\nsummary: Runtime\n",
        "snap/core22/current": Symlink("1122"),
        "snap/thunderbird/440/meta/snap.yaml": "name: thunderbird\nversion: 115.9\napps:\n  x:\n    name: no\n",
        "snap/thunderbird/current": Symlink("440"),
        "snap/bin/thunderbird": "",
        "snap/README": "",
    }
    assert by_name(found(snap.COLLECTOR, tmp_path, tree)) == {
        "core22": {
            "name": "core22",
            "version": "20240111",
            "comments": "Runtime",
            "system_category": "base",
            "from": "snap",
        },
        "thunderbird": {"name": "thunderbird", "version": "115.9", "from": "snap"},
    }


def test_flatpaks_of_the_system_and_of_users(tmp_path: Path) -> None:
    info = (
        "<component><name>Text Editor</name><name xml:lang='de'>Texteditor</name><developer id='x'><name>The Project"
        '</name></developer><releases><release date="2024-03-01" version="46.0"/><release version="45.1"/></releases>'
        "</component>"
    )
    app = "app/org.example.Editor/x86_64/stable/"
    tree: Tree = {
        f"var/lib/flatpak/{app}abc/files/share/metainfo/org.example.Editor.metainfo.xml": info,
        f"var/lib/flatpak/{app}active": Symlink("abc"),
        "var/lib/flatpak/app/org.example.Editor/current": Symlink("x86_64/stable"),
        "var/lib/flatpak/runtime/org.example.Platform/x86_64/23.08/def/metadata": "",
        "var/lib/flatpak/runtime/org.example.Platform/x86_64/23.08/active": Symlink("def"),
        "home/nora/.local/share/flatpak/app/com.example.Chat/x86_64/stable/f00/metadata": "",
        "home/nora/.local/share/flatpak/app/com.example.Chat/x86_64/stable/active": Symlink("f00"),
        "etc/passwd": PASSWD,
    }
    packages = by_name(found(flatpak.COLLECTOR, tmp_path, tree))
    editor = packages["org.example.Editor"]
    assert (editor["version"], editor["publisher"], editor["comments"]) == ("46.0", "The Project", "Text Editor")
    assert (packages["org.example.Platform"]["version"], packages["org.example.Platform"]["system_category"]) == (
        "23.08",
        "runtime",
    )
    assert (packages["com.example.Chat"]["username"], packages["com.example.Chat"]["userid"]) == ("nora", "1000")


def test_python_packages_that_no_package_manager_put_there(tmp_path: Path) -> None:
    meta = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\nSummary: A thing\n"
    meta += "Author-email: Ann <ann@example.org>\n\nName: no\n"
    local, user = "usr/local/lib/python3.11/dist-packages/", "home/nora/.local/lib/python3.11/site-packages/"
    tree: Tree = {
        local + "Thing_A-1.2.dist-info/METADATA": meta.format(name="Thing-A"),
        local + "Thing_A-1.2.dist-info/INSTALLER": "pip\n",
        "usr/lib/python3/dist-packages/apt-2.6.dist-info/METADATA": meta.format(name="apt"),
        "usr/lib/python3/dist-packages/old-1.egg-info": meta.format(name="old"),
        "usr/lib/python3.12/site-packages/rpmish-1.dist-info/METADATA": meta.format(name="rpmish"),
        "usr/lib/python3.12/site-packages/rpmish-1.dist-info/INSTALLER": "rpm\n",
        "usr/lib/python3.12/site-packages/sudo_pip-1.dist-info/METADATA": meta.format(name="sudo-pip"),
        "usr/lib/python3.12/site-packages/sudo_pip-1.dist-info/INSTALLER": "pip\n",
        user + "toolbox-3.egg-info/PKG-INFO": meta.format(name="toolbox"),
        user + "broken-1.dist-info/METADATA": "",
        "etc/passwd": PASSWD,
    }
    packages = by_name(found(pip.COLLECTOR, tmp_path, tree))
    assert set(packages) == {"Thing-A", "sudo-pip", "toolbox"}
    assert packages["Thing-A"] == {
        "name": "Thing-A",
        "version": "1.2",
        "publisher": "Ann",
        "comments": "A thing",
        "from": "pip",
    }
    assert packages["toolbox"]["username"] == "nora"


def test_homes_that_are_closed_are_named(tmp_path: Path, request: Any) -> None:
    build(tmp_path, {"etc/passwd": PASSWD, "home/nora/.local/x": "", "home/otto/y": ""})
    (tmp_path / "home/nora").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, _ = collect(pip.COLLECTOR, tmp_path)
    assert (outcome.complete, outcome.incomplete) == (("softwares",), ("user_softwares",))
    assert (outcome.state, outcome.elevate) == (
        "not permitted",
        ("software that other users installed for themselves",),
    )


def test_node_packages_with_scopes(tmp_path: Path) -> None:
    modules = "usr/local/lib/node_modules/"
    tree: Tree = {
        modules + "npm/package.json": json.dumps({"name": "npm", "version": "10.2.4", "author": "GitHub Inc. <x@y>"}),
        modules + "@angular/cli/package.json": json.dumps(
            {"name": "@angular/cli", "version": "17", "author": {"name": "A"}}
        ),
        modules + "broken/package.json": "{",
        modules + "list/package.json": "[]",
        "home/otto/.nvm/versions/node/v20.1.0/lib/node_modules/pm2/package.json": json.dumps(
            {"name": "pm2", "version": 3}
        ),
        "etc/passwd": PASSWD,
    }
    packages = by_name(found(npm.COLLECTOR, tmp_path, tree))
    assert {name: one.get("publisher") for name, one in packages.items()} == {
        "npm": "GitHub Inc.",
        "@angular/cli": "A",
        "pm2": None,
    }
    assert packages["pm2"] == {"name": "pm2", "username": "otto", "userid": "1001", "from": "npm"}
