"""Lists that municipalities keep: surveyed premises, the vacancy register, addresses, accidents and markets."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from numpy.random import Generator

from geodata.branches import read_branches
from geodata.sample.bakery_group import OTHER_RENT_EUR_PER_M2, RENT_EUR_PER_M2
from geodata.sample.premises import rows_of
from geodata.sample.projection import LAMBERT_72, project, to_degrees
from geodata.sample.region import STAD
from geodata.sample.town import Town

_DATETIME = "%d/%m/%Y"
_SLIPS = (
    ("straat", "staat"),
    ("straat", "str."),
    ("Sint-", "St. "),
    ("steenweg", "stwg"),
    ("ij", "y"),
    ("ae", "a"),
    ("ee", "e"),
)


def write_premises(path: Path, town: Town, rng: Generator) -> None:
    """The surveyed list of Testerep-Stad as a workbook: Dutch headers, decimal commas as text in some columns.

    Some 92 % of the rows have an address only; the others also X and Y in Lambert 72. A few street names are misspelt,
    a few units have changed since or have no address that exists. Floor area is surveyed for retail in the strict
    sense only.
    """
    table = read_branches()
    units = town.units[town.units["owner"] == STAD]
    municipality = next(m for m in town.region.municipalities if m.id == STAD)
    lambert = project(units[["x", "y"]].to_numpy(), LAMBERT_72)
    rows = []
    for unit, (east, north), chance in zip(rows_of(units), lambert.tolist(), rng.random((len(units), 6)), strict=True):
        branch = table.by_id[unit.branch]
        vacant = chance[0] > 0.05 if unit.vacant else chance[0] < 0.007
        measured = dict(branch.group)["nl"] not in ("horeca & leisure", "diensten") and not vacant
        street = _slip(unit.street, chance[1], rng) if chance[1] < 0.035 else unit.street
        placed = chance[2] < 0.08
        number = "" if chance[5] < 0.002 else f"{unit.number}{'A' if chance[3] < 0.02 else ''}"
        street = "Nieuwe Havendreef" if 0.002 < chance[5] < 0.005 else street
        rows.append(
            (
                "Leegstand" if vacant else unit.front,
                street,
                number,
                municipality.postcode,
                municipality.name,
                "Leegstand" if vacant else dict(branch.group)["nl"].capitalize(),
                "Leegstand" if vacant else dict(branch.main)["nl"].capitalize(),
                "Leegstand" if vacant else unit.surveyed,
                f"{unit.floor_area_m2 * (0.9 + 0.2 * chance[4]):.1f}".replace(".", ",") if measured else "",
                unit.brand if not vacant else "",
                ("ja" if unit.brand else "nee") if not vacant else "",
                "Leegstand" if vacant else "In gebruik",
                f"{east:.1f}".replace(".", ",") if placed else "",
                f"{north:.1f}".replace(".", ",") if placed else "",
                "15/02/2025",
            )
        )
    headers = (
        "Naam",
        "Straat",
        "Huisnummer",
        "Postcode",
        "Gemeente",
        "Groep",
        "Hoofdbranche",
        "Branche",
        "WVO",
        "Formule",
        "Keten",
        "Status",
        "X",
        "Y",
        "Datum bezoek",
    )
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties(
        {
            "title": "Handelspanden Testerep-Stad",
            "comments": "voorbeeldgegevens / sample data",
            "created": pd.Timestamp("2025-03-01").to_pydatetime(),
        }
    )
    sheet = book.add_worksheet("Handelspanden")
    for line, row in enumerate((headers, *rows)):
        sheet.write_row(line, 0, row)
    book.close()


def _slip(street: str, chance: float, rng: Generator) -> str:
    fitting = [(a, b) for a, b in _SLIPS if a in street]
    if not fitting:
        return street.lower()
    wrong, right = fitting[int(rng.integers(len(fitting)))]
    return street.replace(wrong, right, 1)


def write_vacancy_register(path: Path, town: Town, rng: Generator) -> None:
    """Long vacancies of all municipalities, as a Windows-1252 file with semicolons and Dutch dates of registration.

    Of most units of Testerep-Stad the owner has said what rent is asked, by the month.
    """
    vacant = town.units[town.units["vacant"] != ""]
    by_id = {m.id: m for m in town.region.municipalities}
    rows: list[tuple[object, ...]] = []
    chances, spells = rng.random(len(vacant)), rng.exponential(640, len(vacant))
    asked = vacant["mix"].map(RENT_EUR_PER_M2).fillna(OTHER_RENT_EUR_PER_M2) * vacant["floor_area_m2"] / 12
    asked = (asked * rng.lognormal(0, 0.15, len(vacant)) / 10).round() * 10
    asked = asked.where((vacant["owner"] == STAD) & (rng.random(len(vacant)) < 0.7))
    for unit, chance, days, rent in zip(rows_of(vacant), chances, spells, asked, strict=True):
        if chance < 0.55:
            since = date(2025, 2, 20) - timedelta(days=20 + int(min(days, 3600)))
            m = by_id[unit.owner]
            reason = (
                "économie - pand te groot"
                if chance < 0.01
                else ("stopzetting zaak", "verhuis", "faillissement", "eigenaar renoveert")[int(chance * 97) % 4]
            )
            rows.append(
                (
                    len(rows) + 1,
                    unit.street,
                    unit.number,
                    m.postcode,
                    m.name,
                    f"{since:{_DATETIME}}",
                    f"{unit.floor_area_m2:.0f}",
                    f"{rent:,.0f}".replace(",", ".") if rent > 0 else "",
                    reason,
                )
            )
    columns = [
        "Volgnummer",
        "Straat",
        "Huisnr",
        "Postcode",
        "Gemeente",
        "Datum opname",
        "Oppervlakte m²",
        "Huurprijs per maand (€)",
        "Opmerking / reden (café, ...)",
    ]
    pd.DataFrame(rows, columns=columns).to_csv(path, sep=";", index=False, encoding="cp1252", lineterminator="\r\n")


def write_addresses(path: Path, town: Town, sectors: pd.DataFrame) -> None:
    """Every address with its position and statistical sector."""
    frame = town.buildings
    degrees = to_degrees(frame[["x", "y"]].to_numpy())
    by_id = {m.id: m for m in town.region.municipalities}
    names = [town.streets[i].name for i in frame["street"]]
    pd.DataFrame(
        {
            "straatnaam": names,
            "huisnummer": frame["number"],
            "postcode": [by_id[o].postcode for o in frame["owner"]],
            "gemeentenaam": [by_id[o].name for o in frame["owner"]],
            "lon": np.round(degrees[:, 0], 6),
            "lat": np.round(degrees[:, 1], 6),
            "statistische_sector": sectors["sector"],
        }
    ).to_csv(path, sep=";", index=False, lineterminator="\n")


def write_accidents(path: Path, town: Town, rng: Generator) -> None:
    """Road accidents with victims over five years: more on main roads and where many people cross."""
    middles = np.array([s.line[len(s.line) // 2] for s in town.streets])
    classes = {
        "primary": 14.0,
        "secondary": 7.0,
        "tertiary": 5.0,
        "residential": 1.0,
        "living_street": 0.3,
        "unclassified": 0.5,
    }
    share = np.array([classes.get(s.highway, 0.05) * len(s.line) ** 0.7 for s in town.streets])
    share *= np.where(town.layout.block_m2(middles) < 20_000, 2.5, 1.0)
    rows = []
    for i, chance in zip(rng.choice(len(share), 640, p=share / share.sum()), rng.random((640, 6)), strict=True):
        line = town.streets[i].line
        point = line[int(chance[0] * len(line))] + rng.normal(0, 2, 2)
        lon, lat = to_degrees(point[None, :])[0].tolist()
        day = date(2020, 1, 1) + timedelta(days=int(chance[1] * 1826))
        walking = bool(chance[2] < (0.34 if town.streets[i].block_m2 < 12_000 else 0.1))
        dead, heavy = int(chance[3] < 0.008), int(0.008 < chance[3] < 0.1)
        slight = 1 + int(chance[5] < 0.2) - dead - heavy
        hour, where = int(6 + chance[4] * 17), [f"{degree:.6f}".replace(".", ",") for degree in (lat, lon)]
        rows.append((f"{day:{_DATETIME}}", hour, *where, dead, heavy, slight, "ja" if walking else "nee"))
    columns = [
        "Datum",
        "Uur",
        "Breedtegraad",
        "Lengtegraad",
        "Doden 30 dagen",
        "Zwaargewonden",
        "Lichtgewonden",
        "Voetganger betrokken",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    order = pd.to_datetime(frame["Datum"], format=_DATETIME).argsort(kind="stable")
    frame.iloc[order].to_csv(path, sep=";", index=False, lineterminator="\r\n", encoding="utf-8-sig")


def write_markets(path: Path, town: Town) -> None:
    """Weekly markets with day, hours and stalls."""
    at = np.array([town.layout.square.centroid.coords[0], (-2820.0, 3850.0), (3270.0, 2985.0), (-4230.0, 690.0)])
    rows = []
    facts = (
        ("Woensdagmarkt", "Testerep-Stad", "woensdag", "08:00", "12:30", 118),
        ("Badmarkt (zomer)", "Testerep-Bad", "vrijdag", "08:00", "13:00", 64),
        ("Weekmarkt", "Sluiskerke", "zaterdag", "08:00", "12:30", 27),
        ("Boerenmarkt", "Testerep-Dorp", "vrijdag", "14:00", "18:00", 9),
    )
    for (name, place, day, start, end, stalls), (lon, lat) in zip(facts, to_degrees(at).tolist(), strict=True):
        rows.append((name, place, day, start, end, stalls, lat, lon))
    columns = ["Naam", "Gemeente", "Dag", "Van", "Tot", "Kramen", "Breedtegraad", "Lengtegraad"]
    pd.DataFrame(rows, columns=columns).to_csv(
        path, sep=";", decimal=",", index=False, lineterminator="\r\n", encoding="utf-8-sig"
    )
