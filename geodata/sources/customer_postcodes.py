"""Where customers live, by postcode: a row a customer, or a postcode and how many. Names are not read, nothing is kept.

What is skipped is listed by row and reason, without what stands in the row.
"""

import re
from dataclasses import dataclass

import pandas as pd

from geodata.language import T
from geodata.sources.columns import Layout, map_columns
from geodata.sources.rows import all_left_out, because
from geodata.sources.sales import ONE_SHOP, SHOP_SYNONYMS
from geodata.sources.spreadsheet import File, read_spreadsheet
from geodata.sources.usable import none_usable
from geodata.sources.values import is_missing, numbers

LAYOUT = Layout(
    "customer_postcodes",
    {
        "shop": SHOP_SYNONYMS,
        "postcode": (
            "postnummer", "postcode klant", "pc", "zip", "zip code", "postal code", "code postal", "woonplaats",
        ),
        "customers": (
            "klanten", "aantal", "aantal klanten", "klantenkaarten", "number", "number of customers", "count",
            "clients", "nombre", "nombre de clients",
        ),
    },
    needs=(("postcode",),),
)  # fmt: skip

_BELGIAN = r"(?:b[\s\-]*)?([1-9]\d{3})(?:\s+[^\W\d].{2,})?"
_DUTCH = r"(?:nl[\s\-]*)?([1-9]\d{3})\s*[a-z]{2}"
_OTHER = r"(?:[fdl][\s\-]*)?(\d{5})|l[\s\-]*(\d{4})|([a-z]{1,2}\d[a-z\d]?)\s*\d[a-z]{2}"


@dataclass(frozen=True, eq=False)
class Customers:
    """customers by shop and postcode: shop, postcode, customers; small numbers are still in it.

    Dutch postcodes are cut to their digits (`NL 4590`). skipped: row, field, value (always empty) and reason.
    """

    table: pd.DataFrame
    rows_read: int
    skipped: pd.DataFrame


def read_customer_postcodes(path: File) -> Customers:
    """Customers by shop and postcode (XLSX, CSV; Dutch, French or English headers); equal rows are added up.

    Without a number a row is one customer. Texts that are no postcode of Belgium or its neighbours are skipped.
    GeodataError when no row can be used.
    """
    sheet = read_spreadsheet(path)
    columns = map_columns(sheet.frame.columns, LAYOUT, where=str(path))
    rows = columns.apply(sheet.frame, LAYOUT)
    code = rows["postcode"].map({text: postcode_key(text) for text in rows["postcode"].dropna().unique()})
    said = ~is_missing(rows["customers"]) if "customers" in columns.columns else pd.Series(False, index=rows.index)
    number = numbers(rows["customers"].where(said)).mask(~said, 1.0)
    no_code = code.isna() | (code == "")
    bad_number = ~(number >= 0) | (number % 1 != 0)
    nothing = pd.Series("", index=rows.index, dtype="str")
    skipped = all_left_out(
        sheet.skipped.assign(value=""),
        because(no_code[no_code], "postcode", nothing[no_code], T("there is no such postcode.")),
        because(bad_number[bad_number & ~no_code], "customers", nothing, T("this is no number of customers.")),
    )
    shop = rows["shop"].fillna("") if "shop" in columns.columns else pd.Series(ONE_SHOP, index=rows.index, dtype="str")
    good = ~no_code & ~bad_number
    table = pd.DataFrame({"shop": shop, "postcode": code, "customers": number})[good]
    if table.empty:
        raise none_usable(sheet.rows_read, skipped, str(path), T("Mend that column in the file."))
    added = table.groupby(["shop", "postcode"], sort=True)["customers"].sum().reset_index()
    return Customers(added, sheet.rows_read, skipped)


def postcode_key(text: str) -> str:
    """A postcode as it is compared; empty for what is none."""
    plain = text.strip().lower()
    for pattern, before in ((_BELGIAN, ""), (_DUTCH, "NL "), (_OTHER, "")):
        if found := re.fullmatch(pattern, plain):
            return before + str(next(filter(None, found.groups()))).upper()
    return ""
