from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.linux._accounts import groups, logins, main_user, passwd
from importers.discovery.linux.accounts import COLLECTOR
from tests.importers.discovery.machines import PASSWD, Tree, build, collect, found, login

DAY = 86_400


def test_accounts_groups_logins_and_the_main_user(tmp_path: Path) -> None:
    history = [login("otto", DAY), login("nora", 2 * DAY), login("nora", 3 * DAY), login("root", 9 * DAY)]
    history.append(login("reboot", 10 * DAY, kind=2, line="~"))
    tree: Tree = {
        "etc/passwd": PASSWD,
        "etc/group": "root:x:0:\nsudo:x:27:nora,otto\n+::\n",
        "run/utmp": login("otto", 9 * DAY, host="10.0.0.9") + login("LOGIN", 1, kind=6),
        "var/log/wtmp": b"".join(history),
    }
    content = found(COLLECTOR, tmp_path, tree)
    assert content["users"] == [{"login": "otto"}]
    assert content["hardware"]["lastloggeduser"] == "root"
    assert content["terrier"]["main_user"] == {"login": "nora", "name": "Nora Field"}
    assert content["local_groups"][1] == {"id": "27", "name": "sudo", "members": ["nora", "otto"]}
    assert [u["login"] for u in content["local_users"]] == ["root", "daemon", "nora", "otto", "backup"]
    assert content["local_users"][2]["name"] == "Nora Field"


def test_where_there_is_no_utmp_the_sessions_tell(tmp_path: Path) -> None:
    tree: Tree = {
        "etc/passwd": PASSWD,
        "run/systemd/sessions/2": "UID=1000\nUSER=nora\nSTATE=active\nCLASS=user\n",
        "run/systemd/sessions/c1": "USER=gdm\nSTATE=active\nCLASS=greeter\n",
        "run/systemd/sessions/9": "USER=otto\nSTATE=closing\nCLASS=user\n",
    }
    content = found(COLLECTOR, tmp_path, tree)
    assert content["users"] == [{"login": "nora"}]
    assert content["terrier"]["main_user"]["login"] == "nora"


def test_a_server_that_only_root_logs_on_to_has_no_main_user(tmp_path: Path) -> None:
    content = found(COLLECTOR, tmp_path, {"etc/passwd": PASSWD, "var/log/wtmp": login("root", DAY)})
    assert "terrier" not in content


def test_the_later_of_two_equally_frequent_users() -> None:
    history = list(logins(login("a", 5) + login("b", 7)))
    assert main_user(history, {"a", "b"}) == "b"
    assert main_user(history, {"c"}) == ""


def test_lines_that_are_no_accounts_are_passed_over() -> None:
    assert passwd("+::::::\n\nx:x:abc:1:::\n" + PASSWD)[0].login == "root"
    assert [a.human for a in passwd(PASSWD)] == [False, False, True, True, False]
    assert groups("a:x\nb:x:7:\n") == [("b", 7, [])]


def test_no_passwd_no_accounts(tmp_path: Path) -> None:
    assert collect(COLLECTOR, build(tmp_path, {"x": ""}))[0].state == "absent"


@given(st.binary(max_size=900))
def test_any_login_file_is_read_without_an_error(data: bytes) -> None:
    assert len(list(logins(data))) == len(data) // 384
