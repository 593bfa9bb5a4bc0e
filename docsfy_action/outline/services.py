"""Which external services a code base talks to, from the client libraries that it imports."""

from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase

# Import name → what it is a client of. Standard-library clients count only where they say something about storage.
PURPOSES = {
    "sqlite3": "SQLite", "psycopg": "PostgreSQL", "psycopg2": "PostgreSQL", "asyncpg": "PostgreSQL", "pg": "PostgreSQL",
    "github.com/lib/pq": "PostgreSQL", "github.com/jackc/pgx": "PostgreSQL", "pymysql": "MySQL", "MySQLdb": "MySQL",
    "mysql2": "MySQL", "github.com/go-sql-driver/mysql": "MySQL", "sqlalchemy": "SQL databases", "peewee": "SQL databases",
    "tortoise": "SQL databases", "knex": "SQL databases", "sequelize": "SQL databases", "typeorm": "SQL databases",
    "@prisma/client": "SQL databases", "drizzle-orm": "SQL databases", "gorm.io/gorm": "SQL databases", "database/sql": "SQL databases",
    "better-sqlite3": "SQLite", "github.com/mattn/go-sqlite3": "SQLite", "modernc.org/sqlite": "SQLite", "duckdb": "DuckDB",
    "pymongo": "MongoDB", "motor": "MongoDB", "mongodb": "MongoDB", "mongoose": "MongoDB", "go.mongodb.org/mongo-driver": "MongoDB",
    "redis": "Redis", "ioredis": "Redis", "github.com/redis/go-redis": "Redis", "github.com/go-redis/redis": "Redis",
    "elasticsearch": "Elasticsearch", "@elastic/elasticsearch": "Elasticsearch", "cassandra": "Cassandra",
    "celery": "a task queue", "kombu": "message brokers", "pika": "RabbitMQ", "amqp": "RabbitMQ", "amqplib": "RabbitMQ",
    "kafka": "Kafka", "kafkajs": "Kafka", "confluent_kafka": "Kafka", "github.com/segmentio/kafka-go": "Kafka",
    "boto3": "Amazon Web Services", "botocore": "Amazon Web Services", "aws-sdk": "Amazon Web Services",
    "github.com/aws/aws-sdk-go-v2": "Amazon Web Services", "google.cloud": "Google Cloud", "azure": "Microsoft Azure",
    "requests": "HTTP services", "httpx": "HTTP services", "aiohttp": "HTTP services", "urllib3": "HTTP services",
    "axios": "HTTP services", "undici": "HTTP services", "node-fetch": "HTTP services", "got": "HTTP services",
    "net/http": "HTTP services", "grpc": "gRPC services", "google.golang.org/grpc": "gRPC services", "smtplib": "mail servers",
    "nodemailer": "mail servers", "paramiko": "SSH hosts", "docker": "the Docker engine", "kubernetes": "Kubernetes",
    "k8s.io/client-go": "Kubernetes", "openai": "the OpenAI API", "anthropic": "the Anthropic API", "stripe": "Stripe",
    "sentry_sdk": "Sentry", "@sentry/node": "Sentry", "github": "the GitHub API", "@octokit/rest": "the GitHub API",
    "github.com/google/go-github": "the GitHub API", "git": "Git repositories", "dulwich": "Git repositories",
    "github.com/go-git/go-git": "Git repositories",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A client library in use: `module` as imported, `purpose` what it talks to, `files` that import it."""

    module: str
    purpose: str
    files: tuple[str, ...]


def used_services(code: CodeBase) -> tuple[Service, ...]:
    """Services by purpose; a module of this repository never counts."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for file in code.sources():
        for item in file.facts.imports:
            if item.module.startswith(".") or code.table.resolve(file.path, item) is not None:
                continue
            name = _known(item.module)
            if name:
                found.setdefault((PURPOSES[name], name), {})[file.path] = None
    return tuple(
        Service(module=name, purpose=purpose, files=tuple(sorted(paths))) for (purpose, name), paths in sorted(found.items())
    )


def _known(module: str) -> str:
    separator = "/" if "/" in module else "."
    parts = module.split(separator)
    for length in range(len(parts), 0, -1):
        name = separator.join(parts[:length])
        if name in PURPOSES:
            return name
    return ""
