"""`python -m ticketopt.cli`."""

from ticketopt.cli.commands import main

main()
