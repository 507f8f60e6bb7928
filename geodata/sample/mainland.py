"""Across the water: an invented city of 180,000 and a small town abroad, drawn coarsely, at the end of the causeway."""

from geodata.sample.region import CAUSEWAY, Municipality, Point, Region, Road, Settlement
from geodata.sample.stops import MAINLAND_STATION

_GATE = CAUSEWAY[-1]
_CITY: Point = (14_200.0, -900.0)
_TOWN: Point = (13_300.0, 4_650.0)
_BORDER = ((9_000.0, 3_050.0), (12_300.0, 2_900.0), (14_500.0, 3_150.0), (19_000.0, 2_800.0))

CITY = Municipality("grootmonde", "Grootmonde", "39101", "8998", 180_000)
TOWN = Municipality("oesterveere", "Oesterveere", "", "4590 AB", 9_200, "NL")

MAINLAND = Region(
    name="overzee",
    coast=((17_600.0, -4_900.0), (17_600.0, 6_600.0), (11_900.0, 6_600.0), (11_500.0, 5_600.0), (11_750.0, 4_300.0),
           (11_400.0, 3_000.0), (11_700.0, 1_800.0), (11_250.0, 700.0), (11_300.0, -600.0), (11_900.0, -2_000.0),
           (11_700.0, -3_600.0), (12_200.0, -4_900.0)),
    natural_coast=False,
    municipalities=(CITY, TOWN),
    borders=(_BORDER,),
    settlements=(
        Settlement("Grootmonde", "grootmonde", _CITY, 650, 2400, 12_000, 27_000),
        Settlement("Oesterveere", "oesterveere", _TOWN, 220, 800, 10_000, 24_000),
    ),
    roads=(
        Road("Testerepse Dam", "primary", (_GATE, (12_300.0, -250.0), (13_300.0, -500.0), _CITY), 0.2),
        Road("Avenue de la Mer", "secondary", (_CITY, (15_300.0, -1_300.0), (16_400.0, -1_100.0), (19_000.0,
            -1_600.0)), 0.2),
        Road("Zuiderlaan", "secondary", (_CITY, (14_000.0, -2_200.0), (14_300.0, -3_400.0), (14_100.0, -6_500.0)), 0.2),
        Road("Oesterveerse Steenweg", "secondary", (_CITY, (14_350.0, 600.0), (13_900.0, 2_300.0), (13_500.0,
            3_600.0), _TOWN), 0.2),
        Road("Grensweg", "tertiary", ((12_300.0, -250.0), (12_500.0, 1_500.0), (12_700.0, 3_200.0), _TOWN), 0.1),
        Road("Noorderdijk", "tertiary", (_TOWN, (13_600.0, 5_600.0), (13_900.0, 8_000.0)), 0.1),
        Road("Oude Veerweg", "tertiary", (_TOWN, (12_400.0, 4_900.0), (10_500.0, 5_100.0)), 0.3),
        Road("Grote Boulevard", "secondary", ((13_300.0, -500.0), (13_500.0, -1_700.0), (14_000.0, -2_200.0),
            (15_100.0, -2_100.0),
                                              (15_300.0, -1_300.0), (15_250.0, -200.0), (14_350.0, 600.0),
                                                  (13_300.0, -500.0)), 0.2),
    ),
    river=(),
    rail=((11_250.0, 150.0), (12_800.0, -150.0), MAINLAND_STATION),
    square=((14_140.0, -860.0), (14_250.0, -850.0), (14_262.0, -950.0), (14_150.0, -960.0)),
    bridges=(),
    causeway="",
    zones=(),
    dyke_m=70.0,
    rural_block_m2=500_000,
)  # fmt: skip
SHOPS = {"grootmonde": 900, "oesterveere": 190}
