"""What the user asked for: options, action inputs and `.docsfy.yml`, validated here; the one reader of the environment.

Nothing is imported here, so that `docsfy-action --version` answers without loading pydantic.
"""
