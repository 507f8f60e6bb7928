"""Where saved work is kept: a SQLite file in the data directory, or PostgreSQL; and what is said when that fails.

SQLite keeps its default journal, not a write-ahead log: saves are small and rare, the whole is one file that can be
copied at any time, and a folder that may only be read can still be read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.schema import CreateTable

from geodata.errors import GeodataError
from geodata.language import T
from geodata.settings import Settings

FILE = "saved.sqlite"
WAIT_S, CONNECT_S = 10, 5
LIVE = ""

SAVED = sa.Table(
    "saved",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("area", sa.String),
    sa.Column("payload", sa.String, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("updated_at", sa.String, nullable=False),
    sa.Column("deleted_at", sa.String, nullable=False, default=LIVE),
    sa.UniqueConstraint("kind", "name", "deleted_at"),
    sqlite_autoincrement=True,  # the id of a row that is gone is not given again: it may still be asked back
)
"""Payload as JSON text, times as ISO 8601 in UTC, the same in both databases; `deleted_at` is "" while a row lives."""

_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
# Writers take turns, so that what one reads before it writes still holds.
_TAKE_TURN = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": (f"SET LOCAL lock_timeout = '{WAIT_S}s'", "LOCK TABLE saved IN SHARE ROW EXCLUSIVE MODE"),
}
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03")
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_NOT_WRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_FULL", "SQLITE_IOERR")


class Database:
    """The one table `saved`, read and written by any number of processes. Errors are GeodataErrors."""

    def __init__(self, settings: Settings) -> None:
        url = _url(settings)
        self._file = None if settings.database_url else settings.data_dir / FILE
        self.where = str(self._file or f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}")
        waits = {"timeout": WAIT_S} if self._file else {"connect_timeout": CONNECT_S}
        self._engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=waits)

    def rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """What a query finds; nothing, and nothing is made, where no work was ever saved."""
        with self._clear_errors():
            if self._file and not self._file.exists():
                return []
            with self._engine.connect() as connection:
                return connection.execute(query).all() if sa.inspect(connection).has_table(SAVED.name) else []

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction, one writer at a time. A name already taken stays an IntegrityError."""
        with self._clear_errors():
            self._make_table()
            with self._engine.begin() as connection:
                for statement in _TAKE_TURN[self._engine.dialect.name]:
                    connection.exec_driver_sql(statement)
                yield connection

    def damaged(self, reason: str) -> GeodataError:
        """What is said of stored work that makes no sense."""
        return GeodataError(
            T("the saved work is damaged ({reason}).", reason=reason),
            where=self.where,
            remedy=T("Put a copy of it back, or move it away to begin anew; nothing in it was changed."),
        )

    def _make_table(self) -> None:
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._engine.begin() as connection:
                if not sa.inspect(connection).has_table(SAVED.name):
                    connection.execute(CreateTable(SAVED, if_not_exists=True))
        except (IntegrityError, ProgrammingError):
            with self._engine.connect() as connection:
                if not sa.inspect(connection).has_table(SAVED.name):
                    raise  # else another process made it just now, which PostgreSQL reports as an error

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise self._refused(error.orig) from error
        except OSError as error:
            raise self._not_writable(error.strerror or type(error).__name__) from error

    def _refused(self, error: BaseException | None) -> GeodataError:
        code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        if code.startswith(_DAMAGED):
            return self.damaged(reason)
        if code.startswith(_NOT_WRITABLE):
            return self._not_writable(reason)
        if code.startswith(_BUSY):
            what = T("another program is busy writing the saved work.")
            return GeodataError(what, where=self.where, remedy=T("Try again in a moment."))
        if self._file or code:
            return GeodataError(
                T("the database of saved work refuses this ({reason}).", reason=reason),
                where=self.where,
                remedy=T("Check whether this user may make and change the table `saved`, and whether it is ours."),
            )
        return GeodataError(
            T("the database of saved work cannot be reached ({reason}).", reason=reason),
            where=self.where,
            remedy=T("Check DATABASE_URL, and whether the server runs; without it, work is saved in a file."),
        )

    def _not_writable(self, reason: str) -> GeodataError:
        return GeodataError(
            T("work cannot be saved here ({reason}).", reason=reason),
            where=self.where,
            remedy=T("Check the folder, its permissions and the room on the disk; KERNWIJZER_DATA names another one."),
        )


def _url(settings: Settings) -> sa.URL:
    """Where to connect. GeodataError for an address that is not PostgreSQL's; it is not shown, for its password."""
    if not settings.database_url:
        return sa.URL.create("sqlite", database=str(settings.data_dir / FILE))
    try:
        url = sa.make_url(settings.database_url)
        if url.drivername not in _POSTGRESQL:
            raise ArgumentError(url.drivername)
    except (ArgumentError, ValueError) as error:
        raise GeodataError(
            T("this is not the address of a PostgreSQL database."),
            where="DATABASE_URL",
            remedy=T("Write postgresql://user:password@host:5432/database, or leave it out to save in a file."),
        ) from error
    return url.set(drivername=_POSTGRESQL[-1])
