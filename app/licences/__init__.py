"""Licences asked: their order of urgency, what they miss, what is to be renewed when, and the workbook for auditors."""
