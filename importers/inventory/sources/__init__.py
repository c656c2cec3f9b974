"""Sections → where an inventory has their rows, by subject as in resources/schema/sections."""
