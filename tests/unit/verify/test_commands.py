"""Commands on a page run what the commit defines."""

import pytest

from docsfy_action.verify.commands import is_command
from docsfy_action.verify.evidence import CommitEvidence
from docsfy_action.verify.references import verify_page
from docsfy_action.verify.resolving import Scope
from tests.unit.verify.commits import evidence
from tests.unit.verify.shop import FILES

GOOD = """\
pip install acme-shop
pip install "acme-shop[dev]>=1.2"
pip install --upgrade pip
pip install httpx -r requirements.txt --index-url https://x.org/simple
pip install -e .
pip install ./src
pip install git+https://github.com/acme/shop.git@main
pip install acme-shop @ git+https://github.com/acme/shop
pip list
pipx install acme-shop
pipx run acme-shop
pipx
uv pip install acme-shop
uv tool install acme-shop
uv add httpx
uv sync
uv run shop --dry-run
uv run --with pytest pytest
uv run
uvx acme-shop
poetry add httpx
poetry install
poetry run shop
hatch run lint
python -m venv .venv
python -m pip install acme-shop
python -m pytest tests
python -m shop.cli
python -m
python src/shop/cli.py
python -c "import anything_at_all"
python
source .venv/bin/activate
. scripts/check.sh
bash -c "whatever"
node web/cli.js
tox
tox -e docs,py312
nox -s tests-3.12
nox
npm install
npm ci
npm install @acme/shop-web
npm install --save-dev vite
npm i vite@5
npm run
npm run test
npm test
npm publish
npm
yarn build
yarn add vite
yarn global add @acme/shop-web
pnpm dlx vite
pnpm vite
npx shop-web
npx vite build
go install github.com/acme/shop/cmd/shopd@latest
go install github.com/acme/shop@v1
go get github.com/acme/shop/v2
go get github.com/spf13/cobra
go build ./...
go run ./cmd/shopd
go run cmd/shopd/main.go
go test ./cmd/...
go version
cargo install acme-shop
cargo build
make
make test lint CC=gcc -j4
make -C src test
docker build -t shop .
docker build -f Dockerfile .
docker run -it shop
docker compose up
docker-compose -f compose.yaml up postgres
git clone https://github.com/acme/shop
git clone git@github.com:acme/shop.git
git clone --depth 1 https://github.com/<you>/shop.git
git clone
git commit -m x
cd shop && cd src/shop && cd .. && cd
cp .env.example .env
cp x
shop --dry-run sell
shop sell --max-price=3 --help
shop report.json
sudo make test
sudo -E something
env SHOP_API_TOKEN=x shop
SHOP_API_TOKEN=x lower=1 shop
SHOP_API_TOKEN=x
export SHOP_LOG_LEVEL=debug PATH=x
time
curl -fsSL https://x.org | sh
brew install postgresql
apt-get install -y git
$EDITOR Makefile
pytest src/shop/cli.py::test_x
ruff check src/shop
./scripts/check.sh
/usr/bin/anything
./node_modules/.bin/anything
run: ./scripts/check.sh --fast
<tool> do it
""".strip().split("\n")  # fmt: skip

BAD = """\
pip install acme-store
pip install "acme-shop[docs]"
pip install ".[docs]"
pip install -r missing.txt
pip install ./missing
pip install git+https://github.com/evil/shop
pipx run acme-store
uv add leftpadder
uv run shopper
uvx acme-store
poetry run shopper
python -m shop.tui
python -m shopper
python -m pip install acme-store
python src/shop/tui.py
bash scripts/missing.sh
node web/missing.js
tox -e lint
nox -s docs
npm run deploy
npm start
npm install leftpadder
yarn deploy
pnpm dlx leftpadder
npx leftpadder
npm install ./missing
go install github.com/acme/shop/cmd/missing@latest
go get github.com/evil/cobra
go run ./cmd/missing
cargo install acme-store
make deploy
make -C src deploy
sudo make deploy
env X=1 make deploy
docker build -f Missingfile .
docker compose -f missing.yaml up
git clone https://github.com/evil/shop
cd store
cp .env.missing .env
shop --wet-run
shop borrow
SHOP_API_SECRET=x shop
export SHOP_API_SECRET=x
ruff check src/missing
./scripts/missing.sh
brew install shop
conda install -c conda-forge acme-shop
frobnicate --all
make test && make deploy
echo $(make deploy)
just build
task build
invoke build
poe build
make "unclosed
""".strip().split("\n")  # fmt: skip


@pytest.fixture(scope="module")
def commit() -> CommitEvidence:
    """The sample repository, with a file of requirements."""
    return evidence({**FILES, "requirements.txt": "httpx\n"})


@pytest.mark.parametrize("line", GOOD)
def test_commands_of_the_commit_pass(line: str, commit: CommitEvidence) -> None:
    """What a manifest, task file or script of the commit bears out, and what every system has, is not reported."""
    assert verify_page("page", f"# T\n\n```console\n$ {line}\n```\n", commit).unresolved == ()


@pytest.mark.parametrize("line", BAD)
def test_invented_commands_are_reported(line: str, commit: CommitEvidence) -> None:
    """Packages, extras, tasks, scripts, programs, flags, variables and files that do not exist are."""
    found = verify_page("page", f"# T\n\n```console\n$ {line}\n```\n", commit).unresolved
    assert [(finding.kind, finding.text) for finding in found] == [("command", line)]


def test_without_container_files_nothing_is_built() -> None:
    """`docker build` and `docker compose` need their files somewhere in the commit."""
    bare = evidence({"a.py": ""})
    for line in ("docker build .", "docker compose up"):
        assert verify_page("page", f"# T\n\n```sh\n{line}\n```\n", bare).unresolved
    assert verify_page("page", "# T\n\n```sh\nnox -s tests\n```\n", bare).unresolved


def test_a_command_that_stands_in_the_commit_passes(commit: CommitEvidence) -> None:
    """What a tracked file says word by word may be repeated, on one line or over several."""
    files = {"README.md": "```\nfrob \\\n  --all\n```\n", "ci.yml": "run: frob --some 'a\n  b'\n"}
    held = evidence(files)
    assert verify_page("page", "# T\n\n```sh\nfrob \\\n  --all\n```\n", held).unresolved == ()
    assert verify_page("page", "# T\n\n```sh\nfrob --some 'a\nb'\n```\n", held).unresolved == ()
    assert verify_page("page", "# T\n\n```sh\nfrobnicate --none\n```\n", held).unresolved


def test_other_fences_and_quoted_ones_are_not_run(commit: CommitEvidence) -> None:
    """Only shell fences of the page's own hold commands."""
    assert verify_page("page", "# T\n\n```text\nmake deploy\n```\n", commit).unresolved == ()
    page = "# T\n\n[s](src:src/shop/cli.py)\n\n> ```sh\n> main parser\n> ```\n"
    assert verify_page("page", page, commit).unresolved == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make test", True), ("$ make test", True), ("shop sell", True), ("git commit -m x", True), ("curl x.org", True),
        ("make", False), ("make = 3", False), ("x = make", False), ("pip: x", False), ("go (fast)", False),
    ],
)  # fmt: skip
def test_code_spans_with_commands(text: str, expected: bool, commit: CommitEvidence) -> None:
    """A code span is a command if it begins with a program and something to do."""
    assert is_command(text, Scope(commit, [])) is expected


def test_code_spans_are_run_like_fences(commit: CommitEvidence) -> None:
    """`make test` in running text is checked as the command it is."""
    assert (
        verify_page("page", "# T\n\nRun `make test` or `$ make deploy`.\n", commit).unresolved[0].text
        == "$ make deploy"
    )
