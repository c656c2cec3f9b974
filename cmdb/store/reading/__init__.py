"""Reading the estate, now and as of any revision."""
