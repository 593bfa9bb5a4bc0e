"""The server: routes a request to its vendor's format, asks the brain, and answers as slowly or badly as it says."""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.contract.models import anthropic, google, openai
from tests.contract.models.reading import Reply
from tests.contract.models.values import Action, Ask, Brain, Cut, Error, Hang, Slow

_Format = tuple[Callable[..., Ask], Callable[[Ask, Action], Reply]]
_ANTHROPIC: _Format = (anthropic.decode, anthropic.encode)
_RESPONSES: _Format = (openai.decode_responses, openai.encode_responses)
_CHAT: _Format = (openai.decode_chat, openai.encode_chat)
_GOOGLE: _Format = (google.decode, google.encode)


def _format(path: str) -> _Format | None:
    if path.endswith("/v1/messages"):
        return _ANTHROPIC
    if path.endswith("/responses"):
        return _RESPONSES
    if path.endswith("/chat/completions"):
        return _CHAT
    return _GOOGLE if path.endswith((":generateContent", ":streamGenerateContent")) else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is part of the game; what the brain raises is kept by the handler."""


class ModelServer:
    """A model server on loopback; use it with `with`.

    `asks` are the requests to a model in their order, `strays` the (method, path) of every other request, `counted` the
    number of token counts asked for. `left` counts clients that hung up before their answer was whole, `held` those
    that wait at this moment. `faults` are exceptions of the brain, raised again when the server is closed.
    """

    def __init__(self, brain: Brain) -> None:
        self.brain = brain
        self.asks: list[Ask] = []
        self.strays: list[tuple[str, str]] = []
        self.faults: list[BaseException] = []
        self.counted = 0
        self.left = 0
        self.held = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        owner = self

        class Handler(_Handler):
            server_of_models = owner

        self._http = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL for Anthropic and Google clients."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def openai_url(self) -> str:
        """The base URL for OpenAI's clients, and those who speak like it."""
        return f"{self.url}/v1"

    def until(self, holds: Callable[[Self], bool], seconds: float = 5.0) -> bool:
        """Waits until something holds, for example `lambda server: server.held == 1`; False when it never does."""
        end = time.monotonic() + seconds
        while not holds(self):
            if time.monotonic() > end:
                return False
            time.sleep(0.005)
        return True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        if self.faults and error is None:
            raise self.faults[0]


class _Handler(BaseHTTPRequestHandler):
    server_of_models: ModelServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Nothing is written to standard error."""

    def do_HEAD(self) -> None:
        """Clients ask whether anybody is there."""
        self._stray()

    def do_GET(self) -> None:
        """Lists of models and the like are not served."""
        self._stray()

    def do_CONNECT(self) -> None:
        """Somebody takes the server for a proxy."""
        self._stray()

    def do_POST(self) -> None:
        """A request to a model, or to count tokens."""
        path = urlsplit(self.path).path
        text = self._read()
        owner = self.server_of_models
        if path.endswith(("/count_tokens", ":countTokens")):
            with owner.lock:
                owner.counted += 1
            module = google if path.endswith(":countTokens") else anthropic
            self._reply(module.count_tokens(text), 0.0, None)
            return
        found = _format(path)
        if found is None:
            self._stray()
            return
        decode, encode = found
        try:
            body = json.loads(text)
            headers = {name.lower(): value for name, value in self.headers.items()}
            with owner.lock:
                ask = decode(body, headers, number=len(owner.asks) + 1, path=path, text=text)
                owner.asks.append(ask)
            action = owner.brain(ask)
            self._act(ask, action, encode)
        except (ConnectionError, TimeoutError):
            with owner.lock:
                owner.left += 1
            self.close_connection = True
        except BaseException as fault:  # kept, and raised in the test's own thread
            owner.faults.append(fault)
            self.close_connection = True
            raise

    def _read(self) -> str:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(self._chunks()).decode("utf-8")
        return self.rfile.read(int(self.headers.get("content-length") or 0)).decode("utf-8")

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _stray(self) -> None:
        with self.server_of_models.lock:
            self.server_of_models.strays.append((self.command, self.path))
        self._plain(404, b'{"error":{"message":"nothing here","type":"not_found_error"}}', {})

    def _act(self, ask: Ask, action: Action, encode: Callable[[Ask, Action], Reply]) -> None:
        match action:
            case Hang(seconds):
                self._wait(seconds)
                self.close_connection = True
            case Error(status=status, body=body, headers=headers):
                self._plain(status, body.encode("utf-8"), headers)
            case Slow(of, delay):
                self._reply(encode(ask, of), delay, None)
            case Cut(after, of, clean):
                self._reply(encode(ask, of), 0.0, after, clean=clean)
            case _:
                self._reply(encode(ask, action), 0.0, None)

    def _wait(self, seconds: float) -> None:
        """Waits; raises where the client leaves meanwhile."""
        owner = self.server_of_models
        end = time.monotonic() + seconds
        with owner.lock:
            owner.held += 1
        try:
            while not owner.closing.is_set() and (rest := end - time.monotonic()) > 0:
                readable, _, _ = select.select([self.connection], [], [], min(rest, 0.02))
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError
        finally:
            with owner.lock:
                owner.held -= 1

    def _reply(self, reply: Reply, delay: float, cut: int | None, *, clean: bool = False) -> None:
        if not reply.events:
            self._plain(reply.status, json.dumps(reply.body).encode("utf-8"), dict(reply.headers), delay, cut)
            return
        self.send_response(reply.status)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        sent = 0
        for name, data in reply.events:
            line = data if isinstance(data, str) else json.dumps(data)
            event = (f"event: {name}\n" if name else "") + f"data: {line}\n\n"
            chunk = event.encode("utf-8")
            if delay:
                self._wait(delay)
            if cut is not None and sent + len(chunk) > cut:
                if clean:
                    break
                self._send_chunk(chunk[: cut - sent])
                self._hang_up()
                return
            self._send_chunk(chunk)
            sent += len(chunk)
        self.wfile.write(b"0\r\n\r\n")

    def _send_chunk(self, data: bytes) -> None:
        if data:  # an empty chunk would end the body
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _plain(
        self, status: int, body: bytes, headers: Mapping[str, str], delay: float = 0.0, cut: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if delay:
            self._wait(delay)
        self.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            self._hang_up()

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
