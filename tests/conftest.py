"""Decides what all tests share: the option that renews golden pictures, and the sample world imported once."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings as drawing

from analytics.answers import Answers
from data import ingest, simulate
from data.ingest import Plan
from data.store import Store
from settings import Settings, load

# The same examples on every run, so that green means green; TRUELIFT_EXPLORE=1 draws new ones, by hand.
drawing.register_profile("same", derandomize=not os.environ.get("TRUELIFT_EXPLORE"))
drawing.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write tests/golden/*.json anew")


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder that holds the sample, marked as such."""
    folder = tmp_path_factory.mktemp("sample")
    paths = simulate.write(simulate.simulate(seed=7, rows=6000), folder / "files")
    settings = load(folder / "var")
    ingest.run(Plan([(path, path.name) for path in paths if path.suffix == ".csv"], sample=True), settings)
    return settings


@pytest.fixture(scope="session")
def sample_store(sample_settings: Settings) -> Store:
    """A store over the sample."""
    return Store(sample_settings)


@pytest.fixture(scope="session")
def answers(sample_store: Store) -> Answers:
    """Pages over the sample."""
    return Answers(sample_store)
