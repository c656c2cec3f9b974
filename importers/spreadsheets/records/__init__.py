"""Rows become observations."""
