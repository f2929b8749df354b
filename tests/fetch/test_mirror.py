"""A mirror may do what it likes: it delivers, or is given up in time."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gridpress.fetch.mirror import Mirror, Patience
from gridpress.fetch.obtain import obtain
from made_up import Progress, idx_files, pins, read_all, refusal

FILES = idx_files()
PATIENT = Patience()
BOMB = gzip.compress(bytes(60 << 20))
Behaviour = Callable[["Handler", bytes], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the file asked for, as the server's behaviour wants it."""

    def do_GET(self) -> None:
        name = self.path.removeprefix("/").removesuffix(".gz")
        with suppress(OSError):  # the client may have gone
            self.server.behaviour(self, gzip.compress(FILES[name]))

    def log_message(self, *_: object) -> None:
        pass

    def head(self, status: int = 200, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def wait(self, seconds: float = 5) -> bool:
        """Whether the test is still running after some time."""
        return not self.server.over.wait(seconds)


@pytest.fixture
def serve(monkeypatch) -> Iterator[Callable[..., Mirror]]:
    """A mirror on this machine that behaves as told."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.over = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})

    def start(behaviour: Behaviour, patience: Patience = PATIENT) -> Mirror:
        server.behaviour = behaviour
        thread.start()
        return Mirror(f"http://127.0.0.1:{server.server_port}", patience)

    yield start
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


def honest(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length=len(data))
    handler.wfile.write(data)


def silent(handler: Handler, _: bytes) -> None:
    handler.wait()


def drips_headers(handler: Handler, _: bytes) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
    while handler.wait(0.05):
        handler.wfile.write(b"a")


def _drip(handler: Handler, data: bytes) -> None:
    for value in data:
        if not handler.wait(0.05):
            return
        handler.wfile.write(bytes([value]))


def drips_data(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length=len(data))
    _drip(handler, data)


def drips_after_a_good_start(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length=len(data))
    handler.wfile.write(data[:20_000])
    _drip(handler, data[20_000:])


def stalls_half_way(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length=len(data))
    handler.wfile.write(data[:20_000])
    handler.wait()


def stops_half_way(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length=len(data))
    handler.wfile.write(data[:20_000])


def stops_half_way_unnoticed(handler: Handler, data: bytes) -> None:
    handler.head()
    handler.wfile.write(data[:20_000])


def announces_too_much(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length=1 << 40)
    handler.wfile.write(data)


def sends_without_end(handler: Handler, _: bytes) -> None:
    handler.head()
    while handler.wait(0):
        handler.wfile.write(bytes(1 << 16))


def sends_a_bomb(handler: Handler, _: bytes) -> None:
    handler.head()
    handler.wfile.write(BOMB)


def sends_an_encoded_bomb(handler: Handler, _: bytes) -> None:
    handler.head(Content_Encoding="gzip")
    handler.wfile.write(BOMB)


def redirects_to_itself(handler: Handler, _: bytes) -> None:
    handler.head(302, Location=handler.path)


def redirects_to_a_file(handler: Handler, _: bytes) -> None:
    handler.head(302, Location="file:///etc/passwd")


def is_not_found(handler: Handler, _: bytes) -> None:
    handler.head(404)
    handler.wfile.write(b"<html>no such file</html>")


def sends_a_page(handler: Handler, _: bytes) -> None:
    handler.head()
    handler.wfile.write(b"<!DOCTYPE html><p>Please log in to this network</p>")


def sends_nothing(handler: Handler, _: bytes) -> None:
    handler.head(Content_Length=0)


def hangs_up(handler: Handler, _: bytes) -> None:
    handler.close_connection = True


def speaks_no_http(handler: Handler, _: bytes) -> None:
    handler.wfile.write(b"220 mail server ready\r\n" * 100)


def counts_badly(handler: Handler, data: bytes) -> None:
    handler.head(Content_Length="many")
    handler.wfile.write(data)


def test_an_honest_mirror_delivers(serve, tmp_path):
    progress = Progress()
    obtain(tmp_path / "mnist", pins(FILES), [serve(honest)], progress, print)
    assert read_all(tmp_path / "mnist") == FILES
    assert progress.done == pytest.approx(sum(map(len, FILES.values())))
    assert progress.steps > len(FILES)  # it moves while a file arrives


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (stops_half_way, "IncompleteRead"),
        (stops_half_way_unnoticed, "end-of-stream"),
        (announces_too_much, "sends more than the"),
        (sends_without_end, "sends more than the"),
        (sends_a_bomb, "larger than the 47056 bytes"),
        (sends_an_encoded_bomb, "sends more than the"),
        (redirects_to_itself, "30 redirects"),
        (redirects_to_a_file, "No connection adapters"),
        (is_not_found, "404"),
        (sends_a_page, "HTML page"),
        (sends_nothing, "ends after 0 of"),
        (hangs_up, "without response|Connection aborted"),
        (speaks_no_http, "BadStatusLine|220 mail"),
        (counts_badly, "invalid literal|Content-Length"),
    ],
)
@pytest.mark.hostile
def test_a_bad_mirror_is_given_up(serve, tmp_path, behaviour, reason):
    assert re.search(reason, refusal(serve(behaviour), tmp_path, FILES))


@pytest.mark.parametrize(
    ("behaviour", "patience", "reason"),
    [
        (silent, Patience(answer=0.3), "no answer within 0.3 s"),
        (drips_headers, Patience(answer=0.3), "no answer within 0.3 s"),
        (drips_data, Patience(answer=0.3), "no answer within 0.3 s"),
        (drips_after_a_good_start, Patience(total=1), "not finished within 1 s|too slow"),
        (stalls_half_way, Patience(silence=0.3), "Read timed out"),
    ],
)
@pytest.mark.hostile
def test_a_slow_mirror_is_given_up(serve, tmp_path, behaviour, patience, reason):
    assert re.search(reason, refusal(serve(behaviour, patience), tmp_path, FILES))


def test_a_mirror_that_is_not_there_is_given_up(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.server_close()
    gone = Mirror(f"http://127.0.0.1:{server.server_port}")
    assert "Connection refused" in refusal(gone, tmp_path, FILES)
