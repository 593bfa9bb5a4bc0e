"""`python -m docsfy_action` is the command `docsfy-action`."""

import sys

from docsfy_action.main import main

if __name__ == "__main__":
    sys.exit(main())
