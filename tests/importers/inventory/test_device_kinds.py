"""The kinds of network devices are data: each model is of its own kind, and no pattern takes a neighbour's."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from cmdb.model.schema import Schema
from cmdb.reconciliation.identifiers import FOLDER
from importers.inventory import reading
from importers.inventory.devices import kind_of

KINDS = tomllib.loads((FOLDER / "device_kinds.toml").read_text("utf-8"))["kind"]
MODELS = [(one["class"], model) for one in KINDS for model in one["models"]]


@pytest.mark.parametrize(("cls", "model"), MODELS)
def test_a_model_is_of_its_own_kind(cls: str, model: str) -> None:
    assert kind_of(model) == cls
    assert kind_of(model.upper()) == kind_of(model.lower()) == cls
    assert kind_of(f"Example 1 | {model}") == cls, "other words before it change nothing"


def test_each_kind_is_a_class_and_each_pattern_has_a_model() -> None:
    import re

    classes = Schema.load().classes
    for one in KINDS:
        assert one["class"] in classes
        for pattern in one["patterns"]:
            assert any(re.search(pattern, model, re.IGNORECASE) for model in one["models"]), (one["class"], pattern)


@pytest.mark.parametrize(
    "words",
    [
        "Galaxy Nexus",
        "Dell PowerEdge R640",
        "HP LaserJet M507",
        "Linux 6.1",
        "",
        "Model 8000",
        "Cisco IP Phone 8841",
        "x" * 100_000,
    ],
)
def test_what_is_no_network_device_is_none(words: str) -> None:
    assert kind_of(words) == ""


def device(**said: Any) -> dict[str, Any]:
    content = {"network_device": {"name": "d-1", **said}, "versionclient": "x"}
    return {"deviceid": "d-1", "itemtype": "NetworkEquipment", "content": content}


def test_what_answers_on_the_network_and_is_none_of_its_devices() -> None:
    found = {
        model: [one.cls for one in reading(device(type="Power", model=model)).observations]
        for model in ("APC Smart-UPS 1500", "AP8853", "Box")
    }
    assert found == {"APC Smart-UPS 1500": ["ups"], "AP8853": ["pdu"], "Box": []}
    assert [one.cls for one in reading(device(type="Storage")).observations] == ["storage_system"]
    refused = reading(device(type="KVM"))
    assert (refused.observations, refused.rejected) == ([], 1)
    assert str(refused.problems[0].message) == "This is an inventory of a “kvm”, for which the register has no class."


def test_software_of_a_phone_is_rows_as_installations_are_of_computers() -> None:
    content = {"hardware": {"name": "p"}, "softwares": [{"name": "Camera", "version": "1.0"}], "versionclient": "x"}
    (one,) = reading({"deviceid": "p-1", "itemtype": "Phone", "content": content}).observations
    assert (list(one.installed), one.details["software_details"]) == ([], [{"name": "Camera", "version": "1.0"}])
