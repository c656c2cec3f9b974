"""CycloneDX lists: what they are about, and what is a product, a part or a device of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import read_files
from cmdb.model.errors import FileProblem
from cmdb.model.observation import Observation, Reading
from cmdb.model.schema import Schema

SCHEMA = Schema.load()
HEAD = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}


def readings(folder: Path, content: dict[str, Any] | str) -> list[Reading]:
    path = folder / "list.bin"
    path.write_text(content if isinstance(content, str) else json.dumps({**HEAD, **content}), "utf-8")
    return read_files([path], SCHEMA)[0]


def only(found: list[Reading]) -> Observation:
    ((one,),) = (reading.observations for reading in found)
    return one


def test_a_list_about_an_application_is_a_product_with_its_parts_as_rows(tmp_path: Path) -> None:
    library = {
        "type": "library", "group": "org.example", "name": "parser", "version": "1.2", "purl": "pkg:npm/parser@1.2",
        "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Own"}}],
        "hashes": [{"alg": "SHA-1", "content": "d09d"}], "supplier": {"name": "Example"},
        "properties": [{"name": "password", "value": "s3cret"}],
        "components": [{"type": "file", "name": "inner.js"}],
    }  # fmt: skip
    about = {"type": "application", "name": "Ticket desk", "version": "2.1", "publisher": "Example"}
    found = readings(
        tmp_path,
        {
            "metadata": {"timestamp": "2026-03-31T10:15:00+02:00", "component": about},
            "components": [library], "services": [{"name": "gateway", "provider": {"name": "Cloud"}}],
        },
    )  # fmt: skip
    one = only(found)
    assert (one.cls, one.values) == (
        "software_product",
        {"name": "Ticket desk", "version": "2.1", "publisher": "Example", "kind": "application"},
    )
    assert found[0].observed_at == "2026-03-31T08:15:00Z"
    assert (one.installed, one.sections) == ((), ("software_components",))
    assert one.details["software_components"] == [
        {
            "name": "parser", "version": "1.2", "type": "library", "group": "org.example", "publisher": "Example",
            "purl": "pkg:npm/parser@1.2", "licences": "MIT, Own", "hashes": "SHA-1: d09d", "origin": "npm",
        },
        {"name": "inner.js", "type": "file"},
        {"name": "gateway", "type": "service", "publisher": "Cloud"},
    ]  # fmt: skip
    assert "s3cret" not in str(found)


DEVICE = """<?xml version="1.0" encoding="utf-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><metadata><component type="device">
<supplier><name>Dell</name></supplier><name>pc-9</name>
<properties><property name="cdx:device:serialNumber">ABC123X</property></properties></component></metadata>
<components><component type="operating-system"><name>Debian</name><version>12</version></component>
<component type="application"><publisher>Mozilla</publisher><name>Firefox</name><version>128.0</version>
<purl>pkg:deb/debian/firefox@128.0</purl></component>
<component type="library"><name>zlib</name><licenses><expression>MIT OR Zlib</expression></licenses></component>
</components></bom>"""


def test_a_list_about_a_device_is_a_computer_with_what_is_installed_in_xml_too(tmp_path: Path) -> None:
    one = only(readings(tmp_path, DEVICE))
    assert (one.cls, one.values["serial_number"], one.values["operating_system"]) == ("computer", "ABC123X", "Debian")
    assert [(i.product, i.version, i.publisher, i.origin) for i in one.installed] == [
        ("Firefox", "128.0", "Mozilla", "deb")
    ]
    assert one.details["software_components"] == [{"name": "zlib", "type": "library", "licences": "MIT OR Zlib"}]
    assert "software" not in one.sections, "nothing says that the list is whole"


def test_several_devices_of_one_list_are_several_computers(tmp_path: Path) -> None:
    def device(name: str) -> dict[str, Any]:
        return {"type": "device", "name": name, "components": [{"type": "application", "name": "Firefox"}]}

    found = readings(tmp_path, {"components": [device("pc-1"), device("pc-2")]})
    assert [one.values["name"] for reading in found for one in reading.observations] == ["pc-1", "pc-2"]


BOARD = {"metadata": {"component": {"type": "device", "name": "board"}},
         "components": [{"type": "device", "name": "connector"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOARD, "lists the parts of the design “board”"),
        ({"metadata": {"component": {"type": "device", "name": "b" * 9_000}}}, "the design “b{80}”: it is no device"),
        ({"components": [{"type": "library", "name": "zlib"}]}, "does not say which device or which software"),
        ({"metadata": {"component": {"type": "application"}}}, "does not name what its list is about"),
        ({"metadata": [], "components": 7}, "does not say which device or which software"),
    ],
)
def test_what_nothing_in_the_register_holds_is_refused_in_one_line(
    content: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(FileProblem, match=said):
        readings(tmp_path, content)


def test_components_in_components_without_end_are_refused(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "library", "name": "end"}
    for _ in range(200):
        deep = {"type": "library", "name": "one", "components": [deep]}
    with pytest.raises(FileProblem, match="nested too deeply"):
        readings(tmp_path, {"metadata": {"component": deep}})
