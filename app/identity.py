"""Who this person is: the name under which they write, and their record in the estate.

The name holds for everything that this person opens on this computer. Which record is theirs is kept for each estate.
Both are in the settings. The login is the system's; on a server the store takes the database's instead.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import system_account
from app.settings import Settings
from cmdb.model.actors import Actor
from cmdb.model.characters import visible
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.store.connection.database_address import is_url, shown

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

_NAME, _PEOPLE, _LATER = "name", "people", "name_later"
LONGEST_NAME = 100


def writer_of(settings: Settings, where: str | Path) -> Actor:
    """Who writes in an estate: the person of these settings."""
    login = system_account.login()
    name = settings.get(_NAME, "") or login
    people: dict[str, Any] = settings.get(_PEOPLE, {})
    return Actor(name, login=login, person=str(people.get(place_of(where)) or ""))


def own_person(reader: Reader, writer: Actor) -> str | None:
    """Who am I: the id of the writer's person record; None where they named none, or it is no longer there."""
    found = reader.names([writer.person]).get(writer.person) if writer.person else None
    return writer.person if found is not None and reader.schema.is_a(found[0], "person") else None


def is_asked(settings: Settings) -> bool:
    """Whether the person was asked on this computer who they are, and answered, or put it off."""
    return bool(settings.get(_NAME, "")) or settings.get(_LATER, False)


def ask_no_more(settings: Settings) -> None:
    """The person has answered, or does not want to say who they are now."""
    settings.set(_LATER, True)


def keep(settings: Settings, where: str | Path, name: str, person: str | None) -> None:
    """Keeps who the person is: their name, and their record in an estate. Raises UserError for a bad name."""
    name = checked_name(name)
    if settings.get(_NAME, "") or name != system_account.login():  # the login stands for a name that was not given
        settings.set(_NAME, name)
    people: dict[str, Any] = {**settings.get(_PEOPLE, {})}
    place = place_of(where)
    if person:
        people[place] = person
    else:
        people.pop(place, None)
    settings.set(_PEOPLE, people or None)


def checked_name(text: str) -> str:
    """A person's name without what nobody sees. Raises UserError where it is empty or too long."""
    name = " ".join(visible(text).split())
    if not name:
        raise UserError(Message("Enter the name under which your changes are shown."))
    if len(name) > LONGEST_NAME:
        raise UserError(Message("A name has at most {most} characters.", most=LONGEST_NAME))
    return name


def suggested_name() -> str:
    """The name to begin with: the full name that the system knows, else the login."""
    return system_account.full_name() or system_account.login()


def likely_person(reader: Reader, writer: Actor) -> tuple[str, str] | None:
    """The id and name of the record that is likely the writer's.

    It is the one that their login of the server named before, on any computer; else the one that has their login as its
    user name, or their name.
    """
    from cmdb.model.query import quote
    from cmdb.model.selection import Selection
    from cmdb.store.reading.actors import person_of_login

    if (before := own_person(reader, replace(writer, person=person_of_login(reader)))) is not None:
        return before, reader.names([before])[before][1]
    for attribute, value in (("user_name", writer.login), ("name", writer.name)):
        found = reader.page(Selection("person", f"{attribute} = {quote(value)}"), limit=2) if value else []
        if len(found) == 1:
            return found[0].uid, found[0].name
    return None


def shown_person(reader: Reader, writer: Actor) -> tuple[str, str] | None:
    """The id and name of the writer's record; where they named none, of the one that is likely theirs."""
    if (own := own_person(reader, writer)) is not None:
        return own, reader.names([own])[own][1]
    return likely_person(reader, writer)


def new_person(reader: Reader, writer: Actor) -> Revision:
    """Makes a record for the writer. Its edit names the record's id."""
    from cmdb.register.edits import create

    return create(reader.schema, "person", {"name": writer.name, "user_name": writer.login}, writer.name)


def place_of(where: str | Path) -> str:
    """By what an estate is known in the settings: its file's path, or its database's address without the password."""
    return shown(where) if is_url(where) else str(Path(where).absolute())
