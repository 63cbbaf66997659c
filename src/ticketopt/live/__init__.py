"""A queue through the day."""
