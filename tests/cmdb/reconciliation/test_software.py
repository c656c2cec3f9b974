"""Installed software: a list of one source does not remove what another found."""

from __future__ import annotations

from cmdb.model.observation import InstalledSoftware, NamedReference, Observation, ObservedInstallation, Reading
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet


def test_a_list_of_software_keeps_what_a_scan_found(estate: ReconciledEstate) -> None:
    found = InstalledSoftware("openssl", "Debian", version="3.0.14", origin="deb")
    computer = Observation(
        "laptop", {"name": "nb-1", "serial_number": "PF1ABCDE"}, installed=[found], sections=("software",)
    )
    estate.take(scan(computer))
    listed = InstalledSoftware("openssl", "Debian", version="3.0.14", origin="sheet")
    again = estate.propose(sheet(installations=[ObservedInstallation(NamedReference("computer", "nb-1"), listed)]))
    edits = [e for e in again.revision.edits if e.record.kind == "installation"]
    assert [(e.field, e.after) for e in edits] == [("stated_by", ["scan:agent", "sheet:assets.xlsx"])]


def test_software_of_a_computer_whose_own_row_is_rejected_is_known_all_the_same(estate: ReconciledEstate) -> None:
    computer = Observation("laptop", {"name": "nb-1", "serial_number": "PF1ABCDE", "asset_tag": "A-1"})
    listed = ObservedInstallation(
        NamedReference("computer", "nb-1"), InstalledSoftware("Visio", "Microsoft", origin="sheet")
    )
    estate.take(sheet(computer, Observation("laptop", {"name": "nb-2", "asset_tag": "A-2"}), installations=[listed]))
    row = Observation(
        "laptop", {"cost_centre": "200"}, evidence={"record": [estate.uid("nb-1")], "base": ["cost_centre=other"]}
    )
    estate.take(scan(Observation("laptop", {"name": "nb-1", "serial_number": "PF1ABCDE", "cost_centre": "100"})))
    again = estate.propose(sheet(row, installations=[listed]))
    assert again.rejected == 1
    assert (again.installed, [e for e in again.revision.edits if e.record.kind == "installation"]) == (0, [])


def test_an_older_look_brings_nothing_back_and_takes_nothing_away_whenever_it_comes(estate: ReconciledEstate) -> None:
    def looked(day: int, *sections: str, **versions: str) -> Reading:
        installed = [InstalledSoftware(name, version=one, origin="deb") for name, one in versions.items()]
        own = [InstalledSoftware("player", version=f"1.{day}", origin="pip", scope="S-1")] if len(sections) > 1 else []
        seen = Observation(
            "laptop", {"name": "nb-1", "serial_number": "PF1ABCDE"}, installed=[*installed, *own], sections=sections
        )
        return scan(seen, host=f"agent {day % 2}", observed=f"2026-03-{day:02}T10:00:00Z")

    def there() -> set[tuple[str, str]]:
        return {(key[3], key[5]) for key in estate.records["installation"]}

    estate.take(looked(20, "software", vim="9.1"))
    estate.take(looked(11, "software", vim="9.0", nano="7"))
    assert there() == {("vim", "9.1")}
    estate.take(looked(12, "software", "user_software", vim="9.0", nano="7"))
    assert there() == {("vim", "9.1"), ("player", "1.12")}, "nobody has looked there later"
    estate.take(looked(21, "software", "user_software", vim="9.2"))
    assert there() == {("vim", "9.2"), ("player", "1.21")}


def test_what_a_look_saw_in_part_is_not_removed_by_an_older_one_of_the_whole(estate: ReconciledEstate) -> None:
    def looked(day: int, *sections: str, managers: frozenset[str] = frozenset(), **origins: str) -> Reading:
        installed = [InstalledSoftware(name, version="1", origin=one) for name, one in origins.items()]
        own = InstalledSoftware("player", version="1", origin="pip", scope="S-1")
        seen = Observation(
            "laptop", {"name": "nb-1", "serial_number": "PF1ABCDE"},
            installed=[*installed, own] if day == 20 else installed, sections=sections, package_managers=managers,
        )  # fmt: skip
        return scan(seen, observed=f"2026-03-{day:02}T10:00:00Z")

    def there() -> set[str]:
        return {key[3] for key in estate.records["installation"]}

    deb = frozenset({"deb"})
    estate.take(looked(10, "software", vim="deb", nano="deb"))
    estate.take(looked(20, "storages", ark="flatpak", vim="deb"))
    assert there() == {"vim", "nano", "ark", "player"}
    estate.take(looked(15, "software", "user_software", vim="deb"))
    assert there() == {"vim", "nano", "ark", "player"}, "the part that was seen later may have had any of them"
    estate.take(looked(16, "storages", managers=deb, vim="deb"))
    assert there() == {"vim", "nano", "ark", "player"}
    assert not list(estate.propose(looked(20, "storages", ark="flatpak", vim="deb")).revision.edits)
    estate.take(looked(21, "storages", managers=deb, vim="deb"))
    assert there() == {"vim", "ark", "player"}
    estate.take(looked(22, "software", "user_software", vim="deb"))
    assert there() == {"vim"}
