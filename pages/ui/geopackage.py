"""The places for a GIS: points with their score, the values behind it, and a table that says what each field is."""

import math
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geodata.language import T, Text
from geodata.store import Area
from location_model.layers import layer_named
from location_model.score import Scored
from location_model.suggest import Suggestion, Suggestions
from pages.ui.downloads import Asked, basis, together
from pages.ui.language import _
from pages.ui.places import INTERVAL, site_id

FIELDS = "fields"
_OWN: dict[str, tuple[Text, Text]] = {
    "rank": (T("Rank"), T("1 = best; units of the same rank stand at the same place, within 15 m")),
    "id": (T("Unit or hexagon"), T("number in the source, or the H3 cell")),
    "name": (T("Place"), T("street and number")),
    "score": (T("Score (0–100)"), T("the parts add up to it")),
    "score_low": (T("score from"), INTERVAL),
    "score_high": (T("score to"), INTERVAL),
    "coverage": (T("What we know"), T("share of the weight that is known, 0–1")),
    "floor_area_m2": (T("Floor area (m²)"), T("empty = not known")),
    "rent_eur_per_year": (T("Rent (€ a year)"), T("empty = not known")),
    "vacant_by": (T("Vacancy"), T("what says that the unit is vacant")),
    "why": (T("Why"), T("strong and weak points")),
    "source": (T("Source"), T("whose data these are")),
}


def geopackage(area: Area, scored: Scored, answer: Suggestions, asked: Asked) -> bytes:
    """Points in the area's metric CRS in a layer named after the area; layer `fields`: title and unit of each field."""
    rows = together(answer.sites)
    frame = gpd.GeoDataFrame(
        [_row(s, scored) for s in rows],
        geometry=gpd.points_from_xy([s.site.lng for s in rows], [s.site.lat for s in rows]),
        crs=4326,
    ).to_crs(area.study.crs)
    numbers = [c for c in frame.columns if c.startswith(("points_", "value_", "floor_area", "rent_"))]
    frame[numbers] = frame[numbers].astype(float)  # nowhere known is a number too
    frame["source"] = "sample data" if area.sample else "Kernwijzer; © OpenStreetMap contributors (ODbL)"
    told = {name: (_(title), _(unit)) for name, (title, unit) in _OWN.items()}
    for c in scored.profile.criteria:
        layer = layer_named(c.layer)
        told[f"points_{c.layer}"] = (_(T("{title} (points)", title=layer.title)), _(T("points of the score")))
        told[f"value_{c.layer}"] = (_(layer.title), _(layer.unit))
    fields = pd.DataFrame([(name, *told[name]) for name in frame.columns.drop("geometry")])
    fields.columns = ["field", "title", "unit"]
    said = [("page", _(T("Address of the page")), asked.address), ("branch", _(T("Branch")), asked.branch)]
    fields = pd.concat([fields, pd.DataFrame(said, columns=fields.columns)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.gpkg"
        frame.to_file(path, layer=area.id, driver="GPKG")
        pyogrio.write_dataframe(fields, path, layer=FIELDS, driver="GPKG")
        return path.read_bytes()


def _row(s: Suggestion, scored: Scored) -> dict[str, object]:
    given = {"rank": s.rank, "id": site_id(s), "name": _(s.site.title), "score": s.score, "coverage": s.coverage}
    given |= {"score_low": s.score_low, "score_high": s.score_high}
    given |= {"floor_area_m2": s.site.floor_area_m2, "rent_eur_per_year": s.site.rent_eur_per_year}
    given |= {"vacant_by": basis(s), "why": _(s.why)}
    given |= {f"points_{layer}": points for layer, points in s.contributions}
    values = scored.values(s.site.cell)
    return given | {f"value_{layer}": None if math.isnan(x) else x for layer, x in values.items()}
