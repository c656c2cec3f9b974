"""The past asked: the journal, what a revision changed, two moments compared, baselines, and how long all is kept."""
