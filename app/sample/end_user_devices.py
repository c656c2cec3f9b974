"""End-user devices: laptops, desktops, monitors, phones, printers, and their software."""

from __future__ import annotations

from decimal import Decimal

from app.sample.data_centre import mac, serial
from app.sample.organisation import office, site_of_person
from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.vocabulary import ASSETS, DEPARTMENTS, DESK, MODELS, SCAN, SITES, release

LAPTOPS, DESKTOPS, MONITORS, PHONES, TABLETS, DOCKS = 330, 150, 230, 200, 30, 80
SCANS = "scan:inventory"
LAPTOP_MODELS = (
    "EliteBook 840 G10",
    "ThinkPad T14 G4",
    "Latitude 7440",
    "Latitude 5520",
    "EliteBook 840 G10",
    "ThinkPad T14 G4",
    "Surface Laptop 6",
    "MacBook Pro 14",
    "ZBook Firefly 14",
    "ThinkPad X1 Carbon G11",
)
PRICES = {model.name: model.price for models in MODELS.values() for model in models}
CHIPS = {
    "EliteBook 840 G10": ("13th Gen Intel(R) Core(TM) i7-1355U", 10),
    "ThinkPad T14 G4": ("13th Gen Intel(R) Core(TM) i5-1335U", 10),
    "Latitude 7440": ("13th Gen Intel(R) Core(TM) i7-1365U", 10),
    "Latitude 5520": ("11th Gen Intel(R) Core(TM) i5-1145G7", 4),
    "Surface Laptop 6": ("Intel(R) Core(TM) Ultra 5 135H", 14),
    "MacBook Pro 14": ("Apple M3 Pro", 11),
    "MacBook Air 13": ("Apple M2", 8),
    "ZBook Firefly 14": ("13th Gen Intel(R) Core(TM) i7-1360P", 12),
    "ThinkPad X1 Carbon G11": ("13th Gen Intel(R) Core(TM) i7-1365U", 10),
    "EliteDesk 800 G9": ("12th Gen Intel(R) Core(TM) i5-12500", 6),
    "OptiPlex 7010": ("13th Gen Intel(R) Core(TM) i5-13500", 14),
    "ThinkCentre M70q": ("12th Gen Intel(R) Core(TM) i5-12400T", 6),
}


def planned_revisions() -> list[SampleRevision]:
    """The workplace as the old inventory workbooks had it, and the first scan, which corrects them."""
    return [
        SampleRevision(
            -721, 9.0, ASSETS, "sheet:Inventory laptops.xlsx", "Laptops taken over from the old workbook", _laptops
        ),
        SampleRevision(
            -721, 10.0, ASSETS, "sheet:Inventory desktops.xlsx", "Desktops taken over from the old workbook", _desktops
        ),
        SampleRevision(-720, 9.0, ASSETS, "sheet:Screens and docks.csv", "Monitors and docks", _screens),
        SampleRevision(-719, 9.0, DESK, "import:mdm.csv", "Phones and tablets from the device management", _mobiles),
        SampleRevision(-718, 9.0, DESK, "sheet:Printers.csv", "Printers, scanners, cameras", _printers),
        SampleRevision(-714, 6.0, SCAN, SCANS, "First scan of all computers", _first_scan),
    ]


def laptop(builder: RevisionBuilder, number: int, person: str | None, bought: int) -> str:
    """Laptop ``number``, with ``person`` or in stock, bought ``bought`` days from today."""
    model = LAPTOP_MODELS[number % len(LAPTOP_MODELS)]
    return _computer(builder, "laptop", f"LT-{2001 + number}", f"A{10202 + number}", model, person, bought)


def _computer(
    builder: RevisionBuilder, cls: str, name: str, tag: str, model: str, person: str | None, bought: int
) -> str:
    site = site_of_person(builder, person) if person else builder.random.choice(list(SITES))
    department = builder.get(person, "department") if person else None
    number = serial(builder, model)
    if name == "LT-2055":
        model, number = "EliteBook 840 G10", "5CG3420QXN"
    uid = builder.named(model)
    return builder.create(
        cls,
        name,
        asset_tag=tag,
        serial_number=number,
        model=uid,
        manufacturer=builder.get(uid, "manufacturer"),
        status="Deployed" if person else "In stock",
        assigned_to=person,
        department=department,
        assigned_on=max(builder.day(bought + 14), builder.day(-2000)) if person else None,
        cost_centre=builder.get(person, "cost_centre") if person else None,
        legal_owner=builder.named(SITES[site].company),
        location=builder.get(person, "location") if person else store(builder, site),
        supplier=builder.named("Kade IT"),
        purchase_date=builder.day(bought),
        purchase_cost=PRICES[model],
        currency="EUR",
        warranty_until=builder.day(bought + 1096),
        order_number=f"PO-{4500 + bought // -30}",
        memory=16384,
        condition="Good" if bought < -365 else "New",
    )


def store(builder: RevisionBuilder, site: str) -> str:
    """The stock room of a site."""
    return builder.named(f"{SITES[site].name} · {SITES[site].store}")


def at_desks(builder: RevisionBuilder) -> list[str]:
    """The people who work at a desk."""
    desks = {builder.named(name) for name, department in DEPARTMENTS.items() if department.desk}
    return [p for p in builder.where("person", status="Active") if builder.get(p, "department") in desks]


def _laptops(builder: RevisionBuilder) -> None:
    people = at_desks(builder)
    others = [p for p in builder.of("person") if p not in set(people)]
    people += others[: LAPTOPS - 24 - len(people)]
    sofia = next(p for p in people if builder.get(p, "name") == "Sofia Reyes")
    place = people.index(sofia)
    people[place], people[54] = people[54], people[place]
    for number in range(LAPTOPS):
        bought = -builder.random.randint(735, 1500) if number != 54 else -1043
        laptop(builder, number, people[number] if number < len(people) else None, bought)


def _desktops(builder: RevisionBuilder) -> None:
    for number in range(DESKTOPS):
        model = ("EliteDesk 800 G9", "OptiPlex 7010", "ThinkCentre M70q")[number % 3]
        uid = _computer(
            builder,
            "desktop",
            f"DT-{1001 + number}",
            f"A{11500 + number}",
            model,
            None,
            -builder.random.randint(740, 1800),
        )
        site = ("RTM", "RTM", "HAM", "BIO")[number % 4]
        builder.set(
            uid,
            status="Deployed",
            location=office(builder, site),
            department=builder.named(list(DEPARTMENTS)[number % 4]),
            legal_owner=builder.named(SITES[site].company),
        )


def _plain(builder: RevisionBuilder, cls: str, name: str, model: str, **values: object) -> str:
    uid = builder.named(model)
    bought = -builder.random.randint(735, 1700)
    return builder.create(
        cls,
        name,
        **{
            "serial_number": serial(builder, model),
            "model": uid,
            "manufacturer": builder.get(uid, "manufacturer"),
            "purchase_date": builder.day(bought),
            "purchase_cost": PRICES[model],
            "currency": "EUR",
            "warranty_until": builder.day(bought + 1096),
            **values,
        },
    )


def _screens(builder: RevisionBuilder) -> None:
    people = builder.where("laptop", status="Deployed")
    for number in range(MONITORS):
        model = ("E24 G5", "P2423DE", "FlexScan EV2495")[number % 3]
        owner = people[number % len(people)]
        _plain(
            builder,
            "monitor",
            f"MON-{3001 + number}",
            model,
            asset_tag=f"A{13000 + number}",
            diagonal=Decimal(24) if number % 3 < 2 else Decimal("24.1"),
            assigned_to=builder.get(owner, "assigned_to"),
            location=builder.get(owner, "location"),
        )
    for number in range(DOCKS):
        owner = people[number * 3 % len(people)]
        dock = _plain(
            builder,
            "dock",
            f"DOCK-{601 + number}",
            ("USB-C Dock G5", "WD19S")[number % 2],
            asset_tag=f"A{13800 + number}",
            assigned_to=builder.get(owner, "assigned_to"),
            location=builder.get(owner, "location"),
        )
        builder.link("connected_to", dock, owner)


def _mobiles(builder: RevisionBuilder) -> None:
    people = builder.where("person", status="Active")
    for number in range(PHONES + TABLETS):
        phone = number < PHONES
        models = (
            ("iPhone 14", "Galaxy A54", "iPhone SE", "Galaxy XCover 6")
            if phone
            else ("iPad 10", "Galaxy Tab Active 4", "Surface Go 4")
        )
        model = models[number % len(models)]
        person = people[number * 2 % len(people)]
        apple = model.startswith("iP")
        _plain(
            builder,
            "phone" if phone else "tablet",
            f"{'PH' if phone else 'TAB'}-{501 + number}",
            model,
            asset_tag=f"A{14000 + number}",
            assigned_to=person,
            department=builder.get(person, "department"),
            carrier="TelNord" if phone else None,
            imei=f"35{builder.random.randint(10**12, 10**13 - 1)}",
            phone_number=f"+31 6 55{builder.random.randint(100000, 999999)}" if phone else None,
            operating_system="iOS" if apple else "Windows" if "Surface" in model else "Android",
            os_version="17.7" if apple else "14",
            managed=True,
            disk_size=128,
            last_seen=f"{builder.date}T07:30:00Z",
        )


def _printers(builder: RevisionBuilder) -> None:
    rooms = [
        r
        for r in builder.of("room")
        if not any(w in builder.get(r, "name") for w in ("Data hall", "Serverraum", "CPD", "Network"))
    ]
    for number in range(30):
        model = ("LaserJet M611", "ECOSYS P3155dn", "TASKalfa 3554ci", "ZT411")[number % 4]
        room = rooms[number % len(rooms)]
        _plain(
            builder,
            "printer",
            f"PRN-{number + 1:02d}",
            model,
            asset_tag=f"A{15000 + number}",
            location=room,
            colour="TASK" in model,
            ip_address=f"10.1.20.{number + 10}",
            pages_printed=builder.random.randint(2000, 240000),
            supplier=builder.named("PrintKontor"),
        )
    for number in range(6):
        _plain(
            builder,
            "scanner",
            f"SCN-{number + 1}",
            "ADS-4700W",
            asset_tag=f"A{15200 + number}",
            location=rooms[number * 3],
        )
    for number in range(12):
        room = rooms[number * 2 % len(rooms)]
        camera = _plain(
            builder, "camera", f"CAM-{number + 1:02d}", "P3265-LVE", asset_tag=f"A{15300 + number}", location=room
        )
        builder.link("depends_on", camera, builder.named(f"cctv-{('rtm', 'ham', 'bio')[number % 3]}"))


# Scans ------------------------------------------------------------------------------------------------------------


def facts(builder: RevisionBuilder, uid: str) -> None:
    """The scan of a client computer: machine, system, and the software that everyone has."""
    model = builder.get(builder.get(uid, "model"), "name")
    chip, cores = CHIPS[model]
    name = builder.get(uid, "name")
    apple = "MacBook" in model
    person = builder.get(uid, "assigned_to")
    builder.set(
        uid,
        host_name=f"harbour-{name.lower()}",
        domain="harbourworks.example",
        operating_system="macOS 14" if apple else "Windows 11 Pro",
        os_version="14.6.1" if apple else "10.0.22631",
        processor_model=chip,
        processor_sockets=1,
        cores_per_processor=cores,
        memory=32768 if cores >= 10 and name[-1] in "02468" else 16384,
        disk_size=512,
        disk_encrypted=True,
        mac_address=mac(builder, "a4:bb:6d"),
        main_user=person,
        machine_id=f"{builder.random.getrandbits(128):032x}",
        uuid=None if apple else _board_uuid(builder),
    )
    seen(builder, uid)
    everyday = (
        ("chrome_old", "firefox", "seven_zip", "teams")
        if apple
        else ("chrome_old", "seven_zip", "runtime", "teams", "reader")
    )
    for word in everyday:
        builder.install(uid, release(word), origin="registry" if not apple else "app", installed_on=builder.date)


def _board_uuid(builder: RevisionBuilder) -> str:
    bits = builder.random.getrandbits
    return f"4c4c4544-{bits(16):04x}-4{bits(12):03x}-8{bits(12):03x}-{bits(48):012x}"


def seen(builder: RevisionBuilder, uid: str) -> None:
    """The scan met the computer now."""
    builder.set(uid, last_seen=f"{builder.now[:19]}Z")
    builder.sight(uid, "software")


def put(builder: RevisionBuilder, word: str, computers: list[str], named: bool = False) -> None:
    """Installs a release, by its short name, on computers; ``named``: with the person it is assigned to as its user."""
    for uid in computers:
        person = builder.get(uid, "assigned_to")
        builder.install(
            uid,
            release(word),
            user=person if named else None,
            origin="registry",
            installed_on=builder.date,
            last_used=builder.day(-builder.random.randint(1, 60)) if named else None,
        )


def _first_scan(builder: RevisionBuilder) -> None:
    for uid in [*builder.of("laptop"), *builder.of("desktop")]:
        facts(builder, uid)
    for uid in [*builder.of("server"), *builder.of("virtual_machine")]:
        seen(builder, uid)
        if "Linux" in builder.get(uid, "operating_system"):
            builder.install(uid, release("openssl"), origin="deb")
    windows = [
        u for u in [*builder.of("laptop"), *builder.of("desktop")] if "Windows" in builder.get(u, "operating_system")
    ]
    held = [u for u in windows if builder.get(u, "assigned_to")]
    cloud = held[::3][:95]
    older = [u for u in windows if u not in cloud][100:112]
    preinstalled = builder.of("desktop")[:12]
    put(builder, "m365", cloud, named=True)
    put(builder, "office_2019", older)
    put(builder, "office_oem", preinstalled)
    put(builder, "office", [u for u in windows if u not in {*cloud, *older, *preinstalled}])
    put(builder, "acrobat", held[3::4][:80], named=True)
    engineers = [u for u in held if builder.get(u, "department") == builder.named("Engineering")]
    put(builder, "autocad", [*engineers, *(u for u in held[1::9] if u not in engineers)][:27], named=True)
    put(builder, "visio", held[5::13][:22])
    put(builder, "project", held[7::23][:13], named=True)
    put(builder, "creative", held[11::25][:12], named=True)
    put(builder, "notepad", held[::3])
    put(builder, "java", held[2::19][:14])
    put(builder, "winrar", held[9::40][:7])
    staff = [u for u in held if builder.get(u, "department") == builder.named("IT")]
    put(builder, "visual_studio", staff[:14], named=True)
    put(builder, "docker", staff[:11], named=True)
    put(builder, "ssms", staff[5:12])
    builder.install(builder.named("vm-sql-dev"), release("sql_developer"), environment="development", origin="registry")
    for app in ("intranet", "shop-web", "website"):
        uid = builder.named("vm-web-1" if app == "shop-web" else f"vm-{app}-1")
        builder.install(uid, release("nginx"), origin="deb")
    builder.install(builder.named("vm-edi-gateway-1"), release("tomcat"), origin="deb")
    builder.install(builder.named("ora-rtm-2"), release("oracle_se2"), environment="disaster recovery", origin="rpm")
