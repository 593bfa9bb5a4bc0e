"""The vendors' real programs, installed once for all tests, and the calls that tests make with them."""

import os
import platform
import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import Event

import docsfy_action
from docsfy_action.providers.budget import Allowance, Budget, Needs, Reservation
from docsfy_action.providers.calls import Setup
from docsfy_action.providers.claude import ClaudeProvider
from docsfy_action.providers.environment import Access, Host
from docsfy_action.providers.gemini import GeminiProvider
from docsfy_action.providers.model import Completion, Failure, FailureKind, Place, Provider, Request, Task
from docsfy_action.providers.prices import Price
from docsfy_action.providers.programs import Program, ProgramName, find_program

ROOT = Path(docsfy_action.__file__).parent.parent
INSTALLED = ROOT / "build" / "programs"
NEVER = Event()
SCHEMA = '{"type":"object","properties":{"title":{"type":"string"}},"required":["title"],"additionalProperties":false}'
KEYS = {
    ProgramName.CLAUDE: "sk-ant-api03-of-the-tests",
    ProgramName.GEMINI: "AIzaOfTheTests000000000000000000000000",
}


def host(workspace: Path, **variables: str) -> Host:
    """This machine, without vendors' programs that happen to be on its PATH: the installed ones are tested."""
    names = [str(name) for name in ProgramName]
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = [folder for folder in folders if not any((Path(folder) / name).exists() for name in names)]
    environ = {**os.environ, "PATH": os.pathsep.join(path), **variables}
    return Host(
        environ=environ, workspace=workspace, platform=sys.platform, machine=platform.machine(), python=sys.executable
    )


@cache
def installed(name: ProgramName) -> Program:
    """The program, installed by the code that installs it for users; the first test that needs it waits."""
    found = find_program(name, INSTALLED, host(Path("/nonexistent")), cancelled=Event())
    assert isinstance(found, Program), found.reason
    return found


def place(folder: Path, files: Mapping[str, str]) -> Place:
    """An export with these files, and a private home beside it."""
    export = folder / "export"
    for path, text in files.items():
        (export / path).parent.mkdir(parents=True, exist_ok=True)
        (export / path).write_text(text, "utf-8")
    return Place(export=export, home=folder / "home", programs=INSTALLED)


def setup(
    name: ProgramName, where: Place, url: str, *, model: str = "", environ: Mapping[str, str] | None = None
) -> Setup:
    """What a provider is made from, with the model server as its address."""
    gemini = name is ProgramName.GEMINI
    access = Access(
        variable="GEMINI_API_KEY" if gemini else "ANTHROPIC_API_KEY",
        key=KEYS[name],
        base_url_variable="GOOGLE_GEMINI_BASE_URL" if gemini else "ANTHROPIC_BASE_URL",
        base_url=url,
    )
    return Setup(
        program=installed(name),
        model=model or ("gemini-2.5-pro" if gemini else "claude-opus-4-6[1m]"),
        access=access,
        place=where,
        host=host(where.export.parent / "workspace", **(environ or {})),
    )


def provider(made_from: Setup) -> Provider:
    """The provider whose program it is."""
    return GeminiProvider(made_from) if made_from.program.name is ProgramName.GEMINI else ClaudeProvider(made_from)


def request(
    prompt: str = "Write about it.",
    *,
    schema: str = "",
    explore: bool = False,
    deadline: float = 40.0,
    max_turns: int = 30,
    max_output_tokens: int = 9000,
) -> Request:
    """A call of the tests."""
    return Request(
        task=Task.PAGE,
        instructions="You write pages.",
        prompt=prompt,
        schema=schema,
        explore=explore,
        deadline=deadline,
        max_turns=max_turns,
        max_output_tokens=max_output_tokens,
    )


def allowed(dollars: str, price: Price) -> Allowance:
    """So much for one call, and no more to be had."""
    budget = Budget(max_cost=Decimal(dollars))
    reserved = budget.reserve(Needs(least=Decimal(0), wanted=Decimal(dollars)), cancelled=NEVER)
    assert isinstance(reserved, Reservation)
    return Allowance(budget=budget, reservation=reserved, price=price)


def ask(made_from: Setup, what: Request | None = None, *, cancelled: Event = NEVER) -> Completion | Failure:
    """The answer to a call; whatever it is, it holds no key, and the private home holds nothing afterwards."""
    answer = provider(made_from).complete(what or request(), cancelled=cancelled)
    assert made_from.access.key not in repr(answer)
    assert list(made_from.place.home.iterdir()) == []
    return answer


def completed(answer: Completion | Failure) -> Completion:
    """The answer, which is one."""
    assert isinstance(answer, Completion), answer
    return answer


def failed(answer: Completion | Failure, kind: FailureKind) -> Failure:
    """The failure, which is of this kind."""
    assert isinstance(answer, Failure), answer
    assert answer.kind is kind, answer
    return answer


def alive() -> set[int]:
    """Processes of this machine that were started by a call of ours and still run."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and f"DOCSFY_PROCESS={os.getpid()}-".encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
        except OSError:
            continue
    return found
