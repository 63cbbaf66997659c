"""What past tickets teach."""
