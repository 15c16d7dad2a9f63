"""A trip as the values of its sheet (hub/documents/forms/T01): in Thai, as all papers of the office."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from hub.web.figures import Figures
from hub.web.language import Language
from hub.web.set_words import set_called
from hub.web.trip_pages import JobView, StopView, TripView

SHEET = "T01"


def sheet_values(view: TripView, words: Language, zone: ZoneInfo) -> dict[str, Any]:
    """What is not known is left for the pen."""
    trip, way = view.trip, view.way
    told = {
        "day": trip.day,
        "driver": trip.name,
        "km": way.estimate.km or None,
        "hours": Figures(words, zone).duration(way.estimate.minutes * 60),
        "note": trip.note or None,
        "stops": [row for stop in way.stops for row in _rows(stop, words)],
        "load": [{"item": load.label.th, "repairs": " ".join(load.jobs)} for load in way.load],
    }
    return {name: value for name, value in told.items() if value is not None}


def _rows(stop: StopView, words: Language) -> Iterator[dict[str, Any]]:
    for at, job in enumerate(stop.jobs):
        row = {
            "school": stop.name,
            "km": stop.leg.km if stop.leg and at == 0 else None,
            "repair": job.number,
            "trouble": _trouble(job, words),
            "contact": " ".join(filter(None, (job.reporter, job.phone))) or None,
        }
        yield {name: value for name, value in row.items() if value is not None}


def _trouble(job: JobView, words: Language) -> str:
    device = set_called(job.device, words) if job.device else None
    return " · ".join(filter(None, (words.fault(job.symptom), device))) or job.number
