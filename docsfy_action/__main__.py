"""`python -m docsfy_action` is the command `docsfy-action`."""

import sys

if __name__ == "__main__":
    # Python puts the current folder first, which is the repository to be documented: nothing of it may be imported.
    if not sys.flags.safe_path:
        del sys.path[0]
    from docsfy_action.main import main

    sys.exit(main())
