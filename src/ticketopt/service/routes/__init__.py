"""What the service answers, by kind of request."""
