"""What happened in two years: people join and leave, machines come, break, move and go, licences are bought and end."""

from __future__ import annotations

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


def chapters() -> list[SampleRevision]:
    """Everything after the first weeks. Days are chosen so that no two chapters share a moment."""
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


def _set(ledger: RevisionBuilder, name: str, **values: object) -> None:
    ledger.set(ledger.named(name), **values)


def _note(ledger: RevisionBuilder, name: str, notes: str) -> None:
    ledger.set(ledger.named(name), notes=notes)


# People -------------------------------------------------------------------------------------------------------------


def _joined(ledger: RevisionBuilder, count: int) -> None:
    for person in join(ledger, count):
        department = ledger.get(person, "department")
        ledger.set(person, manager=ledger.get(department, "manager"))


def _hand_out(ledger: RevisionBuilder) -> None:
    """New people at desks get a laptop from the stock of any site, and a phone if one lies there."""
    held = {ledger.get(u, "assigned_to") for u in ledger.of("laptop")}
    new = [
        p
        for p in ledger.where("person", status="Active")
        if ledger.get(p, "start") > ledger.day(-700) and p not in held
    ]
    stock = ledger.where("laptop", status="In stock")
    phones = ledger.where("phone", status="In stock")
    for person, uid in zip(new[:2], stock, strict=False):
        _give(ledger, uid, person)
        if phones:
            _give(ledger, phones.pop(), person)


def _give(ledger: RevisionBuilder, uid: str, person: str) -> None:
    ledger.set(
        uid,
        assigned_to=person,
        assigned_on=ledger.date,
        status="Deployed",
        location=ledger.get(person, "location"),
        department=ledger.get(person, "department"),
        cost_centre=ledger.get(person, "cost_centre"),
    )


def _left(ledger: RevisionBuilder, count: int) -> None:
    heads = {ledger.get(d, "manager") for d in ledger.of("department")}
    staff = [
        p for p in ledger.where("person", status="Active") if p not in heads and ledger.get(p, "name") != "Sofia Reyes"
    ]
    for person in ledger.random.sample(staff, count):
        ledger.set(person, status="Left", end=ledger.date)


def _take_back(ledger: RevisionBuilder) -> None:
    """Most of what those who left had comes back; some does not, and stands on the list of what needs care."""
    gone = set(ledger.where("person", status="Left"))
    for uid in [*ledger.where("laptop", status="Deployed"), *ledger.where("phone", status="Deployed")]:
        person = ledger.get(uid, "assigned_to")
        if person in gone and ledger.random.random() < 0.55:
            ledger.set(
                uid,
                assigned_to=None,
                status="In stock",
                returned_on=ledger.date,
                location=store(ledger, site_of_person(ledger, person)),
                condition=ledger.random.choice(("Good", "Worn")),
                department=None,
                assigned_on=None,
            )


# Machines come and go -----------------------------------------------------------------------------------------------


def _delivered(ledger: RevisionBuilder, count: int) -> None:
    first = len(ledger.of("laptop"))
    for number in range(first, first + count):
        laptop(ledger, number, None, ledger.offset - 10)


def _set_up(ledger: RevisionBuilder) -> None:
    fresh = [u for u in ledger.where("laptop", status="In stock") if not ledger.get(u, "host_name")]
    for uid in fresh:
        facts(ledger, uid)
    put(ledger, "office", [u for u in fresh if "Windows" in ledger.get(u, "operating_system")])


def _scan(ledger: RevisionBuilder, percent: int) -> None:
    """Meets ``percent`` of all computers in use; a few have more memory or another build than before."""
    found = [
        u
        for u in ledger.of("computer")
        if ledger.get(u, "status") in ("Deployed", "In stock") and ledger.get(u, "last_seen")
    ]
    for uid in found:
        if ledger.random.randrange(100) >= percent:
            continue
        seen(ledger, uid)
        if ledger.random.random() < 0.03 and ledger.get(uid, "class") in ("laptop", "desktop"):
            ledger.set(uid, memory=ledger.get(uid, "memory") * 2 if ledger.get(uid, "memory") < 65536 else 65536)
        if ledger.get(uid, "operating_system") == "Windows 11 Pro" and ledger.random.random() < 0.2:
            ledger.set(uid, os_version="10.0.22631" if ledger.now < ledger.day(-300) else "10.0.26100")


def _repair(ledger: RevisionBuilder, number: int) -> None:
    uid = ledger.named(f"LT-{2001 + number}")
    ledger.set(uid, status="In repair", returned_on=ledger.date, location=store(ledger, "RTM"), condition="Damaged")


def _sofia(ledger: RevisionBuilder) -> None:
    uid = ledger.named("LT-2055")
    ledger.set(uid, status="In repair", returned_for="Battery swelling", returned_on=ledger.date, condition="Damaged")


def _lose(ledger: RevisionBuilder, number: int) -> None:
    ledger.set(
        ledger.named(f"LT-{2001 + number}"), status="Lost", notes="Reported to the police." if number == 60 else None
    )


def _exchange(ledger: RevisionBuilder, count: int) -> None:
    """The oldest laptops in use are replaced by the newest in stock, and retired."""
    old = sorted(ledger.where("laptop", status="Deployed"), key=lambda u: ledger.get(u, "purchase_date"))
    old = [u for u in old if ledger.get(u, "name") != "LT-2055"][:count]
    new = sorted(ledger.where("laptop", status="In stock"), key=lambda u: ledger.get(u, "purchase_date"), reverse=True)
    for gone, come in zip(old, new, strict=False):
        person = ledger.get(gone, "assigned_to")
        if person and ledger.get(person, "status") == "Active":
            _give(ledger, come, person)
            ledger.set(
                gone,
                status="Retired",
                retired_on=ledger.date,
                retirement_reason="Older than four years",
                assigned_to=None,
                location=store(ledger, site_of_person(ledger, person)),
            )


def _dispose(ledger: RevisionBuilder, count: int) -> None:
    for uid in ledger.where("laptop", status="Retired")[:count]:
        _gone(ledger, uid, "Sold")


def _gone(ledger: RevisionBuilder, uid: str, way: str) -> None:
    """Out of the house, with what was done to the data on its disk."""
    ledger.set(
        uid,
        status="Disposed",
        disposal=way,
        disposed_on=ledger.date,
        data_erased=True,
        data_erasure_method="Overwritten, one pass, verified",
        data_erased_by="Kringloop Rijnmond BV",
        data_erased_on=ledger.date,
        data_erasure_certificate=f"KR-{ledger.date[2:7].replace('-', '')}-{str(ledger.get(uid, 'serial_number'))[-4:]}",
        location=None,
    )


def _scrap(ledger: RevisionBuilder) -> None:
    """Licences that came with them go with them."""
    for uid in ledger.of("desktop")[3:5]:
        _gone(ledger, uid, "Recycled")


def _stock_take(ledger: RevisionBuilder) -> None:
    """The sheet says other places than people did: their word stands, the sheet's is kept beside it."""
    for uid in [u for u in ledger.where("laptop", status="In stock") if ledger.get(u, "returned_on")][:9]:
        ledger.claim(uid, "sheet:Inventory laptops.xlsx", "location", store(ledger, "HAM"))
    for uid in ledger.where("laptop", status="Deployed")[40:70]:
        ledger.set(uid, cost_centre=f"{int(ledger.get(uid, 'cost_centre')) + 1}")


def _order_phones(ledger: RevisionBuilder) -> None:
    for number in range(8):
        ledger.create(
            "phone",
            f"PH-{701 + number}",
            status="Ordered",
            model=ledger.named("iPhone SE"),
            manufacturer=ledger.named("Apple"),
            supplier=ledger.named("TelNord"),
            order_number="PO-5120",
            purchase_cost=489.0,
            currency="EUR",
        )


# Machine rooms ------------------------------------------------------------------------------------------------------


def _move_switches(ledger: RevisionBuilder) -> None:
    rooms = ledger.where("room", location=ledger.named("Quay House · floor 3"))
    for uid, room in zip(
        ledger.where("switch", location=ledger.get(ledger.named("rtm-acc-3a"), "location"))[:2], rooms, strict=False
    ):
        ledger.set(uid, location=room)


def _fourth_node(ledger: RevisionBuilder) -> None:
    node = vm(ledger, "vm-k8s-4", CORE, LINUX, 8)
    group = next(g for g, fields in ledger.groups.items() if fields["owner"] == ledger.named("k8s-rtm"))
    ledger.link("member_of", node, ledger.named("k8s-rtm"), group)


def _more_machines(ledger: RevisionBuilder) -> None:
    for number in range(1, 5):
        vm(ledger, f"vm-map-{number}", "cluster-bio", LINUX, 2)


def _renew_certificate(ledger: RevisionBuilder) -> None:
    ledger.set(ledger.named("shop.harbourworks.example"), valid_from=ledger.date, valid_until=ledger.day(35))


def _gateway(ledger: RevisionBuilder) -> None:
    uid = machine(
        ledger,
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
    group = next(g for g, fields in ledger.groups.items() if fields["label"] == "crane gateways")
    ledger.link("depends_on", ledger.named("crane-control"), uid, group)


def _hamburg_moves(ledger: RevisionBuilder) -> None:
    upstairs = ledger.where("room", location=ledger.named("Speicher 7 · floor 2"))
    downstairs = set(ledger.where("room", location=ledger.named("Speicher 7 · floor 1")))
    for uid in [u for u in ledger.where("laptop", status="Deployed") if ledger.get(u, "location") in downstairs][:40]:
        ledger.set(uid, location=ledger.random.choice(upstairs))


def _move_screens(ledger: RevisionBuilder) -> None:
    desk = ledger.named(f"{SITES['RTM'].name} · Service desk")
    for uid in ledger.of("monitor")[12:18]:
        ledger.set(uid, location=desk, assigned_to=None)
    ledger.set(ledger.of("monitor")[18], location=office(ledger, "RTM"))


# Software -----------------------------------------------------------------------------------------------------------


def _held(ledger: RevisionBuilder, department: str, word: str) -> list[str]:
    """Computers of a department's people that do not have the release yet."""
    having = {r.key[0] for r in ledger.installed if r.key[2:] == release(word)}
    found = ledger.where("laptop", status="Deployed", department=ledger.named(department))
    return [u for u in found if u not in having and ledger.get(u, "assigned_to")]


def _more_visio(ledger: RevisionBuilder) -> None:
    put(ledger, "visio", _held(ledger, "Logistics", "visio")[:2])


def _more_acrobat(ledger: RevisionBuilder) -> None:
    put(ledger, "acrobat", _held(ledger, "Sales", "acrobat")[:8], named=True)


def _more_autocad(ledger: RevisionBuilder) -> None:
    put(ledger, "autocad", _held(ledger, "Logistics", "autocad")[:4], named=True)


def _browsers(ledger: RevisionBuilder) -> None:
    for record in [r for r in ledger.installed if r.key[2:] == release("chrome_old")]:
        if ledger.get(record.key[0], "status") == "Deployed":
            ledger.uninstall(record.key[0], release("chrome_old"))
            ledger.install(record.key[0], release("chrome"), origin="registry", installed_on=ledger.date)


def _project_ends(ledger: RevisionBuilder) -> None:
    ledger.set(
        ledger.named("Project Professional, subscription"), notes="Cancelled; to be replaced by the planner of the ERP."
    )


def _visual_studio(ledger: RevisionBuilder) -> None:
    entitle(
        ledger,
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
            "cost": 7160.0,
            "agreement": "Microsoft Enterprise Agreement",
        },
    )


def _views(ledger: RevisionBuilder) -> None:
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
        ledger.save("saved_view", {"name": name, "cls": cls, "where": where, "sort": sort, "columns": columns})
