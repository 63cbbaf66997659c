"""`python -m ticketopt.cli`."""

from ticketopt.cli import main

main()
