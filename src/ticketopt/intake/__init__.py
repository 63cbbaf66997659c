"""Somebody else's data to our records: files, frames and dictionaries."""
