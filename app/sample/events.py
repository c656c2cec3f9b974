"""The events of two years: people join and leave, machines are bought, repaired, moved and retired, licences are bought
and end.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from app.sample.data_centre import XEON, machine
from app.sample.end_user_devices import SCANS, facts, laptop, put, seen, store
from app.sample.organisation import HR, join, office, site_of_person
from app.sample.purchases import entitle
from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.services import CORE, LINUX, vm
from app.sample.vocabulary import ASSETS, DESK, LICENCES, NETWORK, SCAN, SITES, release

MONTHS = 23
#: Day of a delivery → how many laptops came.
DELIVERIES = {-640: 18, -520: 18, -395: 20, -270: 18, -150: 16, -40: 14}


def planned_revisions() -> list[SampleRevision]:
    """Everything after the first weeks. Days are chosen so that no two revisions share a moment."""
    told = []
    for month in range(MONTHS):
        day = -695 + 30 * month
        told.append(SampleRevision(day, 8.0, ASSETS, HR, "People who joined this month", partial(_joined, count=3)))
        told.append(
            SampleRevision(day + 2, 10.0 + month % 5, DESK, "person", "Handed out to new colleagues", _hand_out)
        )
        if month % 2:
            told.append(SampleRevision(day + 9, 8.0, ASSETS, HR, "People who left", partial(_left, count=3)))
            told.append(SampleRevision(day + 11, 15.0, DESK, "person", "Taken back from those who left", _take_back))
    for day, count in DELIVERIES.items():
        source = f"sheet:Delivery {count} laptops.xlsx"
        told.append(
            SampleRevision(day, 13.0, ASSETS, source, f"{count} laptops delivered", partial(_delivered, count=count))
        )
        told.append(SampleRevision(day + 1, 16.0, DESK, SCANS, "New laptops set up and scanned", _set_up))
        told.append(
            SampleRevision(
                day + 3, 11.0, DESK, "person", "Old laptops exchanged for new ones", partial(_exchange, count=count - 5)
            )
        )
    for number, day in enumerate(range(-620, -60, 120)):
        told.append(SampleRevision(day, 5.0, SCAN, SCANS, "Scan of all computers", partial(_scan, percent=91 + number)))
    return [*told, *_events(), *_lately()]


def _events() -> list[SampleRevision]:
    """Single events, in order."""
    return [
        SampleRevision(-655, 11.0, DESK, "person", "Keyboard replaced", partial(_repair, number=12)),
        SampleRevision(
            -611, 9.5, NETWORK, "person", "Memory of rtm-esx-2 doubled", partial(_set, name="rtm-esx-2", memory=786432)
        ),
        SampleRevision(-548, 10.0, NETWORK, "person", "Move of two access switches", _move_switches),
        SampleRevision(-530, 9.0, ASSETS, "person", "Sold to Kade IT, disks erased", partial(_dispose, count=9)),
        SampleRevision(-501, 9.0, LICENCES, "person", "Visio installed where it was asked for", _more_visio),
        SampleRevision(-480, 10.0, ASSETS, "person", "Two worn-out desktops scrapped", _scrap),
        SampleRevision(-472, 10.0, NETWORK, "person", "Kubernetes gets a fourth node", _fourth_node),
        SampleRevision(-410, 9.0, LICENCES, "sheet:Purchases.xlsx", "Acrobat for Sales", _more_acrobat),
        SampleRevision(-388, 10.5, DESK, "person", "Stolen on the train", partial(_lose, number=60)),
        SampleRevision(-362, 9.0, NETWORK, "person", "Certificate of the shop renewed", _renew_certificate),
        SampleRevision(
            -301, 9.0, NETWORK, "import:vcenter.csv", "Virtual machines from the virtualisation", _more_machines
        ),
        SampleRevision(
            -288, 9.0, LICENCES, "sheet:Purchases.xlsx", "AutoCAD for the shipyard, without asking", _more_autocad
        ),
        SampleRevision(-244, 6.0, SCAN, SCANS, "Browser update rolled out", _browsers),
        SampleRevision(-201, 10.0, NETWORK, "person", "A new gateway for cranes", _gateway),
        SampleRevision(-189, 14.0, ASSETS, "person", "Sold to Kade IT, disks erased", partial(_dispose, count=26)),
        SampleRevision(-176, 11.0, DESK, "person", "Lost at the quay", partial(_lose, number=121)),
        SampleRevision(-133, 9.0, ASSETS, "person", "Hamburg's office moves one floor up", _hamburg_moves),
        SampleRevision(-101, 9.0, LICENCES, "person", "Project: subscription not renewed", _project_ends),
        SampleRevision(
            -88,
            9.0,
            NETWORK,
            "person",
            "host-c was recabled in a hurry",
            partial(_note, name="host-c", notes="Second uplink taken for sw-3; to be put back."),
        ),
        SampleRevision(
            -63, 9.0, ASSETS, "sheet:Inventory laptops.xlsx", "Corrections from the stock-take", _stock_take
        ),
    ]


def _lately() -> list[SampleRevision]:
    """The last weeks: what the overview shows as new."""
    return [
        SampleRevision(-31, 5.0, SCAN, SCANS, "Scan of all computers", partial(_scan, percent=97)),
        SampleRevision(-20, 10.0, DESK, "person", "Battery swelling", _sofia),
        SampleRevision(-15, 15.0, DESK, "person", "Screens moved to the service desk", _move_screens),
        SampleRevision(-12, 11.0, DESK, "person", "Display flickers", partial(_repair, number=88)),
        SampleRevision(-9, 9.0, LICENCES, "person", "Six more rights for Visual Studio", _visual_studio),
        SampleRevision(-8, 14.0, ASSETS, "person", "Views that everybody uses", _views),
        SampleRevision(-6, 9.0, ASSETS, "sheet:October purchases.xlsx", "Phones ordered", _order_phones),
        SampleRevision(-4, 11.0, DESK, "person", "Dropped", partial(_repair, number=140)),
        SampleRevision(-2, 5.0, SCAN, SCANS, "Scan of all computers", partial(_scan, percent=92)),
        SampleRevision(
            -1,
            9.2,
            NETWORK,
            "person",
            "rtm-dev-2 gets a new board",
            partial(_set, name="rtm-dev-2", status="In repair"),
        ),
        SampleRevision(-1, 16.0, DESK, "person", "Handed out to new colleagues", _hand_out),
    ]


def _set(builder: RevisionBuilder, name: str, **values: object) -> None:
    builder.set(builder.named(name), **values)


def _note(builder: RevisionBuilder, name: str, notes: str) -> None:
    builder.set(builder.named(name), notes=notes)


# People -------------------------------------------------------------------------------------------------------------


def _joined(builder: RevisionBuilder, count: int) -> None:
    for person in join(builder, count):
        department = builder.get(person, "department")
        builder.set(person, manager=builder.get(department, "manager"))


def _hand_out(builder: RevisionBuilder) -> None:
    """New people at desks get a laptop from the stock of any site, and a phone if one is in stock."""
    held = {builder.get(u, "assigned_to") for u in builder.of("laptop")}
    new = [
        p
        for p in builder.where("person", status="Active")
        if builder.get(p, "start") > builder.day(-700) and p not in held
    ]
    stock = builder.where("laptop", status="In stock")
    phones = builder.where("phone", status="In stock")
    for person, uid in zip(new[:2], stock, strict=False):
        _give(builder, uid, person)
        if phones:
            _give(builder, phones.pop(), person)


def _give(builder: RevisionBuilder, uid: str, person: str) -> None:
    builder.set(
        uid,
        assigned_to=person,
        assigned_on=builder.date,
        status="Deployed",
        location=builder.get(person, "location"),
        department=builder.get(person, "department"),
        cost_centre=builder.get(person, "cost_centre"),
    )


def _left(builder: RevisionBuilder, count: int) -> None:
    heads = {builder.get(d, "manager") for d in builder.of("department")}
    staff = [
        p
        for p in builder.where("person", status="Active")
        if p not in heads and builder.get(p, "name") != "Sofia Reyes"
    ]
    for person in builder.random.sample(staff, count):
        builder.set(person, status="Left", end=builder.date)


def _take_back(builder: RevisionBuilder) -> None:
    """Most devices of people who left are returned; others are not, and need attention."""
    gone = set(builder.where("person", status="Left"))
    for uid in [*builder.where("laptop", status="Deployed"), *builder.where("phone", status="Deployed")]:
        person = builder.get(uid, "assigned_to")
        if person in gone and builder.random.random() < 0.55:
            builder.set(
                uid,
                assigned_to=None,
                status="In stock",
                returned_on=builder.date,
                location=store(builder, site_of_person(builder, person)),
                condition=builder.random.choice(("Good", "Worn")),
                department=None,
                assigned_on=None,
            )


# Machines come and go -----------------------------------------------------------------------------------------------


def _delivered(builder: RevisionBuilder, count: int) -> None:
    first = len(builder.of("laptop"))
    for number in range(first, first + count):
        laptop(builder, number, None, builder.offset - 10)


def _set_up(builder: RevisionBuilder) -> None:
    fresh = [u for u in builder.where("laptop", status="In stock") if not builder.get(u, "host_name")]
    for uid in fresh:
        facts(builder, uid)
    put(builder, "office", [u for u in fresh if "Windows" in builder.get(u, "operating_system")])


def _scan(builder: RevisionBuilder, percent: int) -> None:
    """Meets ``percent`` of all computers in use; a few have more memory or another build than before."""
    found = [
        u
        for u in builder.of("computer")
        if builder.get(u, "status") in ("Deployed", "In stock") and builder.get(u, "last_seen")
    ]
    for uid in found:
        if builder.random.randrange(100) >= percent:
            continue
        seen(builder, uid)
        if builder.random.random() < 0.03 and builder.get(uid, "class") in ("laptop", "desktop"):
            builder.set(uid, memory=builder.get(uid, "memory") * 2 if builder.get(uid, "memory") < 65536 else 65536)
        if builder.get(uid, "operating_system") == "Windows 11 Pro" and builder.random.random() < 0.2:
            builder.set(uid, os_version="10.0.22631" if builder.now < builder.day(-300) else "10.0.26100")


def _repair(builder: RevisionBuilder, number: int) -> None:
    uid = builder.named(f"LT-{2001 + number}")
    builder.set(uid, status="In repair", returned_on=builder.date, location=store(builder, "RTM"), condition="Damaged")


def _sofia(builder: RevisionBuilder) -> None:
    uid = builder.named("LT-2055")
    builder.set(uid, status="In repair", returned_for="Battery swelling", returned_on=builder.date, condition="Damaged")


def _lose(builder: RevisionBuilder, number: int) -> None:
    builder.set(
        builder.named(f"LT-{2001 + number}"), status="Lost", notes="Reported to the police." if number == 60 else None
    )


def _exchange(builder: RevisionBuilder, count: int) -> None:
    """The oldest laptops in use are replaced by the newest in stock, and retired."""
    old = sorted(builder.where("laptop", status="Deployed"), key=lambda u: builder.get(u, "purchase_date"))
    old = [u for u in old if builder.get(u, "name") != "LT-2055"][:count]
    new = sorted(
        builder.where("laptop", status="In stock"), key=lambda u: builder.get(u, "purchase_date"), reverse=True
    )
    for gone, come in zip(old, new, strict=False):
        person = builder.get(gone, "assigned_to")
        if person and builder.get(person, "status") == "Active":
            _give(builder, come, person)
            builder.set(
                gone,
                status="Retired",
                retired_on=builder.date,
                retirement_reason="Older than four years",
                assigned_to=None,
                location=store(builder, site_of_person(builder, person)),
            )


def _dispose(builder: RevisionBuilder, count: int) -> None:
    for uid in builder.where("laptop", status="Retired")[:count]:
        _gone(builder, uid, "Sold")


def _gone(builder: RevisionBuilder, uid: str, way: str) -> None:
    """Out of the house, with what was done to the data on its disk."""
    builder.set(
        uid,
        status="Disposed",
        disposal=way,
        disposed_on=builder.date,
        data_erased=True,
        data_erasure_method="Overwritten, one pass, verified",
        data_erased_by="Kringloop Rijnmond BV",
        data_erased_on=builder.date,
        data_erasure_certificate="-".join(
            ("KR", builder.date[2:7].replace("-", ""), str(builder.get(uid, "serial_number"))[-4:])
        ),
        location=None,
    )


def _scrap(builder: RevisionBuilder) -> None:
    """Licences that came with them go with them."""
    for uid in builder.of("desktop")[3:5]:
        _gone(builder, uid, "Recycled")


def _stock_take(builder: RevisionBuilder) -> None:
    """The sheet states other places than people did: the people's values win, the sheet's are kept as claims."""
    for uid in [u for u in builder.where("laptop", status="In stock") if builder.get(u, "returned_on")][:9]:
        builder.claim(uid, "sheet:Inventory laptops.xlsx", "location", store(builder, "HAM"))
    for uid in builder.where("laptop", status="Deployed")[40:70]:
        builder.set(uid, cost_centre=f"{int(builder.get(uid, 'cost_centre')) + 1}")


def _order_phones(builder: RevisionBuilder) -> None:
    for number in range(8):
        builder.create(
            "phone",
            f"PH-{701 + number}",
            status="Ordered",
            model=builder.named("iPhone SE"),
            manufacturer=builder.named("Apple"),
            supplier=builder.named("TelNord"),
            order_number="PO-5120",
            purchase_cost=Decimal(489),
            currency="EUR",
        )


# Machine rooms ------------------------------------------------------------------------------------------------------


def _move_switches(builder: RevisionBuilder) -> None:
    rooms = builder.where("room", location=builder.named("Quay House · floor 3"))
    for uid, room in zip(
        builder.where("switch", location=builder.get(builder.named("rtm-acc-3a"), "location"))[:2], rooms, strict=False
    ):
        builder.set(uid, location=room)


def _fourth_node(builder: RevisionBuilder) -> None:
    node = vm(builder, "vm-k8s-4", CORE, LINUX, 8)
    group = next(g for g, fields in builder.groups.items() if fields["owner"] == builder.named("k8s-rtm"))
    builder.link("member_of", node, builder.named("k8s-rtm"), group)


def _more_machines(builder: RevisionBuilder) -> None:
    for number in range(1, 5):
        vm(builder, f"vm-map-{number}", "cluster-bio", LINUX, 2)


def _renew_certificate(builder: RevisionBuilder) -> None:
    builder.set(builder.named("shop.harbourworks.example"), valid_from=builder.date, valid_until=builder.day(35))


def _gateway(builder: RevisionBuilder) -> None:
    uid = machine(
        builder,
        "server",
        "crane-gw-7",
        "ThinkSystem SR650",
        "RTM",
        host_name="crane-gw-7",
        role="Crane gateway",
        operating_system=LINUX,
        processor_sockets=1,
        cores_per_processor=8,
        processor_model=XEON,
        memory=65536,
        environment="production",
    )
    group = next(g for g, fields in builder.groups.items() if fields["label"] == "crane gateways")
    builder.link("depends_on", builder.named("crane-control"), uid, group)


def _hamburg_moves(builder: RevisionBuilder) -> None:
    upstairs = builder.where("room", location=builder.named("Speicher 7 · floor 2"))
    downstairs = set(builder.where("room", location=builder.named("Speicher 7 · floor 1")))
    for uid in [u for u in builder.where("laptop", status="Deployed") if builder.get(u, "location") in downstairs][:40]:
        builder.set(uid, location=builder.random.choice(upstairs))


def _move_screens(builder: RevisionBuilder) -> None:
    desk = builder.named(f"{SITES['RTM'].name} · Service desk")
    for uid in builder.of("monitor")[12:18]:
        builder.set(uid, location=desk, assigned_to=None)
    builder.set(builder.of("monitor")[18], location=office(builder, "RTM"))


# Software -----------------------------------------------------------------------------------------------------------


def _held(builder: RevisionBuilder, department: str, word: str) -> list[str]:
    """Computers of a department's people that do not have the release yet."""
    having = {r.key[0] for r in builder.installed if r.key[2:] == release(word)}
    found = builder.where("laptop", status="Deployed", department=builder.named(department))
    return [u for u in found if u not in having and builder.get(u, "assigned_to")]


def _more_visio(builder: RevisionBuilder) -> None:
    put(builder, "visio", _held(builder, "Logistics", "visio")[:2])


def _more_acrobat(builder: RevisionBuilder) -> None:
    put(builder, "acrobat", _held(builder, "Sales", "acrobat")[:8], named=True)


def _more_autocad(builder: RevisionBuilder) -> None:
    put(builder, "autocad", _held(builder, "Logistics", "autocad")[:4], named=True)


def _browsers(builder: RevisionBuilder) -> None:
    for record in [r for r in builder.installed if r.key[2:] == release("chrome_old")]:
        if builder.get(record.key[0], "status") == "Deployed":
            builder.uninstall(record.key[0], release("chrome_old"))
            builder.install(record.key[0], release("chrome"), origin="registry", installed_on=builder.date)


def _project_ends(builder: RevisionBuilder) -> None:
    builder.set(
        builder.named("Project Professional, subscription"),
        notes="Cancelled; to be replaced by the planner of the ERP.",
    )


def _visual_studio(builder: RevisionBuilder) -> None:
    entitle(
        builder,
        "Visual Studio Professional, second purchase",
        {
            "publisher": "Microsoft",
            "product": "Visual Studio",
            "edition": "Professional",
            "version": "2022",
            "metric": "named user",
            "quantity": 6,
            "channel": "volume",
            "start": -9,
            "cost": Decimal(7160),
            "agreement": "Microsoft Enterprise Agreement",
        },
    )


def _views(builder: RevisionBuilder) -> None:
    for name, cls, where, sort, columns in (
        (
            "Warranty ends in 90 days",
            "hardware",
            "warranty_until >= today and warranty_until < today+90d and status = Deployed",
            "warranty_until",
            ["name", "status", "asset_tag", "model", "assigned_to", "warranty_until"],
        ),
        (
            "With people who left",
            "hardware",
            "assigned_to.status = Left",
            "name",
            ["name", "status", "asset_tag", "assigned_to", "location"],
        ),
        (
            "Not seen for 30 days",
            "computer",
            "last_seen < today-30d and status = Deployed",
            "last_seen",
            ["name", "status", "assigned_to", "location", "last_seen"],
        ),
        (
            "Laptops in stock",
            "laptop",
            'status = "In stock"',
            "-purchase_date",
            ["name", "asset_tag", "model", "location", "condition"],
        ),
    ):
        builder.save("saved_view", {"name": name, "cls": cls, "where": where, "sort": sort, "columns": columns})
