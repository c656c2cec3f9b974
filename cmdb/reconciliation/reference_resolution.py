"""Links the settled groups: references become ids, missing records are created, rows that cannot be linked are
rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from cmdb.model.cell_hash import cell_hash
from cmdb.model.messages import EMPTY, Message
from cmdb.model.name_keys import name_key
from cmdb.model.observation import ONLY_NEW, NamedReference, Origin
from cmdb.model.revision import new_id
from cmdb.model.schema import Schema
from cmdb.model.values import label_of
from cmdb.reconciliation.cluster import Cluster, SourceStatement
from cmdb.reconciliation.defaults import default_class
from cmdb.reconciliation.held_references import Named, hold
from cmdb.reconciliation.keys import Keys
from cmdb.reconciliation.listed_people import NOBODY, SEVERAL, UnresolvedReference
from cmdb.reconciliation.look_alikes import point_out_look_alikes
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.models_by_maker import ModelsByMaker
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.reference_targets import ReferenceResolver
from cmdb.reconciliation.references import ReferenceIndex, ReferenceKey, labels
from cmdb.reconciliation.spelling import meant, point_out
from cmdb.reconciliation.survivorship import Survivorship
from cmdb.reconciliation.uniqueness import ImportUniqueness

#: Sources in which each row is a separate document: a reference that cannot be linked is left out, the rest is
#: imported.
_LENIENT = ("scan", "import")
_LISTED = "sheet"
_UNKNOWN = "reference.class-unknown"
"""The code of a name that nothing has, and for which nothing can be created as its class is not given."""


class ReferenceResolution:
    """References of all settled groups."""

    def __init__(
        self,
        schema: Schema,
        keys: Keys,
        lookup: Lookup,
        collector: ProblemCollector,
        wanted: ReferenceIndex,
        survivorship: Survivorship,
        absent: Callable[[str, str, str], bool],
        create: bool,
        strict: Collection[str] = (),
    ) -> None:
        """``create``: records that are only named are created. ``strict``: sources whose rows are rejected where a
        cell can't be used.
        """
        self._schema = schema
        self._keys = keys
        self._lookup = lookup
        self._collector = collector
        self._wanted = wanted
        self._create = create
        self._strict = strict
        self._absent = absent
        self._survivorship = survivorship
        self.clusters = list(survivorship.clusters)
        self.rejected_rows: list[tuple[Origin, list[Message]]] = []
        """The rows that are rejected, with the reasons, once ``reject_what_follows`` has listed them."""
        self._linker = ReferenceResolver(schema, keys, lookup, wanted, self.clusters)
        self._known_names: dict[str, tuple[str, str]] = {}
        self._levels: dict[int, str] = {}
        self._beside: dict[tuple[str, str], Cluster] = {}
        """(Model, manufacturer) that rows name together → the first such row."""
        self._models = ModelsByMaker(lookup, self._linker, self.clusters)
        self._bad_rows: dict[Origin, list[Message]] = {}

    def run(self) -> None:
        """Resolves all mentions, and creates what is missing."""
        self._linker.run()
        self._wanted.optional |= self._only_for_new()
        fresh: list[tuple[Cluster, list[ReferenceKey]]] = []
        without: dict[str, list[ReferenceKey]] = {}
        named: list[Named] = []
        for (cls, _), reference_keys in sorted(self._linker.missing.items()):
            asked = [w for w in reference_keys if w not in self._wanted.optional and w not in self._wanted.strict]
            cluster = self._linker.create(cls, asked) if asked and self._create else None
            if cluster is None:
                without.setdefault(cls, []).extend(reference_keys)
            else:
                named.append((cluster, reference_keys))
        makers = self._keys.identifiers.makers
        for cluster, reference_keys in hold(named, self._survivorship, self.clusters, makers):
            answer = self._linker.answer(cluster, cluster.name)
            self._linker.found.update(dict.fromkeys(reference_keys, answer))
        for cluster, reference_keys in named:
            if cluster.state == "new":
                cluster.uid = new_id()
                self._linker.by_uid[cluster.uid] = cluster
                self.clusters.append(cluster)
                self._linker.found.update(dict.fromkeys(reference_keys, cluster.uid))
                fresh.append((cluster, reference_keys))
        self._fail(without)
        self._resolve_places()
        fresh += self._models.complete(fresh)
        for cluster, _ in fresh:
            seen = cluster.members[0]
            cluster.statements = (SourceStatement(seen.source, seen.observed, seen.obs.values, implied=True),)
        point_out(
            self._schema, self.clusters, self._linker.found, self._wanted, makers, self._lookup, self._collector,
            self._label,
        )  # fmt: skip

    def _fail(self, without: dict[str, list[ReferenceKey]]) -> None:
        """Records why mentions have no record, with similar names."""
        needed = {
            cls: {w[2] for w in reference_keys if w not in self._wanted.optional}
            for cls, reference_keys in without.items()
        }
        names = meant(self._schema, self._lookup, self.clusters, needed)
        others = self._of_other_classes({name for asked in needed.values() for name in asked})
        for cls, reference_keys in without.items():
            for reference_key in reference_keys:
                if reference_key in self._wanted.optional:
                    self._linker.found[reference_key] = UnresolvedReference(EMPTY, "optional")
                    continue
                kinds, other = labels(self._schema, cls), names.get((cls, reference_key[2]))
                if reference_key not in self._wanted.strict and self._create:
                    message = Message(
                        "There is no {kinds} called “{name}”. It was not created, as its class is not given.",
                        kinds=kinds,
                        name=reference_key[2],
                    )
                    code = _UNKNOWN
                elif its := others.get(name_key(reference_key[2])):
                    message, code = (
                        Message(
                            "“{name}” is of the class {cls}; here it has to be {kinds}.",
                            name=reference_key[2], cls=self._schema.cls(its).label, kinds=kinds,
                        ),
                        "reference.other-class",
                    )  # fmt: skip
                else:
                    message, code = (
                        Message("There is no {kinds} called “{name}”.", kinds=kinds, name=reference_key[2]),
                        "",
                    )
                failure = UnresolvedReference(message, "reference", (other,) if other else (), code)
                self._linker.found[reference_key] = failure

    def _only_for_new(self) -> set[ReferenceKey]:
        """Mentions that only records that are created take (``ONLY_NEW``), where all that have them are known."""
        spare = {
            reference_key
            for cluster in self.clusters if cluster.state == "same"
            for one in cluster.members if one.obs.evidence
            for attribute, reference_key in one.refs if attribute in one.obs.evidence.get(ONLY_NEW, ())
        }  # fmt: skip
        if spare:
            for cluster in self.clusters:
                for one in cluster.members:
                    own = one.obs.evidence.get(ONLY_NEW, ()) if cluster.state == "same" else ()
                    spare.difference_update(key for attribute, key in one.refs if attribute not in own)
        return spare

    def _of_other_classes(self, names: Collection[str]) -> dict[str, str]:
        """Key of a name → the class of the record that has it, whatever its class; for names that nothing else has."""
        keys = {name_key(name) for name in names}
        if not keys:
            return {}
        found = {name_key(c.name): c.cls for c in self.clusters if not c.implied and name_key(c.name) in keys}
        stored = self._lookup.by_name(self._schema.family("ci"), sorted(keys - found.keys()))
        known = self._lookup.cis([uids[0] for uids in stored.values()]) if stored else {}
        return {**{key: known[uids[0]].cls for key, uids in stored.items() if uids[0] in known}, **found}

    def _resolve_places(self) -> None:
        """Gives places that are only known by name a class: site, building, floor or room, by their names and depth."""
        self._levels = {id(self._wanted.implied[key]): cls for key, cls in self._wanted.levels.items()}
        for cluster in self.clusters:
            if cluster.state == "new" and cluster.cls == "place":
                self._place_class(cluster, 0)

    def _place_class(self, cluster: Cluster, depth: int) -> str:
        if cluster.cls != "place" or depth > 8:
            return cluster.cls
        said = {self._levels[id(one)] for one in cluster.members if id(one) in self._levels}
        if len(said) == 1:
            [cluster.cls] = said
            return cluster.cls
        inside = ""
        above = dict(cluster.members[0].refs).get("location")
        if above is not None:
            found = self._linker.found.get(above, "")
            parent = self._linker.by_uid.get(found) if isinstance(found, str) else None
            if parent is not None:
                inside = self._place_class(parent, depth + 1)
            elif isinstance(found, str) and found:
                inside = getattr(self._lookup.cis([found]).get(found), "cls", "site")
        cluster.cls = default_class(self._schema, "place", cluster.name, inside)
        return cluster.cls

    # -- references of observations ---------------------------------------------------------------------------------

    def resolve_values(self) -> None:
        """Replaces mentions by ids, in copies of the statements, and removes attributes that the class lacks."""
        for cluster in self.clusters:
            if cluster.state in ("new", "same") and not cluster.reasons:
                said = cluster.statements
                if len(cluster.members) == 1:
                    cluster.members[0].forget_keys()
                    self._resolve_statement(cluster, said[0], cluster.members[0].refs, cluster.implied)
                    continue
                explicit = any(not v.implied for v in said)
                refs = list(dict.fromkeys(ref for one in cluster.members for ref in one.refs))
                for statement in said:
                    own = [(a, w) for a, w in refs if _is_of(statement.values.get(a), w)]
                    self._resolve_statement(cluster, statement, own, statement.implied and explicit)
        self._check_makers()
        identifiers = self._keys.identifiers
        check = ImportUniqueness(self._schema, self._lookup, identifiers, self._collector, self.name_of, self._absent)
        check.check(self.clusters)
        point_out_look_alikes(self._schema, self._lookup, self.clusters, self._collector, self.name_of)

    def _resolve_statement(
        self, cluster: Cluster, statement: SourceStatement, refs: Sequence[tuple[str, ReferenceKey]], nameless: bool
    ) -> None:
        """Replaces the mentions in one statement. ``nameless``: leaves out the source's name if the record has one."""
        found = self._linker.found
        values = dict(statement.values)
        for attribute, reference_key in refs:
            answer = found[reference_key]
            if isinstance(answer, UnresolvedReference) and attribute == "model":
                answer = self._models.of_row(refs, answer)
            if type(answer) is str:
                values[attribute] = answer
            else:
                values.pop(attribute, None)
                self._failed(cluster, statement, attribute, reference_key, answer)  # type: ignore[arg-type]
        if "model" in values and "manufacturer" in values:
            self._beside.setdefault((values["model"], values["manufacturer"]), cluster)
        attributes = self._schema.classes[cluster.cls].attributes
        if not values.keys() <= attributes.keys():
            values = {a: v for a, v in values.items() if a in attributes}
        if statement.implied or statement.evidence:
            stands_in = "fallback_name" in statement.evidence
            if (cluster.state == "same" and (statement.implied or stands_in)) or (
                nameless and len(cluster.members) > 1
            ):
                values.pop("name", None)
            if cluster.state == "same":
                for name in statement.evidence.get(ONLY_NEW, ()):
                    values.pop(name, None)
            if "base" in statement.evidence and cluster.known is not None:
                self._check_base(cluster, statement, values)
        statement.values = values

    def _check_makers(self) -> None:
        """Says once that rows name another manufacturer beside a model than the model has."""
        self._models.load({model for model, _ in self._beside})
        known = {(model, maker): self._models.maker_of(model) for model, maker in self._beside}
        others = {pair: own for pair, own in known.items() if own and own != pair[1]}
        self.want_names({uid for pair, own in others.items() for uid in (*pair, own)})
        for (model, maker), own in others.items():
            cluster = self._beside[model, maker]
            name = self.name_of(model)[1]
            message = Message(
                "“{model}” is a model of {known}; the row says {maker}.",
                model=name,
                known=self.name_of(own)[1],
                maker=self.name_of(maker)[1],
            )
            label = self._label(cluster.cls, "model")
            origin = cluster.members[0].obs.origin
            self._collector.warning(origin, label, name, message, "similar", code="model.other-maker")

    def _failed(
        self,
        cluster: Cluster,
        statement: SourceStatement,
        attribute: str,
        reference_key: ReferenceKey,
        failure: UnresolvedReference,
    ) -> None:
        label = self._label(cluster.cls, attribute)
        is_nobody = failure.kind in (SEVERAL, NOBODY)
        lacked = (is_nobody and not self.is_strict(statement.source)) or (
            failure.code == _UNKNOWN and not statement.implied and self._may_lack(cluster, statement, attribute)
        )
        lenient = (
            lacked
            or statement.implied
            or failure.kind in ("review", "optional")
            or statement.source.startswith(_LENIENT)
        )
        for one in cluster.members:
            if (attribute, reference_key) not in one.refs or (one.implied and not statement.implied):
                continue
            if lenient:
                if failure.message:
                    message = Message(
                        "{problem} The attribute “{attribute}” was left out.", problem=failure.message, attribute=label
                    )
                    say = self._collector.left_out if lacked or is_nobody else self._collector.warning
                    say(
                        one.obs.origin, label, reference_key[2], message, failure.kind, suggested=failure.suggested,
                        code=failure.code,
                    )  # fmt: skip
            else:
                cluster.refuse(failure.message)
                self._collector.error(
                    one.obs.origin, label, reference_key[2], failure.message, failure.kind, suggested=failure.suggested,
                    code=failure.code,
                )  # fmt: skip

    def _may_lack(self, cluster: Cluster, statement: SourceStatement, attribute: str) -> bool:
        """Whether a row of a list goes in without a reference that leads nowhere, as without a cell that can't be read.

        Where nothing is created for names, on a person's wish, the row waits for what it names.
        """
        if not (self._create and statement.source.startswith(_LISTED)) or self.is_strict(statement.source):
            return False
        found = self._schema.classes[cluster.cls].attributes.get(attribute)
        return found is not None and not (found.required or found.decisive or found.identifying or found.unique)

    def is_strict(self, source: str) -> bool:
        """Whether a cell that can't be used rejects its row, also where the row could do without it."""
        return source in self._strict

    def _label(self, cls: str, attribute: str) -> str:
        found = self._schema.classes[cls].attributes.get(attribute)
        return found.label if found else attribute

    def _reject(
        self, cluster: Cluster, column: str, value: str, message: Message, kind: str,
        suggested: tuple[str, ...] = (), code: str = "",
    ) -> None:  # fmt: skip
        cluster.refuse(message)
        origin = cluster.members[0].obs.origin
        self._collector.error(origin, column, value, message, kind, suggested=suggested, code=code)

    def _check_base(self, cluster: Cluster, statement: SourceStatement, values: dict[str, Any]) -> None:
        """For a sheet that was exported and edited: values that changed here since the export are not overwritten."""
        assert cluster.known is not None
        for entry in statement.evidence["base"]:
            attribute, _, was = entry.partition("=")
            current = cluster.known.values.get(attribute)
            wanted = values.get(attribute)
            if current == wanted:
                continue
            definition = self._schema.classes[cluster.cls].attributes.get(attribute)
            if definition is not None and definition.type == "reference":
                current = current and self.name_of(current)[1]
                wanted = wanted and self.name_of(str(wanted))[1]
            if cell_hash(current) != was:
                label = self._label(cluster.cls, attribute)
                if definition is not None and isinstance(current, str):
                    current = label_of(definition, current)
                written = "" if wanted is None else str(wanted)
                if current is None:
                    message = Message(
                        "{attribute} was cleared since the sheet was exported. Export again, or set it here.",
                        attribute=label,
                    )
                    self._reject(cluster, label, written, message, "conflict", code="conflict.cleared")
                else:
                    message = Message(
                        "{attribute} was changed to “{value}” since the sheet was exported. Export again, or set it "
                        "here.",
                        attribute=label,
                        value=str(current),
                    )
                    self._reject(cluster, label, written, message, "conflict", (str(current),), "conflict.changed")

    # -- rejecting --------------------------------------------------------------------------------------------------

    def reject_row(self, origin: Origin, message: Message) -> None:
        """Rejects a row that is not an observation, such as a row of a relationship sheet."""
        self._bad_rows.setdefault(origin, []).append(message)

    def reject_what_follows(self) -> bool:
        """Rejects rows that refer to a rejected row's new record, too; then lists all rejected rows.

        Returns whether anything is rejected, be it a record that is only named.
        """
        gone = {c.uid for c in self.clusters if c.reasons and c.state == "new"}
        anything = bool(gone)
        while gone:
            more: set[str] = set()
            for cluster in self.clusters:
                if (
                    cluster.state in ("new", "same")
                    and not cluster.reasons
                    and self._refers(cluster, gone)
                    and cluster.state == "new"
                ):
                    more.add(cluster.uid)
            gone = more
        listed = [(origin, list(dict.fromkeys(reasons))) for origin, reasons in self._bad_rows.items()]
        for cluster in self.clusters:
            if cluster.reasons and cluster.state in ("new", "same"):
                reasons = list(dict.fromkeys(cluster.reasons))
                listed += [(one.obs.origin, reasons) for one in cluster.members if not one.implied]
        self.rejected_rows = sorted(listed, key=lambda r: (r[0].file, r[0].sheet, r[0].row, r[0].host))
        return anything or bool(listed)

    def drop_unnamed(self, named: set[str]) -> None:
        """Removes new records that only rejected rows or rows in review name. ``named``: ids named by other rows."""
        if not self.rejected_rows and all(c.state in ("new", "same") for c in self.clusters):
            return
        left = {c.uid: c for c in self.clusters if c.implied and c.state in ("new", "same") and not c.reasons}
        reached = [c for c in self.clusters if not c.implied and c.state in ("new", "same") and not c.reasons]
        reached += [left.pop(uid) for uid in sorted(named & left.keys())]
        while reached:
            cluster = reached.pop()
            for statement in cluster.statements:
                for value in statement.values.values():
                    if type(value) is str and value in left:
                        reached.append(left.pop(value))
        for cluster in left.values():
            cluster.state = "skip"

    def _refers(self, cluster: Cluster, gone: set[str]) -> bool:
        """If a group refers to one of ``gone``: rejects it, or removes the reference if its source is lenient."""
        for statement in cluster.statements:
            for attribute, value in list(statement.values.items()):
                if type(value) is str and value in gone:
                    message = Message(
                        "{attribute}: the row of “{name}” was rejected.",
                        attribute=self._label(cluster.cls, attribute),
                        name=self.name_of(value)[1],
                    )
                    if statement.implied or statement.source.startswith(_LENIENT):
                        del statement.values[attribute]
                        continue
                    label = self._label(cluster.cls, attribute)
                    self._reject(cluster, label, "", message, "reference", code="reference.rejected")
                    return True
        return False

    # -- for those that link records ----------------------------------------------------------------------------------

    def find(self, reference_key: ReferenceKey) -> str | UnresolvedReference:
        """The id for a mention of a link, an installation or an assignment."""
        return self._linker.found.get(reference_key) or UnresolvedReference(
            Message("There is no “{name}”.", name=reference_key[2])
        )

    def cluster_of(self, uid: str) -> Cluster | None:
        """The group of the record, existing or new, with that id."""
        return self._linker.by_uid.get(uid)

    def add_cluster(self, cluster: Cluster, statement: SourceStatement) -> None:
        """Adds a group for a record that only a link states values for."""
        self.clusters.append(cluster)
        cluster.statements = (statement,)
        self._linker.by_uid[cluster.uid] = cluster

    def taken(self, uid: str) -> bool:
        """Whether the record will exist: it is known, or new and not rejected."""
        cluster = self.cluster_of(uid)
        return cluster is None or cluster.state == "same" or (cluster.state == "new" and not cluster.reasons)

    def name_of(self, uid: str) -> tuple[str, str]:
        """(class, name) of a record, existing or new."""
        cluster = self.cluster_of(uid)
        if cluster is not None:
            return cluster.cls, cluster.name
        if uid not in self._known_names:
            self.want_names([uid])
        return self._known_names.get(uid, ("ci", uid))

    def want_names(self, uids: Iterable[str]) -> None:
        """Fetches names of known records in one query."""
        wanted = sorted({u for u in uids if u not in self._known_names and self.cluster_of(u) is None})
        if wanted:
            known = self._lookup.cis(wanted)
            self._known_names.update({u: (k.cls, str(k.values.get("name", ""))) for u, k in known.items()})


def _is_of(value: Any, reference_key: ReferenceKey) -> bool:
    """Whether an attribute's value is the mention."""
    if isinstance(value, NamedReference):
        return (value.cls, value.name, value.values) == reference_key[1:]
    return bool(value == reference_key[2])
