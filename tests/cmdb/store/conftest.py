"""The store's tests take their estates from the folder above."""

from __future__ import annotations

from tests.cmdb.estates import DIALECTS, Hand, KeptRows, Places, emptied

__all__ = ["DIALECTS", "Hand", "KeptRows", "Places", "emptied"]
