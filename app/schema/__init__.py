"""Changing an estate's own schema: classes, attributes, statuses, relationship types and sections."""
