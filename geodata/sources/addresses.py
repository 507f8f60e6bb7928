"""Looking addresses up in a table of addresses: the same street, the same number, or the nearest to it.

Scores (0–1): 1 for the very number; less for the same number with another letter, for a neighbour
on the same side of the street, and for a street name that had to be read with a spelling mistake.
"""

import re

import geopandas as gpd
import pandas as pd
from rapidfuzz import fuzz, process

from geodata.branches import normalise

STREET_RATIO = 88.0
"""rapidfuzz's ratio (0–100) from which two street names are taken to be one, misspelt."""
OTHER_LETTER, NEIGHBOUR = 0.95, 0.8
NEIGHBOUR_WITHIN = 4
"""A number at most this far away, on the same side, stands for one that is not on record."""
SAME_PLACE_M = 300.0
"""Equal addresses farther apart than this are two streets of one name, and neither is chosen."""

_WRITTEN_OUT = (
    (r"\b(?:st|sint|saint|ste|sainte)\b[.\s-]*", "sint "),
    (r"str\b\.?", "straat"),
    (r"(?:stwg|steenwg)\b\.?", "steenweg"),
    (r"(?<=\w)ln\b\.?", "laan"),
    (r"(?<=\w)pln?\b\.?", "plein"),
    (r"\bav\b\.?", "avenue"),
    (r"\bbd\b\.?", "boulevard"),
    (r"\bburg\b\.", "burgemeester"),
    (r"\bdr\b\.", "dokter"),
    (r"\bkon\b\.", "koning"),
)
_ONE_LINE = (
    r"^(?P<street>.*?[^\d\s,])[\s,]+(?P<house_number>\d{1,4}(?:\s?[a-zA-Z]\b)?(?:\s?[-/]\s?\d{1,4})?)(?P<rest>\D.*|)$"
)
_NUMBER = r"^\s*(\d{1,4})\s*(?:([a-z])\b)?"


def split_address(column: pd.Series) -> pd.DataFrame:
    """One column of addresses → street, house_number, postcode, place: `Markt 12 bus 3, 9290 Berlare`."""
    column = column.astype("str")
    parts = column.str.extract(_ONE_LINE)
    after = column.str.extract(r"\b(?P<postcode>[1-9]\d{3})\s+(?P<place>[^\d,]+)$")
    street = parts["street"].fillna(column.str.extract(r"^([^,]*)")[0])
    return pd.DataFrame(
        {
            "street": street.str.strip(" ,"),
            "house_number": parts["house_number"],
            "postcode": after["postcode"],
            "place": after["place"].str.strip(),
        }
    )


def street_key(street: str) -> str:
    """A street name as it is compared: plain letters and figures, common abbreviations written out."""
    plain = normalise(street)
    for short, full in _WRITTEN_OUT:
        plain = re.sub(short, full, plain)
    return re.sub(r"[^a-z0-9]", "", plain)


def address_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """What addresses are compared by: street key, number, letter and postcode, of the columns of those names."""
    street = rows["street"].fillna("").astype("str")
    keys = {name: street_key(name) for name in street.unique()}
    number = rows["house_number"].fillna("").astype("str").str.lower().str.extract(_NUMBER)
    postcode = rows["postcode"].fillna("").astype("str").str.extract(r"(\d{4,5})")[0]
    return pd.DataFrame(
        {
            "street": street.map(keys),
            "number": pd.to_numeric(number[0], errors="coerce"),
            "letter": number[1].fillna(""),
            "postcode": postcode.fillna(""),
        },
        index=rows.index,
    )


def address_book(addresses: gpd.GeoDataFrame) -> pd.DataFrame:
    """An `addresses` table ready to look up in: its keys, x and y; rows without street, number or point left out."""
    known = address_keys(addresses).assign(x=addresses.geometry.x.to_numpy(), y=addresses.geometry.y.to_numpy())
    return known[known.street != ""].dropna(subset=["number", "x", "y"])


def look_up(wanted: pd.DataFrame, known: pd.DataFrame, *, misspelt: bool = False) -> pd.DataFrame:
    """The rows of `wanted` (`address_keys`) that an `address_book` has: x, y, score, by row.

    With `misspelt`, a street that the book does not have is read as the nearest one it has. A
    postcode counts when both sides have one; without it a street name that occurs in two places
    gives nothing.
    """
    wanted = wanted[wanted.street != ""].dropna(subset=["number"]).assign(spelling=1.0)
    if misspelt:
        wanted = _respelt(wanted, set(known.street))
    coded = wanted.postcode != ""
    rounds = [
        (wanted[coded], known[known.postcode != ""], ["street", "postcode"]),
        (wanted[coded], known[known.postcode == ""], ["street"]),
        (wanted[~coded], known, ["street"]),
    ]
    hits = pd.DataFrame(columns=["x", "y", "score"], dtype=float)
    for rows, addresses, by in rounds:
        for keys, score in ([*by, "number", "letter"], 1.0), ([*by, "number"], OTHER_LETTER):
            left = rows[~rows.index.isin(hits.index)]
            if left.empty:
                break
            hits = _join(hits, left, left.reset_index().merge(_one_place(addresses, keys), on=keys), score)
        left = rows[~rows.index.isin(hits.index)]
        hits = _join(hits, left, _neighbours(left, _one_place(addresses, [*by, "number"]), by), NEIGHBOUR)
    return hits


def _join(hits: pd.DataFrame, rows: pd.DataFrame, found: pd.DataFrame, score: float) -> pd.DataFrame:
    if found.empty:
        return hits
    found = found.set_index(rows.index.name or "index")
    fresh = found[["x", "y"]].assign(score=score * found.spelling)
    return pd.concat([hits, fresh]) if len(hits) else fresh


def _one_place(addresses: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The middle of all addresses with the same keys, where they lie together."""
    groups = addresses.groupby(keys, sort=False)[["x", "y"]]
    wide = (groups.max() - groups.min()).max(axis=1) > SAME_PLACE_M
    return groups.mean()[~wide].reset_index()


def _neighbours(rows: pd.DataFrame, addresses: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    def sided(frame: pd.DataFrame) -> pd.DataFrame:
        whole = frame.number.astype("int64")
        return frame.assign(number=whole, side=whole % 2).sort_values("number")

    left, right = sided(rows.reset_index()), sided(addresses)
    near = pd.merge_asof(left, right, on="number", by=[*by, "side"], direction="nearest", tolerance=NEIGHBOUR_WITHIN)
    return near.dropna(subset=["x"])


def _respelt(wanted: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """The wanted rows whose street is near, but not equal to, a known one: under that name, with how near it is."""
    candidates = sorted(known)
    names = [str(s) for s in wanted.street.unique() if s not in known]
    best = {n: process.extractOne(n, candidates, scorer=fuzz.ratio, score_cutoff=STREET_RATIO) for n in names}
    read_as = {name: (hit[0], hit[1] / 100) for name, hit in best.items() if hit is not None}
    rows = wanted[wanted.street.isin(read_as)]
    return rows.assign(
        street=rows.street.map(lambda s: read_as[s][0]), spelling=rows.street.map(lambda s: read_as[s][1]).astype(float)
    )
