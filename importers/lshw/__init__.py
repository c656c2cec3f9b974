"""What lshw says of a machine's hardware as an inventory."""
