"""What columns may mean: the words of headers, classes, fields, and the mapping that people see and save."""
