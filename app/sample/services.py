"""What runs in the machine rooms: virtual machines, databases, applications, and the services made of them."""

from __future__ import annotations

from app.sample.data_centre import mac
from app.sample.revision_builder import RevisionBuilder, SampleRevision
from app.sample.vocabulary import APPS, BUSINESS, CLUSTERS, DATABASES, NETWORK, SITES, TECHNICAL, release

VMS = 188
CORE, HAM, BIO = "cluster-rtm-core", "cluster-ham", "cluster-bio"
LINUX = "Debian GNU/Linux 12"
STANDARD, DATACENTER = "Windows Server 2022 Standard", "Windows Server 2022 Datacenter"
#: Windows Server by cluster; test machines carry the evaluation, which needs no licence.
WINDOWS = {
    "cluster-rtm": STANDARD,
    CORE: DATACENTER,
    HAM: DATACENTER,
    BIO: STANDARD,
    "cluster-rtm-dev": f"{STANDARD} Evaluation",
    "cluster-ham-dev": f"{STANDARD} Evaluation",
}


#: The four applications of the weak cluster; their machines have names of their own.
WEAK = {
    "payroll-app": ("vm-pay-1",),
    "shop-web": ("vm-web-1", "vm-web-2"),
    "shop-api": ("vm-api-1",),
    "mail-gw": ("vm-mail",),
}


def chapters() -> list[SampleRevision]:
    """What the virtualisation said of itself, and what the infrastructure team drew on the whiteboard."""
    return [
        SampleRevision(-725, 9.0, NETWORK, "import:vcenter.csv", "Virtual machines from the virtualisation", _machines),
        SampleRevision(
            -724,
            9.0,
            NETWORK,
            "sheet:Applications.xlsx",
            "Applications and databases, and what they run on",
            _applications,
        ),
        SampleRevision(
            -723, 10.0, NETWORK, "person", "Technical services: directory, name service, network", _technical
        ),
        SampleRevision(-722, 10.0, NETWORK, "person", "Business services and what they need", _business),
    ]


def vm(ledger: RevisionBuilder, name: str, cluster: str, system: str, cores: int | None = None) -> str:
    """A virtual machine, on some host of its cluster."""
    hosts = CLUSTERS[cluster].hosts
    environment = "production"
    if cluster.endswith("-dev"):
        environment = "development" if name.startswith("vm-dev") else "test"
    net = 1 + list(SITES).index(CLUSTERS[cluster].site)
    chosen = ledger.random.choice((2, 2, 4, 4, 8)) if cores is None else cores
    return ledger.create(
        "virtual_machine",
        name,
        host_name=name,
        domain="harbourworks.example",
        operating_system=system,
        virtual_cores=chosen or None,
        memory=max(chosen, 2) * 4096,
        disk_size=ledger.random.choice((60, 100, 200, 400)),
        cluster=ledger.named(cluster),
        host=ledger.named(hosts[len(ledger.of("virtual_machine")) % len(hosts)]),
        uuid=_vm_uuid(ledger),
        mac_address=mac(ledger, "00:50:56"),
        environment=environment,
        department=ledger.named("IT"),
        ip_address=f"10.{net}.10.{len(ledger.of('virtual_machine')) % 200 + 40}",
    )


def _vm_uuid(ledger: RevisionBuilder) -> str:
    bits = ledger.random.getrandbits
    return f"42{bits(24):06x}-{bits(16):04x}-4{bits(12):03x}-a{bits(12):03x}-{bits(48):012x}"


def _machines(ledger: RevisionBuilder) -> None:
    for app, machines in WEAK.items():
        for name in machines:
            vm(ledger, name, "cluster-rtm", LINUX if "mail" in app else STANDARD, 4)
    for name, wanted in APPS.items():
        for number in range(1, wanted.machines + 1):
            vm(ledger, f"vm-{name}-{number}", wanted.cluster, WINDOWS[wanted.cluster] if wanted.windows else LINUX)
    for name, (word, place, cores) in DATABASES.items():
        if place in CLUSTERS:
            vm(ledger, f"vm-{name}", place, WINDOWS[place] if word.startswith("sql") else LINUX, cores)
    for name, cluster in (("dc-rtm-1", CORE), ("dc-rtm-2", CORE), ("dc-ham-1", HAM), ("dc-bio-1", BIO)):
        vm(ledger, f"vm-{name}", cluster, WINDOWS[cluster], 4)
    for number in (1, 2, 3):
        vm(ledger, f"vm-k8s-{number}", CORE, LINUX, 8)
    vm(ledger, "vm-sql-dev", "cluster-rtm-dev", WINDOWS["cluster-rtm-dev"], 4)
    while len(ledger.of("virtual_machine")) < VMS:
        number = len(ledger.of("virtual_machine"))
        cluster = ("cluster-rtm-dev", "cluster-ham-dev")[number % 2]
        vm(
            ledger,
            f"vm-{('dev', 'test')[number % 3 // 2]}-{number}",
            cluster,
            (LINUX, LINUX, WINDOWS[cluster])[number % 3],
        )


def _applications(ledger: RevisionBuilder) -> None:
    for name, (word, place, _) in DATABASES.items():
        found = release(word)
        engine = found.product.removeprefix("Microsoft ")
        database = ledger.create(
            "database_instance",
            name,
            engine=engine,
            publisher=found.publisher,
            edition=found.edition or None,
            version=found.version,
            environment="production",
            managed_by=ledger.named("Databases"),
            size=ledger.random.randint(20, 900),
        )
        host = ledger.named(f"vm-{name}" if place in CLUSTERS else place)
        ledger.link("runs_on", database, host)
        ledger.install(
            host,
            found,
            environment="production",
            installed_on=ledger.day(-ledger.random.randint(760, 1200)),
            origin="registry",
        )
    for name in (*WEAK, *APPS):
        app = ledger.create(
            "application",
            name,
            environment="production",
            version=f"{ledger.random.randint(1, 9)}.{ledger.random.randint(0, 20)}",
            managed_by=ledger.named("Applications"),
            criticality=ledger.random.choice(("High", "Medium", "Medium", "Low")),
        )
        machines = [
            ledger.named(m) for m in WEAK.get(name) or [f"vm-{name}-{n}" for n in range(1, APPS[name].machines + 1)]
        ]
        needs = APPS[name].needs if name in APPS else 1
        if len(machines) > 1:
            ledger.redundant("runs_on", app, machines, "web nodes" if "web" in name else "nodes", str(needs))
        else:
            ledger.link("runs_on", app, machines[0])
        if name in APPS and APPS[name].database:
            ledger.link("depends_on", app, ledger.named(APPS[name].database))
    ledger.link("depends_on", ledger.named("payroll-app"), ledger.named("payroll-db"))
    ledger.link("uses", ledger.named("shop-api"), ledger.named("erp-core"))
    ledger.link("uses", ledger.named("crm"), ledger.named("phone-system"))
    ledger.link("uses", ledger.named("berth-planner"), ledger.named("tide-forecast"))
    _clusters_of_machines(ledger)


def _clusters_of_machines(ledger: RevisionBuilder) -> None:
    cluster = ledger.create("cluster", "k8s-rtm", technology="Kubernetes", environment="production")
    ledger.redundant("member_of", cluster, [ledger.named(f"vm-k8s-{n}") for n in (1, 2, 3)], "nodes", "2")
    site = ledger.create(
        "web_service", "tracking-api", url="https://tracking.harbourworks.example", environment="production"
    )
    ledger.link("runs_on", site, cluster)
    ledger.link("depends_on", site, ledger.named("vessel-db"))
    licences = ledger.create("licence_server", "cad-licence-manager", technology="FlexNet", port=27000, version="11.19")
    ledger.link("runs_on", licences, ledger.named("cad-licence"))
    ledger.link("licensed_by", ledger.named("cad-vault"), licences)
    account = ledger.create(
        "cloud_account",
        "hw-cloud-prod",
        provider="Azure",
        account_number="6f1c-8841",
        monthly_cost=4210.0,
        currency="EUR",
    )
    for name, kind in (
        ("hw-backup-vault", "Storage"),
        ("hw-front-door", "CDN"),
        ("hw-dns", "DNS zone"),
        ("hw-map-tiles", "Function"),
    ):
        ledger.create(
            "cloud_resource",
            name,
            resource_type=kind,
            region="westeurope",
            cloud_account=account,
            environment="production",
        )
    ledger.link("uses", ledger.named("website"), ledger.named("hw-front-door"))


def _technical(ledger: RevisionBuilder) -> None:
    owner = ledger.named("Infrastructure")
    directory = ledger.create(
        "technical_service", "Directory", criticality="Critical", managed_by=owner, service_hours="24x7"
    )
    controllers = [ledger.named(f"vm-dc-{n}") for n in ("rtm-1", "rtm-2", "ham-1", "bio-1")]
    ledger.redundant("supports", directory, controllers, "domain controllers", "2")
    internet = ledger.create(
        "technical_service", "Internet access", criticality="High", managed_by=owner, service_hours="24x7"
    )
    ledger.redundant("depends_on", internet, [ledger.named("rtm-fw-1"), ledger.named("rtm-fw-2")], "firewalls")
    for name, apps in TECHNICAL.items():
        service = ledger.create("technical_service", name, criticality="High", managed_by=owner, service_hours="24x7")
        for app in apps:
            ledger.link("supports", ledger.named(app), service)
    for app in ("hr-portal", "crm", "file-service", "vpn-gateway", "intranet", "document-archive"):
        ledger.link("authenticated_by", ledger.named(app), directory)
    for app in ("erp-core", "crm", "hr-portal", "payroll-app", "yard-manager", "vessel-tracking"):
        ledger.link("backed_up_by", ledger.named(app), ledger.named("Backup"))
        ledger.link("monitored_by", ledger.named(app), ledger.named("Monitoring"))


def _business(ledger: RevisionBuilder) -> None:
    for name, (criticality, users, owner, apps) in BUSINESS.items():
        service = ledger.create(
            "business_service",
            name,
            criticality=criticality,
            users=users or None,
            external=not users,
            owned_by=ledger.named(owner),
            managed_by=ledger.named("Applications"),
            service_hours="24x7" if criticality == "Critical" else "Mon-Fri 7-19",
            recovery_time=4.0 if criticality == "Critical" else 24.0,
            recovery_point=1.0 if criticality == "Critical" else 24.0,
        )
        for app in apps:
            ledger.link("supports", ledger.named(app), service)
    lanes = [ledger.named(n) for n in ("rtm-lb-1", "rtm-lb-2")]
    ledger.redundant("depends_on", ledger.named("Customer portal"), lanes, "load balancers")
    ledger.link("depends_on", ledger.named("Gate Rotterdam"), ledger.named("Customs declarations"))
    gateways = [ledger.named(f"crane-gw-{n}") for n in range(1, 7)]
    ledger.redundant("depends_on", ledger.named("crane-control"), gateways, "crane gateways", "66%")
