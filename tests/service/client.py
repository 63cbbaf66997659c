"""A blocking client of the app in this process."""

import asyncio
import threading
from contextlib import contextmanager

import httpx


class Client:
    """A blocking client of an ASGI app; errors inside the app come back as its answers, as they would over a socket."""

    url = "/v1/ticket-assignment"

    def __init__(self, app):
        self.app = app

    def request(self, method, url, **options):
        async def send():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return await client.request(method, url, **options)

        return asyncio.run(send())

    def get(self, url):
        return self.request("GET", url)

    def assign(self, body, **options):
        """Post a body: an object or a list as JSON; text, bytes and streams as they are."""
        content = {"json": body} if isinstance(body, (dict, list)) else {"content": body}
        return self.request("POST", self.url, **content, **options)


@contextmanager
def running(app):
    """A client of an app that is up: it has begun what goes on by itself, and ends it at the end."""
    begun, ended = threading.Event(), threading.Event()

    async def live():
        async with app.router.lifespan_context(app):
            begun.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    try:
        assert begun.wait(30), "the app did not begin"
        yield Client(app)
    finally:
        ended.set()
        thread.join(30)
