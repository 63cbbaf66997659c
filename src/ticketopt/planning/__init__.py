"""Ways to get an answer: solve, plan again, keep a plan up to date, verify and replay it."""
