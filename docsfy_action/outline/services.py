"""Which external services a code base talks to, from the client libraries that it imports."""

from collections.abc import Mapping
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase

# What code talks to, and the import names of its client libraries. Of the standard library only what says something about
# storage or partners counts.
CLIENTS: Mapping[str, tuple[str, ...]] = {
    "SQLite": ("sqlite3", "better-sqlite3", "github.com/mattn/go-sqlite3", "modernc.org/sqlite"),
    "PostgreSQL": ("psycopg", "psycopg2", "asyncpg", "pg", "github.com/lib/pq", "github.com/jackc/pgx"),
    "MySQL": ("pymysql", "MySQLdb", "mysql2", "github.com/go-sql-driver/mysql"),
    "SQL databases": (
        "sqlalchemy",
        "peewee",
        "tortoise",
        "knex",
        "sequelize",
        "typeorm",
        "@prisma/client",
        "drizzle-orm",
        "gorm.io/gorm",
        "database/sql",
    ),
    "DuckDB": ("duckdb",),
    "MongoDB": ("pymongo", "motor", "mongodb", "mongoose", "go.mongodb.org/mongo-driver"),
    "Redis": ("redis", "ioredis", "github.com/redis/go-redis", "github.com/go-redis/redis"),
    "Elasticsearch": ("elasticsearch", "@elastic/elasticsearch"),
    "Cassandra": ("cassandra",),
    "a task queue": ("celery",),
    "message brokers": ("kombu",),
    "RabbitMQ": ("pika", "amqp", "amqplib"),
    "Kafka": ("kafka", "kafkajs", "confluent_kafka", "github.com/segmentio/kafka-go"),
    "Amazon Web Services": ("boto3", "botocore", "aws-sdk", "github.com/aws/aws-sdk-go-v2"),
    "Google Cloud": ("google.cloud",),
    "Microsoft Azure": ("azure",),
    "HTTP services": ("requests", "httpx", "aiohttp", "urllib3", "axios", "undici", "node-fetch", "got", "net/http"),
    "gRPC services": ("grpc", "google.golang.org/grpc"),
    "mail servers": ("smtplib", "nodemailer"),
    "SSH hosts": ("paramiko",),
    "the Docker engine": ("docker",),
    "Kubernetes": ("kubernetes", "k8s.io/client-go"),
    "the OpenAI API": ("openai",),
    "the Anthropic API": ("anthropic",),
    "Stripe": ("stripe",),
    "Sentry": ("sentry_sdk", "@sentry/node"),
    "the GitHub API": ("github", "@octokit/rest", "github.com/google/go-github"),
    "Git repositories": ("git", "dulwich", "github.com/go-git/go-git"),
}
PURPOSES = {module: purpose for purpose, modules in CLIENTS.items() for module in modules}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A client library in use: `module` as imported, `purpose` what it talks to, `files` that import it, `literal` the text by
    which the import in the first of them is found."""

    module: str
    purpose: str
    files: tuple[str, ...]
    literal: str = ""


def used_services(code: CodeBase) -> tuple[Service, ...]:
    """Services by purpose; a module of this repository never counts."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for file in code.sources():
        for item in file.facts.imports:
            if item.module.startswith(".") or code.table.resolve(file.path, item) is not None:
                continue
            name = _known(item.module)
            if name:
                found.setdefault((PURPOSES[name], name), {}).setdefault(file.path, item.literal or item.module)
    return tuple(
        Service(module=name, purpose=purpose, files=tuple(sorted(paths)), literal=paths[min(paths)])
        for (purpose, name), paths in sorted(found.items())
    )


def _known(module: str) -> str:
    separator = "/" if "/" in module else "."
    parts = module.split(separator)
    for length in range(len(parts), 0, -1):
        name = separator.join(parts[:length])
        if name in PURPOSES:
            return name
    return ""
