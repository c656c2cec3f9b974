"""The content of the machine rooms: virtual machines, databases, applications, and their services."""

from __future__ import annotations

from decimal import Decimal

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


def planned_revisions() -> list[SampleRevision]:
    """The data of the virtualisation platform, and the statements of the infrastructure team."""
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


def vm(builder: RevisionBuilder, name: str, cluster: str, system: str, cores: int | None = None) -> str:
    """A virtual machine, on some host of its cluster."""
    hosts = CLUSTERS[cluster].hosts
    environment = "production"
    if cluster.endswith("-dev"):
        environment = "development" if name.startswith("vm-dev") else "test"
    net = 1 + list(SITES).index(CLUSTERS[cluster].site)
    chosen = builder.random.choice((2, 2, 4, 4, 8)) if cores is None else cores
    return builder.create(
        "virtual_machine",
        name,
        host_name=name,
        domain="harbourworks.example",
        operating_system=system,
        virtual_cores=chosen or None,
        memory=max(chosen, 2) * 4096,
        disk_size=builder.random.choice((60, 100, 200, 400)),
        cluster=builder.named(cluster),
        host=builder.named(hosts[len(builder.of("virtual_machine")) % len(hosts)]),
        uuid=_vm_uuid(builder),
        mac_address=mac(builder, "00:50:56"),
        environment=environment,
        department=builder.named("IT"),
        ip_address=f"10.{net}.10.{len(builder.of('virtual_machine')) % 200 + 40}",
    )


def _vm_uuid(builder: RevisionBuilder) -> str:
    bits = builder.random.getrandbits
    return f"42{bits(24):06x}-{bits(16):04x}-4{bits(12):03x}-a{bits(12):03x}-{bits(48):012x}"


def _machines(builder: RevisionBuilder) -> None:
    for app, machines in WEAK.items():
        for name in machines:
            vm(builder, name, "cluster-rtm", LINUX if "mail" in app else STANDARD, 4)
    for name, wanted in APPS.items():
        for number in range(1, wanted.machines + 1):
            vm(builder, f"vm-{name}-{number}", wanted.cluster, WINDOWS[wanted.cluster] if wanted.windows else LINUX)
    for name, (word, place, cores) in DATABASES.items():
        if place in CLUSTERS:
            vm(builder, f"vm-{name}", place, WINDOWS[place] if word.startswith("sql") else LINUX, cores)
    for name, cluster in (("dc-rtm-1", CORE), ("dc-rtm-2", CORE), ("dc-ham-1", HAM), ("dc-bio-1", BIO)):
        vm(builder, f"vm-{name}", cluster, WINDOWS[cluster], 4)
    for number in (1, 2, 3):
        vm(builder, f"vm-k8s-{number}", CORE, LINUX, 8)
    vm(builder, "vm-sql-dev", "cluster-rtm-dev", WINDOWS["cluster-rtm-dev"], 4)
    while len(builder.of("virtual_machine")) < VMS:
        number = len(builder.of("virtual_machine"))
        cluster = ("cluster-rtm-dev", "cluster-ham-dev")[number % 2]
        vm(
            builder,
            f"vm-{('dev', 'test')[number % 3 // 2]}-{number}",
            cluster,
            (LINUX, LINUX, WINDOWS[cluster])[number % 3],
        )


def _applications(builder: RevisionBuilder) -> None:
    for name, (word, place, _) in DATABASES.items():
        found = release(word)
        engine = found.product.removeprefix("Microsoft ")
        database = builder.create(
            "database_instance",
            name,
            engine=engine,
            publisher=found.publisher,
            edition=found.edition or None,
            version=found.version,
            environment="production",
            managed_by=builder.named("Databases"),
            size=builder.random.randint(20, 900),
        )
        host = builder.named(f"vm-{name}" if place in CLUSTERS else place)
        builder.link("runs_on", database, host)
        builder.install(
            host,
            found,
            environment="production",
            installed_on=builder.day(-builder.random.randint(760, 1200)),
            origin="registry",
        )
    for name in (*WEAK, *APPS):
        app = builder.create(
            "application",
            name,
            environment="production",
            version=f"{builder.random.randint(1, 9)}.{builder.random.randint(0, 20)}",
            managed_by=builder.named("Applications"),
            criticality=builder.random.choice(("High", "Medium", "Medium", "Low")),
        )
        machines = [
            builder.named(m) for m in WEAK.get(name) or [f"vm-{name}-{n}" for n in range(1, APPS[name].machines + 1)]
        ]
        needs = APPS[name].needs if name in APPS else 1
        if len(machines) > 1:
            builder.redundant("runs_on", app, machines, "web nodes" if "web" in name else "nodes", str(needs))
        else:
            builder.link("runs_on", app, machines[0])
        if name in APPS and APPS[name].database:
            builder.link("depends_on", app, builder.named(APPS[name].database))
    builder.link("depends_on", builder.named("payroll-app"), builder.named("payroll-db"))
    builder.link("uses", builder.named("shop-api"), builder.named("erp-core"))
    builder.link("uses", builder.named("crm"), builder.named("phone-system"))
    builder.link("uses", builder.named("berth-planner"), builder.named("tide-forecast"))
    _clusters_of_machines(builder)


def _clusters_of_machines(builder: RevisionBuilder) -> None:
    cluster = builder.create("cluster", "k8s-rtm", technology="Kubernetes", environment="production")
    builder.redundant("member_of", cluster, [builder.named(f"vm-k8s-{n}") for n in (1, 2, 3)], "nodes", "2")
    site = builder.create(
        "web_service", "tracking-api", url="https://tracking.harbourworks.example", environment="production"
    )
    builder.link("runs_on", site, cluster)
    builder.link("depends_on", site, builder.named("vessel-db"))
    licences = builder.create(
        "licence_server", "cad-licence-manager", technology="FlexNet", port=27000, version="11.19"
    )
    builder.link("runs_on", licences, builder.named("cad-licence"))
    builder.link("licensed_by", builder.named("cad-vault"), licences)
    account = builder.create(
        "cloud_account",
        "hw-cloud-prod",
        provider="Azure",
        account_number="6f1c-8841",
        monthly_cost=Decimal(4210),
        currency="EUR",
    )
    for name, kind in (
        ("hw-backup-vault", "Storage"),
        ("hw-front-door", "CDN"),
        ("hw-dns", "DNS zone"),
        ("hw-map-tiles", "Function"),
    ):
        builder.create(
            "cloud_resource",
            name,
            resource_type=kind,
            region="westeurope",
            cloud_account=account,
            environment="production",
        )
    builder.link("uses", builder.named("website"), builder.named("hw-front-door"))


def _technical(builder: RevisionBuilder) -> None:
    owner = builder.named("Infrastructure")
    directory = builder.create(
        "technical_service", "Directory", criticality="Critical", managed_by=owner, service_hours="24x7"
    )
    controllers = [builder.named(f"vm-dc-{n}") for n in ("rtm-1", "rtm-2", "ham-1", "bio-1")]
    builder.redundant("supports", directory, controllers, "domain controllers", "2")
    internet = builder.create(
        "technical_service", "Internet access", criticality="High", managed_by=owner, service_hours="24x7"
    )
    builder.redundant("depends_on", internet, [builder.named("rtm-fw-1"), builder.named("rtm-fw-2")], "firewalls")
    for name, apps in TECHNICAL.items():
        service = builder.create("technical_service", name, criticality="High", managed_by=owner, service_hours="24x7")
        for app in apps:
            builder.link("supports", builder.named(app), service)
    for app in ("hr-portal", "crm", "file-service", "vpn-gateway", "intranet", "document-archive"):
        builder.link("authenticated_by", builder.named(app), directory)
    for app in ("erp-core", "crm", "hr-portal", "payroll-app", "yard-manager", "vessel-tracking"):
        builder.link("backed_up_by", builder.named(app), builder.named("Backup"))
        builder.link("monitored_by", builder.named(app), builder.named("Monitoring"))


def _business(builder: RevisionBuilder) -> None:
    for name, (criticality, users, owner, apps) in BUSINESS.items():
        service = builder.create(
            "business_service",
            name,
            criticality=criticality,
            users=users or None,
            external=not users,
            owned_by=builder.named(owner),
            managed_by=builder.named("Applications"),
            service_hours="24x7" if criticality == "Critical" else "Mon-Fri 7-19",
            recovery_time=Decimal(4) if criticality == "Critical" else Decimal(24),
            recovery_point=Decimal(1) if criticality == "Critical" else Decimal(24),
        )
        for app in apps:
            builder.link("supports", builder.named(app), service)
    lanes = [builder.named(n) for n in ("rtm-lb-1", "rtm-lb-2")]
    builder.redundant("depends_on", builder.named("Customer portal"), lanes, "load balancers")
    builder.link("depends_on", builder.named("Gate Rotterdam"), builder.named("Customs declarations"))
    gateways = [builder.named(f"crane-gw-{n}") for n in range(1, 7)]
    builder.redundant("depends_on", builder.named("crane-control"), gateways, "crane gateways", "66%")
