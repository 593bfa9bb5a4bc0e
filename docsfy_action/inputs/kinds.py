"""The types of inputs: what their values may be, and what is made of them."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from docsfy_action.github.environment import RunnerEnvironment
from docsfy_action.inputs import values

WEB_ADDRESS = "an absolute http or https address"
LINE = "one line of text"

Limit = TypeVar("Limit", int, Decimal)


def below_workspace(rule: Callable[[Path, str], Path]) -> BeforeValidator:
    """Applies a rule of `paths`; the environment is the first field, and always valid."""

    def validate(value: object, info: ValidationInfo) -> Path:
        environment: RunnerEnvironment = info.data["environment"]
        return rule(environment.workspace, str(value))

    return BeforeValidator(validate)


def _flag(value: object) -> object:
    """`true` and `false` in any case, as the runner's own toolkit reads them; nothing else."""
    if isinstance(value, str):
        if value.lower() not in {"true", "false"}:
            raise ValueError("it is neither true nor false")
        return value.lower() == "true"
    return value


def no_limit(value: Limit) -> Limit | None:
    """0 says that there is no limit."""
    return value or None


Text = Annotated[str, AfterValidator(values.printable), Field(max_length=200)]
WebAddress = Annotated[str, AfterValidator(values.web_address), Field(max_length=500)]
Flag = Annotated[bool, BeforeValidator(_flag)]
