"""Stands for `cursor-agent` and behaves as its documentation says: print mode, the formats of its output, failures as
words on standard error with a status other than 0. What it does is said by the first word of the prompt's last line; with
`--server=URL`, which its start script adds, by the model server of the tests, which it asks as its vendor's would be asked.

It is started as a program of its own. What it was given it leaves as JSON in the file `seen.json` beside the export.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
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
# What it says of a status that its vendor answers with.
STATUSES = {401: "key", 403: "key", 404: "model", 402: "quota", 429: "rate", 503: "overloaded", 529: "overloaded"}


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


def asked(server: str, prompt: str) -> str | None:
    """The answer of the model server; None where there is none, which has been said then."""
    model = sys.argv[sys.argv.index("--model") + 1]
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": prompt}]}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {os.environ['CURSOR_API_KEY']}"}
    question = urllib.request.Request(f"{server}/chat/completions", data=body, headers=headers)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(question, timeout=60) as reply:
            return str(json.load(reply)["choices"][0]["message"]["content"] or "")
    except urllib.error.HTTPError as error:
        said = json.load(error)["error"]
        kind = "quota" if said.get("code") == "insufficient_quota" else STATUSES.get(error.code, "odd")
    except OSError:
        kind = "network"
    sys.stderr.write(FAILURES[kind] + "\n")
    return None


def served(server: str, prompt: str) -> int:
    """Print mode with an answer of the model server."""
    say(type="system", subtype="init", apiKeySource="env", cwd=str(Path.cwd()), session_id="s", model="Auto")
    answer = asked(server, prompt)
    if answer is None:
        return 1
    say(type="assistant", message={"role": "assistant", "content": [{"type": "text", "text": answer}]}, session_id="s")
    usage = {
        "inputTokens": len(prompt) // 4,
        "outputTokens": len(answer) // 4,
        "cacheReadTokens": 0,
        "cacheWriteTokens": 0,
    }
    done = {"duration_ms": 5, "duration_api_ms": 5, "session_id": "s", "request_id": "r", "usage": usage}
    say(type="result", subtype="success", is_error=False, result=answer, **done)
    return 0


def main() -> int:
    """Print mode."""
    if "--version" in sys.argv:
        print(VERSION)
        return 0
    prompt = sys.stdin.read()
    server = next((word.partition("=")[2] for word in sys.argv if word.startswith("--server=")), "")
    if server:
        return served(server, prompt)
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
