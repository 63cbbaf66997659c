"""From a problem to its model: where names, text and floats end."""
