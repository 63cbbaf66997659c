"""Parts of the backends for unequal effort: the generalized assignment problem."""
