"""Terrier's schema and identification data: the properties that other code relies on."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from cmdb.model.errors import InvalidValue
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import CIClass, Schema, fold
from cmdb.model.values import check, parse

SCHEMA = Schema.load()

TREE = {
    "hardware": "computer mobile peripheral network_device storage_system disk_shelf chassis rack ups pdu power_feed",
    "computer": "server desktop laptop thin_client virtual_machine",
    "mobile": "phone tablet",
    "peripheral": "monitor dock printer scanner camera",
    "network_device": "switch router firewall access_point load_balancer",
    "virtual": "cluster container_host cloud_account cloud_resource",
    "software": "software_product application database_instance web_service licence_server",
    "service": "business_service technical_service",
    "network": "subnet vlan circuit certificate domain",
    "licensing": "entitlement agreement",
    "contract": "support_contract lease warranty",
    "place": "site building floor room",
    "party": "person team department company supplier manufacturer",
}
ABSTRACT = {
    "ci", "hardware", "mobile", "peripheral", "virtual", "software", "service", "network", "licensing", "place",
    "party",
}  # fmt: skip
PROMISED = {
    "hardware": "Name Status Notes Asset_tag Serial_number Manufacturer Model Assigned_to Main_user Department "
    "Cost_centre Legal_owner Location Supplier Purchase_date Purchase_cost Currency "
    "Order_number Warranty_until Last_seen",
    "computer": "Host_name Domain UUID Machine_id Operating_system OS_version Processor_model Processor_sockets "
    "Socket_capacity Cores_per_processor Memory Environment",
    "virtual_machine": "Virtual_cores Host",
    "person": "First_name Last_name Email User_name Department Location Manager Start End",
    "software_product": "Publisher Edition Version Kind End_of_life",
    "entitlement": "Product Publisher Edition Version Metric Quantity Pack_size Channel Start End Maintenance_until "
    "Base_entitlement Device Agreement Purchase_order Invoice Cost Currency",
}
TYPES = (
    "supports depends_on uses runs_on virtualised_on member_of part_of located_in powered_by uplinks_through "
    "connected_to stores_data_on licensed_by authenticated_by stands_by_for backed_up_by managed_by monitored_by "
    "used_by owned_by"
)
ICONS = (
    "laptop desktop server vm phone tablet monitor dock printer scanner camera switch router firewall access-point "
    "load-balancer storage chassis rack ups pdu power cluster container cloud software application database web "
    "licence-server service subnet vlan circuit certificate domain entitlement agreement contract lease warranty site "
    "building floor room person team department company supplier manufacturer model document box check"
)


@pytest.mark.parametrize("parent", TREE)
def test_the_tree_is_as_documented(parent: str) -> None:
    assert {c.name for c in SCHEMA.children(parent)} >= set(TREE[parent].split())


def test_only_groups_are_abstract() -> None:
    abstract = {c.name for c in SCHEMA.classes.values() if c.abstract}
    assert abstract >= ABSTRACT
    documented = {*TREE, *(name for names in TREE.values() for name in names.split())}
    assert not (abstract & documented) - ABSTRACT


@pytest.mark.parametrize("class_name", PROMISED)
def test_promised_attributes_stand_under_their_labels(class_name: str) -> None:
    for word in PROMISED[class_name].split():
        attribute = SCHEMA.attribute(class_name, word.casefold())
        assert attribute.label == word.replace("_", " ")


@pytest.mark.parametrize("one", SCHEMA.classes.values(), ids=lambda c: c.name)
def test_a_class_says_nothing_ambiguous(one: CIClass) -> None:
    assert one.icon in ICONS.split()
    assert set(one.columns) <= set(one.attributes)
    words: dict[str, str] = {}
    for a in one.attributes.values():
        assert a.name == fold(a.label).replace(" ", "_")
        for word in {fold(w) for w in (a.label, *a.synonyms)}:
            assert words.setdefault(word, a.name) == a.name, f"{word!r} names two attributes"
        choices: dict[str, str] = {}
        for choice in a.choices:
            assert choice.tone in {"good", "warning", "bad", "neutral", "accent"}
            for word in {fold(w) for w in (choice.value, *choice.synonyms)}:
                assert choices.setdefault(word, choice.value) == choice.value, f"{word!r} means two choices"


def test_no_word_names_two_classes() -> None:
    words: dict[str, str] = {}
    for one in SCHEMA.classes.values():
        for word in {fold(w) for w in (one.name, one.label, one.plural, *one.synonyms)}:
            assert words.setdefault(word, one.name) == one.name, word


def test_relationship_types_and_the_direction_of_their_impact() -> None:
    assert set(TYPES.split()) <= set(SCHEMA.relationships)
    impact = {t.name: t.impact for t in SCHEMA.relationships.values()}
    assert {n for n, i in impact.items() if i == "forward"} == {"supports", "member_of"}
    by_object = "depends_on uses runs_on virtualised_on part_of located_in powered_by uplinks_through stores_data_on"
    assert {n for n, i in impact.items() if i == "backward"} == {
        *by_object.split(), "licensed_by", "authenticated_by",
    }  # fmt: skip
    assert [t.name for t in SCHEMA.relationships.values() if t.strength == "soft"] == ["uses"]
    assert [t.name for t in SCHEMA.relationships.values() if t.symmetric] == ["connected_to"]


def test_a_reference_fits_the_relationship_type_that_it_stands_for() -> None:
    for one in SCHEMA.classes.values():
        for a in one.attributes.values():
            if not a.relationship:
                continue
            kind = SCHEMA.relationship(a.relationship)
            assert any(SCHEMA.is_a(one.name, s) for s in kind.subjects) or one.abstract, (one.name, a.name)
            reachable = SCHEMA.family(a.target)
            assert any(set(SCHEMA.family(o)) & set(reachable) for o in kind.objects), (one.name, a.name)


@pytest.mark.parametrize(
    ("class_name", "header", "attribute"),
    [
        ("laptop", "Serial No.", "serial_number"), ("laptop", "Seriennummer", "serial_number"),
        ("laptop", "Numéro de série", "serial_number"), ("laptop", "Service Tag", "serial_number"),
        ("laptop", "Inventarnummer", "asset_tag"), ("laptop", "Otherserial", "asset_tag"),
        ("laptop", "Checked Out To", "assigned_to"), ("laptop", "Benutzer", "assigned_to"),
        ("laptop", "Primary user UPN", "main_user"), ("laptop", "Warranty Expires", "warranty_until"),
        ("laptop", "Garantie bis", "warranty_until"), ("laptop", "Kaufpreis", "purchase_cost"),
        ("server", "CPU count", "processor_sockets"), ("virtual_machine", "CPU count", "virtual_cores"),
        ("server", "RAM (MB)", "memory"), ("phone", "Phone number", "phone_number"), ("person", "UPN", "user_name"),
        ("person", "Display name", "name"), ("person", "Vorname", "first_name"), ("entitlement", "Seats", "quantity"),
        ("entitlement", "License Type", "metric"), ("contract", "Kündbar bis", "cancel_by"),
    ],
)  # fmt: skip
def test_headers_of_other_tools_and_languages_are_understood(class_name: str, header: str, attribute: str) -> None:
    found = SCHEMA.find_attribute(class_name, header)
    assert found is not None
    assert found.name == attribute


@pytest.mark.parametrize(
    ("class_name", "word", "status"),
    [
        ("laptop", "Ready to Deploy", "In stock"), ("laptop", "live", "Deployed"), ("laptop", "In use", "Deployed"),
        ("laptop", "on order", "Ordered"), ("laptop", "stolen", "Lost"), ("server", "Active", "Deployed"),
        ("person", "disabled", "Left"), ("business_service", "live", "Active"), ("laptop", "verkauft", "Disposed"),
    ],
)  # fmt: skip
def test_other_names_of_a_status(class_name: str, word: str, status: str) -> None:
    assert parse(SCHEMA.attribute(class_name, "status"), word) == status


def test_a_laptop_has_no_status_of_people() -> None:
    with pytest.raises(InvalidValue):
        check(SCHEMA.attribute("laptop", "status"), "Left")


def test_metrics_and_what_a_licence_must_say() -> None:
    entitlement = SCHEMA.cls("entitlement").attributes
    assert {a.name for a in entitlement.values() if a.required} == {"name", "product", "metric", "quantity"}
    assert {c.value for c in entitlement["metric"].choices} == {
        "device", "installation", "named user", "concurrent user", "socket", "core", "sql server core",
        "windows server core", "oracle processor", "oracle nup", "oracle se2", "ibm pvu", "ibm vpc", "ibm rvu",
        "vmware core", "vmware cpu", "user cal", "device cal", "site",
    }  # fmt: skip


def _resource(name: str) -> dict[str, Any]:
    return tomllib.loads((RESOURCES / "identification" / name).read_text("utf-8"))


def _is_junk(table: str, value: str) -> bool:
    junk = _resource("junk.toml")
    for entry in (junk["any"], junk[table]):
        if fold(value) in {fold(v) for v in entry["values"]}:
            return True
        if any(re.fullmatch(p, value, re.IGNORECASE) for p in entry["patterns"]):
            return True
    return False


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ("serial_numbers", "To Be Filled By O.E.M."), ("serial_numbers", "0000000"), ("serial_numbers", "XXXXXXXX"),
        ("serial_numbers", "Default string"), ("serial_numbers", "01010011"), ("serial_numbers", "n/a"),
        ("uuids", "03000200-0400-0500-0006-000700080009"), ("uuids", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
        ("asset_tags", "No Asset Tag"), ("models", "System Product Name"), ("host_names", "localhost"),
    ],
)  # fmt: skip
def test_placeholders_are_junk(table: str, value: str) -> None:
    assert _is_junk(table, value)


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ("serial_numbers", "AB1.2CD"), ("serial_numbers", "5CG3420QXN"), ("serial_numbers", "PF0XXXX1"),
        ("uuids", "4c4c4544-0035-3010-8058-b7c04f4a4d32"), ("asset_tags", "A10256"), ("models", "Latitude 7440"),
        ("host_names", "harbour-lt-2055"),
    ],
)  # fmt: skip
def test_real_identities_are_not_junk(table: str, value: str) -> None:
    assert not _is_junk(table, value)


def test_mac_prefixes_have_three_bytes_and_one_meaning() -> None:
    groups = _resource("junk.toml")["macs"]["prefixes"].values()
    prefixes = [prefix for group in groups for prefix in group]
    assert all(re.fullmatch("[0-9a-f]{2}(:[0-9a-f]{2}){2}", prefix) for prefix in prefixes)
    assert len(prefixes) == len(set(prefixes))


def test_no_variant_means_two_manufacturers() -> None:
    seen: dict[str, str] = {}
    for name, entry in _resource("manufacturers.toml")["manufacturer"].items():
        for word in {fold(w).replace(" ", "") for w in (name, *entry["variants"])}:
            assert seen.setdefault(word, name) == name, word
    assert seen["hewlettpackard"] == "HP"
    assert seen["dellinc"] == "Dell"
