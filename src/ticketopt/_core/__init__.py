"""The compiled engines. Only `solvers/` and `planning/session_plan.py` see them.

`network`, the network engine for unit effort, is told in `network.hpp`; `gap`, the generalized assignment engine, in
`gap.hpp`.
"""
