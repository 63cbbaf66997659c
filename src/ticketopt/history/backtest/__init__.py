"""What another way of assigning would have done, seen in past tickets that are replayed."""
