"""Reconciliation: whose record is it, what does it refer to, which source wins; observations in, a proposal out."""

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
