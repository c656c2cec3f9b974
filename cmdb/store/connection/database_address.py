"""The address of a database on a PostgreSQL server: read from its URL, and written without what is secret.

All that is shown or kept of a URL is built from its parts, so that a password is never part of it, wherever it stands.
The standard library only: the window reads addresses before it loads the store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_plus

from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message, tr

# Patterns are compiled when they are first used: every command imports this module.
_URL = r"(?is)([a-z][a-z0-9.+-]*)://(.*)"
_LIKE_URL = r"(?i)\s*postgres(?:ql)?(?:\+\w+)?:"
_CONNECTION_STRING = r"\s*(?:host|hostaddr|dbname|user|password|sslpassword|passfile|service)\s*="
_HOST = r"(?s)(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?"
_HOST_AND_PORT = r"([A-Za-z0-9.-]+):(\d+)"
_LARGEST_PORT = 65_535

_OPEN = frozenset((
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname",
    "fallback_application_name", "gssdelegation", "gssencmode", "gsslib", "host", "hostaddr", "keepalives",
    "keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname", "load_balance_hosts",
    "max_protocol_version", "min_protocol_version", "port", "replication", "require_auth", "requirepeer", "service",
    "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcert", "sslcertmode", "sslcompression", "sslcrl",
    "sslcrldir", "sslkey", "sslmode", "sslnegotiation", "sslrootcert", "sslsni", "target_session_attrs",
    "tcp_user_timeout", "user",
))  # fmt: skip
_SECRET = frozenset((
    "oauth_client_id", "oauth_client_secret", "oauth_issuer", "oauth_scope", "options", "passfile", "password",
    "scram_client_key", "scram_server_key", "servicefile", "sslkeylogfile", "sslpassword",
))  # fmt: skip
"""PostgreSQL's options that may hold a secret or lead to one: they are used, and neither shown nor kept."""


class DatabaseAddress(NamedTuple):
    """The parts of a database's URL. Its repr shows no secret.

    ``hosts``: names or addresses with their ports ("" for the usual one). ``options``: PostgreSQL's other parameters.
    """

    user: str = ""
    password: str = ""
    hosts: tuple[tuple[str, str], ...] = ()
    database: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.shown!r})"

    @property
    def shown(self) -> str:
        """The URL without what is secret: what may be shown, written to a file or kept."""
        return self._written("", [(name, value) for name, value in self.options if name in _OPEN])

    @property
    def url(self) -> str:
        """The whole URL, secrets included: to be handed on within the program, never to be shown or kept."""
        return self._written(self.password, self.options)

    @property
    def name(self) -> str:
        """The database as it is called in texts: "estate on db.example.org"."""
        given = self.parameters()
        database = given.get("dbname") or Message("the database")
        hosts = tuple((given.get("host") or given.get("hostaddr") or "").split(","))
        if hosts[0][:1] in ("", "/"):
            return tr("{database} on this computer", database=database)
        return tr("{database} on {host}", database=database, host=hosts if len(hosts) > 1 else hosts[0])

    def parameters(self) -> dict[str, str]:
        """What PostgreSQL's driver is given: the parts by PostgreSQL's names for them."""
        found = {"user": self.user, "password": self.password, "dbname": self.database, **_of_hosts(self.hosts)}
        several: dict[str, list[str]] = {}
        for name, value in self.options:
            several.setdefault(name, []).append(value)
        for name, values in several.items():
            found[name] = ",".join(values) if name in ("host", "hostaddr", "port") else values[-1]
        if hosts := several.get("host"):
            found.update(_of_hosts([_host_and_port(one) for value in hosts for one in value.split(",")], found))
        return {name: value for name, value in found.items() if value}

    def _written(self, password: str, options: Sequence[tuple[str, str]]) -> str:
        login = quote(self.user, safe="") + (f":{quote(password, safe='')}" if password else "")
        hosts = ",".join(f"{_bracketed(host)}{f':{port}' if port else ''}" for host, port in self.hosts)
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options)
        path = f"/{quote(self.database, safe='')}" if self.database else ""
        return f"postgresql://{login}{'@' if login else ''}{hosts}{path}{'?' if query else ''}{query}"


def is_url(where: str | Path) -> bool:
    """Whether ``where`` is meant as the address of a database rather than as a file, well written or not."""
    if isinstance(where, Path):
        return False
    return "://" in where or is_server_url(where)


def is_server_url(text: str) -> bool:
    """Whether a text is meant as the address of a PostgreSQL database, well written or not."""
    return bool(re.match(_LIKE_URL, text) or re.match(_CONNECTION_STRING, text))


def parsed(url: str) -> DatabaseAddress:
    """The parts of a URL. Raises StoreProblem, which does not repeat the URL, where it cannot be read.

    In the password, "/", "@", ":" and "%" may stand as they are: it ends at the last "@" before the query.
    """
    match = re.fullmatch(_URL, url.strip())
    if match is None:
        raise _unreadable()
    kind = match[1].lower()
    if kind.partition("+")[0] not in ("postgresql", "postgres"):
        raise StoreProblem(
            Message("{kind} databases are not supported: give a file or a postgresql:// URL.", kind=kind)
        )
    place, _, query = match[2].partition("?")
    login, at, rest = place.rpartition("@")
    if at and "/" in login and ":" not in login.partition("/")[0]:
        login, rest = "", place  # an "@" in the name of the database
    user, _, password = login.partition(":")
    hosts, _, database = rest.partition("/")
    found = DatabaseAddress(
        unquote(user), unquote(password), tuple(map(_host, hosts.split(","))) if hosts else (), unquote(database),
        tuple(_options(query)),
    )  # fmt: skip
    _look_at(found.parameters())
    for port in found.parameters().get("port", "").split(","):
        if port and not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= _LARGEST_PORT):
            raise StoreProblem(
                Message("The port in the database's URL has to be a number from 1 to {largest}.", largest=_LARGEST_PORT)
            )
    return found


def shown(where: str | Path) -> str:
    """A file's name, or a database's URL without what is secret; of one that cannot be read nothing is repeated."""
    if not is_url(where):
        return str(where)
    try:
        return parsed(str(where)).shown
    except StoreProblem:
        return tr("the database")


def named(where: str | Path) -> str:
    """The name of an estate: of its file, or of its database and server."""
    if not is_url(where):
        return Path(where).name
    try:
        return parsed(str(where)).name
    except StoreProblem:
        return tr("the database")


def _look_at(parameters: dict[str, str]) -> None:
    """Raises StoreProblem where the driver could not even encode a part."""
    try:
        for name, value in parameters.items():
            value.encode()
            for host in value.split(",") if name == "host" else ():
                if host[:1] != "/":
                    host.encode("idna")
    except UnicodeError:
        raise _unreadable() from None
    if "\0" in "".join(parameters.values()):
        raise _unreadable()


def _options(query: str) -> list[tuple[str, str]]:
    found = []
    for part in filter(None, query.split("&")):
        name, is_, value = part.partition("=")
        if not is_ or name not in _OPEN | _SECRET:
            raise StoreProblem(
                Message(
                    "The database's URL has an option that PostgreSQL does not know. "
                    "Write “?”, “&”, “@” and “%” in a password as {question}, {ampersand}, {at} and {percent}.",
                    question="%3F", ampersand="%26", at="%40", percent="%25",
                )
            )  # fmt: skip
        # Server settings are often written with "+" for the spaces between them.
        found.append((name, unquote_plus(value) if name == "options" else unquote(value)))
    return found


def _host(text: str) -> tuple[str, str]:
    match = re.fullmatch(_HOST, text)
    if match is None:
        raise _unreadable()
    return unquote(match[1].strip("[]")), match[2] or ""


def _host_and_port(text: str) -> tuple[str, str]:
    match = re.fullmatch(_HOST_AND_PORT, text)
    return (match[1], match[2]) if match else (text, "")


def _of_hosts(hosts: Sequence[tuple[str, str]], given: dict[str, str] | None = None) -> dict[str, str]:
    found = {"host": ",".join(host for host, _ in hosts)}
    if any(port for _, port in hosts):
        usual = (given or {}).get("port", "")
        found["port"] = ",".join(port or ("" if "," in usual else usual) for _, port in hosts)
    return found


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else quote(host, safe="")


def _unreadable() -> StoreProblem:
    return StoreProblem(
        Message(
            "The database's URL cannot be read. Its form is {form}; a password is best kept in {variable} or {file}.",
            form="postgresql://user@host:port/name", variable="PGPASSWORD", file="~/.pgpass",
        )
    )  # fmt: skip
