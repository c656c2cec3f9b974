"""The vocabulary of Harbour Works, from ``resources/sample/estate.toml``: people, places, machines, software."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any, NamedTuple

from app.sample.revision_builder import Release
from cmdb.model.resources import RESOURCES

_DATA: dict[str, Any] = tomllib.loads((RESOURCES / "sample" / "estate.toml").read_text("utf-8"), parse_float=Decimal)

#: Who keeps the register.
ASSETS, NETWORK, DESK, LICENCES, SCAN = (
    "Marta Visser",
    "Jonas Petersen",
    "Ane Etxeberria",
    "Priya Raman",
    "Inventory scan",
)


class Department(NamedTuple):
    """A department: ``share`` of a hundred people work there, at a desk or not."""

    cost_centre: str
    share: int
    desk: bool
    title: str


class Site(NamedTuple):
    """A site: ``hall`` is the room with its servers and ``racks``, ``store`` the room with the stock."""

    name: str
    company: str
    address: str
    postal_code: str
    city: str
    country: str
    time_zone: str
    share: int
    hall: str
    store: str
    racks: int


class SampleModel(NamedTuple):
    """A hardware model: list price in euros, months of use."""

    category: str
    name: str
    part_number: str
    price: Decimal
    life: int


class SampleCluster(NamedTuple):
    """A hypervisor cluster: how many hosts it needs, cores of each of a host's two processors."""

    site: str
    hosts: list[str]
    model: str
    needs: int
    cores: int


class SampleMachine(NamedTuple):
    """A physical server: cores of each of its two processors."""

    site: str
    model: str
    role: str
    system: str
    cores: int


class SampleApplication(NamedTuple):
    """An application: its cluster, on how many machines it runs, how many of them it needs, its database."""

    cluster: str
    machines: int
    needs: int
    windows: bool
    database: str = ""


class SampleDatabase(NamedTuple):
    """A database: its release, its cluster or physical server, virtual cores of its machine (0: unknown)."""

    release: str
    place: str
    cores: int


class SampleService(NamedTuple):
    """A business service and the applications it is made of; no ``users``: it is for the public."""

    criticality: str
    users: int
    owner: str
    applications: list[str]


class SampleProduct(NamedTuple):
    """A software product; ``support``: days until its support ends, or None."""

    publisher: str
    kind: str
    terms: str
    support: int | None = None


class Agreement(NamedTuple):
    """A licence agreement; ``start`` and ``end`` in days from today."""

    publisher: str
    number: str
    start: int
    end: int
    cost: Decimal


FIRST: list[str] = _DATA["people"]["first"]
LAST: list[str] = _DATA["people"]["last"]
DEPARTMENTS = {name: Department(**values) for name, values in _DATA["departments"].items()}
SITES = {code: Site(**values) for code, values in _DATA["sites"].items()}
#: Site code → building → floor → rooms.
BUILDINGS: dict[str, dict[str, dict[str, list[str]]]] = _DATA["buildings"]
SUPPLIERS: dict[str, str] = _DATA["suppliers"]
#: Manufacturer → models.
MODELS = {maker["name"]: [SampleModel(**model) for model in maker["models"]] for maker in _DATA["manufacturers"]}
CLUSTERS = {name: SampleCluster(**values) for name, values in _DATA["clusters"].items()}
SERVERS = {name: SampleMachine(**values) for name, values in _DATA["servers"].items()}
APPS = {name: SampleApplication(**values) for name, values in _DATA["applications"].items()}
DATABASES = {name: SampleDatabase(**values) for name, values in _DATA["databases"].items()}
BUSINESS = {name: SampleService(**values) for name, values in _DATA["business_services"].items()}
#: Technical service → the applications it is made of.
TECHNICAL: dict[str, list[str]] = _DATA["technical_services"]
PRODUCTS = {name: SampleProduct(**values) for name, values in _DATA["products"].items()}
AGREEMENTS = {name: Agreement(**values) for name, values in _DATA["agreements"].items()}
#: Entitlement → values; dates are days from today, references names.
ENTITLEMENTS: dict[str, dict[str, Any]] = _DATA["entitlements"]


def release(word: str) -> Release:
    """The software release of that short name, as scans find it."""
    return Release(*_DATA["releases"][word])
