"""The environment as a source of pydantic-settings, from a mapping that is handed in."""

from collections.abc import Mapping

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource


class EnvironmentSource(EnvSettingsSource):
    """Environment variables out of a mapping that is handed in; blank values count as unset.

    `fields` are the only ones that a variable may set, so that none reaches a field meant for the program itself.
    """

    def __init__(self, settings: type[BaseSettings], environ: Mapping[str, str], fields: frozenset[str]) -> None:
        """Keeps a copy of what is not blank in `environ`, without white space around it."""
        self._environ = {name: value.strip() for name, value in environ.items() if value.strip()}
        self._fields = fields
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {self._apply_case_sensitive(name): value for name, value in self._environ.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:
        """The variable's text; None for a field that the environment must not set."""
        if field_name not in self._fields:
            return None, field_name, False
        return super().get_field_value(field, field_name)
