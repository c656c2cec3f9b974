from __future__ import annotations

import pytest

from importers.spreadsheets.files.file_type import describe_binary, kind_of

INVENTORY = (
    "<REQUEST>\n <CONTENT>\n  <HARDWARE><NAME>pc-1</NAME></HARDWARE></CONTENT><DEVICEID>pc-1</DEVICEID></REQUEST>"
)
BOOK = '<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (f"<?xml version='1.0' encoding='UTF-8'?>\n{INVENTORY}", "xml", "XML"),
        (INVENTORY, "xml", "XML"),
        (f"<?xml version='1.0'?>{BOOK}", "xml", "a workbook in the XML of 2003"),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>', "xml", "XML whose outermost element is “bom”"),
        ('<beans xmlns:a="http://example.org"\n xmlns="http://' + "long/" * 90 + '">', "xml", "element is “beans”"),
        ('<list>\n<node id="x" claimed="true" class="system" handle="">', "xml", "what lshw writes as XML"),
        ("{\\rtf1 hello}", "binary", "RTF"),
        ("<?xml version='1.0'?><a/>", "xml", "XML"),
    ],
)
def test_documents_that_are_no_tables_are_named(content: str, kind: str, said: str) -> None:
    assert kind_of(content.encode()) == kind
    assert said in str(describe_binary(content.encode()))


def test_the_same_in_utf_16() -> None:
    content = f"<?xml version='1.0' encoding='UTF-16'?>\n{INVENTORY}".encode("utf-16")
    assert kind_of(content) == "xml"
    assert str(describe_binary(content)) == "XML whose outermost element is “REQUEST”"


@pytest.mark.parametrize("content", ["<none>,Name\na,b\n", "<Name>;<Tag>\nx;y\n", "Name\n<a>\n", "a<b,c>d\n"])
def test_tables_with_angle_brackets_stay_tables(content: str) -> None:
    assert kind_of(content.encode()) == "text"
