"""The journal, changes of revisions, differences between two moments, baselines, and retention."""
