"""A small repository of several languages, and a page about it in which every reference is right."""

FILES: dict[str, str] = {
    "README.md": "# Shop\n\nShop sells things &amp; counts them. It doesn't sleep.\n\n```sh\nshopctl sync --now\n```\n",
    "pyproject.toml": (
        '[project]\nname = "acme-shop"\nversion = "1.2.0"\nrequires-python = ">=3.11"\ndependencies = ["httpx>=0.27"]\n'
        '[project.optional-dependencies]\ndev = ["pytest"]\n[project.scripts]\nshop = "shop.cli:main"\n'
    ),
    "src/shop/__init__.py": '"""Shop."""\n\nfrom shop.client import Client\n\n__all__ = ["Client"]\n',
    "src/shop/client.py": (
        '"""Talks to the shop."""\n\nimport os\n\nimport httpx\n\nTIMEOUT = 30\n\n\nclass Base:\n    """Anything."""\n\n'
        '    def close(self) -> None:\n        """Close it."""\n\n\n'
        'class Client(Base):\n    """Speaks HTTP, politely.\n\n    It retries `three` times.\n    """\n\n'
        "    def __init__(\n        self,\n        url: str,\n        *,\n        timeout: int = TIMEOUT,\n    ) -> None:\n"
        '        self.url = url\n        self.token = os.environ["SHOP_API_TOKEN"]\n\n'
        '    def get(self, item: str) -> httpx.Response:\n        """Get one item."""\n'
        "        return httpx.get(self.url + item)\n\n\n"
        "class Basket:\n    def put(self, item: str) -> None:\n        self.items_inside = [item]\n"
    ),
    "src/shop/cli.py": (
        "import argparse\n\n\ndef main() -> None:\n    parser = argparse.ArgumentParser()\n"
        '    parser.add_argument("--dry-run", action="store_true")\n    commands = parser.add_subparsers()\n'
        '    sell = commands.add_parser("sell", help="Sell something")\n    sell.add_argument("--max-price", type=int)\n'
        "    parser.parse_args()\n\n\nif __name__ == '__main__':\n    main()\n"
    ),
    "Makefile": "test: lint\n\tpytest -q\n\nlint:\n\truff check src\n",
    "package.json": (
        '{"name": "@acme/shop-web", "scripts": {"build": "vite build", "test": "vitest run"},'
        ' "devDependencies": {"vite": "^5.0.0"}, "bin": {"shop-web": "./web/cli.js"}}\n'
    ),
    "web/cli.js": "export function openShop(name) {\n  return name\n}\n",
    "go.mod": "module github.com/acme/shop\n\ngo 1.22\n\nrequire github.com/spf13/cobra v1.8.0\n",
    "cmd/shopd/main.go": (
        'package main\n\nimport "github.com/spf13/cobra"\n\nfunc main() {\n\tvar wait bool\n'
        '\tcmd := &cobra.Command{Use: "shopd"}\n'
        '\tcmd.Flags().BoolVar(&wait, "wait-long", false, "wait")\n\t_ = cmd.Execute()\n}\n'
    ),
    "Dockerfile": 'FROM python:3.12-slim\nRUN pip install acme-shop\nENTRYPOINT ["shop"]\n',
    "compose.yaml": "services:\n  shop:\n    build: .\n  postgres:\n    image: postgres:16\n",
    ".env.example": "SHOP_LOG_LEVEL=info\n",
    "tox.ini": "[tox]\nenv_list = py311, docs\n\n[testenv]\ncommands = pytest\n",
    "noxfile.py": "import nox\n\n\n@nox.session\ndef tests(session):\n    session.run('pytest')\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n"
    "    runs-on: ubuntu-latest\n    steps:\n      - run: ./scripts/check.sh --fast\n",
    "scripts/check.sh": "#!/bin/sh\npytest --cov\n",
    "docs/guide.md": "# Guide\n\nThe mythical `unicorn_mode` is only planned.\n",
    "src/shop/data/items.json": '{"out_dir": "build/report.json"}\n',
}

ANCHORS = {"index": {"shop"}, "client": {"client", "clientget"}}

PAGE = """\
# Using the shop

Shop is the package `acme-shop`; its version is `1.2.0` and it needs `>=3.11`.

## Client

Class · [`Client`](src:src/shop/client.py#Client) in [`src/shop/client.py`](src:src/shop/client.py), extends `Base`.

```python
class Client(Base)
```

> Speaks HTTP, politely.
>
> It retries `three` times.

Created by [`Client.__init__`](src:src/shop/client.py#Client.__init__):

```python
def __init__(self, url: str, *, timeout: int = TIMEOUT) -> None
```

| Name | Description | Source |
| --- | --- | --- |
| [`get`](doc:src/shop/client.py#Client.get) | <q>Get one item.</q> | [source](src:src/shop/client.py#Client.get) |
| `timeout` | `int`, by default `TIMEOUT` | [`30`](src:src/shop/client.py?TIMEOUT%20%3D%2030) |

`Client.get` uses `httpx.get`, `Client.close` comes from `Base`; `shop.client.Client` and `shop.Client` are the same.
Files are in `src/shop/`, among them `shop/cli.py` and `items.json`; `*.py` and `src/**/*.json` match some.

## Settings

The environment variable [`SHOP_API_TOKEN`](src:src/shop/client.py?SHOP_API_TOKEN) is needed, `SHOP_LOG_LEVEL` is not.
Both flags, `--dry-run` and `--max-price=5`, are read in [`cli.py`](src:src/shop/cli.py); `--wait-long` in Go.
It writes `build/report.json`. Values such as `"info"`, `8080`, `10MB` or `True` are only values.

## Commands

```console
$ git clone https://github.com/acme/shop.git
$ cd shop
$ pip install -e ".[dev]"
$ python -m shop.cli sell --max-price 3 | tee log.txt
$ shop --dry-run
3 items
$ make test && npm run build
$ go install github.com/acme/shop/cmd/shopd@latest
$ docker compose up postgres
$ tox -e docs
$ nox -s tests
$ shopctl sync --now
$ ./scripts/check.sh --fast
```

See [the index](index.md), [get](client.md#clientget) and [above](#settings), or <https://example.org>.

```mermaid
flowchart TD
    n_shop_client["shop.client"]
    n_httpx(["httpx"])
    n_shop_client --> n_httpx
```

-   2026-01-02: <q>Teach the client to wait</q> ([0123456](commit:0123456789abcdef0123456789abcdef01234567))
"""
