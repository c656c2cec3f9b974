"""Discovery: scans the computer on which it runs, without root rights and without a network.

``scan()`` runs every collector of the platform (one file each in ``linux/``) and combines the results into one document
in GLPI's inventory format. It imports neither Qt nor SQLAlchemy and starts in a few tens of milliseconds.
"""

from __future__ import annotations

from importers.discovery.inventory_document import Inventory, scan

__all__ = ["Inventory", "scan"]
