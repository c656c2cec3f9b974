"""Work in lists: what is to be done, by whom, about which records, and when. No Qt."""
