"""One import: the opened files and what their columns mean, their problems, and the proposal as it is shown."""
