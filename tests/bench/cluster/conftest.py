"""A sweep on simulated nodes."""

import io

import pytest

from bench.cluster import kinds
from bench.cluster.sweep import ClusterSweep
from bench.session.display import Display
from tests.bench.cluster.planned import about
from tests.bench.cluster.simulated import SimulatedPlaces


@pytest.fixture
def run(tmp_path):
    """Run a sweep on places that join at once, and return it; `text` is what it wrote.

    `path_of` names a results file, `machines` says what a node says of itself, `happens` lets
    places come and go.
    """

    def go(rule, *names, count=1, resumes=False, path_of=None, machines=None, happens=None):
        places = SimulatedPlaces(rule, machines or (lambda name: about()))
        stream = io.StringIO()
        sweep = ClusterSweep(
            places,
            path_of or (lambda place: tmp_path / f"{kinds.file_name(place)}.json"),
            lambda place: None,
            count=count,
            display=Display(stream),
            resumes=resumes,
        )
        sweep.scheduler._clock = places.clock
        sweep.places = places
        present = places.present(*names)
        if happens:
            happens(places)
        try:
            sweep.scheduler.run(present)
        finally:
            sweep.text = stream.getvalue()
        sweep.partial = sum(
            book.publish(sweep.machines[group]) for group, book in sweep.books.items()
        )
        return sweep

    return go
