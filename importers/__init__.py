"""Sources read into observations, and tables written to files."""
