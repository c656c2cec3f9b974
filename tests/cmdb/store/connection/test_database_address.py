"""URLs of databases: every way to write a password is read, and none is ever shown."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import StoreProblem
from cmdb.store.connection import postgresql
from cmdb.store.connection.database_address import is_url, named, parsed, shown

SECRET = "s3cret"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "POSTGRES"])
@pytest.mark.parametrize(
    "password", [SECRET, f"{SECRET}/a", f"a@{SECRET}", f"{SECRET}%zz", f"a:{SECRET}", f"@/:{SECRET}%/@x", f"{SECRET}#é"]
)
@pytest.mark.parametrize("place", ["db.example.org:5433/estate", "[::1]/estate", "a:1,b:2/estate", "/estate", "h"])
def test_a_password_is_read_as_it_is_written_and_never_shown(scheme: str, password: str, place: str) -> None:
    url = f"{scheme}://me:{password}@{place}"
    found = parsed(url)
    assert found.parameters()["password"] == password
    assert found.parameters()["user"] == "me"
    for text in (shown(url), named(url), repr(found)):
        assert SECRET not in text
        assert quote(password, safe="") not in text
    assert shown(url).startswith("postgresql://me@")
    assert parsed(found.url) == found, "what is handed on means the same"


@pytest.mark.parametrize("option", ["password", "sslpassword", "passfile", "options", "oauth_client_secret"])
def test_secrets_of_the_query_are_used_and_not_shown(option: str) -> None:
    url = f"postgres://db/estate?user=me&{option}={SECRET}&sslmode=require"
    assert parsed(url).parameters()[option] == SECRET
    assert shown(url) == "postgresql://db/estate?user=me&sslmode=require"


@given(st.text(min_size=1, alphabet=st.characters(exclude_characters="?", exclude_categories=("Cs", "Cc"))))
def test_any_password_without_a_question_mark_can_stand_as_it_is(password: str) -> None:
    word = f"begin-{password.replace('%', 'x')}-end"
    url = f"postgresql://me:{word}@db:5433/estate"
    assert parsed(url).parameters() == {
        "user": "me", "password": word, "host": "db", "port": "5433", "dbname": "estate"
    }  # fmt: skip
    assert shown(url) == "postgresql://me@db:5433/estate"


@given(st.text(min_size=1, alphabet=st.characters(exclude_characters="\0", exclude_categories=("Cs",))))
def test_any_password_can_stand_escaped(password: str) -> None:
    url = f"postgresql://me:{quote(password, safe='')}@db/estate"
    assert parsed(url).parameters()["password"] == password
    assert parsed(parsed(url).url).parameters()["password"] == password
    assert shown(url) == "postgresql://me@db/estate"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}/estate",
        f"postgresql://me:{SECRET}?x@db/estate",
        f"postgresql://me:12?{SECRET}=x@db/estate",
        f"postgresql://me:12?{SECRET}@db/estate",
        f"postgresql://db:{SECRET}/estate",
        f"postgresql://db:99999/{SECRET}",
        f"postgresql://db/estate?port={SECRET}",
        f"postgresql://db/estate?{SECRET}=1",
        f"postgresql://[::1/{SECRET}",
        f"postgresql:/me:{SECRET}@db/estate",
        f"postgres:me:{SECRET}@db",
        f"host=db password={SECRET}",
        f"my sql://me:{SECRET}@db",
        f"mysql://me:{SECRET}@db",
        f"postgresql://me:{SECRET}@{'h' * 300}/estate",
        f"postgresql://me:{SECRET}%00@db/estate",
        f"postgresql://me:{SECRET}\udcff@db/estate",
    ],
)
def test_what_cannot_be_read_is_refused_and_not_repeated(url: str) -> None:
    assert is_url(url)
    with pytest.raises(StoreProblem) as raised:
        parsed(url)
    assert SECRET not in str(raised.value)
    assert SECRET not in shown(url)
    assert SECRET not in named(url)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://a:1,b:2/x", "a,b", "1,2"),
        ("postgresql://a,b:2/x", "a,b", ",2"),
        ("postgresql://[fe80::1]:7/x", "fe80::1", "7"),
        ("postgresql:///x?host=/run/pg", "/run/pg", ""),
        ("postgresql://%2Frun%2Fpg/x", "/run/pg", ""),
        ("postgresql:///x?host=a:1&host=b:2", "a,b", "1,2"),
        ("postgresql:///x?host=a,b&port=5", "a,b", "5"),
        ("postgresql://a/x?port=5", "a", "5"),
        ("postgresql:///x?host=a&port=5", "a", "5"),
        ("postgresql:///?service=estate", "", ""),
    ],
)
def test_hosts_and_ports_are_what_the_driver_is_given(url: str, host: str, port: str) -> None:
    found = parsed(url)
    given_ = found.parameters()
    assert (given_.get("host", ""), given_.get("port", "")) == (host, port)
    assert parsed(found.shown).parameters() == given_


def test_the_engine_holds_no_password() -> None:
    url = f"postgresql://me:{SECRET}@db/estate?sslpassword={SECRET}"
    engine = postgresql.make_engine(parsed(url), 1)
    assert SECRET not in f"{engine!r} {engine.url.render_as_string(hide_password=False)}"


def test_an_address_from_fields_is_the_same_when_it_is_read() -> None:
    url = postgresql.address("db.example.org:5433", "estate", "me", f"{SECRET}/@?&%41")
    assert parsed(url).parameters()["password"] == f"{SECRET}/@?&%41"
    with pytest.raises(StoreProblem, match="name alone") as raised:
        postgresql.address(f"me:{SECRET}@db", "estate")
    assert SECRET not in str(raised.value)
