"""What the till of each of the invented group's bakeries says: sales by day, store entries, customers by postcode.

The pattern is known, so that whoever reads the files can check what is found in them: `WEEK`, `SEASON`, `GROWTH`, a
closing day a shop, two weeks of leave written as zeros, a week without rows (the till was broken), one day of a large
order, and a shop that opened three months before the end.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

from geodata.sample.mainland import CITY, TOWN
from geodata.sample.town import Town

FIRST_DAY, DAYS = date(2024, 9, 2), 425
WEEK = (0.92, 0.97, 1.0, 0.95, 1.08, 1.42, 1.2)
"""Monday to Sunday, relative."""
SEASON = (0.95, 0.96, 1.0, 1.02, 1.02, 1.0, 0.94, 0.93, 1.0, 1.01, 1.03, 1.14)
SEASIDE = (0.62, 0.68, 0.8, 1.02, 1.08, 1.2, 1.68, 1.72, 1.02, 0.82, 0.66, 0.7)
"""January to December, relative; by the sea in `RESORT`."""
GROWTH = 1.03
"""A year."""
RESORT = "testerep-bad"
BROKEN_TILL, BROKEN_FROM, BROKEN_DAYS = "B3", date(2025, 3, 10), 7
LARGE_ORDER, ORDER_DAY, ORDER_SIZE = "B2", date(2025, 5, 14), 2.8
NEW_SHOP, OPENED = "B12", date(2025, 7, 28)
COUNTED_AT_THE_DOOR = ("B1", "B3")
BUYERS_SHARE = 0.82
"""Of who comes in."""
LEAVE_DAYS = 14

_TICKET_EUR, _DAY, _TICKET = 6.8, 0.08, 0.03
_CLOSED = (-1, 0, 1, 2)
_FADES_M = 1900.0


def closing_day(shop: str) -> int:
    """The weekday (0 = Monday) a shop is closed; −1 for every fourth, which is always open."""
    return _CLOSED[int(shop[1:]) % len(_CLOSED)]


def write_sales(sales: Path, entries: Path, customers: Path, town: Town, shops: pd.DataFrame, rng: Generator) -> None:
    """The files of shops with columns shop, owner, turnover (€ of an average year), x and y."""
    days = [
        _days(*shop, rng.spawn(1)[0]) for shop in zip(shops["shop"], shops["owner"], shops["turnover"], strict=True)
    ]
    till = pd.concat(days, ignore_index=True)
    written = till.assign(Datum=[f"{day:%d/%m/%Y}" for day in till["Datum"]])
    sold = written.drop(columns="Binnenstappers")
    sold.to_csv(sales, sep=";", decimal=",", index=False, lineterminator="\r\n", encoding="utf-8-sig")
    door = written[written["Winkelnummer"].isin(COUNTED_AT_THE_DOOR) & (written["Tickets"] > 0)]
    counted = door[["Winkelnummer", "Datum", "Binnenstappers"]]
    counted.to_csv(entries, sep=";", index=False, lineterminator="\r\n", encoding="utf-8-sig")
    _customers(town, shops, rng.spawn(1)[0]).to_csv(customers, sep=";", index=False, lineterminator="\r\n")


def _days(shop: str, owner: str, turnover: float, rng: Generator) -> pd.DataFrame:
    number, season = int(shop[1:]), SEASIDE if owner == RESORT else SEASON
    week = np.array([0.0 if i == closing_day(shop) else f for i, f in enumerate(WEEK)])
    usual = turnover / 365 / (week.mean() * np.mean(season))
    leave = FIRST_DAY + timedelta(days=152 + 7 * (number % 5))
    rows = []
    for n in range(DAYS):
        day = FIRST_DAY + timedelta(days=n)
        factor = week[day.weekday()] * season[day.month - 1] * GROWTH ** ((n - DAYS / 2) / 365)
        luck, price, through = rng.lognormal(0, _DAY), rng.lognormal(0, _TICKET), rng.random()
        broken = shop == BROKEN_TILL and 0 <= (day - BROKEN_FROM).days < BROKEN_DAYS
        young = shop == NEW_SHOP and day < OPENED
        if factor == 0 or broken or young or (day.month, day.day) in ((1, 1), (12, 25)):
            continue
        on_leave = 0 <= (day - leave).days < LEAVE_DAYS and shop != NEW_SHOP
        order = ORDER_SIZE if (shop, day) == (LARGE_ORDER, ORDER_DAY) else 1.0
        tickets = 0 if on_leave else max(1, round(usual * factor * luck / _TICKET_EUR))
        euros = round(tickets * _TICKET_EUR * price * order, 2)
        rows.append((shop, day, euros, tickets, round(tickets / BUYERS_SHARE * (0.95 + 0.1 * through))))
    return pd.DataFrame(rows, columns=["Winkelnummer", "Datum", "Omzet", "Tickets", "Binnenstappers"])


def _customers(town: Town, shops: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Customers with a loyalty card per shop and postcode; fewer from farther, some from across the water."""
    centre = {s.municipality: np.array(s.centre) for s in reversed(town.region.settlements)}
    rows = []
    for shop, x, y in zip(shops["shop"], shops["x"], shops["y"], strict=True):
        for m in town.region.municipalities:
            away = float(np.hypot(*(centre[m.id] - np.array([x, y]))))
            usual = 0.035 * m.residents * np.exp(-away / _FADES_M)
            rows.append((shop, m.postcode, int(rng.poisson(usual))))
        rows += [(shop, CITY.postcode, int(rng.poisson(24))), (shop, TOWN.postcode, int(rng.poisson(3)))]
    return pd.DataFrame([r for r in rows if r[2] > 0], columns=["Winkelnummer", "Postcode", "Klanten"])
