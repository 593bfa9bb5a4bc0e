"""The step's second entry point, after the job: saves in the Actions cache what a cancelled or killed run left on disk.
It never makes a job fail."""

import logging
import random
import sys
import uuid
from contextlib import closing
from pathlib import Path

from docsfy_action.github.log import choose_console, route_logging
from docsfy_action.inputs.environment import process_environment, runner_environment
from docsfy_action.network import Network
from docsfy_action.stages import handing
from docsfy_action.stages.caching import DONE, TICKET, open_client, read_ticket, save

logger = logging.getLogger(__name__)


def main() -> int:
    """Save once; the exit status is 0 always."""
    environ = process_environment()
    environment = runner_environment(environ, cwd=Path.cwd(), platform=sys.platform)
    console = choose_console(environment, token=lambda: uuid.uuid4().hex)
    route_logging(console, debug=environment.debug)
    console.mask(*filter(None, (environment.runtime.token, environment.runtime.id_token)))
    saved = environment.saved_state
    ticket = read_ticket(saved.get(TICKET, "")) if not saved.get(DONE) else None
    shard = handing.read_ticket(saved.get(handing.TICKET, "")) if not saved.get(handing.DONE) else None
    if (ticket is None and shard is None) or not environment.has_cache_service:
        logger.info("Nothing is left to be saved.")
        return 0
    with closing(Network(environ, jitter=random.random)) as network:
        client = open_client(environment, network, console.mask)
        if ticket is not None:
            save(ticket, client, _warn)
        if shard is not None:
            handing.save_late(shard, client, _warn)
    return 0


def _warn(text: str) -> None:
    logger.warning("%s", text)
