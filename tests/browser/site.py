"""A web server for browser tests that lives inside the test's own transaction.

Requests run in threads of this process on the test's database connection, one at a time: what a
test makes is visible to the browser, and everything rolls back at its end. Nothing is truncated,
which the audit table would refuse.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    daemon_threads = True

    def _close_connections(self) -> None:
        """The connection belongs to the test."""

    def handle_error(self, *_: Any) -> None:
        """A browser that went away is no news."""


class Site:
    """`with Site() as site: site.url`; `site.busy` is held while a request runs."""

    def __init__(self) -> None:
        self.busy = threading.Lock()

    def __enter__(self) -> "Site":
        self.shared = connections["default"]
        self.shared.inc_thread_sharing()
        # Django would close a connection that it finds inside a transaction between requests.
        self.shared.close_if_unusable_or_obsolete = lambda: None
        override = {"default": self.shared}
        self.server = Server(("127.0.0.1", 0), QuietHandler, connections_override=override)
        self.server.set_app(self._one_by_one(get_wsgi_application()))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        del self.shared.close_if_unusable_or_obsolete
        self.shared.dec_thread_sharing()

    def _one_by_one(self, application: Callable) -> Callable:
        def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
            with self.busy:
                response = application(environ, start_response)
                body = [b"".join(response)]
                if hasattr(response, "close"):
                    response.close()
                return body

        return answer
