"""Impact of failures: affected items and why, what an item needs, what cannot be lost, paths between items."""
