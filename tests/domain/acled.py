"""A made-up table with ACLED's columns, in the order in which its exports have them."""

import csv
from io import StringIO

HEADER = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp",
)  # fmt: skip
# Known to the day, to the week and to the month, as ACLED grades it.
EVENTS = (
    ("UKR1001", "01 May 2025", "1"),
    ("UKR1002", "04 May 2025", "2"),
    ("UKR1003", "15 April 2025", "3"),
)
ISO = {"01 May 2025": "2025-05-01", "04 May 2025": "2025-05-04", "15 April 2025": "2025-04-15"}


def row(own: str, date: str, precision: str, **more: str) -> dict[str, str]:
    return {
        "event_id_cnty": own,
        "event_date": date,
        "year": "2025",
        "time_precision": precision,
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Military Forces of Alpha (2000-)",
        "assoc_actor_1": "",
        "inter1": "External/Other forces",
        "actor2": "Civilians (Beta)",
        "assoc_actor_2": "Labor Group (Beta)",
        "inter2": "Civilians",
        "interaction": "External/Other forces-Civilians",
        "civilian_targeting": "Civilian targeting",
        "iso": "804",
        "region": "Europe",
        "country": "Beta",
        "admin1": "North",
        "admin2": "Riverside",
        "admin3": "Bridge",
        "location": "Bridge Town",
        "latitude": "50.4501",
        "longitude": "30.5234",
        "geo_precision": "2",
        "source": "A paper; Another paper",
        "source_scale": "Subnational-National",
        "notes": "Around 1 May 2025, shells hit a substation, one of them twice.",
        "fatalities": "0",
        "tags": "",
        "timestamp": "1746403200",
        **more,
    }


def rows(*, is_iso: bool) -> list[dict[str, str]]:
    return [row(own, ISO[date] if is_iso else date, how) for own, date, how in EVENTS]


def table(made: list[dict[str, str]]) -> bytes:
    out = StringIO(newline="")
    written = csv.DictWriter(out, HEADER)
    written.writeheader()
    written.writerows(made)
    return out.getvalue().encode()
