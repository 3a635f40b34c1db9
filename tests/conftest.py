"""Decides which options our tests have: --renew-golden writes the pictures' JSON anew instead of comparing it."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write tests/golden/*.json anew")
