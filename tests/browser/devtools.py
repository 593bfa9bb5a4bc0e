"""Chromium over the DevTools protocol through a pipe: no driver, no socket, no further package."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WIDE, PHONE = (1440, 900), (390, 844)

# The name resolver knows nothing but this machine: what a page asks of any other host fails, and is seen.
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)


def chromium() -> str | None:
    """The program, where it is installed."""
    return next(filter(None, map(shutil.which, ("/usr/lib/chromium/chromium", "chromium", "chromium-browser"))), None)


class Browser:
    """One browser with one tab at a time. `requests` are the addresses asked for since the page was opened."""

    def __init__(self, process: "subprocess.Popen[bytes]", to: int, back: int) -> None:
        self._process = process
        self._to, self._back = to, back
        self._buffer = b""
        self._number = 0
        self._session = self._target = ""
        self.requests: list[str] = []
        self.failures: list[str] = []
        self.errors: list[str] = []

    def open(self, url: str, *, size: tuple[int, int] = WIDE, dark: bool = False, scripts: bool = True) -> None:
        """Open an address in a new tab and wait until it is loaded."""
        if self._session:
            self.call("Target.closeTarget", targetId=self._target)
        target = self._target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Network.setCacheDisabled", cacheDisabled=True)
        width, height = size
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.requests, self.failures, self.errors = [], [], []
        self.go(url)

    def go(self, url: str) -> None:
        """Go to an address in the open tab."""
        self.call("Page.navigate", url=url)
        if not self.wait(lambda: self.run("document.readyState === 'complete' && location.href !== 'about:blank'")):
            raise TimeoutError(url)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, condition: Callable[[], Any], seconds: float = 15) -> Any:
        """The first true value of a condition, or its last one when time is up."""
        end = time.monotonic() + seconds
        while not (value := condition()) and time.monotonic() < end:
            time.sleep(0.05)
        return value

    def type(self, text: str) -> None:
        """Type into the element that has the focus, key by key."""
        for character in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", key=character, text=character)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=character)

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Save what is seen, or the whole page, as PNG."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def shadow_elements(self, name: str) -> int:
        """How many elements of this name there are, those in closed shadow trees included."""

        def count(node: dict[str, Any]) -> int:
            children = [*node.get("children", ()), *node.get("shadowRoots", ())]
            return int(node["nodeName"].lower() == name) + sum(count(child) for child in children)

        return count(self.call("DOM.getDocument", depth=-1, pierce=True)["root"])

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and wait for its answer; events on the way are recorded."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session and not method.startswith("Target."):
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        for answer in self._messages():
            if answer.get("id") == self._number:
                if "navigated" in answer.get("error", {}).get("message", "") and method == "Runtime.evaluate":
                    # The page is on its way to another: ask the one that comes.
                    time.sleep(0.1)
                    return self.call(method, **parameters)
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
        raise RuntimeError("Chromium has ended")

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" in self._buffer:
                raw, self._buffer = self._buffer.split(b"\0", 1)
                message = json.loads(raw)
                self._record(message)
                yield message
            chunk = os.read(self._back, 1 << 16)
            if not chunk:
                return
            self._buffer += chunk

    def _record(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Network.loadingFailed":
                self.failures.append(parameters["errorText"])
            case "Runtime.exceptionThrown":
                self.errors.append(str(parameters["exceptionDetails"].get("exception", {}).get("description")))
            case _:
                pass


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own, ended at the end."""
    program = chromium()
    if program is None:
        raise FileNotFoundError("chromium is not installed: apt-get install chromium")
    to_read, to_write = os.pipe()
    back_read, back_write = os.pipe()

    def place() -> None:  # Chromium reads from 3 and writes to 4
        first, second = os.dup(to_read), os.dup(back_write)
        os.dup2(first, 3)
        os.dup2(second, 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={profile}"],
            preexec_fn=place,  # noqa: PLW1509 - the only way to numbers 3 and 4; it calls nothing that takes a lock
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(back_write)
        try:
            yield Browser(process, to_write, back_read)
        finally:
            os.close(to_write)
            os.close(back_read)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
