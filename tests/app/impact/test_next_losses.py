"""The CIs that cannot be lost next."""

from __future__ import annotations

from app.impact.next_losses import next_losses
from cmdb.model.control import Control
from tests.app.impact.conftest import Known


def test_next_losses_stand_together_by_consequence(known: Known) -> None:
    losses, every = next_losses(known.reader, known.graph, [known.ci("sw-2")], Control())
    assert every
    together = {tuple(name for _, name in loss.cis): loss.takes_down[:3] for loss in losses}
    assert together == {
        ("sw-1",): ("Payroll", "Web shop", "Mail"),
        ("host-a", "host-b"): ("Payroll", "Web shop", "Mail"),
    }
