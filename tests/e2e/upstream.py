"""An upstream that does as it is told: one thread and one script for each connection.

It is made of plain sockets, because a test has to say when a byte goes out, where a
body breaks off and how a connection ends.
"""

import socket
import ssl
import threading
from collections.abc import Callable

from tests.e2e.exchange import Exchange, read_head

PATIENCE = 20.0
"""Seconds after which a wait has failed: far more than any should take."""

Script = Callable[[Exchange], None]


class Upstream:
    """A server on loopback that answers every request by the script that is set."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self.exchanges: list[Exchange] = []
        self.failures: list[BaseException] = []
        self.tls = tls
        """Of the connections to come."""
        self._script: Script = Exchange.reset
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/v1"
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def play(self, script: Script) -> None:
        """Answer by `script` from now on, and forget what has been."""
        self.join()
        self._script = script
        self.connections = 0
        self.exchanges = []

    def exchange(self, number: int = 0) -> Exchange:
        """Wait for a request, counted from 0."""
        with self._changed:
            arrived = self._changed.wait_for(
                lambda: len(self.exchanges) > number, PATIENCE
            )
        assert arrived, f"the upstream was not asked {number + 1} times"
        return self.exchanges[number]

    def join(self) -> None:
        """Wait until every script has come to its end; raise what one raised."""
        threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "an upstream's script did not end"
        failures, self.failures = self.failures, []
        assert not failures, failures

    def close(self) -> None:
        """Stop listening."""
        # Closing alone would leave accept() blocked.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(PATIENCE)
        self._listener.close()
        self.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(
                target=self._serve, args=(connection,), daemon=True
            )
            self._threads.append(thread)
            self.connections += 1
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._answer(connection)
        except ssl.SSLError:
            pass  # The test asks the client what came of it.
        except BaseException as failure:
            self.failures.append(failure)
        finally:
            connection.close()

    def _answer(self, connection: socket.socket) -> None:
        request = read_head(connection)
        if request is None:
            return
        exchange = Exchange(connection, request)
        with self._changed:
            self.exchanges.append(exchange)
            self._changed.notify_all()
        try:
            self._script(exchange)
        except ConnectionError:
            exchange.note_closed()
