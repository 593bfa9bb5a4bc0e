"""Keys of the model providers and the addresses they are used at, from the step's environment only."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from docsfy_action.inputs import values


def _key(value: SecretStr) -> SecretStr:
    """A key is one word: a line break inside means that the secret was pasted wrongly, and could forge a header."""
    text = value.get_secret_value()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("it is not a key: it holds blanks, line breaks or letters that no key has")
    return value


Key = Annotated[SecretStr, AfterValidator(_key)]
BaseUrl = Annotated[str, AfterValidator(values.web_address)]


class Credentials(BaseSettings):
    """Keys by environment variable; a variable that is unset or empty (as secrets are for a fork) is None.

    The base URLs are None where the vendor's own are meant.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True)

    anthropic_api_key: Annotated[Key | None, Field(validation_alias="ANTHROPIC_API_KEY")] = None
    claude_code_oauth_token: Annotated[Key | None, Field(validation_alias="CLAUDE_CODE_OAUTH_TOKEN")] = None
    gemini_api_key: Annotated[Key | None, Field(validation_alias="GEMINI_API_KEY")] = None
    cursor_api_key: Annotated[Key | None, Field(validation_alias="CURSOR_API_KEY")] = None
    openai_api_key: Annotated[Key | None, Field(validation_alias="OPENAI_API_KEY")] = None
    anthropic_base_url: Annotated[BaseUrl | None, Field(validation_alias="ANTHROPIC_BASE_URL")] = None
    google_gemini_base_url: Annotated[BaseUrl | None, Field(validation_alias="GOOGLE_GEMINI_BASE_URL")] = None
    openai_base_url: Annotated[BaseUrl | None, Field(validation_alias="OPENAI_BASE_URL")] = None

    def __init__(self, *sources: PydanticBaseSettingsSource) -> None:
        """Takes the values from `sources`; raises pydantic's ValidationError."""
        super().__init__(_build_sources=(sources, {}))

    @classmethod
    def none(cls) -> Self:
        """No key and no address at all."""
        return cls()

    def present(self) -> frozenset[str]:
        """The environment variables of the keys that are there."""
        return frozenset(
            str(about.validation_alias)
            for name, about in type(self).model_fields.items()
            if isinstance(getattr(self, name), SecretStr)
        )

    def keys(self) -> dict[str, str]:
        """The keys that are there, by environment variable."""
        return {
            str(about.validation_alias): value.get_secret_value()
            for name, about in type(self).model_fields.items()
            if isinstance(value := getattr(self, name), SecretStr)
        }

    def addresses(self) -> dict[str, str]:
        """The addresses that are given, by environment variable."""
        return {
            str(about.validation_alias): value
            for name, about in type(self).model_fields.items()
            if isinstance(value := getattr(self, name), str)
        }

    def secrets(self) -> tuple[str, ...]:
        """The keys themselves, to be kept out of every log."""
        found = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in found if isinstance(value, SecretStr))
