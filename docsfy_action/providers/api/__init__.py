"""Provider `api`: models in process through pydantic-ai, which is imported when the first call is made."""
