"""A shared PostgreSQL: connections to it, and what it says put into words."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.store.connection.database_address import DatabaseAddress, is_url
from cmdb.store.connection.silence import silence

_PORT = re.compile(r"([^:]+|\[.+\]):(\d{1,5})")
CONNECT_SECONDS = 10
"""How long a server that does not answer is waited for."""


def make_engine(address: DatabaseAddress, wait: int) -> Engine:
    """An engine for a database. ``wait``: how long to wait for the locks of others, in seconds. Opens nothing yet.

    A connection that was lost while it was idle is replaced. The engine's own URL is bare: no error can quote it.
    """
    usual = {"connect_timeout": str(CONNECT_SECONDS), "fallback_application_name": "Terrier"}
    engine = create_engine(
        "postgresql+psycopg://", connect_args={**usual, **address.parameters()}, pool_pre_ping=True,
        hide_parameters=True,
    )  # fmt: skip

    silence("psycopg", "sqlalchemy")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = '{wait}s'")
        # A plan that was kept from when a table was empty would go on reading all of it.
        connection.execute("SET plan_cache_mode = force_custom_plan")
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The driver says so when it begins the transaction, which is with the first statement.
        own: Any = connection.connection.driver_connection
        own.read_only = not connection.get_execution_options().get("writes")

    return engine


def address(server: str, database: str, user: str = "", password: str = "") -> str:
    """The URL of a database. ``server``: a name or an address, with ``:port`` where it is not the usual one, or the
    folder of a socket; empty: this computer's. Raises StoreProblem where ``server`` is no such name.
    """
    if is_url(server) or "@" in server:
        raise StoreProblem(
            Message("Give the server's name alone, for example {example}; the others have fields.", example="db:5433")
        )
    host, port = server, ""
    if server.startswith("/"):
        return DatabaseAddress(user, password, (), database, (("host", server),)).url
    if (found := _PORT.fullmatch(server)) is not None:
        host, port = found[1], found[2]
    hosts = ((host.strip("[]"), port),) if host else ()
    return DatabaseAddress(user, password, hosts, database).url


def encoding(connection: Connection) -> str:
    """The encoding of the database: only UTF8 has all characters."""
    return str(connection.exec_driver_sql("SHOW server_encoding").scalar())


def is_from_server(error: object) -> bool:
    """Whether an error is the driver's or the server's."""
    return type(error).__module__.split(".")[0] in ("psycopg", "psycopg_binary", "psycopg_c")


def is_locked(error: Any) -> bool:
    """Whether a lock of another transaction was waited for too long, or there was a deadlock."""
    return error.sqlstate in ("55P03", "40001", "40P01")


def is_damaged(error: Any) -> bool:
    """Whether tables or columns of an estate are missing, or their content cannot be read."""
    return error.sqlstate in ("42P01", "42703", "XX001", "XX002")


def is_passing(error: Any) -> bool:
    """Whether an error says nothing of what is stored: the connection, or what the server allows at the moment."""
    state = error.sqlstate or ""
    return not state or state[:2] in ("08", "40", "53", "55", "57") or state in ("25P03", "25P04")


def worded(name: str, error: Any) -> Message | None:
    """The text for a person; None where the error is a bug. ``name``: the database as it may be shown."""
    first = (str(error).splitlines() or [""])[0].removeprefix("connection failed: ").removeprefix("connection is bad: ")
    state = error.sqlstate or ""
    if state in _STATES or state[:2] in _STATES:
        return (_STATES.get(state) or _STATES[state[:2]]).having(name=name, first=first)
    text = str(error)
    for sign, message in _SIGNS.items():
        if sign in text:
            return message.having(name=name, first=first)
    return None


_LOST = Message(
    "The connection to {name} was lost. What was reported as done is stored; nothing is stored in part. Try again."
)
_DENIED = Message(
    "{name} does not allow this user to do that ({first}). The administrator of the server can grant the right to it."
)
_REFUSED = Message("{name} refuses the user name or password.")

#: SQLSTATE, or the first two characters of it: https://www.postgresql.org/docs/15/errcodes-appendix.html
_STATES: dict[str, Message] = {
    "08": _LOST,
    "22021": Message("A text has a character in it that {name} cannot keep ({first})."),
    "25P03": Message(
        "The server of {name} ended the connection, for the work took longer than it lets a transaction wait "
        "(idle_in_transaction_session_timeout). Nothing was stored in part. Try with less at once, or ask the "
        "administrator of the server to raise that limit."
    ),
    "25P04": Message(
        "The server of {name} ended the work, for it took longer than a transaction may there (transaction_timeout). "
        "Nothing was stored in part. Try with less at once, or ask the administrator of the server to raise that limit."
    ),
    "25006": Message("{name} is read-only, so nothing can be changed."),
    "28": _REFUSED,
    "3D000": Message("{name} does not exist on the server. The administrator of the server can create it."),
    "42501": _DENIED,
    "53100": Message("The server's disk is full; nothing was written to {name}."),
    "53200": Message("The server has no memory left for {name}. Try again later."),
    "53300": Message("{name} takes no more connections. Close Terrier where it is not needed, or try again later."),
    "53": Message("The server has not enough of what {name} needs ({first}). Try again later."),
    "54": Message("That is more than {name} can do at once ({first}). Ask for less, or in several steps."),
    "54000": Message(
        "A value is too long for an index of {name}: an attribute that is indexed takes some 2,600 characters."
    ),
    "55006": Message("{name} is in use ({first}). Try again."),
    "57014": Message(
        "The server of {name} stopped the work, for it took longer than it allows or its administrator ended it "
        "({first}). Nothing was stored in part. Try with less at once, or ask the administrator of the server to raise "
        "the limit (statement_timeout)."
    ),
    "57P": _LOST,
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": Message("{name} cannot be reached: the server is starting or stopping. Try again."),
    "57P05": _LOST,
    "58": Message("{name} cannot be read or written: the server's disk reports an error."),
}

#: What is said before there is a server that gives a state, or when it is gone.
_SIGNS: dict[str, Message] = {
    "authentication failed": _REFUSED,
    "no password supplied": _REFUSED,
    'role "': _REFUSED,
    "no pg_hba.conf entry": Message(
        "{name} lets nobody in from this computer as this user. The administrator of the server can allow it."
    ),
    "too many": Message("{name} takes no more connections. Close Terrier where it is not needed, or try again later."),
    'FATAL:  database "': Message(
        "{name} does not exist on the server. The administrator of the server can create it."
    ),
    "permission denied": _DENIED,
    "connection failed": Message("{name} cannot be reached: {first}"),
    "connection is bad": Message("{name} cannot be reached: {first}"),
    "could not match": Message("{name} cannot be reached: {first}"),
    "bad value for": Message("{name} cannot be reached: {first}"),
    "invalid connection option": Message("{name} cannot be reached: {first}"),
    "failed to resolve host": Message("{name} cannot be reached: {first}"),
    "connection timeout": Message("{name} cannot be reached: the server does not answer."),
    "server closed the connection": _LOST,
    "terminating connection": _LOST,
    "the connection is broken": _LOST,
    "SSL connection has been closed": _LOST,
    "SSL SYSCALL error": _LOST,
    "could not receive data from server": _LOST,
    "could not send data to server": _LOST,
    "connection is lost": _LOST,
    "connection is closed": _LOST,
    "consuming input failed": _LOST,
    "sending query failed": _LOST,
    "sending copy data failed": _LOST,
}
