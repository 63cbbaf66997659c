"""The compiled engines: `network` for unit effort, and `gap`, the generalized assignment engine (see their headers).

Only `solvers/` and `planning/session_plan.py` see them.
"""
