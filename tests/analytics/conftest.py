"""Decides what the pages are tried on: the sample world, imported once for all of these tests."""

from __future__ import annotations

import pytest

from analytics.answers import Answers
from data import ingest, simulate
from data.ingest import Plan
from data.store import Store
from settings import load


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store over the sample, marked as such."""
    folder = tmp_path_factory.mktemp("sample")
    paths = simulate.write(simulate.simulate(seed=7, rows=6000), folder / "files")
    settings = load(folder / "var")
    ingest.run(Plan([(path, path.name) for path in paths if path.suffix == ".csv"], sample=True), settings)
    return Store(settings)


@pytest.fixture(scope="session")
def answers(sample_store: Store) -> Answers:
    """Pages over the sample."""
    return Answers(sample_store)
