"""Results of osquery as an inventory."""
