#!/action/bin/python3 -IB
"""Post entry point of the container image: calls `docsfy_action.post.main()`, nothing else. The runner starts it as a program."""

import sys

from docsfy_action.post import main

if __name__ == "__main__":
    sys.exit(main())
