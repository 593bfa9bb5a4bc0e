"""docsfy-action: writes and keeps up to date the documentation site of a repository."""

__version__ = "0.1.0"
