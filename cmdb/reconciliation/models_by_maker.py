"""Models of one name: each manufacturer's is another, and the row's own manufacturer tells which one is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cmdb.model.messages import Message
from cmdb.model.revision import new_id
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.reference_targets import ReferenceResolver
from cmdb.reconciliation.references import ReferenceKey

_BESIDE = frozenset({"model", "manufacturer"})

Fresh = tuple[Cluster, list[ReferenceKey]]
"""A new record that is only named, and the mentions that name it."""


class ModelsByMaker:
    """The manufacturers of models. ``clusters`` are all groups of the import; models that are made are added."""

    def __init__(self, lookup: Lookup, linker: ReferenceResolver, clusters: list[Cluster]) -> None:
        self._lookup = lookup
        self._linker = linker
        self._clusters = clusters
        self._makers: dict[str, str] = {}

    def complete(self, fresh: Sequence[Fresh]) -> list[Fresh]:
        """Gives new models the manufacturer that rows name beside them; of several, each gets a model of its own.

        Returns the models that are made for the others.
        """
        models = {key: c for c, reference_keys in fresh if c.cls == "hardware_model" for key in reference_keys}
        more: list[Fresh] = []
        for cluster, makers in self._named_beside(models):
            cluster.members[0].obs.values["manufacturer"] = makers[0]
            if len(makers) > 1:
                keys = [key for key, made in models.items() if made is cluster]
                more += self._one_each(cluster, keys, makers[1:])
        return more

    def _named_beside(self, models: dict[ReferenceKey, Cluster]) -> list[tuple[Cluster, list[str]]]:
        """The new models, each with the ids of the manufacturers that rows name beside it."""
        found: dict[int, tuple[Cluster, set[str]]] = {}
        if models:
            # Many rows have the same references, as one object: each pair of them is looked at once.
            beside: dict[tuple[int, int], dict[str, ReferenceKey]] = {}
            for one in (member for cluster in self._clusters for member in cluster.members):
                pair = [ref for ref in one.refs if ref[0] in _BESIDE]
                if len(pair) == len(_BESIDE) and (ids := (id(pair[0]), id(pair[1]))) not in beside:
                    beside[ids] = dict(pair)
            for stated in beside.values():
                made, maker = models.get(stated["model"]), self._linker.found.get(stated["manufacturer"])
                if made is not None and isinstance(maker, str):
                    found.setdefault(id(made), (made, set()))[1].add(maker)
        return [(cluster, sorted(makers)) for cluster, makers in found.values()]

    def _one_each(self, model: Cluster, reference_keys: list[ReferenceKey], others: list[str]) -> list[Fresh]:
        """Makes models of the same name for the ``others`` of its manufacturers."""
        found: list[Fresh] = []
        for maker in others:
            made = self._linker.create("hardware_model", reference_keys)
            if made is not None:
                made.uid = new_id()
                made.members[0].obs.values["manufacturer"] = maker
                self._linker.by_uid[made.uid] = made
                self._clusters.append(made)
                found.append((made, []))
        message = Message("Models of several manufacturers are called “{name}”.", name=model.name)
        among = (model.uid, *(made.uid for made, _ in found))
        failure = UnresolvedReference(message, "ambiguous", code="ambiguous.model", among=among)
        self._linker.found.update(dict.fromkeys(reference_keys, failure))
        return found

    def of_row(
        self, refs: Sequence[tuple[str, ReferenceKey]], failure: UnresolvedReference
    ) -> str | UnresolvedReference:
        """The one of several models of a name that is of the row's own manufacturer; the failure where none is."""
        key = next((key for attribute, key in refs if attribute == "manufacturer"), None)
        maker = self._linker.found.get(key) if key is not None else None
        fitting = [uid for uid in failure.among if isinstance(maker, str) and self.maker_of(uid) == maker]
        return fitting[0] if len(fitting) == 1 else failure

    def load(self, models: Collection[str]) -> None:
        """Looks the manufacturers of known models up, all at once."""
        wanted = {uid for uid in models if uid not in self._makers and self._known(uid)}
        for uid, known in (self._lookup.cis(sorted(wanted)) if wanted else {}).items():
            maker = known.values.get("manufacturer")
            self._makers[uid] = maker if isinstance(maker, str) else ""

    def _known(self, uid: str) -> bool:
        cluster = self._linker.by_uid.get(uid)
        return cluster is None or cluster.state == "same"

    def maker_of(self, uid: str) -> str:
        """The id of a model's manufacturer; "" where it is not known."""
        if uid not in self._makers:
            if self._known(uid):
                self.load([uid])
                return self._makers.get(uid, "")
            cluster = self._linker.by_uid[uid]
            stated = next((key for one in cluster.members for a, key in one.refs if a == "manufacturer"), None)
            own = cluster.members[0].obs.values.get("manufacturer")
            found = own if stated is None else self._linker.found.get(stated)
            self._makers[uid] = found if isinstance(found, str) else ""
        return self._makers[uid]
