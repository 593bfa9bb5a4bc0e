"""Programs are started, fed, bounded and ended with everything that they started themselves."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Timer
from types import FrameType

import pytest

from docsfy_action import processes
from docsfy_action.processes import Command, Ending, Finished, run

NEVER = Event()
# A child in the same group that has no environment, one in a session of its own, and one whose parents are gone; all
# write their numbers down.
FAMILY = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
children = [subprocess.Popen(sleep, env={}), subprocess.Popen(sleep, start_new_session=True)]
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(60)
    os._exit(0)
print(*[child.pid for child in children], os.getpid(), flush=True)
"""


def _command(program: str, *arguments: str, cwd: Path, **about: object) -> Command:
    settings: dict[str, object] = {"environment": {"PATH": "/usr/bin:/bin"}, "deadline": 20.0, **about}
    return Command(argv=(sys.executable, "-I", "-c", program, *arguments), cwd=cwd, **settings)  # type: ignore[arg-type] # any field


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _none_alive(pids: list[int]) -> bool:
    """Whether all are gone; a killed process may take a moment."""
    until = time.monotonic() + 1
    while any(map(_alive, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(_alive, pids))


def _pids(finished: Finished) -> list[int]:
    return [int(word) for word in finished.stdout.split()]


@contextmanager
def _after(seconds: float) -> Iterator[Event]:
    event = Event()
    timer = Timer(seconds, event.set)
    timer.start()
    try:
        yield event
    finally:
        timer.cancel()


def test_output_errors_and_status_are_given_back(tmp_path: Path) -> None:
    """A finished program gives its standard output, its standard error and its exit status, apart."""
    program = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(145)"
    finished = run(_command(program, cwd=tmp_path), cancelled=NEVER)
    assert finished == Finished(ending=Ending.EXITED, status=145, stdout=b"out\n", stderr=b"err\n")
    assert not finished.succeeded


def test_input_larger_than_a_pipe_arrives_whole_while_output_flows(tmp_path: Path) -> None:
    """A program that answers while it is still being fed waits for nobody, and is waited for by nobody."""
    fed = os.urandom(3_000_000)
    program = "import sys\nfor data in iter(lambda: sys.stdin.buffer.read(1000), b''): sys.stdout.buffer.write(data)"
    finished = run(_command(program, cwd=tmp_path, stdin=fed), cancelled=NEVER)
    assert finished.succeeded
    assert finished.stdout == fed


def test_a_program_that_reads_nothing_is_no_failure(tmp_path: Path) -> None:
    """What a program does not want to hear is dropped."""
    finished = run(_command("print('done')", cwd=tmp_path, stdin=b"x" * 1_000_000), cancelled=NEVER)
    assert finished.stdout == b"done\n"
    assert finished.succeeded


def test_only_the_given_environment_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of ours, such as the GitHub token, does not reach the program; its working directory is the given."""
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    program = "import os; print(sorted(os.environ), os.getcwd())"
    finished = run(_command(program, cwd=tmp_path, environment={"A": "1", "LC_CTYPE": "C"}), cancelled=NEVER)
    assert finished.stdout.decode() == f"['A', 'DOCSFY_PROCESS', 'LC_CTYPE'] {tmp_path}\n"


def test_no_open_file_of_ours_is_inherited(tmp_path: Path) -> None:
    """Besides its three pipes, a program has no open file, also where ours was marked as inheritable."""
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        program = f"import os\ntry: os.fstat({file.fileno()}); print('open')\nexcept OSError: print('closed')"
        assert run(_command(program, cwd=tmp_path), cancelled=NEVER).stdout == b"closed\n"


def test_at_the_deadline_the_program_is_ended(tmp_path: Path) -> None:
    """What was written before the deadline is kept."""
    program = "import time; print('begun', flush=True); time.sleep(60)"
    started = time.monotonic()
    finished = run(_command(program, cwd=tmp_path, deadline=0.5), cancelled=NEVER)
    assert (finished.ending, finished.stdout) == (Ending.TIMED_OUT, b"begun\n")
    assert time.monotonic() - started < 5


def test_a_program_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    """SIGTERM may be ignored, SIGKILL not; the whole takes less than the runner's patience."""
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    started = time.monotonic()
    finished = run(_command(program, cwd=tmp_path, deadline=0.5), cancelled=NEVER)
    assert (finished.ending, finished.status) == (Ending.TIMED_OUT, -signal.SIGKILL)
    assert time.monotonic() - started < 5


def test_cancelling_ends_the_program_soon(tmp_path: Path) -> None:
    """Another thread cancels; the program is gone within a moment."""
    started = time.monotonic()
    with _after(0.4) as cancelled:
        finished = run(_command("import time; time.sleep(60)", cwd=tmp_path), cancelled=cancelled)
    assert (finished.ending, finished.status) == (Ending.CANCELLED, -signal.SIGTERM)
    assert time.monotonic() - started < 3


def test_after_cancelling_nothing_is_started(tmp_path: Path) -> None:
    """A run that is being stopped starts no further program."""
    cancelled = Event()
    cancelled.set()
    finished = run(_command("open('made', 'w')", cwd=tmp_path), cancelled=cancelled)
    assert finished.ending is Ending.CANCELLED
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("deadline", [0.8, 20.0], ids=["timed out", "ended by itself"])
def test_everything_that_a_program_started_ends_with_it(tmp_path: Path, deadline: float) -> None:
    """Children in the group, in sessions of their own, and orphans: none outlives the call, nor holds it up."""
    program = FAMILY + ("" if deadline > 1 else "time.sleep(60)")
    started = time.monotonic()
    finished = run(_command(program, cwd=tmp_path, deadline=deadline), cancelled=NEVER)
    assert finished.ending is (Ending.TIMED_OUT if deadline < 1 else Ending.EXITED)
    pids = _pids(finished)
    assert len(pids) >= 3
    assert _none_alive(pids)
    assert time.monotonic() - started < 8


def test_an_exception_raised_in_mid_call_ends_the_program(tmp_path: Path) -> None:
    """A signal handler that raises, as the composition root's does, leaves nothing running."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    Timer(0.8, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1)).start()
    program = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    try:
        with pytest.raises(KeyboardInterrupt):
            run(_command(program, cwd=tmp_path), cancelled=NEVER)
    finally:
        signal.signal(signal.SIGUSR1, before)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("ascii")), 0)


def test_a_flood_of_output_is_cut_and_the_program_ended(tmp_path: Path) -> None:
    """Memory is bounded whatever a program writes."""
    program = "import sys\nwhile True: sys.stdout.write('x' * 10000)"
    finished = run(_command(program, cwd=tmp_path, max_output=500_000), cancelled=NEVER)
    assert finished.ending is Ending.FLOODED
    assert len(finished.stdout) == 500_000


def test_of_errors_the_end_is_kept(tmp_path: Path) -> None:
    """Standard error is bounded too, and its last words are the ones that count."""
    program = "import sys; sys.stderr.write('x' * 2_000_000 + 'the reason')"
    finished = run(_command(program, cwd=tmp_path), cancelled=NEVER)
    assert finished.succeeded
    assert finished.stderr.endswith(b"xxthe reason")
    assert len(finished.stderr) == 200_000


@pytest.mark.parametrize("name", ["no-such-program", "folder", "plain"])
def test_what_cannot_be_started_says_why(tmp_path: Path, name: str) -> None:
    """A missing program, a folder and a file that is not executable are values with the system's reason."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").write_text("no program", "utf-8")
    command = Command(argv=(str(tmp_path / name),), cwd=tmp_path, environment={})
    finished = run(command, cancelled=NEVER)
    assert finished.ending is Ending.NOT_STARTED
    assert finished.reason
    assert not finished.succeeded


def test_several_threads_may_run_programs_at_once(tmp_path: Path) -> None:
    """The end of one program leaves those of other threads alone."""
    results: dict[int, Finished] = {}

    def work(number: int) -> None:
        program = f"import time; time.sleep({0.2 * number}); print({number})"
        results[number] = run(_command(program, cwd=tmp_path), cancelled=NEVER)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: result.stdout for number, result in results.items()} == {n: f"{n}\n".encode() for n in range(4)}


# A process of ours in which a program is running, and whose numbers the program writes into a file.
PARENT = """
import sys
from pathlib import Path
from threading import Event

from docsfy_action.processes import Command, run

shell = ("/bin/sh", "-c", 'exec "$0" -I -c "$1" > pids', sys.executable, sys.argv[1])
run(Command(argv=shell, cwd=Path.cwd(), environment={"PATH": "/usr/bin:/bin"}), cancelled=Event())
"""


def _parent(program: str, folder: Path) -> "subprocess.Popen[bytes]":
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(processes.__file__).parents[1])}
    return subprocess.Popen((sys.executable, "-c", PARENT, program), cwd=folder, env=environ)


def _guards(owner: int) -> list[int]:
    """Processes that were begun to watch over this one."""
    words = [sys.executable, "-I", "-S", processes.__file__, str(owner)]
    wanted = "\0".join(words).encode()
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and wanted in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def test_a_program_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    """SIGKILL leaves it no time to end anything; what it had started, descendants with other groups or without our mark
    too, is gone a moment later all the same, and with it who watched over it."""
    with _parent(f"{FAMILY}time.sleep(60)\n", tmp_path) as parent:
        until = time.monotonic() + 10
        while len(pids := (tmp_path / "pids").read_text().split() if (tmp_path / "pids").exists() else []) < 4:
            assert time.monotonic() < until, pids
            time.sleep(0.01)
        family = [int(pid) for pid in pids]
        guards = _guards(parent.pid)
        assert len(guards) == 1
        assert all(map(_alive, [*family, *guards]))
        parent.kill()
    until = time.monotonic() + 5
    while not _none_alive([*family, *guards]):
        assert time.monotonic() < until


def test_nobody_watches_over_a_process_that_has_ended(tmp_path: Path) -> None:
    """After an orderly end nothing is left."""
    with _parent("print(1)", tmp_path) as parent:
        assert parent.wait(20) == 0
    assert _guards(parent.pid) == []
