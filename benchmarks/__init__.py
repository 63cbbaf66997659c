"""Seeded instances and the commands that measure on them. Not part of the installed package."""
