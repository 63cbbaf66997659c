"""ticketopt: which support agent should take which ticket, decided for the whole queue at once, and provably.

    import ticketopt
    result = ticketopt.assign(tickets, agents)

Importing costs next to nothing: names and rooms are loaded when they are first used, from where `__init__.pyi` beside
this file says that they are (SPEC 1 of the scientific Python ecosystem).
"""

import lazy_loader as _lazy_loader

__getattr__, __dir__, __all__ = _lazy_loader.attach_stub(__name__, __file__)
for _name in ("errors", "__version__"):  # a module, and a name that `import *` leaves out
    __all__.remove(_name)
