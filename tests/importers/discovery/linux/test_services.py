from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.linux._units import job_program, program, unit
from importers.discovery.linux.scheduled_jobs import COLLECTOR as JOBS
from importers.discovery.linux.scheduled_jobs import crontab
from importers.discovery.linux.services import COLLECTOR as SERVICES
from importers.discovery.linux.services import init_script
from tests.importers.discovery.machines import Symlink, Tree, build, collect, found

SYSTEM = "usr/lib/systemd/system/"
CGROUP = "sys/fs/cgroup/system.slice/"


def service(description: str, start: str, extra: str = "") -> str:
    unit_ = f"[Unit]\nDescription={description}\n[Service]\nExecStart={start}\n{extra}"
    return unit_ + "[Install]\nWantedBy=multi-user.target\n"


MACHINE: Tree = {
    "run/systemd/system/": "",
    SYSTEM + "nginx.service": service("A web server", "-/usr/sbin/nginx -g 'daemon on;' --key=SECRET", "User=www\n"),
    SYSTEM + "cups.service": service("Printing", "/usr/sbin/cupsd -l"),
    SYSTEM + "getty@.service": service("Getty on %I", "-/sbin/agetty -o -p %I"),
    SYSTEM + "unused@.service": service("Unused %I", "/bin/unused"),
    SYSTEM + "rescue.service": "[Unit]\nDescription=Rescue\n[Service]\nExecStart=/bin/sh\n",
    "etc/systemd/system/multi-user.target.wants/nginx.service": Symlink("/usr/lib/systemd/system/nginx.service"),
    "etc/systemd/system/getty.target.wants/getty@tty1.service": Symlink("/usr/lib/systemd/system/getty@.service"),
    "etc/systemd/system/cups.service": Symlink("/dev/null"),
    "etc/systemd/system/web.service": Symlink("/usr/lib/systemd/system/nginx.service"),
    CGROUP + "nginx.service/cgroup.procs": "812\n813\n",
    CGROUP + "nginx.service/cgroup.events": "populated 1\n",
    "etc/init.d/oldserver": "#!/bin/sh\n### BEGIN INIT INFO\n# Provides: old\n"
    "# Short-Description: An old server\n### END INIT INFO\n",
    "etc/init.d/nginx": "### BEGIN INIT INFO\n# Short-Description: x\n### END INIT INFO\n",
    "etc/init.d/functions": "no header\n",
    "etc/rc2.d/S01oldserver": Symlink("../init.d/oldserver"),
}


def test_services_with_how_they_start_and_whether_they_run(tmp_path: Path) -> None:
    services = {s["name"]: s for s in found(SERVICES, tmp_path, MACHINE)["terrier"]["services"]}
    assert set(services) == {"nginx", "cups", "getty@tty1", "rescue", "oldserver"}
    assert services["nginx"] == {
        "name": "nginx",
        "description": "A web server",
        "manager": "systemd",
        "program": "/usr/sbin/nginx",
        "user": "www",
        "start": "automatic",
        "state": "running",
        "pid": 812,
    }
    assert (services["cups"]["start"], services["cups"]["state"]) == ("masked", "stopped")
    assert (services["getty@tty1"]["start"], services["getty@tty1"]["program"]) == ("automatic", "/sbin/agetty")
    assert services["rescue"]["start"] == "on demand"
    assert services["oldserver"] == {
        "name": "oldserver",
        "description": "An old server",
        "manager": "init",
        "start": "automatic",
        "program": "/etc/init.d/oldserver",
    }


def test_arguments_are_kept_nowhere(tmp_path: Path) -> None:
    assert "SECRET" not in str(found(SERVICES, tmp_path, MACHINE))


def test_without_systemd_unit_files_are_not_services(tmp_path: Path) -> None:
    outcome, content = collect(SERVICES, build(tmp_path, {SYSTEM + "nginx.service": service("x", "/x")}))
    assert (outcome.state, content) == ("absent", {})


def test_a_unit_file_joins_lines_and_an_empty_value_takes_back() -> None:
    text = "[Service]\n# no\nExecStart=/bin/a \\\n  --more\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\n"
    assert unit(text) == {"Service.ExecStart": ["/bin/a    --more"], "Service.Environment": ["B=2"]}


def test_programs_lose_prefixes_and_arguments() -> None:
    assert program("-@/usr/bin/foo foo --password x") == "/usr/bin/foo"
    assert program("") == ""
    anacron = "TOKEN=abc test -x /usr/sbin/anacron || ( cd / && run-parts /etc/cron.daily )"
    assert job_program(anacron) == "/etc/cron.daily"
    assert job_program("test -e /run/systemd/system || MODE=1 /usr/lib/e2scrub_all -A -r") == "/usr/lib/e2scrub_all"
    assert job_program("[ -x /usr/lib/php/sessionclean ] && if [ ! -d /run ]; then /usr/lib/php/sessionclean; fi") == (
        "/usr/lib/php/sessionclean"
    )
    assert job_program("command -v debian-sa1 > /dev/null && debian-sa1 1 1") == "debian-sa1"
    assert (job_program("true"), job_program("cd /srv/a"), job_program(" ; ")) == ("true", "/srv/a", "")
    assert job_program("curl https://example.org/?key=SECRET >/dev/null") == "curl"


def test_an_init_script_without_a_header_is_none() -> None:
    assert init_script("#!/bin/sh\n# Short-Description: x\n") == {}


def test_jobs_of_timers_and_cron_tables(tmp_path: Path) -> None:
    tree: Tree = {
        SYSTEM + "logrotate.timer": "[Unit]\nDescription=Rotate\n[Timer]\nOnCalendar=daily\nOnBootSec=15min\n",
        "etc/systemd/system/timers.target.wants/logrotate.timer": Symlink("/usr/lib/systemd/system/logrotate.timer"),
        "etc/crontab": "SHELL=/bin/sh\n# m h dom mon dow user command\n17 *\t* * *\troot    cd / && run-parts x\n",
        "etc/cron.d/backup": "@daily backup PASSWORD=x /usr/local/bin/backup --key SECRET\n",
        "etc/cron.d/.placeholder": "* * * * * root x\n",
        "etc/cron.weekly/man-db": "",
        "var/spool/cron/crontabs/nora": "*/5 * * * * /home/nora/sync.sh https://x\n",
    }
    jobs = found(JOBS, tmp_path, tree)["terrier"]["scheduled_jobs"]
    assert jobs == [
        {
            "manager": "systemd",
            "name": "logrotate",
            "schedule": "daily; BootSec 15min",
            "program": "logrotate.service",
            "description": "Rotate",
            "enabled": True,
        },
        {"manager": "cron", "schedule": "17 * * * *", "user": "root", "program": "run-parts"},
        {"manager": "cron", "schedule": "@daily", "user": "backup", "program": "/usr/local/bin/backup"},
        {"manager": "cron", "schedule": "weekly", "user": "root", "program": "/etc/cron.weekly/man-db"},
        {"manager": "cron", "schedule": "*/5 * * * *", "user": "nora", "program": "/home/nora/sync.sh"},
    ]


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    unit(text)
    init_script(text)
    for job in crontab(text, "x"):
        assert job["schedule"]


def test_services_whose_state_nobody_knows_have_none(tmp_path: Path) -> None:
    tree = {name: text for name, text in MACHINE.items() if not name.startswith(CGROUP)}
    services = found(SERVICES, tmp_path, tree)["terrier"]["services"]
    assert services
    assert not [one for one in services if "state" in one]


def test_services_of_openrc(tmp_path: Path) -> None:
    script = '#!/sbin/openrc-run\ndescription="The time daemon"\ncommand=/usr/sbin/chronyd\n'
    tree: Tree = {
        "etc/init.d/chronyd": script,
        "etc/init.d/sshd": "#!/sbin/openrc-run\n",
        "etc/init.d/functions.sh": "#!/bin/sh\n",
        "etc/runlevels/default/chronyd": Symlink("/etc/init.d/chronyd"),
        "run/openrc/started/chronyd": Symlink("/etc/init.d/chronyd"),
    }
    assert found(SERVICES, tmp_path, tree)["terrier"]["services"] == [
        {
            "name": "chronyd", "manager": "openrc", "description": "The time daemon", "program": "/etc/init.d/chronyd",
            "start": "automatic", "state": "running",
        },
        {"name": "sshd", "manager": "openrc", "program": "/etc/init.d/sshd", "start": "manual", "state": "stopped"},
    ]  # fmt: skip


def test_jobs_of_anacron_and_at(tmp_path: Path) -> None:
    tree: Tree = {
        "etc/anacrontab": "SHELL=/bin/sh\n1\t5\tcron.daily\trun-parts --report /etc/cron.daily\n@monthly 15 x /bin/x\n",
        "var/spool/cron/atjobs/a0001601c4f2a0": "#!/bin/sh\nexport TOKEN=SECRET\n",
        "var/spool/cron/atjobs/.SEQ": "16\n",
    }
    daily, monthly, once = found(JOBS, tmp_path, tree)["terrier"]["scheduled_jobs"]
    assert daily == {
        "manager": "anacron", "name": "cron.daily", "schedule": "every 1 days", "user": "root",
        "program": "/etc/cron.daily",
    }  # fmt: skip
    assert (monthly["schedule"], monthly["program"]) == ("@monthly", "/bin/x")
    assert (once["manager"], once["name"], once["schedule"][:4]) == ("at", "22", "2026")
    assert "SECRET" not in str(once)
