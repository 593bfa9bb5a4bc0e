"""Entry point of the container image: calls `docsfy_action.main.main()`, nothing else."""

import sys

from docsfy_action.main import main

if __name__ == "__main__":
    sys.exit(main())
