"""The journal, what a revision changed, differences between two moments, baselines, and how long history is kept."""
