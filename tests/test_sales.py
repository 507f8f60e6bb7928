"""Own sales: patterns that were put in are found again, what is missing is not 0, what is unknown has no value."""

import datetime
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import command, write
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.branches import read_branches
from geodata.count_profile import default_profile
from geodata.errors import GeodataError
from geodata.language import Text
from geodata.sample import bakery_sales, write_sources
from geodata.sources.sales import read_entries, read_sales
from geodata.sources.spreadsheet import Upload
from geodata.store import Store
from location_model import sales_patterns
from location_model.footfall_estimate import PlaceFootfall
from location_model.own_sales import own_sales
from location_model.own_shops import own_network
from location_model.sales import analyse, with_entries
from location_model.sales_against import (
    LESS,
    MORE,
    NO_DIFFERENCE,
    Passers,
    against,
    capture_rate,
    of_peers,
    side,
    smaller,
    suggestions,
)
from location_model.sales_days import ShopDays, public_holidays, shop_days
from location_model.sales_figure import Figure, not_known, ratio
from location_model.sales_patterns import Pattern, pattern
from location_model.sales_year import season_of, what_more_gives, year_turnover

WEEK = np.array([80.0, 90.0, 100.0, 100.0, 110.0, 150.0, 70.0])
"""Monday to Sunday, mean 100."""


def rows(first: str, values: np.ndarray, *, monthly: bool = False, **more: object) -> pd.DataFrame:
    date = pd.date_range(first, periods=len(values), freq="MS" if monthly else "D")
    table = pd.DataFrame({"shop": "A", "date": date, "monthly": monthly, "turnover_eur": values})
    return table.assign(tickets=np.nan, entries=np.nan).assign(**more)


def weeks(first: str, number: int) -> np.ndarray:
    """The same week again and again, in euros."""
    return WEEK[pd.date_range(first, periods=number).day_of_week]


def days(table: pd.DataFrame) -> ShopDays:
    return shop_days("A", table)


def year_of(found: ShopDays, others: list[Pattern] | None = None) -> Figure:
    return year_turnover(found, pattern(found), season_of(others or []))


def test_the_weekdays_that_were_put_in_come_out() -> None:
    found = pattern(days(rows("2024-01-01", weeks("2024-01-01", 100))))
    assert [f.value for f in found.weekdays] == pytest.approx(WEEK.tolist())
    assert found.outliers == ()


def test_a_closing_day_is_closed_and_not_missing() -> None:
    table = rows("2024-01-01", weeks("2024-01-01", 100))
    found = days(table[table["date"].dt.day_of_week != 0])
    assert found.closing_days == (0,) and found.count("missing") == 0
    week = pattern(found).weekdays
    assert not week[0].known and "closed" in str(week[0].basis)
    rest = WEEK[1:] / WEEK[1:].mean() * 100
    assert [f.value for f in week[1:]] == pytest.approx(rest.tolist())


def test_a_missing_day_is_missing_a_zero_is_closed_and_so_is_a_public_holiday() -> None:
    table = rows("2024-03-04", weeks("2024-03-04", 100)).set_index("date")
    table.loc["2024-03-20", "turnover_eur"] = 0.0
    table = table.drop(pd.to_datetime(["2024-04-01", "2024-04-10", "2024-04-11", "2024-05-22"])).reset_index()
    found = days(table)
    state = found.table["state"]
    assert state["2024-03-20"] == "closed" and state["2024-04-01"] == "closed"  # Easter Monday
    assert found.gaps == (
        (datetime.date(2024, 4, 10), datetime.date(2024, 4, 11)),
        (datetime.date(2024, 5, 22), datetime.date(2024, 5, 22)),
    )
    assert found.table["turnover_eur"].isna().sum() == found.count("missing") == 3


def test_a_day_with_entries_alone_was_open_and_its_turnover_is_not_known() -> None:
    table = rows("2024-01-01", np.full(366, 1000.0), entries=300.0)
    table.loc[table["date"].dt.month == 3, "turnover_eur"] = np.nan
    found = days(table)
    assert found.count("closed") == 0 and found.table["turnover_eur"]["2024-03"].isna().all()
    year = year_of(found)
    assert year.value == pytest.approx(365_000, rel=0.01) and year.low < 365_000 < year.high
    assert "31 days that are missing" in str(year.basis)


@pytest.mark.parametrize(
    ("turnover", "tickets", "entries", "state"),
    [
        (0, np.nan, np.nan, "closed"), (0, 0, 40, "closed"), (np.nan, 0, np.nan, "closed"), (np.nan, 0, 0, "closed"),
        (np.nan, 0, 40, "open"), (np.nan, np.nan, 40, "open"), (np.nan, 30, np.nan, "open"), (0, 3, np.nan, "open"),
        (np.nan, np.nan, 0, "missing"),
    ],
)  # fmt: skip
def test_what_a_row_says_of_its_day(turnover: float, tickets: float, entries: float, state: str) -> None:
    table = rows("2024-03-04", weeks("2024-03-04", 28), tickets=50.0, entries=300.0)
    table.loc[9, ["turnover_eur", "tickets", "entries"]] = turnover, tickets, entries
    day = days(table).table.iloc[9]
    assert day["state"] == state
    assert day["turnover_eur"] == 0 if state == "closed" or turnover == 0 else np.isnan(day["turnover_eur"])


def test_a_gap_of_years_is_missing_and_not_closed() -> None:
    table = pd.concat([rows("2022-01-01", np.full(105, 1000.0)), rows("2025-01-06", np.full(1, 1000.0))])
    found = days(table)
    assert found.closing_days == () and found.count("closed") <= 30  # public holidays
    year = year_of(found)
    assert not year.known and "one day is known" in str(year.basis)
    assert what_more_gives(found, pattern(found)) == year.basis


def test_days_picked_from_a_year_show_no_closing_day() -> None:
    picked = np.random.default_rng(0).choice(365, 30, replace=False)
    found = days(rows("2023-01-01", np.full(365, 1000.0)).iloc[np.sort(picked)])
    assert found.count("closed") <= 10 and not year_of(found).known


def test_a_closing_day_holds_in_weeks_that_are_missing_whole() -> None:
    table = rows("2024-01-01", weeks("2024-01-01", 364))
    found = days(table[(table["date"].dt.day_of_week != 0) & ~table["date"].between("2024-05-13", "2024-06-30")])
    assert found.closing_days == (0,) and found.count("missing") == 7 * 6


def test_one_turnover_in_a_hundred_days_is_no_year() -> None:
    table = rows("2024-01-01", np.full(100, np.nan), tickets=50.0)
    table.loc[50, "turnover_eur"] = 1000.0
    assert not year_of(days(table)).known


def test_a_day_of_which_nobody_knows_the_usual_makes_no_year() -> None:
    """No Sunday has a turnover, though people came in: what one brings is not known, and not 0."""
    table = rows("2024-01-01", weeks("2024-01-01", 120), entries=300.0)
    table.loc[table["date"].dt.day_of_week == 6, "turnover_eur"] = np.nan
    year = year_of(days(table))
    assert not year.known and "usually bring" in str(year.basis)


def test_public_holidays_of_2025() -> None:
    shown = {(4, 21), (5, 29), (6, 9)} | {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}
    assert {(d.month, d.day) for d in public_holidays(2025)} == shown


def test_one_odd_day_is_marked_and_bends_nothing() -> None:
    values = weeks("2024-01-01", 100) * np.random.default_rng(0).lognormal(0, 0.02, 100)
    plain = pattern(days(rows("2024-01-01", values)))
    values[54] *= 4
    odd = pattern(days(rows("2024-01-01", values)))
    assert [o.day for o in odd.outliers or ()] == [datetime.date(2024, 2, 24)]
    assert (odd.outliers or ())[0].usual_eur == pytest.approx(150, rel=0.05)
    for a, b in zip(plain.weekdays, odd.weekdays, strict=True):
        assert a.value == pytest.approx(b.value, rel=0.02)


def test_a_day_of_goods_brought_back_is_an_outlier_and_stays_in_the_year() -> None:
    values = weeks("2024-01-01", 366)
    values[100] = -50.0
    found = days(rows("2024-01-01", values))
    assert [o.turnover_eur for o in pattern(found).outliers or ()] == [-50.0]
    assert year_of(found).value == pytest.approx(values[1:].sum())


def seasonal(number: int, growth: float = 1.1) -> np.ndarray:
    date = pd.date_range("2023-01-02", periods=number)
    month = 1 + 0.2 * np.sin(2 * np.pi * np.arange(12) / 12)
    return weeks("2023-01-02", number) * month[date.month - 1] * growth ** (np.arange(number) / 365)


def test_season_and_growth_are_told_apart() -> None:
    found = pattern(days(rows("2023-01-02", seasonal(3 * 365))))
    assert found.trend.value == pytest.approx(10, abs=1) and found.trend.low < 10 < found.trend.high
    truth = 100 * (1 + 0.2 * np.sin(2 * np.pi * np.arange(12) / 12))
    assert [m.value for m in found.season] == pytest.approx(truth.tolist(), abs=2)


def test_a_trend_needs_the_same_weeks_a_year_earlier() -> None:
    found = pattern(days(rows("2023-01-02", seasonal(380))))
    assert found.season_known and not found.trend.known and "a year and a month" in str(found.trend.basis)
    short = pattern(days(rows("2023-01-02", seasonal(200))))
    assert not short.season_known and not short.trend.known and short.course.known


def test_a_whole_year_is_counted_and_missing_days_are_filled_in() -> None:
    values = weeks("2024-01-01", 400)
    whole = year_of(days(rows("2024-01-01", values)))
    assert whole.value == whole.low == whole.high == pytest.approx(values[-365:].sum())
    table = rows("2024-01-01", values)
    holed = year_of(days(table[~table["date"].between("2024-08-19", "2024-09-15")]))
    assert holed.value == pytest.approx(whole.value, rel=0.002) and holed.low < whole.value < holed.high
    assert holed.high - holed.low < 0.02 * holed.value


def test_three_months_are_carried_on_to_a_year_and_two_are_not() -> None:
    truth = 36500 * WEEK.mean() / 100
    quarter = days(rows("2024-01-01", weeks("2024-01-01", 91)))
    found = year_of(quarter)
    assert found.value == pytest.approx(truth, rel=0.01) and found.low < 0.95 * truth < 1.05 * truth < found.high
    assert "proxy" in str(found.basis) and "A whole year" in str(what_more_gives(quarter, pattern(quarter)))
    two = days(rows("2024-01-01", weeks("2024-01-01", 60)))
    assert not year_of(two).known and "60 days are known" in str(year_of(two).basis)
    assert what_more_gives(two, pattern(two)) == year_of(two).basis
    assert not any(f.known for f in pattern(two).weekdays)


def test_a_short_list_is_carried_on_by_the_season_of_the_other_shops() -> None:
    long = days(rows("2023-01-02", seasonal(900, growth=1.0)))
    year = float(long.table["turnover_eur"].iloc[-365:].sum())
    table = rows("2023-01-02", seasonal(900, growth=1.0) * 2)
    short = days(table.iloc[-120:])
    alone, beside = year_of(short), year_of(short, [pattern(long)] * 3)
    assert beside.value == pytest.approx(2 * year, rel=0.03)
    assert abs(alone.value - 2 * year) > abs(beside.value - 2 * year)
    assert beside.high - beside.low < alone.high - alone.low


@pytest.mark.parametrize("number", [91, 182, 270])
def test_four_of_five_intervals_hold_the_year_where_no_season_is_known(number: int) -> None:
    table = rows("2023-01-02", seasonal(1200, growth=1.0))
    truth = float(table["turnover_eur"].iloc[:365].sum())
    told = [year_of(days(table.iloc[i : i + number])) for i in range(0, 700, 50)]
    assert np.mean([f.low < truth < f.high for f in told]) >= 0.75


@pytest.mark.parametrize("gap", [60, 120, 200, 260])
def test_four_of_five_intervals_hold_the_year_round_a_long_gap(gap: int) -> None:
    """The straight line across a gap leaves the season out; the interval knows."""
    table = rows("2023-01-02", seasonal(1200, growth=1.0))
    told, held = [], []
    for begin in range(0, 700, 50):
        whole = table.iloc[begin : begin + 425]
        truth = float(whole["turnover_eur"].iloc[-365:].sum())
        found = year_of(days(whole.drop(index=whole.index[-gap - 30 : -30])))
        told.append(found)
        held.append(found.low < truth < found.high)
    assert np.mean(held) >= 0.75
    assert np.mean([f.high - f.low for f in told]) < 0.45 * np.mean([f.value for f in told])


def test_the_longer_a_gap_the_wider_the_year_and_a_closing_day_does_not_cut_it() -> None:
    values = weeks("2024-01-01", 400)
    table = rows("2024-01-01", values)
    shut = table.assign(turnover_eur=np.where(table["date"].dt.day_of_week == 6, 0.0, values))

    def width(of: pd.DataFrame, missing: int) -> float:
        found = year_of(days(of.drop(index=of.index[-missing - 20 : -20])))
        return (found.high - found.low) / found.value

    wide = [width(table, n) for n in (7, 28, 90, 180, 260)]
    assert wide == sorted(wide) and wide[3] > 4 * wide[1]
    assert width(shut, 182) == pytest.approx(width(table, 182), rel=0.15)
    apart = table.drop(index=[i for i in table.index[-364:] if i // 14 % 2])
    assert (f := year_of(days(apart))).high - f.low < 0.6 * wide[3] * f.value


def test_a_list_without_gaps_is_as_sure_of_its_trend_as_its_weeks_are() -> None:
    """Eighteen months: the half year that has a year earlier tells the trend, and nothing in it is missing."""
    table = rows("2023-01-02", weeks("2023-01-02", 546) * 1.1 ** (np.arange(546) / 364))
    found = pattern(days(table)).trend
    assert found.value == pytest.approx(10, abs=0.5) and found.high - found.low < 4


def test_a_trend_with_half_of_the_year_unseen_is_less_sure_and_holds_what_was_there() -> None:
    """Growth that wanders by 5 % from one half year to the next; without a gap nothing widens."""
    held, widths = [], []
    rng = np.random.default_rng(4)
    for begin in range(12):
        growth = 0.08 + rng.normal(0, 0.05, 2)
        date = pd.date_range("2023-01-02", periods=728)
        later = np.repeat(growth, 182)
        values = weeks("2023-01-02", 728) * np.exp(rng.normal(0, 0.05, 728)) * np.r_[np.ones(364), np.exp(later)]
        table = rows(str(date[0].date()), values)
        whole = pattern(days(table)).trend
        gap = table.index[364 + 91 : 364 + 91 + 182] if begin % 2 else table.index[364 + 170 : 364 + 352]
        holed = pattern(days(table.drop(index=gap))).trend
        truth = 100 * np.expm1(growth.mean())
        held.append(holed.low < truth < holed.high)
        widths.append((holed.high - holed.low) / (whole.high - whole.low))
    assert np.mean(held) >= 0.75 and min(widths) > 1.8


@pytest.mark.parametrize(
    ("missing", "share"), [((), 0.0), (range(10, 36), 0.5), ((*range(0, 13), *range(26, 39)), 0.25 * 2**0.5)]
)
def test_what_is_unseen_of_a_year_counts_by_stretch(missing: tuple[int, ...], share: float) -> None:
    year = pd.period_range(end="2024-12-29", periods=52, freq="W")
    seen = year[[i for i in range(52) if i not in missing]]
    assert sales_patterns._unseen(seen, year[0].start_time, pd.Timestamp("2024-12-28")) == pytest.approx(share)


def test_more_months_make_the_year_surer() -> None:
    width = [
        (f := year_of(days(rows("2024-01-01", weeks("2024-01-01", n))))).high - f.low for n in (91, 150, 250, 350, 365)
    ]
    assert width == sorted(width, reverse=True) and width[-1] == 0


def test_months_give_season_and_year_but_no_weekdays() -> None:
    values = np.array([31.0, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 34.1, 30.8, 34.1, 33]) * 100
    found = days(rows("2024-01-01", values, monthly=True))
    seen = pattern(found)
    assert year_of(found).value == pytest.approx(values[-12:].sum()) and seen.outliers is None
    assert seen.trend.value == pytest.approx(10, abs=1.5)
    assert not any(f.known for f in seen.weekdays) and "by day" in str(seen.weekdays[0].basis)
    holed = days(rows("2024-01-01", values, monthly=True).drop(index=6))
    assert holed.gaps == ((datetime.date(2024, 7, 1), datetime.date(2024, 7, 1)),)
    assert year_of(holed).value == pytest.approx(values[-12:].sum(), rel=0.05)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 1000))
def test_twice_the_money_is_the_same_pattern(factor: float) -> None:
    values = weeks("2024-01-01", 120) * np.random.default_rng(1).lognormal(0, 0.1, 120)
    a, b = (days(rows("2024-01-01", values * f)) for f in (1.0, factor))
    one, other = pattern(a), pattern(b)
    assert [f.value for f in one.weekdays] == pytest.approx([f.value for f in other.weekdays])
    assert [o.day for o in one.outliers or ()] == [o.day for o in other.outliers or ()]
    assert year_of(b).value == pytest.approx(factor * year_of(a).value)


def passers(persons: float | None, low: float | None = None, high: float | None = None, **more: object) -> Passers:
    given: dict[str, object] = {"counted": None, "counted_by": ""} | more
    return Passers(
        PlaceFootfall("B1", 0.5, persons, low, high, nearest_m=None, mean=None, references=(), **given),  # type: ignore[arg-type]
        default_profile(),
    )


NOWHERE = not_known("%", MORE).basis


def test_capture_is_entries_over_passers_by_and_turns_their_interval_round() -> None:
    table = rows("2024-01-01", weeks("2024-01-01", 364), entries=100.0, tickets=60.0)
    found = capture_rate(days(table), passers(1000, 500, 2000), NOWHERE)
    assert (found.value, found.low, found.high) == pytest.approx((10, 5, 20))
    tickets = capture_rate(days(table), passers(1000, 500, 2000), NOWHERE, tickets=True)
    assert tickets.value == pytest.approx(6) and "more come in than buy" in str(tickets.basis)
    counter = capture_rate(days(table), passers(1000, 500, 2000, counted=(400.0, 900.0), counted_by="Markt"), NOWHERE)
    assert counter.value == pytest.approx(100 * 100 / 600) and "counted in the street: Markt" in str(counter.basis)


def test_passers_by_on_closing_days_do_not_count() -> None:
    table = rows("2024-01-01", weeks("2024-01-01", 364), entries=100.0)
    shut = table[table["date"].dt.day_of_week != 5]  # on Saturday, when most people pass
    usual, without = (capture_rate(days(t), passers(1000, 900, 1100), NOWHERE).value for t in (table, shut))
    assert without > usual


def test_without_a_count_there_is_no_capture_rate() -> None:
    table = rows("2024-01-01", weeks("2024-01-01", 100), tickets=50.0)
    found = capture_rate(days(table), passers(None), NOWHERE)
    assert not found.known and str(found.basis) == "needs a count" and found.as_json()["value"] is None
    assert "too few to show" in str(capture_rate(days(table), passers(20, 10, 40), NOWHERE).basis)
    assert capture_rate(days(table), None, NOWHERE).basis == NOWHERE
    monthly = days(rows("2024-01-01", np.full(6, 3000.0), monthly=True, tickets=900.0))
    assert not capture_rate(monthly, passers(1000, 500, 2000), NOWHERE).known


def test_a_difference_within_the_intervals_is_none() -> None:
    def at(low: float, high: float) -> Figure:
        return Figure((low + high) / 2, low, high, "€/year", MORE)

    assert against(at(10, 12), at(20, 30)) == LESS
    assert against(at(40, 40), at(20, 30)) == MORE
    assert against(at(10, 22), at(20, 30)) == NO_DIFFERENCE
    assert against(at(10, 22), not_known("€/year", MORE)) is None
    assert side(at(10, 12), [20, 30]) == -1 and side(at(10, 12), [20]) == 0 and side(at(10, 30), [20, 30]) == 0


def test_peers_need_three_and_agree_only_so_far() -> None:
    assert not of_peers([4000, 5000]).known
    found = of_peers([4000, 4000, 4000])
    assert found.value == pytest.approx(4000) and found.low < 3500 < 4600 < found.high


@pytest.mark.parametrize(
    ("drawn", "busy", "words"),
    [(-1, 1, "shop window"), (1, -1, "the place may hold"), (-1, -1, "both ask"), (1, 1, "both work"), (0, 1, "")],
)
def test_what_the_gap_suggests(drawn: int, busy: int, words: str) -> None:
    told = suggestions(drawn, busy, None, False)
    assert (words in str(told[0])) if words else told == ()


def test_the_place_is_only_blamed_where_turnover_clearly_lags() -> None:
    blamed = "it is the place that holds"
    assert blamed in str(suggestions(1, -1, LESS, False)[0])
    [told] = suggestions(1, -1, None, False)
    assert blamed not in str(told) and "may hold" in str(told)


@pytest.mark.parametrize("gap", [NO_DIFFERENCE, MORE])
def test_what_needs_no_explaining_is_not_explained(gap: Text) -> None:
    for drawn in (-1, 0, 1):
        for busy in (-1, 0, 1):
            told = " ".join(str(text) for text in suggestions(drawn, busy, gap, True))
            assert ":" not in told and "hold" not in told and "attention" not in told
            assert ("Fewer people pass" in told) == (busy < 0) and ("Fewer of those" in told) == (drawn < 0)


def test_small_tickets_are_only_named_where_turnover_lags() -> None:
    ticket = Figure(5, 5, 5, "€/ticket", MORE)
    assert smaller(ticket, [8, 9]) and not smaller(ticket, [8])
    assert suggestions(0, 0, LESS, True) and not suggestions(0, 0, MORE, True) and not suggestions(0, 0, LESS, False)


def test_an_interval_holds_its_value() -> None:
    found = ratio(100, 0.1, "€", MORE)
    assert found.low < 100 < found.high and found.low * found.high == pytest.approx(100**2)


# The sample: what the generator put in is found again.


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sources(folder, detail=0.11)
    return folder


def test_the_sample_gives_its_pattern_back(sample: Path) -> None:
    found = {s.shop: s for s in analyse(read_sales(sample / "sales.csv")).shops}
    week = np.array(bakery_sales.WEEK)
    for shop, s in found.items():
        closed = bakery_sales.closing_day(shop)
        assert s.days.closing_days == (() if closed < 0 else (closed,))
        opened = [day for day in range(7) if day != closed]
        truth = 100 * week[opened] / week[opened].mean()
        seen = [s.pattern.weekdays[day].value for day in opened]
        assert seen == pytest.approx(truth.tolist(), rel=0.06), shop
    resort = pd.read_csv(sample / "own-shops.csv", sep=";", encoding="utf-8-sig").set_index("Winkelnummer")["Gemeente"]
    for shop, s in found.items():
        if shop == bakery_sales.NEW_SHOP:
            continue
        put_in = bakery_sales.SEASIDE if resort[shop] == "Testerep-Bad" else bakery_sales.SEASON
        truth = 100 * np.array(put_in) / np.mean(put_in)
        assert [m.value for m in s.pattern.season] == pytest.approx(truth.tolist(), rel=0.1), shop
    growth = [s.pattern.trend.value for s in found.values() if s.pattern.trend.known]
    assert np.median(growth) == pytest.approx(100 * (bakery_sales.GROWTH - 1), abs=2)
    order = bakery_sales.LARGE_ORDER
    if order in found:
        assert bakery_sales.ORDER_DAY in [o.day for o in found[order].pattern.outliers or ()]
    if bakery_sales.BROKEN_TILL in found:
        [(low, high)] = found[bakery_sales.BROKEN_TILL].days.gaps
        assert low == bakery_sales.BROKEN_FROM and (high - low).days + 1 == bakery_sales.BROKEN_DAYS


def test_entries_come_beside_the_sales_of_their_day() -> None:
    sales = read_sales(Upload("s.csv", b"winkel;datum;omzet;tickets\nA;13/03/2024;100;8\nA;14/03/2024;90;7\n"))
    doors = read_entries(Upload("e.csv", b"winkel;datum;bezoekers\nA;14/03/2024;20\nA;15/03/2024;30\n"))
    both = with_entries(sales.table, doors.table)
    assert both["entries"].fillna(-1).tolist() == [-1, 20] and len(both) == 2


# The command line, on a hand-drawn town.


@pytest.fixture(scope="module")
def town(squareville_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four bakeries of a town without counts, and their till."""
    folder = tmp_path_factory.mktemp("shop")
    at = Store(squareville_dir).open("squareville").tables.premises.iloc[:4].geometry.to_crs(4326)
    listed = [f"W{i};Winkel {i};bakkerij;80;{x:.7f};{y:.7f}" for i, (x, y) in enumerate(zip(at.x, at.y, strict=True))]
    write(folder / "own-shops.csv", "\n".join(["id;naam;branche;wvo;lon;lat", *listed, "F;Ver;bakkerij;80;9,0;45,0"]))
    till = [
        f"W{s};{day:%d/%m/%Y};{euros * (1 + s):.2f};{round(euros / 2)}".replace(".", ",")
        for s in range(4)
        for day, euros in zip(pd.date_range("2024-01-01", periods=120), weeks("2024-01-01", 120), strict=True)
    ]
    write(
        folder / "sales.csv", "\n".join(["winkel;datum;omzet;tickets", *till, "X;01/02/2024;10;1", "W1;99/99/2024;5;1"])
    )
    write(folder / "customers.csv", "winkel;postcode;klanten\nW0;8400;60\nW0;8450;3\nW0;Jansens;2\n")
    return folder


def test_the_command_says_what_it_knows_and_why_the_rest_is_not(town: Path, squareville_dir: Path) -> None:
    said = command("sales", "squareville", town / "sales.csv", "--json", "--data", squareville_dir)
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    shops = {s["shop"]: s for s in answer["shops"]}
    assert list(shops) == ["W0", "W1", "W2", "W3", "X"] and answer["not_in_own_shops"] == ["X"]
    assert answer["skipped"][0]["row"] == 482 and "own-shops.csv" in said.err
    one = shops["W1"]
    assert one["turnover_eur_per_year"]["value"] == pytest.approx(73000, rel=0.01)
    assert one["sales_density_eur_per_m2_year"]["value"] == pytest.approx(73000 / 80, rel=0.01)
    assert one["capture_rate"]["value"] is None and one["capture_rate"]["basis"]["nl"] == "eerst tellen"
    assert one["peers_eur_per_year"]["value"] > 0 and one["weekdays"]["saturday"]["value"] == pytest.approx(150)
    assert shops["X"]["turnover_eur_per_year"]["value"] is None and shops["X"]["capture_rate"]["value"] is None
    customers = shops["W0"]["customers"]
    assert [p["postcode"] for p in customers["postcodes"]] == [] and customers["customers"] == 63  # 3 could be told
    assert "Jansens" not in said.out + said.err and "1 row" not in said.out


def test_the_command_writes_nothing(town: Path, squareville_dir: Path) -> None:
    before = sorted(p for p in squareville_dir.rglob("*") if p.is_file())
    assert command("sales", "squareville", town / "sales.csv", "--data", squareville_dir).code == 0
    assert sorted(p for p in squareville_dir.rglob("*") if p.is_file()) == before


def test_without_own_shops_there_are_patterns_alone(town: Path, squareville_dir: Path, tmp_path: Path) -> None:
    shutil.copy(town / "sales.csv", tmp_path / "omzet.csv")
    said = command("sales", "squareville", tmp_path / "omzet.csv", "--json", "--data", squareville_dir, language="nl")
    assert said.code == 0 and "Zonder lijst van eigen winkels" in said.err
    one = json.loads(said.out)["shops"][1]
    assert one["weekdays"]["saturday"]["value"] and one["sales_density_eur_per_m2_year"]["value"] is None


def test_lists_that_do_not_meet_are_refused_with_both_their_names(
    town: Path, squareville_dir: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "sales.csv", "winkel;datum;omzet\nQ9;01/02/2024;10\n")
    said = command("sales", "squareville", other, "--own-shops", town / "own-shops.csv", "--data", squareville_dir)
    assert said.code == 1 and "Q9" in said.err and "W0, W1" in said.err


def test_one_shop_on_one_day_is_an_answer_too() -> None:
    found = analyse(read_sales(Upload("s.csv", b"datum;omzet\n14/03/2024;90\n")))
    assert not found.shops[0].year.known and "one day is known" in str(found.shops[0].year.basis)
    json.dumps(found.as_json(), allow_nan=False)


def test_whoever_waits_is_told_how_many_shops_are_done(town: Path, squareville_dir: Path) -> None:
    area = Store(squareville_dir).open("squareville")
    own = own_network([area], town / "own-shops.csv", read_branches(squareville_dir), squareville_dir).shops
    told: list[tuple[int, int]] = []
    read = read_sales(town / "sales.csv")
    own_sales(read, [area], squareville_dir, own=own, progress=lambda done, count: told.append((done, count)))
    assert told == [(n, 4) for n in range(5)]


def test_a_list_of_own_shops_that_fits_nowhere_is_named() -> None:
    import geopandas as gpd

    own = gpd.GeoDataFrame(
        {"id": ["B"], "name": ["Bakker"], "branch": ["bakery"], "floor_area_m2": [80.0], "area_id": [None]},
        geometry=gpd.points_from_xy([4.0], [51.0]), crs=4326,
    )  # fmt: skip
    sales = read_sales(Upload("s.csv", b"winkel;datum;omzet\nbakker;14/03/2024;90\n"))
    [shop] = analyse(sales, own=own).shops
    assert shop.own_id == "B" and "none of the areas that are built" in str(shop.capture.basis)
    with pytest.raises(GeodataError, match="none of the shops"):
        analyse(read_sales(Upload("s.csv", b"winkel;datum;omzet\nC;14/03/2024;90\n")), own=own)
    with pytest.raises(GeodataError, match="none of the shops") as empty:
        analyse(read_sales(Upload("s.csv", b"winkel;datum;omzet\nC;14/03/2024;90\n")), own=own.iloc[:0])
    assert "look at its addresses" in str(empty.value.remedy), "no empty list is enumerated"
