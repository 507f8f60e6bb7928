"""The hours that matter: read as OpenStreetMap writes them, and which share of the passers-by they hold."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.branches import read_branches
from geodata.count_profile import HOUR_KINDS, Profile, default_profile
from geodata.errors import GeodataError
from geodata.tables import empty
from location_model.hours import Span, hours_share, read_hours, share_in
from location_model.presets import preset


def even() -> Profile:
    """As many persons every hour; Sunday as busy as two other days."""
    return Profile(
        dict.fromkeys(HOUR_KINDS, np.full(24, 1 / 24)), np.array([1.0] * 6 + [2.0]), dict.fromkeys(HOUR_KINDS, 0), 0
    )


def test_the_bakers_hours_are_weekday_mornings_and_sunday() -> None:
    hours = preset("bakery", read_branches()).profile.hours
    assert read_hours(hours) == (*(Span(day, 6, 9) for day in range(5)), Span(6, 7, 12))
    assert read_hours("") == ()
    # 3 of 24 hours on five days, 5 of 24 on a day that counts double
    assert share_in(even(), read_hours(hours)) == pytest.approx((5 * 3 + 2 * 5) / (24 * 7))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Sa 10:00-18:30", (Span(5, 10, 18.5),)),
        ("Mo,We 09:00-12:00,13:00-24:00", tuple(Span(d, b, e) for d in (0, 2) for b, e in ((9, 12), (13, 24)))),
        ("Sa-Mo 08:00-09:00", (Span(0, 8, 9), Span(5, 8, 9), Span(6, 8, 9))),
        ("Fr 08:00-10:00; Fr 09:00-11:00; Fr 11:00-12:00", (Span(4, 8, 12),)),
    ],
)
def test_days_ranges_and_spans(text: str, spans: tuple[Span, ...]) -> None:
    assert read_hours(text) == spans


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ma-vr 6u-9u", "Mo-Fr 06:00-09:00"),
        ("di-za 07:00-18:00", "Tu-Sa 07:00-18:00"),
        ("ma, Wo 6u30 - 9u; ZO 7 uur – 12:15", "Mo,We 06:30-09:00; Su 07:00-12:15"),
        ("maandag t/m vrijdag 6u tot 18u30,19u-20u", "Mo-Fr 06:00-18:30,19:00-20:00"),
        ("lu-ve 6h30-9h", "Mo-Fr 06:30-09:00"),
        ("lu-di 9h-10h", "Mo-Su 09:00-10:00"),  # French: lu says so
        ("lu 8h-9h; ma 9h-10h", "Mo 08:00-09:00; Tu 09:00-10:00"),
        ("ma-sa 9h-10h", "Tu-Sa 09:00-10:00"),  # French: Saturday is za in Dutch
        ("ma,di 9h-10h", "Mo,Tu 09:00-10:00"),  # either: then Dutch
        ("sa 9h-10h; su 09:00-10:00", "Sa,Su 09:00-10:00"),
    ],
)
def test_days_and_hours_as_people_write_them(text: str, same: str) -> None:
    assert read_hours(text) == read_hours(same) != ()


def test_what_is_wrong_with_hours_and_how_to_write_them_are_two_sentences() -> None:
    with pytest.raises(GeodataError) as refused:
        read_hours("ma-vr overdag")
    told = [refused.value.what, refused.value.remedy]
    assert [text.to("nl") for text in told if text is not None] == [
        "deze uren zijn niet leesbaar: ma-vr overdag.", "Schrijf ze als ma-vr 06:00-09:00; zo 07:00-12:00.",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["lu-wo 09:00-10:00", "m 09:00-10:00", "ma 6u75-9u", "morgen", "Mo",
                                  "08:00-09:00", "Mo 09:00-08:00", "Mo 8-9", "Mo 08:00-25:00",
                                  "Mo 08:75-09:00", "PH 08:00-09:00", "Mo-Xx 08:00-09:00"])  # fmt: skip
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(GeodataError, match="these hours cannot be read"):
        read_hours(text)


@given(day=st.integers(0, 6), cut=st.integers(1, 23))
def test_two_parts_of_a_day_are_the_whole_day(day: int, cut: int) -> None:
    usual = default_profile()
    parts = [share_in(usual, [Span(day, *ends)]) for ends in ((0, cut), (cut, 24))]
    assert sum(parts) == pytest.approx(1) and min(parts) > 0


def test_the_share_says_whether_anybody_counted() -> None:
    none = SimpleNamespace(tables=SimpleNamespace(counts=empty("counts", 3812)))
    found = hours_share(none, "Mo-Fr 06:00-09:00")  # type: ignore[arg-type]
    assert found is not None and not found.counted
    assert found.share == pytest.approx(share_in(default_profile(), read_hours("Mo-Fr 06:00-09:00")))
    assert "default" in str(found.note) and "%" in str(found.note)
    assert hours_share(none, "") is None  # type: ignore[arg-type]
    early = SimpleNamespace(tables=SimpleNamespace(counts=early_risers()))
    counted = hours_share(early, "Mo-Fr 06:00-09:00")  # type: ignore[arg-type]
    assert counted is not None and counted.counted and counted.share > 2 * found.share
    assert "days of counting" in str(counted.note)
    sunday = hours_share(early, "Su 07:00-12:00")  # type: ignore[arg-type]
    assert sunday is not None and not sunday.counted  # only weekdays were counted


def early_risers() -> gpd.GeoDataFrame:
    """Ten weekdays of one counter: a hundred persons from 6 to 9, ten in every other hour from 5 to 22."""
    dates = pd.bdate_range("2026-03-02", periods=10)
    rows = [(date, hour, 100.0 if 6 <= hour < 9 else 10.0) for date in dates for hour in range(5, 22)]
    date, hour, persons = map(list, zip(*rows, strict=True))
    table = pd.DataFrame({"counter": "Plein", "date": date, "pedestrians": persons, "day_kind": "ordinary"})
    begin = np.array(hour, dtype=float)
    points = gpd.GeoSeries.from_xy([600_000.0] * len(rows), [690_000.0] * len(rows), crs=3812)
    return gpd.GeoDataFrame(table.assign(hour_from=begin, hour_to=begin + 1), geometry=points)
