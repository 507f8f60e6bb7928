"""A retailer's own sales: turnover and tickets by shop and day or month, and how many came in. Nothing is stored."""

import datetime
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from babel.numbers import is_currency

from geodata.language import T, Text, TN
from geodata.sources.columns import Layout, map_columns
from geodata.sources.rows import all_left_out, because
from geodata.sources.sales_dates import MIXED, by_month, read_periods
from geodata.sources.spreadsheet import File, Sheet, read_spreadsheet
from geodata.sources.usable import none_usable
from geodata.sources.values import is_missing, numbers

SHOP_SYNONYMS = (
    "winkel id", "winkelnummer", "winkel", "winkelnaam", "filiaal", "filiaalnummer", "vestiging", "vestigingsnummer",
    "verkooppunt", "shop id", "shop number", "store", "store id", "store number", "magasin", "numero magasin",
    "point de vente", "id", "naam",
)  # fmt: skip
_DATE = (
    "datum", "dag", "day", "verkoopdatum", "boekdatum", "maand", "month", "periode", "period", "jour", "mois",
    "date de vente",
)  # fmt: skip
_ENTRIES = (
    "binnenstappers", "binnenkomers", "bezoekers", "aantal bezoekers", "store entries", "visitors", "entrees",
    "visiteurs", "nombre de visiteurs",
)  # fmt: skip
LAYOUT = Layout(
    "sales",
    {
        "shop": SHOP_SYNONYMS,
        "date": _DATE,
        "turnover": (
            "omzet", "omzet eur", "dagomzet", "maandomzet", "netto omzet", "bruto omzet", "omzet incl btw",
            "omzet excl btw", "bedrag", "verkoop", "verkopen", "turnover eur", "daily turnover", "monthly turnover",
            "sales", "net sales", "gross sales", "revenue", "takings", "chiffre d affaires", "ca", "ca ttc", "ca ht",
            "ventes", "recettes",
        ),
        "tickets": (
            "aantal tickets", "kastickets", "kassatickets", "bonnen", "kassabonnen", "aantal bonnen", "transacties",
            "aantal transacties", "aantal klanten", "transactions", "number of transactions", "receipts",
            "nombre de tickets", "tickets de caisse", "passages en caisse",
        ),
        "entries": _ENTRIES,
        "currency": ("munt", "munteenheid", "valuta", "devise", "monnaie"),
    },
    needs=(("date",), ("turnover", "tickets")),
)  # fmt: skip
ENTRIES = Layout(
    "store_entries",
    {"shop": SHOP_SYNONYMS, "date": _DATE, "entries": (*_ENTRIES, "aantal", "telling", "count", "total", "totaal")},
    needs=(("date",), ("entries",)),
)
_AMOUNTS = {"turnover": "turnover_eur", "tickets": "tickets", "entries": "entries"}
_CURRENCIES = {"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "$": "USD", "fr": "CHF", "chf": "CHF"}
_OLDEST = pd.Timestamp("1990-01-01")
_NAMED = 12
"""Of more shops the first are named."""

ONE_SHOP = "1"
"""The id of the shop in a list that does not say which shop it is of."""


@dataclass(frozen=True, eq=False)
class SalesReading:
    """What came out of a list of sales or of store entries: a row a shop and period, no period twice.

    table: shop, date (the first of it where the row is a month), monthly, turnover_eur, tickets, entries; NaN = not
    known, 0 = nothing sold. Negative turnover stays: what came back was sold before. skipped, doubts: as in `Reading`.
    warnings: the notes that are to be read before any figure.
    """

    table: pd.DataFrame
    rows_read: int
    skipped: pd.DataFrame
    doubts: pd.DataFrame
    notes: tuple[Text, ...]
    warnings: tuple[Text, ...] = ()


def read_sales(path: File, *, today: datetime.date | None = None) -> SalesReading:
    """Sales (XLSX, CSV; Dutch, French or English headers) by shop and day or month, in euros.

    Rows in another currency are skipped and never added up. The same row twice counts once; rows of one shop and day
    that contradict each other are all skipped, as are days of a month that is given whole. Without a column that says
    which shop, all rows are of one. GeodataError when no row can be used.
    """
    return _read(path, LAYOUT, today)


def read_entries(path: File, *, today: datetime.date | None = None) -> SalesReading:
    """Store entries by shop and day; columns and rows as in `read_sales`, turnover and tickets not known."""
    return _read(path, ENTRIES, today)


def _read(path: File, layout: Layout, today: datetime.date | None) -> SalesReading:
    sheet = read_spreadsheet(path)
    columns = map_columns(sheet.frame.columns, layout, where=str(path))
    rows = columns.apply(sheet.frame, layout)
    for field in ("turnover", "tickets", "entries", "currency"):
        if field not in rows:
            rows[field] = pd.Series(pd.NA, index=rows.index, dtype="str")
    named = rows["shop"].fillna("")
    shop = named if "shop" in columns.columns else pd.Series(ONE_SHOP, index=rows.index, dtype="str")
    periods = read_periods(rows["date"], shop)
    table = pd.DataFrame({"shop": shop, "date": periods.date, "monthly": periods.monthly})
    foreign = _foreign(rows, columns.columns.get("turnover", ""))
    doubts = []
    for field, name in _AMOUNTS.items():
        shown = name if field == "turnover" else field
        value, unread = _amount(rows[field], foreign != "")
        below = value < 0 if field != "turnover" else pd.Series(False, index=rows.index)
        table[name] = value.mask(below)
        doubts.append(_marked(unread, shown, rows[field], T("this is no number; the row is used without it.")))
        doubts.append(_marked(below, shown, rows[field], T("this cannot be below 0; the row is used without it.")))
    reasons = _reasons(sheet, rows, table, foreign, periods.unsure, pd.Timestamp(today or datetime.date.today()))
    good = ~rows.index.isin(reasons["row"])
    twice = _twice(rows[good], table[good])
    skipped = all_left_out(sheet.skipped, reasons, twice)
    table = table[good & ~rows.index.isin(twice["row"])].sort_values(["shop", "date"], kind="stable")
    if table.empty:
        raise none_usable(sheet.rows_read, skipped, str(path), T("Mend that column in the file."))
    unused = all_left_out(*doubts)
    unused = unused[unused["row"].isin(table.index)].reset_index(drop=True)
    warnings = (*(note for note in periods.notes if note == MIXED), *_vanished(shop, table["shop"], skipped))
    notes = (
        *warnings,
        *(note for note in periods.notes if note != MIXED),
        *_notes(table, "shop" in columns.columns, sold="turnover" in layout.synonyms),
    )
    return SalesReading(table.reset_index(drop=True), sheet.rows_read, skipped, unused, notes, warnings)


def _marked(bad: pd.Series, field: str, values: pd.Series, reason: Text) -> pd.DataFrame:
    """`because`, looking only at the rows marked: a till list has a million."""
    return because(bad[bad], field, values[bad], reason)


def _amount(column: pd.Series, foreign: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The numbers of a column, and which cells hold something else; cells in another currency are not looked at."""
    value = numbers(column.mask(foreign))
    unread = value.isna() & column.notna() & ~foreign
    unread[unread] = ~is_missing(column[unread])
    return value, unread


def _foreign(rows: pd.DataFrame, header: str) -> pd.Series:
    """The currency of each row that is not in euros, by its column, a sign beside the amount or the header; else empty.

    A row that says nothing, or no currency, is in that of the header.
    """
    amount = rows["turnover"]
    signed = amount[amount.str.contains(r"[^\d\s.,'’+\-]").fillna(False)]
    beside = signed.str.replace(r"[\d\s.,'’+\-]", "", regex=True).reindex(rows.index)
    said = rows["currency"].fillna(beside)
    above = _currency_of_header(header)
    known = {text: _currency(text) or above for text in said.dropna().unique()}
    return said.map(known).astype(object).fillna(above).replace("EUR", "").astype("str")


def _currency(text: str) -> str:
    """The code of a currency; empty for words that are none."""
    plain = text.strip().lower()
    name = _CURRENCIES.get(plain, plain.upper())
    return name if is_currency(name) else ""


def _currency_of_header(header: str) -> str:
    """The currency a header names by sign or code, the euro first; empty where it names none.

    Words do not count: "fr" is French turnover as soon as francs.
    """
    words = re.findall(r"[€£$]|\b[a-z]{3}\b", header.lower())
    named = {_currency(word) for word in words}
    return "EUR" if "EUR" in named else next((name for name in sorted(named) if name), "")


def _reasons(
    sheet: Sheet, rows: pd.DataFrame, table: pd.DataFrame, foreign: pd.Series, unsure: pd.Series, today: pd.Timestamp
) -> pd.DataFrame:
    """The rows that cannot be used, each for its first reason."""
    parts = []
    left = pd.Series(True, index=rows.index)

    def leave(bad: pd.Series, field: str, values: pd.Series, reason: Text) -> None:
        nonlocal left
        parts.append(_marked(bad & left, field, values, reason))
        left &= ~bad

    nothing = table[list(_AMOUNTS.values())].isna().all(axis=1)
    leave(table["shop"].str.strip() == "", "shop", rows["shop"], T("the row does not say which shop it is of."))
    swapped = T("day and month may be swapped, and the list writes its dates both ways.")
    leave(unsure, "date", rows["date"], swapped)
    leave(table["date"].isna(), "date", rows["date"], T("the date cannot be read."))
    leave(table["date"] > today, "date", rows["date"], T("this day has yet to come."))
    running = table["monthly"] & (table["date"] + pd.offsets.MonthEnd(1) >= today)
    leave(running, "date", rows["date"], T("this month is not over; a part of a month does not count as a month."))
    leave(table["date"] < _OLDEST, "date", rows["date"], T("this day is too long ago to be meant."))
    for name in sorted(set(foreign.unique()) - {""}):
        reason = T("the amount is in {currency}; only euros are counted, and nothing is converted.", currency=name)
        leave(foreign == name, "turnover_eur", rows["turnover"], reason)
    leave(nothing, "turnover_eur", rows["turnover"], T("there is no amount and no count in this row."))
    return all_left_out(*parts)


def _vanished(shop: pd.Series, used: pd.Series, skipped: pd.DataFrame) -> list[Text]:
    """The shops of which every row is left out, by the reason of most of their rows."""
    gone = shop[~shop.isin(used.unique()) & (shop.str.strip() != "")]
    why = skipped.drop_duplicates("row").set_index("row")["reason"].reindex(gone.index).dropna()
    by_reason: dict[Text, list[str]] = {}
    for name, reasons in why.groupby(gone[why.index], sort=False):
        by_reason.setdefault(reasons.value_counts().index[0], []).append(str(name))
    return [
        TN(
            "Of one shop no row can be used, so it is not shown: {names}. Why: {reason}",
            "Of {count} shops no row can be used, so they are not shown: {names}. Why: {reason}",
            len(names),
            names=", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else ""),
            reason=reason,
        )
        for reason, names in by_reason.items()
    ]


def _twice(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Rows that say again what another said, or the opposite, or a part of it."""
    key, shown = ["shop", "date", "monthly"], rows["shop"].fillna("") + " " + rows["date"].fillna("")
    table = table.assign(shop=pd.factorize(table["shop"])[0])
    again = table.duplicated(keep="first")
    once = table[~again]
    against = once.duplicated(key, keep=False).reindex(table.index, fill_value=False)
    month = table["date"].dt.to_period("M").dt.to_timestamp()
    good = ~again & ~against
    used = by_month(table["monthly"][good], table["shop"][good]).reindex(table.index, fill_value=False)
    part = good & (table["monthly"] != used)
    if part.any():
        place = pd.MultiIndex.from_arrays([table["shop"], month])
        part &= place.isin(place[good & (table["monthly"] == used)])
    return all_left_out(
        _marked(again, "shop, date", shown, T("the same row stands in the list already; it counts once.")),
        _marked(against, "shop, date", shown, T("the list has other figures for the same shop and day; none is used.")),
        _marked(part & used, "shop, date", shown, T("the list has the whole month too; the month is used.")),
        _marked(part & ~used, "shop, date", shown, T("the list has days of this month too; the days are used.")),
    )


def _notes(table: pd.DataFrame, says_which: bool, *, sold: bool) -> list[Text]:
    notes = []
    if not says_which:
        notes.append(T("No column says which shop a row is of; all rows are read as of one shop."))
    back = int((table["turnover_eur"] < 0).sum())
    if back:
        notes.append(
            TN(
                "One day has a turnover below 0; it is counted as it is, as goods that were brought back.",
                "{count} days have a turnover below 0; they are counted as they are, as goods that were brought back.",
                back,
            )
        )
    if table["monthly"].any() and not table["monthly"].all():
        notes.append(T("The list has days and whole months; of each shop the kind that covers most is used."))
    if sold and not np.isfinite(table["turnover_eur"]).any():
        notes.append(T("No turnover is known, only counts."))
    return notes
