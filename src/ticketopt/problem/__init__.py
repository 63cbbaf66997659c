"""What is asked: tickets, agents, policy, readings, and the `Problem` they make. Frozen, and valid from birth."""
