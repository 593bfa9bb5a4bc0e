"""The guard in tests/conftest.py that keeps unit tests away from the network and other programs."""

import os
import socket
import subprocess

import pytest

Failed = pytest.fail.Exception


def test_a_unit_test_that_starts_a_process_fails() -> None:
    """Starting a program in a unit test fails the test, even where the code under test catches every Exception."""
    with pytest.raises(Failed, match=r"subprocess\.Popen"):
        subprocess.run(["true"], check=False)


def test_a_unit_test_that_opens_a_connection_fails() -> None:
    """Connecting in a unit test fails the test before anything leaves the process."""
    with socket.socket() as connection, pytest.raises(Failed, match=r"socket\.connect"):
        connection.connect(("127.0.0.1", 9))


def test_a_unit_test_that_forks_fails() -> None:
    """Forking in a unit test fails the test, whatever module does it."""
    with pytest.raises(Failed, match=r"os\.fork"):
        os.fork()
