"""Stands for `cursor-agent` and behaves as its documentation says: print mode, the formats of its output, failures as
words on standard error with a status other than 0. What it does is said by the first word of the prompt's last line.

It is started as a program of its own. What it was given it leaves as JSON in the file `seen.json` beside the export.
"""

import json
import os
import sys
import time
from pathlib import Path

VERSION = "2026.10.30-0fb1f2c"
FAILURES = {
    "key": "Error: Authentication required. Please run 'agent login' first, or set the CURSOR_API_KEY environment variable.",
    "model": "Cannot use this model: no-such-model. Available models: auto, composer-1",
    "rate": "Error: [resource_exhausted] Too many requests, try again later",
    "quota": "You've hit your usage limit. Upgrade to Pro for more.",
    "overloaded": "Error: [unavailable] Service is overloaded",
    "network": "Error: connect ECONNREFUSED 127.0.0.1:443",
    "odd": "Segmentation fault key_0123456789abcdef0123456789abcdef",
}


def say(**event: object) -> None:
    """One line of `stream-json`."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def read(path: str, number: int) -> None:
    """A use of the reading tool, started and completed."""
    call = f"call-{number}"
    say(type="tool_call", subtype="started", call_id=call, tool_call={"readToolCall": {"args": {"path": path}}})
    try:
        result: dict[str, object] = {"success": {"content": Path(path).read_text("utf-8"), "isEmpty": False}}
    except OSError as error:
        result = {"error": {"errorMessage": str(error)}}
    about = {"readToolCall": {"args": {"path": path}, "result": result}}
    say(type="tool_call", subtype="completed", call_id=call, tool_call=about)


def main() -> int:
    """Print mode."""
    if "--version" in sys.argv:
        print(VERSION)
        return 0
    prompt = sys.stdin.read()
    seen = {"argv": sys.argv[1:], "prompt": prompt, "environ": dict(os.environ), "cwd": str(Path.cwd())}
    Path(Path.cwd().parent, "seen.json").write_text(json.dumps(seen), "utf-8")
    doing, _, rest = prompt.strip().splitlines()[-1].partition(" ")
    say(type="system", subtype="init", apiKeySource="env", cwd=str(Path.cwd()), session_id="s", model="Auto")
    say(type="user", message={"role": "user", "content": [{"type": "text", "text": prompt}]}, session_id="s")
    if doing in FAILURES:
        sys.stderr.write(FAILURES[doing] + "\n")
        return 1
    if doing == "hang":
        time.sleep(60)
    if doing == "cut":
        return 0
    text = "Let me look.\n" if doing == "read" else ""
    if doing == "read":
        say(
            type="assistant", message={"role": "assistant", "content": [{"type": "text", "text": text}]}, session_id="s"
        )
        for number, path in enumerate(rest.split()):
            read(path, number)
    answer = "The page." if doing != "empty" else ""
    say(type="assistant", message={"role": "assistant", "content": [{"type": "text", "text": answer}]}, session_id="s")
    usage = {"inputTokens": 90, "outputTokens": 20, "cacheReadTokens": 10, "cacheWriteTokens": 0}
    done = {"duration_ms": 5, "duration_api_ms": 5, "session_id": "s", "request_id": "r", "usage": usage}
    say(type="result", subtype="success", is_error=False, result=text + answer, **done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
