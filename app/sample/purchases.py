"""Purchases and agreements: software products, entitlements and their holders, contracts, leases, warranties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.vocabulary import AGREEMENTS, ASSETS, ENTITLEMENTS, LICENCES, PRODUCTS, release


def planned_revisions() -> list[SampleRevision]:
    """The contents of the licence folder and of the contract cabinet."""
    return [
        SampleRevision(-717, 9.0, LICENCES, "sheet:Software catalogue.csv", "Software products", _products),
        SampleRevision(-716, 9.0, LICENCES, "sheet:Licences.xlsx", "Agreements and entitlements", _entitlements),
        SampleRevision(-715, 9.0, ASSETS, "sheet:Contracts.xlsx", "Support contracts, leases, warranties", _contracts),
        SampleRevision(-713, 11.0, LICENCES, "person", "Licences given to people", _assignments),
    ]


def _products(builder: RevisionBuilder) -> None:
    for name, (publisher, kind, terms, support) in PRODUCTS.items():
        builder.create(
            "software_product",
            name,
            publisher=publisher,
            kind=kind,
            licence_terms=terms,
            end_of_life=builder.day(support) if support is not None else None,
        )


def entitle(builder: RevisionBuilder, name: str, values: dict[str, Any]) -> str:
    """An entitlement of the list above."""
    filled = dict(values)
    for date in ("start", "end", "maintenance_until"):
        if date in filled:
            filled[date] = builder.day(filled[date])
    for reference in ("agreement", "device"):
        if reference in filled:
            filled[reference] = builder.named(filled[reference])
    number = len(builder.of("entitlement"))
    return builder.create(
        "entitlement",
        name,
        currency="EUR",
        supplier=builder.named("SoftSource Europe"),
        purchase_order=f"PO-{7001 + number}",
        invoice=f"INV-{20240 + 3 * number}",
        **filled,
    )


def _entitlements(builder: RevisionBuilder) -> None:
    for name, (publisher, number, start, end, cost) in AGREEMENTS.items():
        builder.create(
            "agreement",
            name,
            publisher=publisher,
            number=number,
            start=builder.day(start),
            end=builder.day(end),
            cost=cost,
            cancel_by=builder.day(end - 90),
            currency="EUR",
            supplier=builder.named("SoftSource Europe"),
        )
    for name, values in ENTITLEMENTS.items():
        entitle(builder, name, values)
    for count, computer in enumerate(builder.of("desktop")[:12], 1):
        entitle(
            builder,
            f"Office Home and Business OEM {count:02d}",
            {
                "publisher": "Microsoft",
                "product": "Office",
                "edition": "Home and Business",
                "version": "2021",
                "metric": "device",
                "quantity": 1,
                "channel": "OEM",
                "device": builder.get(computer, "name"),
                "start": -760,
                "cost": Decimal(0),
            },
        )


def _assignments(builder: RevisionBuilder) -> None:
    for word, name in (
        ("autocad", "AutoCAD seats"),
        ("creative", "Creative Cloud seats"),
        ("acrobat", "Acrobat Pro seats"),
        ("visual_studio", "Visual Studio Professional"),
    ):
        licence = builder.named(name)
        users = dict.fromkeys(
            f["user"] for r, f in builder.installed.items() if r.key[2:] == release(word) and "user" in f
        )
        for person in list(users)[: builder.get(licence, "quantity")]:
            builder.assign(licence, person)


def _contracts(builder: RevisionBuilder) -> None:
    support = {
        "Storage support": ("Nordwind Systems", 11800, "storage_system"),
        "Network support": ("Nordwind Systems", 18400, "switch"),
        "Firewall subscription": ("Nordwind Systems", 9600, "firewall"),
        "UPS maintenance": ("Cool and Power Services", 5400, "ups"),
        "Cooling Rotterdam": ("Cool and Power Services", 7200, ""),
        "Printer service": ("PrintKontor", 14900, "printer"),
        "Server support Rotterdam": ("Kade IT", 21500, "server"),
        "Telephone exchange": ("TelNord", 16700, ""),
        "Mobile plan": ("TelNord", 31200, ""),
        "Internet Rotterdam": ("MaasFiber", 10700, ""),
        "Video surveillance": ("Bizkaia Informática", 3900, "camera"),
    }
    for number, (name, (supplier, cost, covers)) in enumerate(support.items(), 1):
        uid = _contract(builder, "support_contract", name, f"SC-{2200 + number}", supplier, cost, -40 + 47 * number)
        builder.set(uid, response_time=Decimal(4), service_hours="24x7" if number % 2 else "Mon-Fri 8-18")
        for covered in builder.of(covers)[:20] if covers else ():
            builder.link("covered_by", covered, uid)
    for number in range(1, 9):
        uid = _contract(
            builder, "lease", f"Laptop lease {number}", f"LP-{88120 + number}", "LeasePort", 19800, -20 + 95 * number
        )
        builder.set(uid, monthly_cost=Decimal(1650), residual_value=Decimal(2400))
        for computer in builder.of("laptop")[number * 12 : number * 12 + 10]:
            builder.link("covered_by", computer, uid)
    for number, model in enumerate(
        ("PowerEdge R750", "PowerEdge R650", "ThinkSystem SR650", "ProLiant DL380 Gen10", "EliteBook 840 G10"), 1
    ):
        uid = _contract(
            builder,
            "warranty",
            f"{model} extended warranty",
            f"W-{5100 + number}",
            "Kade IT",
            3200,
            30 + 140 * number,
        )
        builder.set(uid, level="Next business day, on site")
        for machine in builder.where("hardware", model=builder.named(model))[:15]:
            builder.link("covered_by", machine, uid)
    for name in ("Cleaning of data halls", "Cable works", "Shredding of media"):
        _contract(builder, "contract", name, f"C-{310 + len(name)}", "Cool and Power Services", 2100, 200 + len(name))
    for name in (
        "Enterprise Agreement signature page",
        "Oracle ordering document, scanned",
        "Fire certificate data hall",
        "UPS inspection report",
    ):
        builder.create(
            "document", name, kind_of_document="Proof", dated=builder.day(-900), path=f"Contracts/{name}.pdf"
        )


def _contract(builder: RevisionBuilder, cls: str, name: str, number: str, supplier: str, cost: int, end: int) -> str:
    return builder.create(
        cls,
        name,
        number=number,
        supplier=builder.named(supplier),
        start=builder.day(end - 1095),
        end=builder.day(end),
        cancel_by=builder.day(end - 90),
        notice_period=90,
        renews=bool(len(name) % 2),
        cost=Decimal(cost),
        currency="EUR",
        company=builder.named("Harbour Works Holding B.V."),
        status="Active" if end > 0 else "Retired",
    )
