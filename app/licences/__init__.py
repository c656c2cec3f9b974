"""Licence positions for people: their order of urgency, missing facts, renewals, and the workbook for auditors."""
