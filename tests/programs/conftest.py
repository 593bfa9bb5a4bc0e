"""Whole runs with the vendors' real programs begin as those with the model's API do."""

from tests.contract.conftest import begin, first_run, impatient

__all__ = ["begin", "first_run", "impatient"]
