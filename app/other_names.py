"""Names that other programs (Snipe-IT, GLPI, ServiceNow, iTop, NetBox) give to what Terrier does, as a table.

The palette of the window finds actions by them, and the command line answers them with its own name for the command.
They do not replace the names of commands or fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from cmdb.model.messages import EMPTY, Message


@dataclass(frozen=True, slots=True)
class OtherNames:
    """``names`` of others, in one text with commas, which a translation replaces by those of its language.

    ``action`` is what the window offers for them (an action's id), ``command`` what the command line does. ``note``
    says what Terrier has instead, where that is not the same.
    """

    names: Message
    action: str = ""
    command: str = ""
    note: Message = EMPTY

    def words(self) -> list[str]:
        """The names in English and in the current language."""
        both = f"{self.names.template},{self.names}".split(",")
        return list(dict.fromkeys(name.strip() for name in both if name.strip()))


TABLE = (
    # -- actions on items
    OtherNames(
        Message("check out, checkout, assign, issue, deploy, allocate, lend, loan"), "assets.hand_over", "hand-over"
    ),
    OtherNames(
        Message("check in, checkin, return, unassign, deallocate, receive back"), "assets.take_back", "take-back"
    ),
    OtherNames(Message("relocate, transfer, mount, rack"), "assets.move", "relocate"),
    OtherNames(Message("maintenance, service, RMA, out for repair"), "assets.send_to_repair", "send-to-repair"),
    OtherNames(Message("repaired, end of maintenance"), "assets.back_from_repair", "back-from-repair"),
    OtherNames(Message("stolen, missing, theft, lost"), "assets.report_lost", "report-lost"),
    OtherNames(Message("recovered"), "assets.report_found", "report-found"),
    OtherNames(
        Message("decommission, archive, obsolete, withdraw, undeploy, end of life, deactivate"),
        "assets.retire",
        "retire",
    ),
    OtherNames(Message("disposal, scrap, write off, recycle, sell, sanitise, wipe"), "assets.dispose", "dispose"),
    OtherNames(Message("convert, change type, change category"), "assets.change_class", "change-class"),
    OtherNames(Message("remove, purge, trash"), "assets.delete", "delete"),
    OtherNames(
        Message("attach a file, attachment, upload, file upload, enclosure, photo, scan of a paper"),
        "assets.attach",
        "attach",
    ),
    OtherNames(Message("to-do, todo, work order, action item, follow-up"), "tasks.new", "create"),
    OtherNames(
        Message("create, add, add asset, add device, receive, register"),
        "assets.new",
        "create",
    ),
    OtherNames(Message("update, modify, bulk edit, mass update"), "assets.edit", "set"),
    OtherNames(Message("relate, relation, relationship, connect, cable, attach"), "assets.link", "link"),
    OtherNames(Message("detach, disconnect, unrelate"), "", "unlink"),
    # -- pages and questions
    OtherNames(
        Message("assets, devices, equipment, hardware, accessories, components, configuration items, CMDB, CIs"),
        "go.assets",
        "list",
    ),
    OtherNames(Message("search, find, query, filter, ls"), "", "list"),
    OtherNames(Message("get, view, details, cat"), "", "show"),
    OtherNames(Message("topology, dependency view, service map, relations graph, CI map"), "go.map", "path"),
    OtherNames(Message("impact analysis, what if, business impact, blast radius"), "assets.impact", "impact"),
    OtherNames(Message("single point of failure, SPOF, minimal cuts"), "", "cutsets"),
    OtherNames(
        Message("SAM, software asset management, compliance, effective licence position, ELP, seats, subscriptions"),
        "go.licences",
        "licences",
    ),
    OtherNames(Message("expiring, expirations, contract renewals"), "licences.renewals"),
    OtherNames(Message("discovery, discover, agent, auto-discovery, inventory this computer"), "go.scan", "scan"),
    OtherNames(
        Message("upload, load, bulk import, data source, transform map, synchronisation"), "go.import", "import"
    ),
    OtherNames(Message("duplicates, deduplicate, merge, reconcile, identification"), "go.review", "review"),
    OtherNames(Message("dashboards, statistics, depreciation, saved search"), "go.reports", "report"),
    OtherNames(Message("audit log, activity, activity log, change log, journal, log"), "go.history", "history"),
    OtherNames(Message("checkout history, check-out history, chain of custody, who had it"), "go.assets", "custody"),
    OtherNames(Message("configuration drift, what changed since the last scan, software history"), "go.scan", "drift"),
    OtherNames(Message("point in time, as of, time travel"), "view.time"),
    OtherNames(Message("snapshot, freeze, milestone"), "history.baselines", "baseline"),
    OtherNames(Message("revert, roll back, rollback"), "edit.undo", "undo"),
    OtherNames(Message("download, dump, csv"), "assets.export", "export"),
    # -- the estate
    OtherNames(Message("restore, recovery"), "file.backups", "restore"),
    OtherNames(Message("multi-user, team server, database server"), "file.server"),
    OtherNames(Message("migrate, export database"), "file.move"),
    OtherNames(Message("verify, integrity, fsck"), "file.check", "check"),
    OtherNames(Message("password, encryption"), "file.passphrase", "passphrase"),
    OtherNames(Message("preferences, options, configuration, zoom, font"), "file.settings"),
    OtherNames(Message("manual, documentation, how-to"), "help.guide"),
    OtherNames(Message("extensions, add-ons, modules"), "", "plugins"),
    # -- what Terrier does not have, and the nearest alternative
    OtherNames(
        Message("EULA, licence terms, terms of use"),
        "go.licences",
        "licences",
        Message("Terrier keeps what a licence entitles to, not its text; see Licences."),
    ),
    OtherNames(
        Message("requestable, request, catalogue item"),
        "go.assets",
        "list",
        Message("Terrier has no requests; what is in stock is found in Assets."),
    ),
    OtherNames(
        Message("CAB, change advisory board, change request, RFC"),
        "go.history",
        "history",
        Message("Terrier has no approvals; every change that was made is in History."),
    ),
    OtherNames(
        Message("hold, legal hold"),
        "history.retention",
        "retention",
        Message("Terrier has no holds; how long history is kept is set in History."),
    ),
    OtherNames(
        Message("ticket, incident, service request"),
        "go.map",
        "impact",
        Message("Terrier has no tickets; what a failure takes down is shown on the map."),
    ),
    OtherNames(
        Message("reserve, reservation, booking"),
        "assets.reserve",
        "reserve",
    ),
    OtherNames(
        Message("consumable, toner, spare parts"),
        "go.assets",
        "list",
        Message("Terrier counts no consumables; what has a tag of its own is an item in Assets."),
    ),
)


def words_of_action(action: str) -> str:
    """The other names of an action of the window, in one line; "" for none. Names with a note are excluded."""
    return " ".join(word for one in TABLE if one.action == action and not one.note for word in one.words())


def noted(text: str) -> list[tuple[str, OtherNames]]:
    """Names with a note that begin with a text."""
    typed = text.casefold().strip()
    if len(typed) < 3:
        return []
    return [(name, one) for one in TABLE if one.note for name in one.words() if name.casefold().startswith(typed)]


def note_on(*names: str) -> OtherNames | None:
    """What Terrier has instead of the first of the names that it has something else for; None where it has the same."""
    for asked in map(_plain, names):
        for one in TABLE:
            if asked in map(_plain, one.words()):
                return one if one.note else None
    return None


def meant(name: str, commands: Iterable[str], following: str = "") -> list[str]:
    """The commands that an unknown name may mean: commands with this name in other programs, otherwise commands with a
    similar name.

    ``following`` is the next word: a name of two words is asked for first ("check in LT-1").
    """
    known = list(commands)
    named = (commands_named(f"{name} {following}", known) if following else []) or commands_named(name, known)
    return named or get_close_matches(name.casefold(), known, 3, 0.7)


def commands_named(name: str, known: list[str]) -> list[str]:
    """The commands that others call so, and the one of that name."""
    asked = _plain(name)
    found = [one.command for one in TABLE if one.command in known and asked in map(_plain, one.words())]
    found += [command for command in known if _plain(command) == asked]
    return list(dict.fromkeys(found))


def _plain(name: str) -> str:
    """A name without what separates its words, in lower case: "check-out" and "Check out" are the same."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
