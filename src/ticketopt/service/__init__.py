"""The service: tickets over HTTP, loads kept between calls. Needs the extra `ticketopt[service]`."""

from ticketopt.service.app import create_app
from ticketopt.service.server import serve
from ticketopt.service.settings import MAX_BODY_BYTES, Settings

__all__ = ["MAX_BODY_BYTES", "Settings", "create_app", "serve"]
