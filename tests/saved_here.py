"""What tests keep saved work in: a folder, or a schema of its own on a PostgreSQL server."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from conftest import skip_without

from geodata.settings import Settings


@contextmanager
def place(kind: str, folder: Path) -> Iterator[Settings]:
    """Settings that save in SQLite or PostgreSQL; skips, saying so, where no server is given."""
    if kind == "sqlite":
        yield Settings(data_dir=folder)
        return
    server = os.environ.get("KERNWIJZER_TEST_DATABASE")
    if not server:
        skip_without("postgresql", "no PostgreSQL server is given in KERNWIJZER_TEST_DATABASE")
        return
    schema = f"kernwijzer_test_{uuid.uuid4().hex}"
    engine = sa.create_engine(sa.make_url(server).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        joint = "&" if "?" in server else "?"
        yield Settings(data_dir=folder, database_url=f"{server}{joint}options=-csearch_path%3D{schema}")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


def run_sql(settings: Settings, statement: str) -> None:
    """Change what is stored behind the program's back."""
    from location_model.database import Database

    with Database(settings).writing() as connection:
        connection.exec_driver_sql(statement)
