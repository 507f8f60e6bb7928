"""Testerep on the drawing board: municipalities, coast, water, rails and main roads, drawn by hand.

Coordinates are metres east and north of `ORIGIN` in UTM zone 31 (EPSG:32631). The place is open sea in reality.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]

CRS = 32631
ORIGIN: Point = (482_660.0, 5_711_000.0)


@dataclass(frozen=True)
class Municipality:
    """One invented municipality; `residents` is the official figure that all files agree on."""

    id: str
    name: str
    nis: str
    postcode: str
    residents: int
    country: str = "BE"


@dataclass(frozen=True)
class Settlement:
    """A built-up place: how far its core and its built-up area reach and how fine its blocks are (m, m²)."""

    name: str
    municipality: str
    centre: Point
    core_m: float
    town_m: float
    core_block_m2: float
    town_block_m2: float


@dataclass(frozen=True)
class Road:
    """A road through control points. `lined` is the share of its length in open country lined with houses."""

    name: str
    highway: str
    points: tuple[Point, ...]
    lined: float = 0.02


@dataclass(frozen=True)
class Zone:
    """Land with one use: "park", "retail" (big boxes), "industrial" or "woods"."""

    kind: str
    name: str
    outline: tuple[Point, ...]


@dataclass(frozen=True)
class Region:
    """One extract: what is drawn by hand and what the generator fills in."""

    name: str
    coast: tuple[Point, ...]
    natural_coast: bool
    municipalities: tuple[Municipality, ...]
    borders: tuple[tuple[Point, ...], ...]
    settlements: tuple[Settlement, ...]
    roads: tuple[Road, ...]
    river: tuple[Point, ...]
    rail: tuple[Point, ...]
    square: tuple[Point, ...]
    bridges: tuple[str, ...]
    causeway: str
    zones: tuple[Zone, ...]
    dyke_m: float
    rural_block_m2: float


STAD, BAD, DORP = "testerep-stad", "testerep-bad", "testerep-dorp"
MARKET: Point = (900.0, 300.0)
STATION: Point = (1690.0, 735.0)
BRIDGE: Point = (880.0, -210.0)
RESORT: Point = (-2750.0, 3620.0)
CAUSEWAY: tuple[Point, ...] = ((5950.0, 640.0), (6700.0, 700.0), (8600.0, 500.0), (10400.0, 150.0), (11300.0, 0.0))

ISLAND_MUNICIPALITIES = (
    Municipality(STAD, "Testerep-Stad", "39001", "8990", 65_000),
    Municipality(BAD, "Testerep-Bad", "39002", "8991", 12_500),
    Municipality(DORP, "Testerep-Dorp", "39003", "8992", 6_000),
    Municipality("harendijke", "Harendijke", "39004", "8993", 14_800),
    Municipality("wulpenhoek", "Wulpenhoek", "39005", "8994", 5_400),
    Municipality("sluiskerke", "Sluiskerke", "39006", "8995", 10_900),
)

_SQUARE = ((845.0, 340.0), (902.0, 352.0), (958.0, 334.0), (946.0, 262.0), (892.0, 258.0), (852.0, 268.0))
_GATES = {
    "quay_w": (430.0, -400.0), "w": (225.0, 190.0), "nw": (520.0, 815.0), "n": (1010.0, 955.0),
    "ne": (1490.0, 640.0), "e": (1590.0, 150.0), "quay_e": (1440.0, -490.0),
}  # fmt: skip
_SLUIS: Point = (3250.0, 2950.0)
_DORP: Point = (-4250.0, 650.0)
_WULP: Point = (-2650.0, -2600.0)
_SCHOOR: Point = (250.0, -3350.0)
_HAREN: Point = (4550.0, 560.0)


_COAST = (
    (6150.0, 760.0), (6080.0, 1500.0), (5700.0, 2350.0), (5150.0, 3000.0), (4600.0, 3900.0), (3700.0, 4560.0),
    (2700.0, 4420.0), (2050.0, 4080.0), (1300.0, 4230.0), (300.0, 4560.0), (-1000.0, 4700.0), (-2300.0, 4560.0),
    (-3500.0, 4180.0), (-4500.0, 3650.0), (-5300.0, 2950.0), (-5950.0, 2050.0), (-6450.0, 900.0), (-6600.0, 100.0),
    (-6150.0, -700.0), (-5500.0, -1250.0), (-5350.0, -2000.0), (-4700.0, -2900.0), (-3600.0, -3600.0),
    (-2500.0, -3980.0), (-1500.0, -4500.0), (-300.0, -4820.0), (900.0, -4700.0), (1900.0, -4480.0), (2700.0, -3900.0),
    (3050.0, -3520.0), (3450.0, -3650.0), (4350.0, -3420.0), (5100.0, -2600.0), (5350.0, -1750.0), (5950.0, -1150.0),
    (6300.0, -450.0), (6280.0, 150.0),
)  # fmt: skip
"""Hand-drawn: a straight bathing beach in the north-west, a shallow bay in the north, a river mouth in the south."""


_MAIN_ROADS = (
    Road("Noordervest", "primary", (_GATES["nw"], (760.0, 930.0), _GATES["n"]), 0),
    Road("Westervest", "primary", (_GATES["quay_w"], (270.0, -80.0), _GATES["w"]), 0),
    Road("Begijnenvest", "primary", (_GATES["w"], (300.0, 530.0), _GATES["nw"]), 0),
    Road("Stationsvest", "primary", (_GATES["n"], (1290.0, 850.0), _GATES["ne"]), 0),
    Road("Oostervest", "primary", (_GATES["ne"], (1600.0, 400.0), _GATES["e"]), 0),
    Road("Dokvest", "primary", (_GATES["e"], (1560.0, -130.0), _GATES["quay_e"]), 0),
    Road("Lange Schipstraat", "residential", (_SQUARE[2], (1110.0, 395.0), (1290.0, 520.0), _GATES["ne"]), 0),
    Road("Stationsstraat", "tertiary", (_GATES["ne"], (1590.0, 668.0), (1675.0, 715.0), (1697.0, 755.0)), 0),
    Road("Koopmansweg", "unclassified", ((2430.0, 232.0), (2450.0, -20.0), (2800.0, -60.0), (3210.0, 30.0),
        (3250.0, 420.0)), 0),
    Road("De Meers", "service", ((2800.0, -60.0), (2850.0, 90.0), (2830.0, 325.0)), 0),
    Road("Sint-Jobstraat", "residential", (_SQUARE[5], (610.0, 225.0), (420.0, 240.0), _GATES["w"]), 0),
    Road("Noordstraat", "residential", (_SQUARE[0], (740.0, 480.0), (650.0, 620.0), _GATES["nw"]), 0),
    Road("Sint-Maartensstraat", "residential", (_SQUARE[1], (925.0, 520.0), (1000.0, 730.0), _GATES["n"]), 0),
    Road("Hoogstraat", "tertiary", (_SQUARE[3], (1160.0, 215.0), (1400.0, 205.0), _GATES["e"]), 0),
    Road("Brugstraat", "tertiary", (_SQUARE[4], (872.0, 60.0), BRIDGE, (890.0, -420.0)), 0),
    Road("Vismarkt", "living_street", ((610.0, 225.0), (600.0, 60.0), (700.0, -60.0), (872.0, 60.0)), 0),
    Road("Korte Schipstraat", "living_street", ((872.0, 60.0), (1080.0, 40.0), (1160.0, 215.0)), 0),
    Road("Zilverstraat", "residential", ((1160.0, 215.0), (1210.0, 320.0), (1110.0, 395.0), (1070.0, 560.0),
        (925.0, 520.0)), 0),
    Road("Predikherenstraat", "residential", ((925.0, 520.0), (740.0, 480.0), (570.0, 410.0), (610.0, 225.0)), 0),
    Road("Dorpse Steenweg", "secondary", (_GATES["w"], (-350.0, 260.0), (-1500.0, 520.0), (-2900.0, 430.0),
        _DORP), 0.35),
    Road("Badse Steenweg", "secondary", (_GATES["nw"], (120.0, 1450.0), (-900.0, 2300.0), (-1900.0, 2900.0),
        RESORT), 0.4),
    Road("Sluiskerkse Steenweg", "secondary", (_GATES["n"], (1250.0, 1420.0), (1950.0, 1950.0), (2600.0, 2600.0),
        _SLUIS), 0.35),
    Road("Grootmondse Steenweg", "primary", (_GATES["e"], (2200.0, 190.0), (2430.0, 232.0), (2830.0, 325.0),
        (3250.0, 420.0), _HAREN, (5300.0, 520.0), *CAUSEWAY[:2]), 0.85),
    Road("Zuidstraat", "tertiary", ((890.0, -420.0), (930.0, -800.0), (800.0, -1300.0)), 0.2),
    Road("Schoorlandse Weg", "secondary", ((800.0, -1300.0), (620.0, -2300.0), _SCHOOR), 0.3),
    Road("Wulpense Steenweg", "secondary", ((890.0, -420.0), (250.0, -830.0), (-700.0, -1500.0), (-1700.0,
        -2300.0), _WULP), 0.35),
    Road("Galgestraat", "tertiary", ((930.0, -800.0), (1600.0, -1250.0), (1950.0, -2300.0), (1700.0, -3500.0),
        (1500.0, -5200.0)), 0.12),
    Road("Dokweg", "tertiary", ((1560.0, -130.0), (1900.0, -250.0), (2450.0, -650.0), (2900.0, -1300.0), (3700.0,
        -1500.0)), 0),
    Road("Polderlaan", "secondary", (_DORP, (-4050.0, 1700.0), (-3500.0, 2800.0), RESORT), 0.25),
    Road("Koninklijke Baan", "secondary", ((-6000.0, 2050.0), (-4400.0, 2840.0), (-3500.0, 3260.0),
        RESORT, (-1700.0, 3960.0), (-200.0, 3900.0), (1600.0, 3450.0), _SLUIS), 0.2),
    Road("Oostpolderstraat", "secondary", (_SLUIS, (4050.0, 2350.0), (4420.0, 1500.0), _HAREN), 0.3),
    Road("Harenstraat", "tertiary", (_HAREN, (4350.0, -300.0), (3700.0, -1500.0), (4100.0, -2600.0), (5200.0,
        -4200.0)), 0.4),
    Road("Kerkdreef", "tertiary", ((5300.0, 520.0), (5150.0, -400.0), (4350.0, -300.0)), 0.5),
    Road("Molenstraat", "tertiary", (_DORP, (-4150.0, -300.0), (-3650.0, -1150.0), (-3100.0, -1900.0), _WULP), 0.3),
    Road("Dijkstraat", "tertiary", (_WULP, (-1500.0, -3050.0), (-600.0, -3150.0), _SCHOOR), 0.3),
    Road("Westdijkstraat", "tertiary", (_DORP, (-5000.0, 350.0), (-7000.0, 100.0)), 0.15),
    Road("Zeelaan", "tertiary", (RESORT, (-2950.0, 4050.0), (-3200.0, 4700.0)), 0.6),
    Road("Havenstraat", "tertiary", (_SLUIS, (3500.0, 3500.0), (3900.0, 4600.0)), 0.3),
    Road("Schoordijk", "tertiary", (_SCHOOR, (200.0, -3900.0), (100.0, -5200.0)), 0.2),
    Road("Duinenweg", "unclassified", ((-900.0, 2300.0), (-250.0, 3100.0), (-200.0, 3900.0)), 0.1),
    Road("Kouterweg", "unclassified", ((1950.0, 1950.0), (2900.0, 1700.0), (4420.0, 1500.0)), 0.1),
    Road("Ringlaan", "tertiary", ((-350.0, 260.0), (-420.0, 1050.0), (120.0, 1450.0), (650.0, 1600.0), (1250.0,
        1420.0)), 0.1),
)  # fmt: skip

_ZONES = (
    Zone("retail", "Handelspark De Meers", ((2440.0, 205.0), (2450.0, -20.0), (2800.0, -60.0), (3210.0, 30.0),
        (3235.0, 375.0), (2850.0, 300.0))),
    Zone("industrial", "Dokzone", ((1750.0, -370.0), (2300.0, -560.0), (2900.0, -1250.0), (3600.0, -1450.0),
        (3300.0, -700.0), (2700.0, -120.0), (1800.0, -60.0))),
    Zone("industrial", "Bedrijvenpark Spoorkant", ((2000.0, 900.0), (3400.0, 905.0), (3500.0, 1350.0), (2100.0,
        1400.0))),
    Zone("park", "Stadspark", ((310.0, 560.0), (440.0, 540.0), (520.0, 690.0), (490.0, 780.0))),
    Zone("park", "Vestenpark", ((1450.0, -130.0), (1540.0, -60.0), (1500.0, -330.0), (1420.0, -330.0))),
    Zone("park", "Zuidpark", ((300.0, -980.0), (620.0, -830.0), (700.0, -1120.0), (420.0, -1250.0))),
    Zone("park", "Leopoldspark", ((-2450.0, 3900.0), (-2250.0, 3940.0), (-2200.0, 4080.0), (-2420.0, 4060.0))),
    Zone("woods", "Kouterbos", ((-1300.0, 1900.0), (-600.0, 1750.0), (-400.0, 2100.0), (-1050.0, 2350.0))),
)  # fmt: skip

ISLAND = Region(
    name="testerep",
    coast=_COAST,
    natural_coast=True,
    municipalities=ISLAND_MUNICIPALITIES,
    borders=(
        ((-1550.0, -700.0), (-1650.0, 500.0), (-1250.0, 1500.0), (-300.0, 2300.0), (900.0, 2450.0), (2000.0, 2250.0),
         (3000.0, 1750.0), (3650.0, 900.0), (3720.0, 0.0), (3150.0, -900.0), (2450.0, -1500.0), (2050.0, -2250.0),
         (900.0, -2500.0), (-500.0, -2250.0), (-1400.0, -1500.0), (-1550.0, -700.0)),
        ((900.0, 2450.0), (1250.0, 3300.0), (1300.0, 4200.0), (1400.0, 6000.0)),
        ((3000.0, 1750.0), (4200.0, 2050.0), (5500.0, 2300.0), (8000.0, 2600.0)),
        ((2450.0, -1500.0), (2750.0, -2300.0), (2950.0, -3100.0), (3100.0, -5500.0)),
        ((-1550.0, -700.0), (-2600.0, -950.0), (-3800.0, -1050.0), (-5200.0, -1500.0), (-8000.0, -1800.0)),
        ((-1250.0, 1500.0), (-2500.0, 1900.0), (-3900.0, 1950.0), (-5200.0, 2100.0), (-8000.0, 2200.0)),
    ),
    settlements=(
        Settlement("Testerep-Stad", STAD, (880.0, 220.0), 640, 1650, 5_200, 17_000),
        Settlement("Nieuwpolder", STAD, (-500.0, 600.0), 0, 560, 15_000, 17_000),
        Settlement("Dokwijk", STAD, (2500.0, -350.0), 0, 480, 40_000, 45_000),
        Settlement("Testerep-Bad", BAD, (-2800.0, 3780.0), 400, 820, 6_500, 15_500),
        Settlement("Oosterbad", BAD, (-1550.0, 4150.0), 0, 430, 13_000, 16_000),
        Settlement("Testerep-Dorp", DORP, _DORP, 170, 620, 11_000, 17_000),
        Settlement("Harendijke", "harendijke", _HAREN, 120, 800, 15_000, 20_000),
        Settlement("Haren", "harendijke", (4250.0, -450.0), 0, 560, 18_000, 20_000),
        Settlement("Dammekant", "harendijke", (5350.0, 350.0), 0, 420, 18_000, 20_000),
        Settlement("Wulpenhoek", "wulpenhoek", _WULP, 110, 430, 12_000, 18_000),
        Settlement("Schoorland", "wulpenhoek", _SCHOOR, 90, 400, 13_000, 18_000),
        Settlement("Sluiskerke", "sluiskerke", _SLUIS, 300, 720, 6_000, 16_500),
    ),
    roads=_MAIN_ROADS,
    river=((-4900.0, -950.0), (-3650.0, -1150.0), (-2700.0, -850.0), (-1700.0, -1050.0), (-900.0, -480.0),
        (-150.0, -520.0),
           (450.0, -380.0), BRIDGE, (1350.0, -480.0), (1900.0, -620.0), (2250.0, -1250.0), (2700.0, -2100.0),
           (2850.0, -3100.0), (3150.0, -5400.0)),
    rail=((6700.0, 830.0), (5900.0, 790.0), (4500.0, 880.0), (3000.0, 860.0), STATION, (1330.0, 1010.0), (850.0,
        1430.0), (250.0, 1980.0),
          (-700.0, 2750.0), (-1700.0, 3420.0), (-2350.0, 3580.0)),
    square=_SQUARE,
    bridges=("Brugstraat", "Molenstraat"),
    causeway="Grootmondse Steenweg",
    zones=_ZONES,
    dyke_m=110.0,
    rural_block_m2=420_000,
)  # fmt: skip
