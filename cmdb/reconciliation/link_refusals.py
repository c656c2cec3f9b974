"""What becomes of links with which something is wrong: they are left out, or their rows are rejected."""

from __future__ import annotations

from cmdb.model.messages import Message
from cmdb.model.observation import Origin
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.listed_people import NOBODY, UnresolvedReference
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.relations import StatedLink

_LENIENT = ("scan", "import")


class LinkRefusals:
    """Reports the problems of links, and rejects the rows that state them."""

    def __init__(self, collector: ProblemCollector, linking: ReferenceResolution) -> None:
        self._collector = collector
        self._linking = linking

    def fail(
        self,
        cluster: Cluster | None,
        origin: Origin,
        said: tuple[str, str],
        column: str,
        value: str,
        failure: UnresolvedReference,
    ) -> None:
        """Leaves a link out, or rejects its row: that of a record, or one that is a link itself.

        A record's row is not rejected because a name in it is nobody's, unless its source is strict.
        """
        if failure.kind == "optional":
            return
        if cluster is not None and failure.kind == NOBODY and not self._linking.is_strict(said[0]):
            message = Message("{problem} The relationship was left out.", problem=failure.message)
            self._collector.left_out(
                origin, column, value, message, failure.kind, suggested=failure.suggested, code=failure.code
            )
            return
        if said[0].startswith(_LENIENT) or failure.kind in ("review", "group-warning"):
            message, kind = failure.message, failure.kind.partition("-")[0]
            if failure.kind != "group-warning":
                message = Message("{problem} The relationship was left out.", problem=message)
            self._collector.warning(
                origin, column, value, message, kind, suggested=failure.suggested, code=failure.code
            )
            return
        self._collector.error(
            origin, column, value, failure.message, failure.kind, suggested=failure.suggested, code=failure.code
        )
        if cluster is not None:
            cluster.refuse(failure.message)
        else:
            self._linking.reject_row(origin, failure.message)

    def complain(
        self, stated_link: StatedLink, column: str, value: str, message: Message, kind: str, code: str
    ) -> None:
        """As ``fail``, for a link that was stated."""
        failure = UnresolvedReference(message, kind, code=code)
        self.fail(stated_link.row, stated_link.origin, stated_link.said, column, value, failure)
