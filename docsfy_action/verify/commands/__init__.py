"""Whether the commands that a page tells its readers to type run something that the commit defines."""

from docsfy_action.verify.commands.rules import check_command, is_command

__all__ = ["check_command", "is_command"]
