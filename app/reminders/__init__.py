"""Reminders by e-mail: what a person is to sign, to return or to find, as drafts for a mail program. No Qt."""
