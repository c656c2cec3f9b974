"""People: local accounts and groups, current and last logins, and the main user."""

from __future__ import annotations

import time

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux import _accounts

_RECENT = 1 << 22  # the last 4 MiB of the login history: 10,000 logins


def _collect(probe: Probe) -> Content:
    accounts = _accounts.passwd(probe.read("/etc/passwd"))
    if not accounts:
        return {}
    humans = {a.login for a in accounts if a.human}
    now = [one.user for one in _logins(probe, "/run/utmp") or _logins(probe, "/var/run/utmp")] + _sessions(probe)
    history = _logins(probe, "/var/log/wtmp")
    last = max((one for one in history if one.user != "reboot"), key=lambda one: one.time, default=None)
    found: Content = {
        "local_users": [
            present(id=str(a.uid), login=a.login, name=a.full_name, home=a.home, shell=a.shell) for a in accounts
        ],
        "local_groups": [
            present(id=str(number), name=name, members=members)
            for name, number, members in _accounts.groups(probe.read("/etc/group"))
        ],
    }
    if now:
        found["users"] = [{"login": login} for login in dict.fromkeys(now)]
    if last:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last.time))
        found["hardware"] = {"lastloggeduser": last.user, "datelastloggeduser": when}
    user = _accounts.main_user(history, humans) or next((u for u in now if u in humans), "")
    if user:
        names = {a.login: a.full_name for a in accounts}
        found["terrier"] = {"main_user": present(login=user, name=names.get(user))}
    return found


def _logins(probe: Probe, path: str) -> list[_accounts.Login]:
    records = _accounts.logins(probe.read_bytes(path)[-_RECENT:])
    return [r for r in records if r.kind == _accounts.USER_PROCESS and r.user]


def _sessions(probe: Probe) -> list[str]:
    """The logged-on users from systemd-logind's session files, which distributions without utmp have."""
    found = []
    for name in probe.names("/run/systemd/sessions"):
        fields = dict(line.partition("=")[::2] for line in probe.read(f"/run/systemd/sessions/{name}").splitlines())
        if fields.get("CLASS") == "user" and fields.get("STATE") != "closing" and fields.get("USER"):
            found.append(fields["USER"])
    return found


COLLECTOR = Collector(
    "accounts",
    _collect,
    sections=(
        Section("local_users"),
        Section("local_groups"),
        Section("users"),
        Section("hardware"),
    ),
)
