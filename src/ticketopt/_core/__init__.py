"""The compiled engines: `network` for unit effort, told in `network.hpp`; `gap`, the generalized assignment engine, told in
`gap.hpp`. Only `solvers/` and `planning/session_plan.py` see them."""
