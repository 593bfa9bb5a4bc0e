"""A git server on the loopback interface: the two requests of git's smart HTTP protocol that a fetch makes."""

import gzip
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SETTINGS = ("safe.directory=*", "uploadpack.allowAnySHA1InWant=true", "uploadpack.allowFilter=true")


@contextmanager
def serve() -> Iterator[Callable[[Path], str]]:
    """Yields a function that publishes a repository's folder and returns its address."""
    folders: dict[str, Path] = {}
    options = [part for setting in SETTINGS for part in ("-c", setting)]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            folder = folders.get(self.path.removesuffix("/info/refs?service=git-upload-pack"))
            if folder is None:
                self.send_error(404)
                return
            refs = self._upload_pack(folder, "--advertise-refs")
            self._answer("advertisement", b"001e# service=git-upload-pack\n0000" + refs)

        def do_POST(self) -> None:
            folder = folders.get(self.path.removesuffix("/git-upload-pack"))
            if folder is None:
                self.send_error(404)
                return
            request = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                request = gzip.decompress(request)
            self._answer("result", self._upload_pack(folder, request=request))

        def _upload_pack(self, folder: Path, *arguments: str, request: bytes = b"") -> bytes:
            # A fetch that ends early closes its side: the exit status then says nothing about the answer.
            return subprocess.run(
                ["git", *options, "upload-pack", "--stateless-rpc", *arguments, str(folder)],
                input=request,
                stdout=subprocess.PIPE,
                check=False,
            ).stdout

        def _answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"application/x-git-upload-pack-{kind}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method taken over
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def publish(folder: Path) -> str:
        path = f"/{folder.name}.git"
        folders[path] = folder
        return f"http://127.0.0.1:{server.server_port}{path}"

    try:
        yield publish
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
