"""Named pieces of work that a user keeps: profiles and comparisons.

A name is taken once in its kind. Replacing and deleting put the old away, where it can be brought back for a month.
Customers' data and sales are no kind of work here: they are never stored.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from unicodedata import category

from pydantic import TypeAdapter, ValidationError
from rapidfuzz import process
from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from geodata.errors import GeodataError
from geodata.language import T
from geodata.settings import Settings
from location_model.database import LIVE, SAVED, Database
from location_model.profile import ScoringProfile, profile_as_json, profile_from_json

Kind = Literal["profile", "comparison"]
View = Literal["compare", "move", "own"]
FORMATS: dict[Kind, int] = {"profile": 1, "comparison": 2}
"""Raised for a kind when what is saved of it changes; older payloads stay as they are."""
OLDEST: dict[Kind, int] = {"profile": 1, "comparison": 1}
"""The first format of a kind that can still be read: a comparison of format 1 is one without a move."""
KEPT_DELETED = timedelta(days=30)
LONGEST_NAME = 120


@dataclass(frozen=True)
class Move:
    """A shop that moves, or may move, to one of the sites: what was asked of it and typed, not what came out.

    start, to: as a user names them; "" while not chosen. costs: what was typed, by field of `break_even.Costs`, in its
    unit; what was left blank is not in it.
    """

    start: str = ""
    to: str = ""
    costs: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Sites of one stored area side by side, for a profile and so a branch.

    version: that of the area when it was saved. sites: as a user names them, a cell, `node/1`, a list's id.
    texts: what the user wrote, by site; "" for the whole. rents, floor_areas: euros a year and m² as typed,
    by site. view: which question was asked of them. move: None where none was.
    """

    area: str
    version: str
    sites: tuple[str, ...]
    profile: ScoringProfile
    texts: tuple[tuple[str, str], ...] = ()
    rents: tuple[tuple[str, float], ...] = ()
    view: View = "compare"
    move: Move | None = None
    floor_areas: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Saved:
    """What is known of a piece of work without opening it. Times in UTC; area None where it is not bound to one."""

    id: int
    kind: Kind
    name: str
    area: str | None
    format: int
    created_at: datetime
    updated_at: datetime


class SavedWork:
    """All saved work of one data directory or one database, shared by every process that opens it.

    Every operation may raise a GeodataError: a database that cannot be reached, a folder that cannot be written,
    a damaged file, a name that is taken or not there.
    """

    def __init__(self, settings: Settings) -> None:
        self._database = Database(settings)

    def save(
        self, name: str, work: ScoringProfile | Comparison, *, area: str | None = None, replace: bool = False
    ) -> Saved:
        """Keep a profile or a comparison by name. A name that is taken is an error, unless it is to be replaced."""
        kind: Kind = "comparison" if isinstance(work, Comparison) else "profile"
        asked = _named(name)
        now = _now()
        row: dict[str, Any] = {
            "kind": kind, "name": asked, "area": work.area if isinstance(work, Comparison) else area,
            "payload": _payload(work), "format": FORMATS[kind], "created_at": now, "updated_at": now,
        }  # fmt: skip
        try:
            with self._database.writing() as connection:
                if replace:
                    put_away = update(SAVED).where(*_live(kind, asked)).values(deleted_at=now)
                    before = connection.execute(put_away.returning(SAVED.c.created_at)).scalar()
                    row["created_at"] = before or now
                added = connection.execute(insert(SAVED).values(row).returning(*SAVED.c)).one()
        except IntegrityError as error:
            raise _taken(asked) from error
        return self._entry(added)

    def entries(self, kind: Kind | None = None, *, deleted: bool = False) -> tuple[Saved, ...]:
        """What is saved, or what was deleted or replaced and can still be brought back; newest first."""
        column = SAVED.c.deleted_at
        query = select(SAVED).where(column != LIVE if deleted else column == LIVE)
        if kind:
            query = query.where(SAVED.c.kind == kind)
        found = self._database.rows(
            query.order_by((column if deleted else SAVED.c.updated_at).desc(), SAVED.c.id.desc())
        )
        return tuple(self._entry(row) for row in found if row.kind in get_args(Kind))

    def open_profile(self, name: str) -> ScoringProfile:
        """The profile saved by this name."""
        return profile_from_json(self._payload_of("profile", name), where=name)

    def open_comparison(self, name: str) -> Comparison:
        """The comparison saved by this name."""
        return comparison_from_json(self._payload_of("comparison", name), where=name)

    def rename(self, kind: Kind, name: str, new_name: str) -> Saved:
        """Another name for the same work; its times stay."""
        wanted = _named(new_name)
        change = update(SAVED).where(*_live(kind, name)).values(name=wanted).returning(*SAVED.c)
        try:
            with self._database.writing() as connection:
                row = connection.execute(change).one_or_none()
        except IntegrityError as error:
            raise _taken(wanted) from error
        if row is None:
            raise self._missing(kind, name)
        return self._entry(row)

    def delete(self, kind: Kind, name: str) -> Saved:
        """Put a piece of work away; `restore` brings it back by its id. What lies there for a month is purged."""
        self.purge()
        change = update(SAVED).where(*_live(kind, name)).values(deleted_at=_now()).returning(*SAVED.c)
        with self._database.writing() as connection:
            row = connection.execute(change).one_or_none()
        if row is None:
            raise self._missing(kind, name)
        return self._entry(row)

    def restore(self, saved_id: int) -> Saved:
        """Bring back what was deleted or replaced, under its own name, which must be free."""
        gone = (SAVED.c.id == saved_id, SAVED.c.deleted_at != LIVE)
        name = ""
        try:
            with self._database.writing() as connection:
                name = connection.execute(select(SAVED.c.name).where(*gone)).scalar() or ""
                change = update(SAVED).where(*gone).values(deleted_at=LIVE).returning(*SAVED.c)
                row = connection.execute(change).one_or_none()
        except IntegrityError as error:
            raise _taken(name) from error
        if row is None:
            raise GeodataError(
                T("this can no longer be brought back."),
                remedy=T("What is deleted is kept for {days} days.", days=KEPT_DELETED.days),
            )
        return self._entry(row)

    def purge(self, older_than: timedelta = KEPT_DELETED) -> int:
        """Remove for good what was deleted or replaced longer ago than this; how many pieces that were."""
        with self._database.writing() as connection:
            old = (SAVED.c.deleted_at != LIVE) & (SAVED.c.deleted_at < _now(before=older_than))
            return int(connection.execute(delete(SAVED).where(old)).rowcount)

    def _payload_of(self, kind: Kind, name: str) -> object:
        found = self._database.rows(select(SAVED).where(*_live(kind, name)))
        if not found:
            raise self._missing(kind, name)
        row, ours = found[0], FORMATS[kind]
        if not OLDEST[kind] <= row.format <= ours:
            raise GeodataError(
                T("this was saved in format {format}; this version of Kernwijzer reads format {ours}.",
                  format=row.format, ours=ours),
                where=row.name,
                remedy=T("It is kept as it is. Open it with a newer version.") if row.format > ours
                else T("It is kept as it is. Open it with the version that saved it, or make it anew."),
            )  # fmt: skip
        try:
            return json.loads(row.payload)
        except (ValueError, RecursionError) as error:
            raise self._database.damaged(row.name) from error

    def _missing(self, kind: Kind, name: str) -> GeodataError:
        names = [entry.name for entry in self.entries(kind)]
        near = [match[0] for match in process.extract(name, names, limit=3, score_cutoff=50)]
        return GeodataError(
            T("nothing is saved by the name {name}.", name=name),
            where=self._database.where,
            remedy=T("Nearest: {near}.", near=", ".join(near)) if near else T("Save it first."),
        )

    def _entry(self, row: Row[Any]) -> Saved:
        try:
            times = [datetime.fromisoformat(moment) for moment in (row.created_at, row.updated_at)]
        except ValueError as error:
            raise self._database.damaged(row.name) from error
        return Saved(row.id, row.kind, row.name, row.area, row.format, *times)


_COMPARISON = TypeAdapter(Comparison)


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison in the types of JSON; `comparison_from_json` makes an equal one of it."""
    document: dict[str, Any] = _COMPARISON.dump_python(comparison, mode="json")
    return document


def comparison_from_json(document: object, *, where: str = "") -> Comparison:
    """A comparison from what `comparison_as_json` gave. GeodataError for anything else."""
    try:
        return _COMPARISON.validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        raise GeodataError(
            T("this is not a comparison."), where=where, remedy=T("Compare the places again and save it anew.")
        ) from error


def _payload(work: ScoringProfile | Comparison) -> str:
    document = comparison_as_json(work) if isinstance(work, Comparison) else profile_as_json(work)
    return json.dumps(document)


def _named(name: str) -> str:
    """A name as it is kept: without spaces round it, on one line."""
    plain = " ".join(name.split())
    if not 0 < len(plain) <= LONGEST_NAME or any(category(sign) in ("Cc", "Cs") for sign in plain):
        raise GeodataError(
            T("this name cannot be used."), where=plain[:LONGEST_NAME],
            remedy=T("Give a name of 1 to {most} characters.", most=LONGEST_NAME),
        )  # fmt: skip
    return plain


def _live(kind: Kind, name: str) -> tuple[ColumnElement[bool], ...]:
    return SAVED.c.kind == kind, SAVED.c.name == " ".join(name.split()), SAVED.c.deleted_at == LIVE


def _now(*, before: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) - before).isoformat(timespec="microseconds")


def _taken(name: str) -> GeodataError:
    return GeodataError(
        T("the name {name} is already taken.", name=name),
        remedy=T("Choose another name, or replace what was saved by it."),
    )
