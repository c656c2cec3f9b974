"""Reconciliation: finds the record of each observation, its references, and the winning source. The result is a
proposal.
"""

from cmdb.reconciliation.lookup import KnownRecord, Lookup
from cmdb.reconciliation.pipeline import decide, reconcile
from cmdb.reconciliation.proposal import Cell, Change, Deviation, Option, Proposal, Review

__all__ = [
    "Cell",
    "Change",
    "Deviation",
    "KnownRecord",
    "Lookup",
    "Option",
    "Proposal",
    "Review",
    "decide",
    "reconcile",
]
