"""The service: tickets over HTTP, loads kept between calls. Needs the extra `ticketopt[service]`.

Names are loaded when they are first used, so that the command line can read the settings without the extra.
"""

import lazy_loader as _lazy_loader

__getattr__, __dir__, __all__ = _lazy_loader.attach_stub(__name__, __file__)
