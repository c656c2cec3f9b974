"""The vocabulary: what the estate and its changes are made of. No I/O but its own resources."""
