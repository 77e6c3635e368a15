"""A threaded WSGI server of the standard library on a free loopback port."""

from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class Listener(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # The default of 5 makes parallel clients wait a second for a connection.
    request_queue_size = 128

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """One line a request would fill the log."""


def listen() -> Listener:
    """Binds at once, so that an application can be told its own address before it is made."""
    return Listener(("127.0.0.1", 0), QuietHandler)
