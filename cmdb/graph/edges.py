"""What the store hands over for the graph: CIs, links and dependency groups as compact columns."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class GroupRecord(NamedTuple):
    """A dependency group as it is stored: whose it is, and how many of its members that CI needs.

    ``needs`` is the text of the group: a count (``2``), a share (``50%``), or "" for all of them. ``strength`` is
    ``hard``, ``soft`` or "" (then the members' relationship types decide).
    """

    key: Hashable
    owner: int
    label: str = ""
    needs: str = ""
    strength: str = ""


@dataclass(slots=True)
class Edges:
    """The estate's CIs and links. CIs are named by their integer ids; classes and relationship types are interned.

    ``ids`` may be in any order, without repetition. ``link_group`` holds positions in ``groups``, -1 for none.
    Reference attributes that name a relationship type are handed over as links of that type.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    classes: array[int] = field(default_factory=lambda: array("i"))
    class_names: list[str] = field(default_factory=list)
    link_type: array[int] = field(default_factory=lambda: array("i"))
    link_source: array[int] = field(default_factory=lambda: array("q"))
    link_target: array[int] = field(default_factory=lambda: array("q"))
    link_group: array[int] = field(default_factory=lambda: array("i"))
    type_names: list[str] = field(default_factory=list)
    groups: list[GroupRecord] = field(default_factory=list)
    _class_code: dict[str, int] = field(default_factory=dict, repr=False)
    _type_code: dict[str, int] = field(default_factory=dict, repr=False)
    _group_code: dict[Hashable, int] = field(default_factory=dict, repr=False)

    @classmethod
    def from_records(
        cls,
        cis: Iterable[tuple[int, str]],
        links: Iterable[tuple[str, int, int, Hashable | None]],
        groups: Mapping[Any, tuple[int, str, str] | tuple[int, str, str, str]] | None = None,
    ) -> Edges:
        """Edges of (id, class); (type, source, target, group key or None); key → (owner, label, needs, strength)."""
        edges = cls()
        for key, record in (groups or {}).items():
            edges.add_group(key, *record)
        for ci, class_name in cis:
            edges.add_ci(ci, class_name)
        for type_name, source, target, group in links:
            edges.add_link(type_name, source, target, group)
        return edges

    def add_ci(self, ci: int, class_name: str) -> None:
        """Adds a CI."""
        code = self._class_code.get(class_name)
        if code is None:
            code = self._class_code[class_name] = len(self.class_names)
            self.class_names.append(class_name)
        self.ids.append(ci)
        self.classes.append(code)

    def add_group(self, key: Hashable, owner: int, label: str = "", needs: str = "", strength: str = "") -> None:
        """Adds a dependency group of CI ``owner``. Groups come before the links that name them."""
        self._group_code[key] = len(self.groups)
        self.groups.append(GroupRecord(key, owner, label, needs, strength))

    def add_link(self, type_name: str, source: int, target: int, group: Hashable | None = None) -> None:
        """Adds a link. ``group`` is the key of a group that was added; a key that is not known counts as none."""
        code = self._type_code.get(type_name)
        if code is None:
            code = self._type_code[type_name] = len(self.type_names)
            self.type_names.append(type_name)
        self.link_type.append(code)
        self.link_source.append(source)
        self.link_target.append(target)
        self.link_group.append(-1 if group is None else self._group_code.get(group, -1))
