"""Beside what others do: backends and routing rules on one problem, and one goal against another."""
