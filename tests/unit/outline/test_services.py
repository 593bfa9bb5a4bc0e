"""External services told from imports."""

import pytest

from docsfy_action.outline.services import used_services
from tests.unit.samples import code_base


def services(texts: dict[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Purpose and files by library."""
    return {found.module: (found.purpose, found.files) for found in used_services(code_base(texts))}


@pytest.mark.parametrize(
    ("path", "text", "module", "purpose"),
    [
        ("a.py", "import psycopg2.extras\n", "psycopg2", "PostgreSQL"),
        ("a.py", "from google.cloud import storage\n", "google.cloud", "Google Cloud"),
        ("a.ts", 'import { S3 } from "@prisma/client";\n', "@prisma/client", "SQL databases"),
        ("a.go", 'package a\n\nimport "github.com/redis/go-redis/v9"\n', "github.com/redis/go-redis", "Redis"),
    ],
)
def test_a_client_library_says_what_it_is_for(path: str, text: str, module: str, purpose: str) -> None:
    """The longest known beginning of an import counts."""
    assert services({path: text}) == {module: (purpose, (path,))}


def test_unknown_libraries_relative_imports_and_tests_say_nothing() -> None:
    """Only what the source itself imports from elsewhere is a service."""
    texts = {
        "p/__init__.py": "import json\nfrom .redis import x\n",
        "p/redis.py": "x = 1\n",
        "tests/test_a.py": "import redis\n",
    }
    assert services(texts) == {}


def test_a_module_of_the_repository_is_no_service() -> None:
    """A project that has its own `docker` package does not talk to the engine by importing it."""
    assert services({"docker/__init__.py": "", "docker/use.py": "import docker\n"}) == {}


def test_services_are_told_by_purpose_with_all_their_files() -> None:
    """Each file once, in order."""
    texts = {"b.py": "import redis\nimport redis.client\n", "a.py": "import redis\nimport boto3\n"}
    assert list(services(texts).items()) == [
        ("boto3", ("Amazon Web Services", ("a.py",))),
        ("redis", ("Redis", ("a.py", "b.py"))),
    ]
