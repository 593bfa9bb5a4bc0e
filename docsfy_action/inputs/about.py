"""What is known of an input beside its type: its place in `--help`, what it takes, who may set it."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """The headings of `--help`, in their order."""

    SOURCE = "Source"
    WRITING = "Writing"
    LIMITS = "Limits"
    SITE = "Site"
    STATE = "State"
    PUBLISHING = "Publishing"
    JOBS = "Spreading a run over jobs"


class Refusal(StrEnum):
    """Why `.docsfy.yml` cannot set an input: the file comes with the code, from whoever opens a pull request."""

    SPENDS = "it decides what a run may spend"
    PUBLISHES = "it decides what is published, and where"
    RUNS = "it decides what is run"
    STATE = "it decides which state a run reads and writes"
    PLACE = "it decides which folders of the machine are read and written"
    SECRET = "it is a secret"  # noqa: S105 - a reason, not a secret
    VERIFIES = "it decides whether the pages are checked, which the code under check must not switch off"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """`allowed` completes "it takes …" (empty where the choices say it); `default` is shown where it is derived;
    `refused` is why `.docsfy.yml` cannot set the input, None where it can."""

    group: Group
    refused: Refusal | None
    metavar: str = ""
    allowed: str = ""
    default: str = ""
