"""Software identification tags of 2009 and 2015."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.import_proposal import read_files
from cmdb.model.errors import FileProblem
from cmdb.model.observation import Observation
from cmdb.model.schema import Schema

SCHEMA = Schema.load()
OF_2009 = """<?xml version="1.0" encoding="utf-8"?>
<swid:software_identification_tag xmlns:swid="http://standards.iso.org/iso/19770/-2/2009/schema.xsd">
 <swid:entitlement_required_indicator>true</swid:entitlement_required_indicator>
 <swid:product_title>Photo desk</swid:product_title>
 <swid:product_version><swid:name>11.0</swid:name></swid:product_version>
 <swid:software_creator><swid:name>Example</swid:name><swid:regid>regid.2001-01.org.example</swid:regid>
 </swid:software_creator>
 <swid:software_licensor><swid:name>Example Sales</swid:name></swid:software_licensor>
 <swid:software_id><swid:unique_id>Photo-11</swid:unique_id></swid:software_id>
 <swid:tag_creator><swid:name>Tags Inc</swid:name></swid:tag_creator>
</swid:software_identification_tag>"""
OF_2015 = """<!-- a <comment> --><SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"
 name="Desk update" tagId="t-1" version="1.2" patch="true" supplemental="false">
 <Entity name="Tags Inc" regid="tags.example" role="tagCreator"/>
 <Entity name="Example" regid="example.org" role="softwareCreator licensor"/>
 <Link rel="patches" href="swid:t-0"/><Meta edition="Professional" persistentId="px"/></SoftwareIdentity>"""


def product(folder: Path, content: str) -> Observation:
    path = folder / "tag.bin"
    path.write_text(content, "utf-8")
    ((one,),) = (reading.observations for reading in read_files([path], SCHEMA)[0])
    return one


def test_a_tag_of_2015_is_a_product_and_itself_a_row_of_it(tmp_path: Path) -> None:
    one = product(tmp_path, OF_2015)
    assert (one.cls, one.values) == (
        "software_product",
        {"name": "Desk update", "version": "1.2", "edition": "Professional", "publisher": "Example", "kind": "update"},
    )
    assert one.details["software_tags"] == [
        {
            "tag_id": "t-1", "persistent_id": "px", "patch": True, "supplemental": False, "tag_creator": "Tags Inc",
            "software_creator": "Example", "licensor": "Example", "regid": "example.org", "links": "patches swid:t-0",
        }
    ]  # fmt: skip


def test_a_tag_of_2009_is_read_likewise(tmp_path: Path) -> None:
    one = product(tmp_path, OF_2009)
    assert one.values == {"name": "Photo desk", "version": "11.0", "publisher": "Example"}
    assert one.details["software_tags"] == [
        {
            "tag_id": "Photo-11", "entitlement_required": True, "tag_creator": "Tags Inc",
            "software_creator": "Example", "licensor": "Example Sales", "regid": "regid.2001-01.org.example",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<SoftwareIdentity tagId='x'/>", "names no software"),
        ("<?xml version='1.0'?><project xmlns='http://maven.apache.org/POM/4.0.0'><name>swid</name></project>",
         "is XML whose outermost element is “project”"),
        ("<template xmlns:swid='http://standards.iso.org/iso/19770/-2/2015/schema.xsd'><swid:Entity/></template>",
         "is XML whose outermost element is “template”"),
    ],
)  # fmt: skip
def test_what_identifies_no_software_is_refused_in_one_line(content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=said):
        product(tmp_path, content)
