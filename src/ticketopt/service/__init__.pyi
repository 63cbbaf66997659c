from .app import app_of, create_app
from .server import run, serve
from .settings import MAX_BODY_BYTES, ServerSettings, Settings

__all__ = ["MAX_BODY_BYTES", "ServerSettings", "Settings", "app_of", "create_app", "run", "serve"]
