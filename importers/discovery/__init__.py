"""Discovery: looks at the computer it runs on and writes down what it is, without root and without network.

``scan()`` runs every collector of the platform (one file each in ``linux/``) and puts what they found together into one
document in GLPI's inventory format. It imports neither Qt nor SQLAlchemy and starts in a few tens of milliseconds.
"""

from __future__ import annotations

from importers.discovery.inventory_document import Inventory, scan

__all__ = ["Inventory", "scan"]
