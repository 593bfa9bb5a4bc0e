"""The inputs as plain values, read off `Inputs`: what `--help`, action.yml, README and messages are made from."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from docsfy_action.inputs.about import About
from docsfy_action.inputs.model import Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """One input. `name` as in action.yml, `field` as in `Inputs`, `default` as people read it (`default_is_value` tells
    a value from a sentence), `choices` the allowed words where they can be counted."""

    name: str
    field: str
    description: str
    about: About
    default: str
    default_is_value: bool
    choices: tuple[str, ...] = ()
    is_flag: bool = False
    is_secret: bool = False

    @property
    def allowed(self) -> str:
        """What it takes, for an error: `builtin, claude or auto`."""
        if not self.choices:
            return self.about.allowed
        return " or ".join(filter(None, (", ".join(self.choices[:-1]), self.choices[-1])))


@cache
def specs() -> tuple[InputSpec, ...]:
    """All inputs in the order of action.yml."""
    return tuple(
        _spec(name, field, about)
        for name, field in Inputs.model_fields.items()
        for about in field.metadata
        if isinstance(about, About)
    )


def by_name() -> dict[str, InputSpec]:
    """All inputs by the name in action.yml."""
    return {spec.name: spec for spec in specs()}


def _spec(name: str, field: FieldInfo, about: About) -> InputSpec:
    annotation = field.annotation
    return InputSpec(
        name=str(field.validation_alias),
        field=name,
        description=field.description or "",
        about=about,
        default=about.default or _shown(field.default),
        default_is_value=not about.default or field.default is not None,
        choices=tuple(annotation) if isinstance(annotation, type) and issubclass(annotation, StrEnum) else (),
        is_flag=annotation is bool,
        is_secret=SecretStr in get_args(annotation),
    )


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return "none" if default is None else str(default)
