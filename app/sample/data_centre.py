"""The machine rooms: racks and power, network, storage, servers, and the clusters that they form.

Rotterdam's first cluster is weaker than it appears: it needs two of its three hosts, but two hosts have only one switch
each and only one host has both. The others are wired as they should be.
"""

from __future__ import annotations

from decimal import Decimal

from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.vocabulary import CLUSTERS, NETWORK, SERVERS, SITES

XEON = "Intel(R) Xeon(R) Gold 6326 CPU @ 2.90GHz"


def planned_revisions() -> list[SampleRevision]:
    """The statements of the infrastructure team in the first week."""
    return [
        SampleRevision(-728, 9.0, NETWORK, "sheet:Racks and power.xlsx", "Racks, power feeds, UPS, PDUs", _power),
        SampleRevision(
            -727, 9.0, NETWORK, "sheet:Network.xlsx", "Switches, firewalls, access points, uplinks", _network
        ),
        SampleRevision(-727, 14.0, NETWORK, "person", "Subnets, VLANs, circuits, domains, certificates", _addresses),
        SampleRevision(-726, 9.0, NETWORK, "sheet:Servers.xlsx", "Storage, servers, clusters", _servers),
    ]


def machine(builder: RevisionBuilder, cls: str, name: str, model: str, site: str, **values: object) -> str:
    """A device of a model in the hall of a site, bought some years ago, with tag, serial number and warranty."""
    uid = builder.named(model)
    bought = -builder.random.randint(760, 1900)
    return builder.create(
        cls,
        name,
        **{
            "asset_tag": f"A{20000 + len(builder.cis):05d}",
            "serial_number": serial(builder, model),
            "model": uid,
            "manufacturer": builder.get(uid, "manufacturer"),
            "location": hall(builder, site),
            "legal_owner": builder.named(SITES[site].company),
            "cost_centre": "6300",
            "department": builder.named("IT"),
            "purchase_date": builder.day(bought),
            "warranty_until": builder.day(bought + builder.random.choice((1825, 1825, 2555))),
            "supplier": builder.named("Nordwind Systems" if site == "HAM" else "Kade IT"),
            **values,
        },
    )


def serial(builder: RevisionBuilder, model: str) -> str:
    """A serial number as the model's maker writes them."""
    letters = "BCDFGHJKLMNPQRSTVWXYZ0123456789"

    def some(count: int) -> str:
        return "".join(builder.random.choice(letters) for _ in range(count))

    maker = builder.get(builder.get(builder.named(model), "manufacturer"), "name")
    year = builder.random.randint(18, 23) % 10
    if maker in ("HP", "Hewlett Packard Enterprise"):
        return f"5CG{year}{builder.random.randint(10, 52)}{some(4)}"
    if maker == "Lenovo":
        return f"PF{some(6)}"
    if maker == "Apple":
        return f"C02{some(9)}"
    if maker == "Cisco":
        return f"FCW2{year}{builder.random.randint(10, 52)}{some(4)}"
    return some(7 if maker == "Dell" else 10)


def mac(builder: RevisionBuilder, prefix: str = "3c:a8:2a") -> str:
    """A hardware address; the default prefix is a maker's own."""
    return prefix + "".join(f":{builder.random.randrange(256):02x}" for _ in range(3))


def hall(builder: RevisionBuilder, site: str) -> str:
    """The room with the servers of a site."""
    return builder.named(f"{SITES[site].name} · {SITES[site].hall}")


def _power(builder: RevisionBuilder) -> None:
    for site, (*_, racks) in SITES.items():
        upses = {}
        for side in "AB":
            feed = builder.create(
                "power_feed",
                f"{site} feed {side}",
                location=hall(builder, site),
                voltage=400,
                phases=3,
                rated_power=63000,
            )
            model = "93PM 30" if site == "RTM" else "Symmetra LX 16000"
            upses[side] = machine(
                builder, "ups", f"{site} UPS {side}", model, site, rated_power=30000 if site == "RTM" else 16000
            )
            builder.set(
                upses[side],
                battery_replaced_on=builder.day(-900),
                battery_due=builder.day(builder.random.randint(-20, 700)),
            )
            builder.link("powered_by", upses[side], feed)
        for number in range(1, racks + 1):
            rack = machine(
                builder, "rack", f"{site}-R{number}", "NetShelter SX 42U", site, height=42, rated_power=12000
            )
            for side in "AB":
                name = f"PDU-{side}" if (site, number) == ("RTM", 1) else f"PDU-{site}-R{number}-{side}"
                pdu = machine(builder, "pdu", name, "PX3-5902V", site, rack=rack, outlets=24)
                builder.link("powered_by", pdu, upses[side])


def pdus(builder: RevisionBuilder, site: str, rack: int) -> list[str]:
    """Both power strips of a rack."""
    return [builder.named(f"PDU-{s}" if (site, rack) == ("RTM", 1) else f"PDU-{site}-R{rack}-{s}") for s in "AB"]


def wire(builder: RevisionBuilder, uid: str, site: str, rack: int, switches: list[str]) -> None:
    """Puts a device into a rack with power from both strips and, where there are switches, an uplink to each."""
    builder.set(uid, rack=builder.named(f"{site}-R{rack}"), rack_position=builder.random.randint(1, 38))
    builder.redundant("powered_by", uid, pdus(builder, site, rack), "power")
    if switches:
        builder.redundant("uplinks_through", uid, switches, "uplinks")


def _network(builder: RevisionBuilder) -> None:
    for site in SITES:
        low = site.lower()
        circuits = [
            builder.create(
                "circuit",
                f"{site} line {n}",
                circuit_number=f"{low}-{builder.random.randint(10**6, 10**7)}",
                supplier=builder.named(provider),
                bandwidth=Decimal(1000) / n,
                monthly_cost=Decimal(890) / n,
                currency="EUR",
                location=builder.named(SITES[site].name),
                end=builder.day(builder.random.randint(60, 800)),
            )
            for n, provider in enumerate(("MaasFiber", "TelNord"), 1)
        ]
        routers = []
        for n, circuit in enumerate(circuits, 1):
            routers.append(machine(builder, "router", f"{low}-rt-{n}", "ISR 4331", site, host_name=f"{low}-rt-{n}"))
            wire(builder, routers[-1], site, 2 + n % (SITES[site].racks - 1), [])
            builder.link("uplinks_through", routers[-1], circuit)
        walls = [_device(builder, "firewall", f"{low}-fw-{n}", "FortiGate 200F", site, routers) for n in (1, 2)]
        core = [_device(builder, "switch", f"{low}-core-{n}", "Nexus 93180YC", site, walls) for n in (1, 2)]
        _access(builder, site, core)
        for n in (1, 2) if site == "RTM" else ():
            _device(builder, "load_balancer", f"{low}-lb-{n}", "BIG-IP i2600", site, core)
        _top_of_rack(builder, site, core)


def _device(builder: RevisionBuilder, cls: str, name: str, model: str, site: str, above: list[str]) -> str:
    uid = machine(builder, cls, name, model, site, host_name=name, mac_address=mac(builder), firmware_version="17.9.4")
    wire(builder, uid, site, 2 + int(name[-1]) % (SITES[site].racks - 1), above)
    return uid


def _top_of_rack(builder: RevisionBuilder, site: str, core: list[str]) -> None:
    """The switches to which servers are connected. sw-1 and sw-2 have one power strip each, the others both."""
    names = {
        "RTM": ("sw-1", "sw-2", "rtm-sw-3", "rtm-sw-4"),
        "HAM": ("ham-sw-1", "ham-sw-2"),
        "BIO": ("bio-sw-1", "bio-sw-2"),
    }
    for number, name in enumerate(names[site]):
        if name not in ("sw-1", "sw-2"):
            _device(builder, "switch", name, "Nexus 93180YC", site, core)
            continue
        uid = machine(builder, "switch", name, "Nexus 93180YC", site, host_name=name, mac_address=mac(builder))
        builder.set(uid, rack=builder.named("RTM-R1"), rack_position=40 + number, firmware_version="10.2.5")
        builder.link("powered_by", uid, pdus(builder, "RTM", 1)[number])
        builder.redundant("uplinks_through", uid, core, "uplinks")


def _access(builder: RevisionBuilder, site: str, core: list[str]) -> None:
    low = site.lower()
    floors = [
        f
        for f in builder.of("floor")
        if builder.get(builder.get(f, "location"), "location") == builder.named(SITES[site].name)
    ]
    for number, floor in enumerate(floors, 1):
        rooms = builder.where("room", location=floor)
        for half in "ab" if len(rooms) > 2 else "a":
            switch = machine(
                builder,
                "switch",
                f"{low}-acc-{number}{half}",
                "Catalyst 9300-48P",
                site,
                location=rooms[0],
                host_name=f"{low}-acc-{number}{half}",
                ports=48,
            )
            builder.redundant("uplinks_through", switch, core, "uplinks")
            for room in rooms[half == "b" :: 2]:
                name = f"{low}-ap-{number}{half}{rooms.index(room)}"
                point = machine(
                    builder, "access_point", name, "AP-515", site, location=room, mac_address=mac(builder, "20:4c:03")
                )
                builder.link("uplinks_through", point, switch)


def _addresses(builder: RevisionBuilder) -> None:
    for number, site in enumerate(SITES):
        place = builder.named(SITES[site].name)
        for vlan, use in ((10, "servers"), (20, "offices"), (30, "phones"), (40, "cranes")):
            uid = builder.create("vlan", f"{site} {use}", vlan_number=number * 100 + vlan, location=place)
            prefix = f"10.{number + 1}.{vlan}.0/24"
            builder.create(
                "subnet",
                f"{site} {use} {prefix}",
                prefix=prefix,
                gateway=prefix[:-4] + "1",
                vlan=uid,
                dhcp=use != "servers",
                location=place,
            )
    for name in ("harbourworks.example", "harbourworks-shop.example", "hafenwerk.example", "puerto-obras.example"):
        builder.create(
            "domain", name, registrar="MaasFiber", renews=True, valid_until=builder.day(builder.random.randint(30, 700))
        )
    for name in ("shop", "mail", "vpn", "erp", "portal", "login"):
        builder.create(
            "certificate",
            f"{name}.harbourworks.example",
            issuer="Harbour Works CA 2",
            valid_from=builder.day(-300),
            subject_names=f"{name}.harbourworks.example",
            valid_until=builder.day(builder.random.randint(9, 400)),
            managed_by=builder.named("Infrastructure"),
        )


def _servers(builder: RevisionBuilder) -> None:
    stores = _storage(builder)
    for cluster_name, (site, hosts, model, needs, cores) in CLUSTERS.items():
        cluster = builder.create(
            "cluster",
            cluster_name,
            technology="VMware vSphere",
            virtual_machines_move=True,
            location=hall(builder, site),
            environment="development" if "dev" in cluster_name else "production",
        )
        members = [_server(builder, name, site, model, "Hypervisor", "VMware ESXi 8.0.3", cores) for name in hosts]
        builder.redundant("member_of", cluster, members, "hosts", str(needs))
        for number, host in enumerate(members):
            if cluster_name == "cluster-rtm":
                _wire_weakly(builder, host, number)
            else:
                wire(builder, host, site, 2 + number % (SITES[site].racks - 1), _switches(builder, site))
                builder.redundant("stores_data_on", host, stores[site], "storage")
    for name, (site, model, role, system, cores) in SERVERS.items():
        server = _server(builder, name, site, model, role, system, cores)
        if name.startswith("blade"):
            builder.set(server, rack=builder.named("RTM-R4"), warranty_until=builder.day(150))
            builder.link("part_of", server, builder.named("rtm-chassis-1"))
        else:
            wire(builder, server, site, 2, _switches(builder, site))
    builder.link("stands_by_for", builder.named("ora-rtm-2"), builder.named("ora-rtm-1"))


def _switches(builder: RevisionBuilder, site: str) -> list[str]:
    return [
        builder.named(n)
        for n in {"RTM": ("rtm-sw-3", "rtm-sw-4")}.get(site, (f"{site.lower()}-sw-1", f"{site.lower()}-sw-2"))
    ]


def _wire_weakly(builder: RevisionBuilder, host: str, number: int) -> None:
    """host-a has only the first switch and strip, host-c only the second, host-b both."""
    builder.set(host, rack=builder.named("RTM-R1"), rack_position=4 + 2 * number)
    switches = [builder.named("sw-1"), builder.named("sw-2")]
    if number == 1:
        builder.redundant("powered_by", host, pdus(builder, "RTM", 1), "power")
        builder.redundant("uplinks_through", host, switches, "uplinks")
    else:
        builder.link("powered_by", host, pdus(builder, "RTM", 1)[number // 2])
        builder.link("uplinks_through", host, switches[number // 2])


def _server(builder: RevisionBuilder, name: str, site: str, model: str, role: str, system: str, cores: int) -> str:
    return machine(
        builder,
        "server",
        name,
        model,
        site,
        host_name=name,
        domain="harbourworks.example",
        role=role,
        operating_system=system,
        processor_sockets=2,
        socket_capacity=2,
        cores_per_processor=cores,
        processor_model=XEON,
        memory=builder.random.choice((256, 384, 512)) * 1024,
        disk_size=1920,
        environment="development" if "dev" in name else "production",
        purchase_cost=Decimal(builder.random.randint(78, 140) * 100),
        currency="EUR",
        ip_address=f"10.{list(SITES).index(site) + 1}.10.{len(builder.of('server')) + 20}",
        mac_address=mac(builder),
    )


def _storage(builder: RevisionBuilder) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for site in SITES:
        for number in (1, 2) if site != "BIO" else (1,):
            uid = machine(builder, "storage_system", f"{site.lower()}-san-{number}", "AFF A250", site, capacity=46000)
            wire(builder, uid, site, SITES[site].racks, _switches(builder, site))
            found.setdefault(site, []).append(uid)
            shelf = machine(builder, "disk_shelf", f"{site.lower()}-shelf-{number}", "DS224C", site, capacity=23000)
            builder.link("part_of", shelf, uid)
    chassis = machine(builder, "chassis", "rtm-chassis-1", "BladeSystem c7000", "RTM", slots=16)
    wire(builder, chassis, "RTM", 4, _switches(builder, "RTM"))
    return found
