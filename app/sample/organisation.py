"""The base data: places, companies, departments, suppliers, makers and models; and the people."""

from __future__ import annotations

import unicodedata

from app.sample import vocabulary
from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.vocabulary import ASSETS, BUILDINGS, DEPARTMENTS, MODELS, SITES, SUPPLIERS

STAFF = 400
"""The number of people when the register begins; about 70 join later."""
HR = "sheet:HR export.csv"


def planned_revisions() -> list[SampleRevision]:
    """The first revisions: what the old workbook had of places and parties, and the staff as HR knows it."""
    return [
        SampleRevision(-730, 8.0, ASSETS, "sheet:Sites and rooms.xlsx", "Sites, buildings, rooms", _places),
        SampleRevision(-730, 8.5, ASSETS, "person", "Companies, departments and suppliers", _parties),
        SampleRevision(-730, 9.0, ASSETS, "sheet:Models.csv", "Manufacturers and models", _models),
        SampleRevision(-729, 9.0, ASSETS, HR, "Staff list", _staff),
        SampleRevision(-729, 10.0, ASSETS, "person", "Who leads which department", _managers),
    ]


def _places(builder: RevisionBuilder) -> None:
    for code, place in SITES.items():
        name = place.name
        site = builder.create(
            "site",
            name,
            code=code,
            address=place.address,
            postal_code=place.postal_code,
            city=place.city,
            country=place.country,
            time_zone=place.time_zone,
        )
        for building_name, floors in BUILDINGS[code].items():
            building = builder.create("building", f"{name} · {building_name}", location=site)
            for number, rooms in floors.items():
                label = "basement" if number == "-1" else f"floor {number}"
                floor = builder.create("floor", f"{building_name} · {label}", location=building)
                for room in rooms:
                    builder.create("room", f"{name} · {room}", location=floor, code=f"{code}-{room.split()[-1]}")


def _parties(builder: RevisionBuilder) -> None:
    builder.create("company", "Harbour Works Holding B.V.", registration_number="NL857610042B01", country="Netherlands")
    for site in SITES.values():
        builder.create("company", site.company, country=site.country)
    for name, department in DEPARTMENTS.items():
        builder.create(
            "department", name, cost_centre=department.cost_centre, company=builder.named("Harbour Works Holding B.V.")
        )
    for name, email in SUPPLIERS.items():
        builder.create("supplier", name, email=email, customer_number=f"HW-{builder.random.randint(10000, 99999)}")
    for name in ("Infrastructure", "Service desk", "Databases", "Applications"):
        builder.create(
            "team", name, department=builder.named("IT"), email=f"{name.split()[0].lower()}@harbourworks.example"
        )


def _models(builder: RevisionBuilder) -> None:
    for maker, models in MODELS.items():
        manufacturer = builder.create("manufacturer", maker)
        for category, name, part_number, _, life in models:
            builder.create(
                "hardware_model",
                name,
                manufacturer=manufacturer,
                part_number=part_number,
                category=category,
                useful_life=life,
                end_of_life=builder.day(builder.random.randint(-90, 1500)),
            )


def _staff(builder: RevisionBuilder) -> None:
    join(builder, STAFF)


def join(builder: RevisionBuilder, count: int) -> list[str]:
    """New colleagues, as HR's export lists them. Returns their ids."""
    return [_person(builder) for _ in range(count)]


def _person(builder: RevisionBuilder) -> str:
    number = len(builder.of("person"))
    first, last = _name(number)
    site = builder.random.choices(list(SITES), [s.share for s in SITES.values()])[0]
    department = builder.random.choices(list(DEPARTMENTS), [d.share for d in DEPARTMENTS.values()])[0]
    if number < len(DEPARTMENTS):
        department, site = list(DEPARTMENTS)[number], "RTM"
    if (first, last) in (("Anja", "Vogt"), ("Tom", "Okafor"), ("Sofia", "Reyes")):
        department = "Engineering"
    started = builder.date if builder.now > builder.day(-700) else builder.day(-builder.random.randint(760, 6000))
    return builder.create(
        "person",
        f"{first} {last}",
        first_name=first,
        last_name=last,
        employee_number=f"{70211 + 7 * number}",
        email=f"{_ascii(first)}.{_ascii(last)}@harbourworks.example",
        user_name=_ascii(first)[0] + _ascii(last) + _suffix(number),
        department=builder.named(department),
        job_title=DEPARTMENTS[department].title,
        cost_centre=DEPARTMENTS[department].cost_centre,
        company=builder.named(SITES[site].company),
        location=office(builder, site),
        start=started,
    )


def _name(number: int) -> tuple[str, str]:
    """The names of person ``number``: no two people share both."""
    turn = number // len(vocabulary.FIRST)
    return vocabulary.FIRST[number % len(vocabulary.FIRST)], vocabulary.LAST[(number + turn * 7) % len(vocabulary.LAST)]


def _suffix(number: int) -> str:
    """User names are the initial and the last name; later ones of the same sound get a number."""
    turn = number // len(vocabulary.FIRST)
    return "" if turn == 0 else str(turn + 1)


def _ascii(name: str) -> str:
    """A name in the form for an address: without accents, lower case."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ø", "o"))
    return "".join(c for c in plain if c.isascii() and c.isalpha()).lower()


def office(builder: RevisionBuilder, site: str) -> str:
    """A room at the site where a person may sit."""
    return builder.random.choice(_rooms(builder, site))


def _rooms(builder: RevisionBuilder, site: str) -> list[str]:
    seats = (
        "Office",
        "Büro",
        "Oficina",
        "Service desk",
        "Workshop",
        "Leitstand",
        "Meisterbüro",
        "Taller",
        "Gate office",
    )
    return [
        u
        for u in builder.of("room")
        if _site_of(builder, u) == site and any(s in builder.get(u, "name") for s in seats)
    ]


def _site_of(builder: RevisionBuilder, place: str) -> str:
    while builder.get(place, "class") != "site":
        place = builder.get(place, "location")
    code: str = builder.get(place, "code")
    return code


def site_of_person(builder: RevisionBuilder, person: str) -> str:
    """The code of the site where a person works."""
    return _site_of(builder, builder.get(person, "location"))


def _managers(builder: RevisionBuilder) -> None:
    people = builder.of("person")
    heads = {}
    for name in DEPARTMENTS:
        department = builder.named(name)
        heads[department] = next(p for p in people if builder.get(p, "department") == department)
        builder.set(department, manager=heads[department])
    chief = heads[builder.named("Management")]
    for person in people:
        head = heads[builder.get(person, "department")]
        if person != chief:
            builder.set(person, manager=chief if person == head else head)
    for team in builder.of("team"):
        builder.set(team, manager=heads[builder.named("IT")])
