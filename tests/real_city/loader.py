"""Loads the real data into department databases of any engine.

`City` holds each table as a pandas frame with times as the files have them: texts whose offset changes
within a case, days, epochs. Nothing is cleaned before it is loaded, so that the product meets the
traps itself. A test can shuffle, thin or move it in time before loading and compute its oracles from
the very frames that were loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

WRITTEN = ("started_at", "ended_at", "planned_end_at", "declared_on")
"""Columns of times that the files have as text."""
DEPARTMENTS = ("permits", "customs", "air", "crashes", "buses")
_FACTORS = {"PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3"}


@dataclass(frozen=True)
class City:
    """The five tables, by department."""

    frames: Mapping[str, pd.DataFrame]

    def shuffled(self, seed: int, keep: float, days: int) -> "City":
        """A thinned, reordered copy moved by whole days."""
        moved = {
            name: _moved(frame.sample(frac=keep, random_state=seed), days)
            for name, frame in self.frames.items()
        }
        return replace(self, frames=moved)


def _moved(frame: pd.DataFrame, days: int) -> pd.DataFrame:
    shift = pd.Timedelta(days=days)
    out = frame.copy()
    for column in WRITTEN:
        if column in out:
            out[column] = [_later(text, days) for text in out[column]]
    for column in out.columns:
        if pd.api.types.is_datetime64_any_dtype(out[column]):
            out[column] = out[column] + shift
    if "d" in out:
        out["d"] = out["d"] + days * 864
    if "seen_at" in out:
        out["seen_at"] = out["seen_at"] + days * 86_400
    return out


def _later(text: object, days: int) -> object:
    """A written time so many days later, its offset kept; what is missing stays so."""
    if not isinstance(text, str):
        return text
    if len(text) == 10:
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    moved = datetime.fromisoformat(text) + timedelta(days=days)
    return moved.isoformat(sep=" ", timespec="microseconds")


def instants(column: pd.Series) -> pd.Series:
    """Written times as instants, for oracles: offsets change within a case, so that the texts
    themselves are not comparable."""
    return pd.to_datetime(column, utc=True, format="ISO8601")


def read_city(folder: Path) -> City:
    """Read the files of SOURCES.md."""
    return City(
        {
            "permits": _permits(folder),
            "customs": _customs(folder),
            "air": _air(folder),
            "crashes": pd.read_csv(folder / "crashes.csv.gz")[["id", "x", "y", "d", "t", "s"]],
            "buses": _buses(folder),
        }
    )


def _permits(folder: Path) -> pd.DataFrame:
    events = pd.read_csv(folder / "permit_events.csv.gz")
    cases = events.drop_duplicates("case:concept:name")
    return pd.DataFrame(
        {
            "case_id": cases["case:concept:name"],
            "channel": cases["case:channel"],
            "department": cases["case:department"],
            "started_at": cases["case:startdate"],
            "ended_at": cases["case:enddate"],
            "planned_end_at": cases["case:enddate_planned"],
        }
    )


def _customs(folder: Path) -> pd.DataFrame:
    raw = pd.read_csv(folder / "customs_declarations.csv.gz")
    return pd.DataFrame(
        {
            "declaration_id": raw["Declaration ID"].astype(str),
            "declared_on": raw["Date"],
            "office_id": raw["Office ID"].astype(str),
            "process_type": raw["Process Type"],
            "declarant_id": raw["Declarant ID"],
            "item_price": raw["Item Price"],
            "fraud": raw["Fraud"],
        }
    )


def _air(folder: Path) -> pd.DataFrame:
    raw = pd.read_csv(folder / "air_quality_hourly.csv.gz")
    frame = raw[["station", *_FACTORS]].rename(columns=_FACTORS)
    frame.insert(1, "measured_at", pd.to_datetime(raw[["year", "month", "day", "hour"]]))
    return frame


def _buses(folder: Path) -> pd.DataFrame:
    raw = pd.read_csv(folder / "transit_vehicle_positions.csv.gz")
    return pd.DataFrame(
        {
            "vehicle_id": raw["vehicle.vehicle.id"].astype(str),
            "route_id": raw["vehicle.trip.route_id"],
            "seen_at": raw["vehicle.timestamp"].astype("int64"),
        }
    )


_TABLES = {
    "permits": "permit_case",
    "customs": "declaration",
    "air": "air_hour",
    "crashes": "crash",
    "buses": "vehicle_position",
}
_INDEXES = {
    "permits": ("started_at", "ended_at"),
    "customs": ("declared_on",),
    "air": ("measured_at",),
    "crashes": ("d",),
    "buses": ("seen_at",),
}


def load(city: City, urls: Mapping[str, str]) -> None:
    """Create each department's table and fill it."""
    for name, frame in city.frames.items():
        engine = sa.create_engine(urls[name])
        table = sa.Table(_TABLES[name], sa.MetaData(), *_columns(frame))
        for column in _INDEXES[name]:
            sa.Index(f"ix_{name}_{column}", table.c[column])
        table.create(engine)
        # Through Python objects, so that missing values are None and not NaN.
        records = [
            {str(k): _cell(v) for k, v in row.items()} for row in frame.to_dict(orient="records")
        ]
        with engine.begin() as connection:
            for start in range(0, len(records), 5_000):
                connection.execute(sa.insert(table), records[start : start + 5_000])
        engine.dispose()


def _cell(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value


def _columns(frame: pd.DataFrame) -> list[sa.Column[object]]:
    return [sa.Column(str(name), _type(frame[name])) for name in frame.columns]


def _type(column: pd.Series) -> sa.types.TypeEngine[object]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return sa.DateTime()
    if pd.api.types.is_integer_dtype(column):
        return sa.BigInteger()
    if pd.api.types.is_float_dtype(column):
        return sa.Double()
    return sa.String(64)
