"""Integers and their mathematics: the assignment model, its objective, prices and bounds. No problem, no backend."""
