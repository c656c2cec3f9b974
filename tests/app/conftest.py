"""Estates on both databases, as the tests of the store have them."""

from tests.cmdb.conftest import hand, places, store, where

__all__ = ["hand", "places", "store", "where"]
