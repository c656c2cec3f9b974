"""CycloneDX lists as the specification's own JSON schema of 1.6 wants them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from cmdb.model.schema import Schema
from importers.inventory.record_document import ComputerFacts
from importers.software_lists.cyclonedx_document import cyclonedx_document
from tests.importers.inventory.test_record_document import full_row
from tests.importers.software_lists.test_cyclonedx_document import server

SCHEMA = Schema.load()


@pytest.fixture(scope="module")
def validator() -> JsonStrictValidator:
    """The validator: it reads the schemas once."""
    return JsonStrictValidator(SchemaVersion.V1_6)


def problems(validator: JsonStrictValidator, document: dict[str, Any]) -> list[str]:
    """In what a document departs from the schema."""
    return [str(one) for one in validator.validate_str(json.dumps(document), all_errors=True) or ()]


def test_lists_of_one_and_of_several_computers_are_valid(validator: JsonStrictValidator) -> None:
    assert problems(validator, cyclonedx_document([server()])) == []
    assert problems(validator, cyclonedx_document([server(), ComputerFacts("laptop", "bare", {}, {})])) == []


@pytest.mark.parametrize("text", ["Odd \ud800 text, of 31.03.2026", ""])
def test_whatever_a_register_says_the_list_is_valid(validator: JsonStrictValidator, text: str) -> None:
    rows: dict[str, Any] = {name: [full_row(section, text)] for name, section in SCHEMA.sections.items()}
    rows["software_components"].append(
        {"name": "z", "hashes": f"MD5: {'a' * 31}, SHA-256: {'b' * 64}", "licences": "MIT, (GPL-2.0)", "type": text}
    )
    installed = [{"product": "p", "version": text, "publisher": text, "origin": "deb", "scope": text}] * 2
    facts = ComputerFacts("server", "srv-1", {"manufacturer": "x", "operating_system": text}, rows, installed)
    assert problems(validator, cyclonedx_document([facts])) == []


def test_what_departs_from_it_is_seen(validator: JsonStrictValidator) -> None:
    whole = cyclonedx_document([server()])
    for planted in (
        {**whole, "colour": "red"}, {**whole, "serialNumber": "urn:uuid:1"}, {**whole, "components": [{"name": "x"}]},
        {**whole, "components": [{"type": "program", "name": "x"}]}, {**whole, "version": 0},
    ):  # fmt: skip
        assert problems(validator, planted)
