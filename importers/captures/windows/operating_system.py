"""The operating system: edition, version, build, times, time zone, domain, and its own id."""

from __future__ import annotations

import re

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._dates import MachineDates
from importers.captures.windows._rows import Row, named, row
from importers.discovery.collector import Content, Section, present

#: What the registry calls an edition → how it is called in English, which Windows in other languages does not say.
_EDITIONS = {
    "Core": "Home", "CoreN": "Home N", "CoreSingleLanguage": "Home Single Language",
    "CoreCountrySpecific": "Home China",
    "Professional": "Pro", "ProfessionalN": "Pro N", "ProfessionalWorkstation": "Pro for Workstations",
    "ProfessionalEducation": "Pro Education", "Education": "Education", "EducationN": "Education N",
    "Enterprise": "Enterprise", "EnterpriseN": "Enterprise N", "EnterpriseS": "Enterprise LTSC",
    "EnterpriseSN": "Enterprise N LTSC", "EnterpriseEval": "Enterprise Evaluation", "IoTEnterprise": "IoT Enterprise",
    "IoTEnterpriseS": "IoT Enterprise LTSC", "ServerRdsh": "Enterprise multi-session", "Cloud": "S",
    "ServerStandard": "Standard", "ServerStandardEval": "Standard Evaluation", "ServerStandardCor": "Standard",
    "ServerDatacenter": "Datacenter", "ServerDatacenterEval": "Datacenter Evaluation",
    "ServerDatacenterCor": "Datacenter", "ServerTurbine": "Datacenter Azure Edition",
    "ServerTurbineCor": "Datacenter Azure Edition", "ServerSolution": "Essentials", "ServerWeb": "Web",
    "ServerHyperCore": "Hyper-V Server",
}  # fmt: skip
_SERVERS = {14393: "2016", 17763: "2019", 20348: "2022", 26100: "2025"}
_FIRST_OF_11 = 22_000
#: Builds of Windows 10 from before it told its version.
_VERSIONS = {10240: "1507", 10586: "1511"}
_ARCHITECTURES = {0: "i686", 5: "arm", 9: "x86_64", 12: "aarch64"}
_WORKSTATION = 1


def _parse(capture: Capture) -> Content:
    system, told = row(capture, "operating-system"), row(capture, "windows-version")
    if not system and not told:
        return {}
    computer, session = row(capture, "computer-system"), row(capture, "session")
    dates = MachineDates.of(capture)
    build = whole(system, "BuildNumber") or whole(told, "CurrentBuild") or 0
    edition = _EDITIONS.get(text(told, "EditionID"), "")
    network = row(capture, "join")
    name = text(network, "HostName") or text(computer, "DNSHostName")
    domain = _domain(computer, network)
    operating = present(
        name="Windows",
        full_name=_full_name(system, told, build, edition),
        version=text(told, "DisplayVersion") or text(told, "ReleaseId") or _VERSIONS.get(build),
        arch=_architecture(capture, system),
        kernel_version=text(system, "Version"),
        service_pack=text(system, "CSDVersion"),
        install_date=dates.local(system, "InstallDate") or dates.of_seconds(whole(told, "InstallDate")),
        boot_time=dates.local(system, "LastBootUpTime"),
        fqdn=f"{name}.{domain}" if name and "." in domain else "",
        dns_domain=domain if "." in domain else "",
        timezone=_time_zone(session),
    )
    hardware = present(
        workgroup=domain or text(computer, "Workgroup"),
        winowner=text(system, "RegisteredUser"),
        wincompany=text(system, "Organization"),
        winprodid=text(system, "SerialNumber"),
        winlang=text(system, "OSLanguage"),
    )
    own = present(
        machine_id=text(told, "MachineGuid").lower(),
        elevated=session.get("Elevated") is True,
        operating_system=present(
            variant=edition, build=_build(build, told), locale=text(session, "Culture"), **_joined(network, domain)
        ),
    )
    return present(operatingsystem=operating, hardware=hardware, terrier=own)


def _full_name(system: Row, told: Row, build: int, edition: str) -> str:
    """The name in English where the edition is known; else as this Windows calls itself."""
    caption = text(system, "Caption") or text(told, "ProductName")
    if not edition or not build:
        return caption
    server = whole(system, "ProductType") not in (None, _WORKSTATION) or text(told, "InstallationType") in (
        "Server",
        "Server Core",
    )
    if server:
        year = _SERVERS.get(build, "") or "".join(re.findall(r"\b20\d\d\b", caption)[:1])
        return f"Microsoft Windows Server {year} {edition}" if year else caption
    if build < min(_VERSIONS):  # before Windows 10
        return caption
    return f"Microsoft Windows {'11' if build >= _FIRST_OF_11 else '10'} {edition}"


def _build(build: int, told: Row) -> str:
    revision = whole(told, "UBR")
    return f"{build}.{revision}" if build and revision is not None else str(build or "")


def _architecture(capture: Capture, system: Row) -> str:
    processor = row(capture, "processors")
    bits = "".join(re.findall(r"32|64", text(system, "OSArchitecture"))[:1])  # the words after it are translated
    found = named(_ARCHITECTURES, processor, "Architecture")
    return "i686" if found == "x86_64" and bits == "32" else found


def _domain(computer: Row, network: Row) -> str:
    """The domain that the machine has joined, or its DNS suffix where it has joined Azure AD alone; "" for neither."""
    if computer.get("PartOfDomain") is True:
        return text(computer, "Domain")
    return text(network, "Domain") if "." in text(network, "Domain") else ""


def _joined(network: Row, domain: str) -> Content:
    """The directory of Azure AD (Entra) that the machine has joined."""
    told = network.get("JoinInfo")
    listed = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return present(tenant=next((text(one, "TenantId") for one in listed if text(one, "TenantId")), ""))


def _time_zone(session: Row) -> Content:
    minutes = session.get("UtcOffset")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or abs(minutes) >= 24 * 60:
        return {}
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
    return {"name": text(session, "TimeZone") or offset, "offset": offset}


SUBJECT = Subject(
    "operating system",
    _parse,
    ("session", "computer-system", "operating-system", "windows-version", "join", "processors"),
    (Section("operatingsystem"), Section("hardware")),
)
