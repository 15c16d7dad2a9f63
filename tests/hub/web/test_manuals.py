"""Each job of the manuals is done by something that is there and is walked by a test, or says why it stays outside."""

from pathlib import Path
from typing import Any

import pytest

from hub.surveys.loading import SHIPPED as SURVEYS
from hub.web.gate import declared_routes
from hub.workflows.loading import load_definitions
from tests.hub.web.test_every_workflow import OWN_WALKS, WALKED
from tools.manuals_page import PAGE, Job, jobs, page

ROOT = Path(__file__).parents[3]
JOBS = jobs()
every = pytest.mark.parametrize("job", JOBS.values(), ids=list(JOBS))


@pytest.fixture(scope="module")
def paths(lasting: Any) -> set[str]:
    """Of all pages that the hub has."""
    return {each.path for each in declared_routes(lasting.app)}


def test_every_job_of_the_domain_has_its_row() -> None:
    assert list(JOBS) == [f"W{number:02}" for number in range(1, 40)]


def test_every_type_of_request_does_a_job() -> None:
    offered = {name for name, each in load_definitions().items() if each.offered}
    assert offered - {name for job in JOBS.values() for name in job.types} == set()


@every
def test_a_job_is_done_by_something_or_says_why_not(job: Job) -> None:
    assert job.types or job.surveys or job.pages or job.outside


@every
def test_its_types_are_walked_from_end_to_end(job: Job) -> None:
    assert set(job.types) <= WALKED.keys() | OWN_WALKS.keys()
    own = {path for name in job.types for path in OWN_WALKS.get(name, ())}
    assert [path for path in (*own, *job.tests) if not (ROOT / path).is_file()] == []


@every
def test_its_surveys_and_pages_are_there_and_tested(job: Job, paths: set[str]) -> None:
    assert set(job.surveys) <= {path.stem for path in SURVEYS.glob("*.toml")}
    assert set(job.pages) - paths == set()
    assert bool(job.tests) == bool(job.surveys or job.pages)


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page()
