"""End-of-life data in the forms of endoflife.date's API: files of one product, or of all, become life cycles."""
