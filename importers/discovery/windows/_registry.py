"""What the registry knows, as the sections of a capture. Pure functions of what a registry answers."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from importers.captures.capture import CaptureSection
from importers.discovery.windows._section import Rows, section

MACHINE, USERS, USER = "LocalMachine", "Users", "CurrentUser"
_WINDOWS = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
_NT = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
_CONTROL = "SYSTEM\\CurrentControlSet\\Control"
_LOGON = _WINDOWS + "\\Authentication\\LogonUI"
_PERSON = re.compile(r"S-1-(5-21|12-1)-[\d-]+")
_PROGRAM = (
    "DisplayName", "DisplayVersion", "Publisher", "InstallDate", "InstallLocation", "EstimatedSize", "SystemComponent",
    "ParentKeyName", "ReleaseType", "WindowsInstaller", "NoRemove", "Comments", "URLInfoAbout", "HelpLink",
    "VersionMajor", "VersionMinor",
)  # fmt: skip
_ELEVATE = "software that other users installed for themselves"


class Registry(Protocol):
    """A registry. A key that is missing has no names and no values; PermissionError where it may not be read."""

    def names(self, hive: str, path: str, bits: int = 64) -> list[str] | None:
        """The keys in a key; None if it is missing."""

    def values(self, hive: str, path: str, bits: int = 64) -> dict[str, Any]:
        """The values of a key."""


class WindowsRegistry:
    """The registry of the running machine."""

    def names(self, hive: str, path: str, bits: int = 64) -> list[str] | None:
        """The keys in a key; None if it is missing."""
        if sys.platform == "win32":
            key = _opened(hive, path, bits)
            if key is not None:
                import winreg

                with key:
                    return [winreg.EnumKey(key, at) for at in range(winreg.QueryInfoKey(key)[0])]
        return None

    def values(self, hive: str, path: str, bits: int = 64) -> dict[str, Any]:
        """The values of a key."""
        if sys.platform == "win32":
            key = _opened(hive, path, bits)
            if key is not None:
                import winreg

                with key:
                    told = (winreg.EnumValue(key, at) for at in range(winreg.QueryInfoKey(key)[1]))
                    return {name: _expanded(value, kind) for name, value, kind in told}
        return {}


if sys.platform == "win32":

    def _opened(hive: str, path: str, bits: int) -> Any:
        import winreg

        roots = {MACHINE: winreg.HKEY_LOCAL_MACHINE, USERS: winreg.HKEY_USERS, USER: winreg.HKEY_CURRENT_USER}
        view = winreg.KEY_WOW64_64KEY if bits == 64 else winreg.KEY_WOW64_32KEY
        try:
            return winreg.OpenKey(roots[hive], path, 0, winreg.KEY_READ | view)
        except FileNotFoundError:
            return None

    def _expanded(value: Any, kind: int) -> Any:
        import winreg

        return winreg.ExpandEnvironmentStrings(value) if kind == winreg.REG_EXPAND_SZ else value


def sections(registry: Registry) -> dict[str, CaptureSection]:
    """The sections that the registry alone knows."""
    keep = _Keys(registry)
    found = {name: section(getattr(keep, name.replace("-", "_"))) for name in _NAMES}
    found["software-users"] = section(keep.software_users, "" if keep.sees_everybody() else _ELEVATE)
    return found


_NAMES = (
    "firmware", "windows-version", "join", "edids", "sql-instances", "profiles", "sessions", "last-logon",
    "software-64", "software-32", "office", "firewall", "restart", "windows-update", "screen-lock",
)  # fmt: skip


class _Keys:
    """The rows of each section."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def _some(self, path: str, names: Sequence[str], hive: str = MACHINE, bits: int = 64) -> dict[str, Any]:
        found = {key.lower(): value for key, value in self._registry.values(hive, path, bits).items()}
        return {name: found[name.lower()] for name in names if found.get(name.lower()) is not None}

    def _names(self, path: str, hive: str = MACHINE, bits: int = 64) -> list[str]:
        return self._registry.names(hive, path, bits) or []

    def firmware(self) -> Rows:
        """Secure boot, and the kind of firmware."""
        secure = self._some(_CONTROL + "\\SecureBoot\\State", ["UEFISecureBootEnabled"])
        kind = self._some(_CONTROL, ["PEFirmwareType"])
        return [{"SecureBoot": secure.get("UEFISecureBootEnabled"), "FirmwareType": kind.get("PEFirmwareType")}]

    def windows_version(self) -> Rows:
        """Edition, version and build, and Windows' own id."""
        names = ("ProductName", "EditionID", "DisplayVersion", "ReleaseId", "CurrentBuild", "UBR", "InstallDate",
                 "InstallationType")  # fmt: skip
        return [{**self._some(_NT, names), **self._some("SOFTWARE\\Microsoft\\Cryptography", ["MachineGuid"])}]

    def join(self) -> Rows:
        """Name, domain, and directories of Azure AD."""
        path = "SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"
        told = self._some(path, ["Hostname", "Domain", "NV Domain"])
        joined = _CONTROL + "\\CloudDomainJoin\\JoinInfo"
        tenants = [self._some(f"{joined}\\{name}", ["TenantId"]) for name in self._names(joined)]
        domain = told.get("Domain") or told.get("NV Domain")
        return [{"HostName": told.get("Hostname"), "Domain": domain, **({"JoinInfo": tenants} if tenants else {})}]

    def edids(self) -> Rows:
        """What displays say of themselves."""
        base = "SYSTEM\\CurrentControlSet\\Enum\\DISPLAY"
        found = []
        for model in self._names(base):
            for instance in self._names(f"{base}\\{model}"):
                told = self._some(f"{base}\\{model}\\{instance}\\Device Parameters", ["EDID"])
                if isinstance(told.get("EDID"), bytes):
                    encoded = b64encode(told["EDID"]).decode("ascii")
                    found.append({"InstanceName": f"DISPLAY\\{model}\\{instance}", "Edid": encoded})
        return found

    def sql_instances(self) -> Rows:
        """The instances of SQL Server."""
        base = "SOFTWARE\\Microsoft\\Microsoft SQL Server"
        found: dict[str, dict[str, Any]] = {}
        for bits in (64, 32):
            for name, key in self._registry.values(MACHINE, base + "\\Instance Names\\SQL", bits).items():
                setup = self._some(f"{base}\\{key}\\Setup", ["Edition", "Version", "PatchLevel", "SQLPath"], bits=bits)
                tcp = f"{base}\\{key}\\MSSQLServer\\SuperSocketNetLib\\Tcp\\IPAll"
                port = self._some(tcp, ["TcpPort"], bits=bits)
                setup["Path"] = setup.pop("SQLPath", None)
                found.setdefault(name, {"Name": name, **setup, **port})
        return list(found.values())

    def profiles(self) -> Rows:
        """Everybody who was ever logged on, and whether their settings are loaded."""
        base = _NT + "\\ProfileList"
        loaded = set(self._names("", USERS))
        names = ("LocalProfileLoadTimeHigh", "LocalProfileLoadTimeLow", "ProfileImagePath")
        found = []
        for sid in self._names(base):
            told = self._some(f"{base}\\{sid}", names)
            path = told.pop("ProfileImagePath", None)
            found.append({**told, "Sid": sid, "Path": path, "Loaded": sid in loaded})
        return found

    def sessions(self) -> Rows:
        """Who is logged on."""
        found = []
        for name in self._names(_LOGON + "\\SessionData"):
            told = self._some(
                f"{_LOGON}\\SessionData\\{name}", ["LoggedOnSAMUser", "LoggedOnUserSID", "LoggedOnDisplayName"]
            )
            if "LoggedOnSAMUser" in told:
                found.append(
                    {
                        "User": told["LoggedOnSAMUser"],
                        "Sid": told.get("LoggedOnUserSID"),
                        "DisplayName": told.get("LoggedOnDisplayName"),
                    }
                )
        return found

    def last_logon(self) -> Rows:
        """Who was logged on last."""
        names = ("LastLoggedOnUser", "LastLoggedOnSAMUser", "LastLoggedOnUserSID", "LastLoggedOnDisplayName")
        found = self._some(_LOGON, names)
        return [found] if found else []

    def software_64(self) -> Rows:
        """Programs of everybody."""
        return list(self._programs(MACHINE, _WINDOWS, 64))

    def software_32(self) -> Rows:
        """Programs of everybody for 32 bits, on a Windows of 64."""
        return list(self._programs(MACHINE, _WINDOWS, 32)) if self._is_64_bit() else []

    def _is_64_bit(self) -> bool:
        path = _CONTROL + "\\Session Manager\\Environment"
        return str(self._some(path, ["PROCESSOR_ARCHITECTURE"]).get("PROCESSOR_ARCHITECTURE", "")).endswith("64")

    def software_users(self) -> Rows:
        """Programs that people installed for themselves, of those whose settings are loaded and may be read."""
        found: Rows = []
        for sid in self._people():
            for branch in ("Software\\Microsoft", "Software\\WOW6432Node\\Microsoft"):
                path = f"{sid}\\{branch}\\Windows\\CurrentVersion"
                try:
                    found += [{**one, "Sid": sid} for one in self._programs(USERS, path, 64)]
                except PermissionError:
                    continue
        return found

    def sees_everybody(self) -> bool:
        """Whether the settings of everybody who is logged on may be read."""
        try:
            for sid in self._people():
                self._names(f"{sid}\\Software", USERS)
        except PermissionError:
            return False
        return True

    def _people(self) -> list[str]:
        return [sid for sid in self._names("", USERS) if _PERSON.fullmatch(sid)]

    def _programs(self, hive: str, windows: str, bits: int) -> Iterator[dict[str, Any]]:
        base = windows + "\\Uninstall"
        for name in self._names(base, hive, bits):
            found = self._some(f"{base}\\{name}", _PROGRAM, hive, bits)
            if "DisplayName" in found:
                yield {**found, "Key": name}

    def office(self) -> Rows:
        """Office of Click-to-Run."""
        names = ("ProductReleaseIds", "VersionToReport", "Platform", "CDNBaseUrl")
        found = self._some("SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration", names)
        return [found] if found else []

    def firewall(self) -> Rows:
        """The profiles of the firewall, and what policies say of them."""
        base = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
        policies = "SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
        found = []
        for kind in ("DomainProfile", "StandardProfile", "PublicProfile"):
            own, policy = (self._some(f"{path}\\{kind}", ["EnableFirewall"]) for path in (base, policies))
            found.append(
                {
                    "Profile": kind,
                    "EnableFirewall": own.get("EnableFirewall"),
                    "Policy": policy.get("EnableFirewall"),
                }
            )
        return found

    def restart(self) -> Rows:
        """Whether Windows waits for a restart."""
        keys: Mapping[str, str] = {
            "Servicing": _WINDOWS + "\\Component Based Servicing\\RebootPending",
            "Updates": _WINDOWS + "\\WindowsUpdate\\Auto Update\\RebootRequired",
        }
        return [{name: self._registry.names(MACHINE, path) is not None for name, path in keys.items()}]

    def windows_update(self) -> Rows:
        """Policies of updates, and when they were looked for."""
        policy = "SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU"
        found = self._some(policy, ["NoAutoUpdate", "AUOptions"])
        found.update(self._some(_WINDOWS + "\\WindowsUpdate\\Auto Update\\Results\\Detect", ["LastSuccessTime"]))
        return [found] if found else []

    def screen_lock(self) -> Rows:
        """What locks the screen; policies go before a person's own settings."""
        names = ("ScreenSaveActive", "ScreenSaverIsSecure", "ScreenSaveTimeOut")
        found = self._some("Control Panel\\Desktop", names, USER)
        found.update(self._some("Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop", names, USER))
        found.update(self._some(_WINDOWS + "\\Policies\\System", ["InactivityTimeoutSecs"]))
        return [found] if found else []
