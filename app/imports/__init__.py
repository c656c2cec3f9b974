"""One import: the opened files and their mappings, their problems, and the proposal that is shown."""
