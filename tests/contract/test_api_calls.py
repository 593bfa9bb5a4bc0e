"""Provider `api`, the real clients of the vendors against a server: what is sent, and what comes back."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

from docsfy_action.errors import InputError
from docsfy_action.providers.api.provider import ApiProvider, check_installed
from docsfy_action.providers.model import Answer, Completion, Request, Task, Usage
from tests.contract.models import (
    Action,
    Ask,
    CallTool,
    CallTools,
    Error,
    Fail,
    Json,
    ModelServer,
    Say,
    Tokens,
    Trouble,
    script,
)

MODELS = (
    "anthropic:claude-sonnet-5-5",
    "openai:gpt-5",
    "openai-chat:gpt-5",
    "google:gemini-2.5-pro",
    "ollama:llama3",
    "openrouter:anthropic/claude-sonnet-4.5",
)
KEY = "sk-test-0123456789"
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "pages": {"type": "array", "items": {"type": "object", "properties": {"slug": {"type": "string"}}}},
        },
        "required": ["title", "pages"],
    }
)
REQUEST = Request(task=Task.PAGE, instructions="You write pages.", prompt="About the cart.", deadline=30.0)


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    """Every vendor in turn."""
    name: str = request.param
    return name


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export of two files, beside a file that is none of it."""
    root = tmp_path / "export"
    root.mkdir()
    (root / "a.txt").write_text("alpha\nbeta\n", "utf-8")
    (root / "b.txt").write_text("gamma\n", "utf-8")
    (tmp_path / "secret.txt").write_text("sk-secret", "utf-8")
    return root


def _provider(server: ModelServer, model: str, export: Path, key: str = KEY) -> ApiProvider:
    url = server.url if model.startswith(("anthropic", "google")) else server.openai_url
    return ApiProvider(model, key=key, base_url=url, export=export)


def _complete(server: ModelServer, model: str, export: Path, request: Request = REQUEST) -> Completion:
    answer = _provider(server, model, export).complete(request, cancelled=Event())
    assert isinstance(answer, Completion), answer
    return answer


def test_a_text_is_answered(model: str, export: Path) -> None:
    """One request with key, model, system, prompt and the limit of the answer; the answer with what it took."""
    with ModelServer(script(Say("A page.\n\nIts end — ✓\n", Tokens(input=1000, output=50, cached=400)))) as server:
        answer = _complete(server, model, export, replace(REQUEST, max_output_tokens=1234))
        (ask,) = server.asks
    assert answer.text == "A page.\n\nIts end — ✓\n"
    assert answer.opened == ()
    assert (answer.usage.requests, answer.usage.input_tokens) == (1, 1000)
    assert (answer.usage.output_tokens, answer.usage.cached_tokens) == (50, 400)
    assert (ask.key, ask.model) == (KEY, model.partition(":")[2])
    assert (ask.system, ask.prompt, ask.max_tokens) == ("You write pages.", "About the cart.", 1234)
    assert (ask.tools, ask.schema, ask.stream) == ((), "", True)


@pytest.mark.parametrize(
    ("priced", "tokens", "dollars"),
    [
        ("anthropic:claude-haiku-4-5", Tokens(input=100_000, output=10_000), "0.15"),
        ("anthropic:claude-haiku-4-5", Tokens(input=100_000, output=0, cached=100_000), "0.01"),
        ("anthropic:claude-haiku-4-5", Tokens(input=100_000, output=0, written=100_000), "0.125"),
        ("openai:gpt-5", Tokens(input=100_000, output=10_000), "0.225"),
        ("google:gemini-2.5-pro", Tokens(input=100_000, output=10_000), "0.225"),
        ("ollama:llama3", Tokens(input=100_000, output=10_000), "0"),
    ],
)
def test_an_answer_has_its_price(export: Path, priced: str, tokens: Tokens, dollars: str) -> None:
    """Tokens as the vendor counts them, cached and written ones apart, times the table's prices."""
    with ModelServer(script(Say("x", tokens))) as server:
        assert _complete(server, priced, export).usage.cost_usd == Decimal(dollars)


def test_a_model_that_is_not_in_the_table_has_no_price(export: Path) -> None:
    """Its cost is unknown, not zero."""
    with ModelServer(script(Say("x"))) as server:
        assert _complete(server, "openai-chat:my-own-llama", export).usage == Usage(
            requests=1, input_tokens=100, output_tokens=20, cost_usd=None
        )


def test_an_answer_follows_its_schema(model: str, export: Path) -> None:
    """With a schema the answer is its JSON, and the schema reaches the model whole."""
    said = '{"title":"Cart — ✓","pages":[{"slug":"a"},{"slug":"b"}]}'
    with ModelServer(script(Json(said))) as server:
        answer = _complete(server, model, export, replace(REQUEST, schema=SCHEMA))
        (ask,) = server.asks
    assert json.loads(answer.text) == json.loads(said)
    assert answer.usage.requests == 1
    (tool,) = ask.tools
    assert tool.name == "final_result"
    assert json.loads(tool.schema)["required"] == ["title", "pages"]
    assert json.loads(tool.schema)["properties"]["pages"]["items"]["properties"]["slug"]["type"] in {"string", "STRING"}


def test_a_model_that_answers_in_words_is_passed_on(model: str, export: Path) -> None:
    """A weak model that ignores the tool for the answer may still have given it; the caller judges."""
    with ModelServer(script(Say('{"title": "x", "pages": []}'))) as server:
        assert _complete(server, model, export, replace(REQUEST, schema=SCHEMA)).text == '{"title": "x", "pages": []}'


def _looks_around(ask: Ask) -> Action:
    match len(ask.tool_results):
        case 0:
            return CallTools(
                (CallTool("list_files", {}), CallTool("search", {"text": "gam"})), Tokens(input=10, output=1)
            )
        case 2:
            return CallTool("read_file", {"path": "a.txt", "first_line": 2}, Tokens(input=20, output=2))
        case 3:
            return CallTool("read_file", {"path": "../secret.txt"}, Tokens(input=30, output=3))
        case _:
            return Json('{"title":"t","pages":[]}', Tokens(input=40, output=4))


@pytest.mark.parametrize("schema", ["", SCHEMA])
def test_a_model_looks_around(model: str, export: Path, schema: str) -> None:
    """With `explore` the model has the tools, several in one step too; each sees its results, the usage is that of all
    requests, and what was read is reported."""
    with ModelServer(_looks_around) as server:
        answer = _complete(server, model, export, replace(REQUEST, explore=True, schema=schema))
        asks = server.asks
    assert json.loads(answer.text) == {"title": "t", "pages": []}
    assert answer.opened == ("a.txt",)
    assert (answer.usage.requests, answer.usage.input_tokens, answer.usage.output_tokens) == (4, 100, 10)
    assert [tool.name for tool in asks[0].tools] == [
        "list_files", "read_file", "search", *(["final_result"] if schema else [])
    ]  # fmt: skip
    results = asks[-1].tool_results
    assert [result.name for result in results] == ["list_files", "search", "read_file", "read_file"]
    assert [result.text for result in results[:3]] == ["a.txt\nb.txt", "b.txt:1: gamma", "2\tbeta"]
    assert results[3].text == "error: '../secret.txt' is not a path of the repository"
    assert "sk-secret" not in "".join(ask.body for ask in asks)


def test_without_leave_there_are_no_tools(model: str, export: Path) -> None:
    """A call without `explore` offers nothing to look with."""
    with ModelServer(script(Say("x"))) as server:
        _complete(server, model, export)
        assert server.asks[0].tools == ()


def test_the_last_look_is_announced(model: str, export: Path) -> None:
    """Before its last request the model is told to answer now, and only then."""

    def brain(ask: Ask) -> Action:
        return Say("done") if "answer now" in ask.prompt else CallTool("list_files", {})

    with ModelServer(brain) as server:
        answer = _complete(server, model, export, replace(REQUEST, explore=True, max_turns=4))
        assert (answer.text, len(server.asks)) == ("done", 4)


def test_prompts_are_cached_at_anthropic(export: Path) -> None:
    """Instructions, tools and, where they will be sent again, the messages carry Anthropic's marks for its cache."""
    with ModelServer(script(Say("x"))) as server:
        _complete(server, "anthropic:claude-sonnet-5-5", export)
        _complete(server, "anthropic:claude-sonnet-5-5", export, replace(REQUEST, explore=True))
        single, exploring = server.asks
    assert (single.cache_marks, exploring.cache_marks) == (1, 3)
    assert "cache_control" in json.dumps(json.loads(single.body)["system"])


def test_calls_run_side_by_side(model: str, export: Path) -> None:
    """Eight threads with one provider get eight answers to their own questions, and leave no thread or connection."""
    with ModelServer(lambda ask: Say(ask.prompt[::-1])) as server:
        provider = _provider(server, model, export)
        before = threading.active_count()

        def call(number: int) -> Answer:
            return provider.complete(replace(REQUEST, prompt=f"question {number}"), cancelled=Event())

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(call, range(8)))
        provider.close()
        assert server.until(lambda _: threading.active_count() <= before)
    assert [answer.text for answer in answers if isinstance(answer, Completion)] == [
        f"question {n}"[::-1] for n in range(8)
    ]


@pytest.mark.parametrize("trouble", [Trouble.RATE_LIMIT, Trouble.OVERLOADED, Trouble.FAULT])
def test_the_clients_do_not_retry(model: str, export: Path, trouble: Trouble) -> None:
    """One request for one call: retries are ours alone, with our budget and our patience."""
    with ModelServer(script(Fail(trouble), Say("x"))) as server:
        _provider(server, model, export).complete(REQUEST, cancelled=Event())
        assert len(server.asks) == 1


# What the clients of the vendors would read from the environment, each pointing to somebody else.
POISON = {
    "ANTHROPIC_API_KEY": "sk-poison",
    "ANTHROPIC_AUTH_TOKEN": "sk-poison",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "ANTHROPIC_CUSTOM_HEADERS": "x-poison: 1\nauthorization: Bearer sk-poison\nx-api-key: sk-poison",
    "ANTHROPIC_PROFILE": "poison",
    "ANTHROPIC_CONFIG_DIR": "/nonexistent",
    "GOOGLE_API_KEY": "sk-poison",
    "GEMINI_API_KEY": "sk-poison",
    "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9",
    "GOOGLE_GENAI_CLIENT_MODE": "replay",
    "GOOGLE_GENAI_REPLAYS_DIRECTORY": "/nonexistent",
    "GOOGLE_GENAI_REPLAY_ID": "poison",
    "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "GOOGLE_GENAI_USE_ENTERPRISE": "true",
    "GOOGLE_CLOUD_PROJECT": "poison",
    "GOOGLE_CLOUD_LOCATION": "poison",
    "OPENAI_API_KEY": "sk-poison",
    "OPENAI_ADMIN_KEY": "sk-poison",
    "OPENAI_BASE_URL": "http://127.0.0.1:9",
    "OPENAI_ORG_ID": "poison",
    "OPENAI_PROJECT_ID": "poison",
    "OPENAI_CUSTOM_HEADERS": "x-poison: 1\nauthorization: Bearer sk-poison",
    "OLLAMA_BASE_URL": "http://127.0.0.1:9",
    "OLLAMA_API_KEY": "sk-poison",
    "OPENROUTER_API_KEY": "sk-poison",
    "OPENROUTER_APP_URL": "http://poison",
    "OPENROUTER_APP_TITLE": "poison",
    "PYDANTIC_AI_GATEWAY_API_KEY": "sk-poison",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
}
_HEADERS = (
    "accept accept-encoding anthropic-version authorization connection content-length content-type host user-agent "
    "x-api-key x-goog-api-key"
).split()


def test_the_environment_decides_nothing(model: str, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, addresses, headers, modes and projects of the environment are not used: the request is the one that is made
    in an empty one, to our address, with our key, and says nothing about the machine."""
    for name, value in POISON.items():
        monkeypatch.setenv(name, value)
    with ModelServer(script(Say("x"))) as server:
        _complete(server, model, export)
        (ask,) = server.asks
    assert ask.key == KEY
    assert "poison" not in repr(ask)
    assert set(ask.headers) <= set(_HEADERS)
    assert ask.headers["user-agent"].startswith("docsfy-action/")


def test_no_key_is_taken_from_elsewhere(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model on a machine of the user's needs no key, and gets none of those that lie around."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-poison")
    monkeypatch.setenv("OLLAMA_API_KEY", "sk-poison")
    with ModelServer(script(Say("x"))) as server:
        provider = ApiProvider("ollama:llama3", key="", base_url=server.openai_url, export=export)
        assert isinstance(provider.complete(REQUEST, cancelled=Event()), Completion)
        assert server.asks[0].key == "no-key"


def test_a_proxy_of_the_environment_is_used(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies whose runners reach the vendors through a proxy say so in the environment; it is asked for a tunnel."""
    with ModelServer(script(Say("x"))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        provider = ApiProvider("openai:gpt-5", key=KEY, base_url="https://models.example.com/v1", export=export)
        answer = provider.complete(REQUEST, cancelled=Event())
        assert proxy.strays == [("CONNECT", "models.example.com:443")]
    assert not isinstance(answer, Completion)


def test_redirects_do_not_carry_the_key(model: str, export: Path) -> None:
    """A server that sends us elsewhere does not get the key sent there."""
    with ModelServer(script(Say("x"))) as elsewhere:
        action = Error(
            status=307, headers={"location": f"{elsewhere.url.replace('127.0.0.1', 'localhost')}/v1/messages"}
        )
        with ModelServer(script(action)) as server:
            _provider(server, model, export).complete(REQUEST, cancelled=Event())
        assert all(KEY not in repr(ask) for ask in elsewhere.asks)
        assert all(KEY not in repr(stray) for stray in elsewhere.strays)


def test_a_missing_package_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the extra the provider cannot be made, and the error is a command to run."""
    check_installed()
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with pytest.raises(InputError, match="not installed") as raised:
        ApiProvider("openai:gpt-5", key=KEY, export=tmp_path)
    assert raised.value.hint == "Install them: pip install 'docsfy-action[api]'"


def test_a_run_without_models_imports_none_of_it(tmp_path: Path) -> None:
    """The packages of the extra take seconds to import: a run with the embedded writer, and making a provider, imports
    none of them."""
    for command in (["init", "--quiet"], ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x"]):
        (tmp_path / "README.md").write_text("# Shop\n\nA shop.\n", "utf-8")
        (tmp_path / "shop.py").write_text('"""A shop."""\n\n\ndef sell():\n    """Sell."""\n', "utf-8")
        if "commit" in command:
            subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    program = (
        "import sys; from pathlib import Path; from docsfy_action.main import main\n"
        "from docsfy_action.providers import budget, choose, client, prices\n"
        "from docsfy_action.providers.api.provider import ApiProvider\n"
        "ApiProvider('openai:gpt-5', key='k', export=Path())\n"
        f"status = main(['--cache', 'directory', '--cache-dir', {str(tmp_path / 'cache')!r}])\n"
        "heavy = {'pydantic_ai', 'anthropic', 'openai', 'google.genai', 'httpx2', 'genai_prices', 'regex'}\n"
        "print('status', status, 'imported', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "status 0 imported []"
