"""The compiled network engine. Only `solvers/` and `session.py` see it; the algorithm is told in `network.hpp`."""
