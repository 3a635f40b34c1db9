"""Decides how a callback is asked in a test: by a POST to Dash's own update route, without a browser."""

from __future__ import annotations

import json
from typing import Any


def find(app: Any, output: str) -> dict[str, Any]:
    """The one callback that sets `output` (“id.property”)."""
    found = [item for item in app.server.test_client().get("/_dash-dependencies").json if output in item["output"]]
    assert len(found) == 1, f"{output}: {len(found)} callbacks"
    return found[0]


def ask(app: Any, output: str, changed: str, values: dict[str, Any]) -> Any:
    """Answer of the callback that sets `output`, as {id: {property: value}}; values: “id.property” → value.

    A wildcard input takes its value as a list of (id, value).
    """
    item = find(app, output)
    body = {
        "output": item["output"],
        "outputs": outputs(item["output"]),
        "inputs": [_given(part, values) for part in item["inputs"]],
        "state": [_given(part, values) for part in item["state"]],
        "changedPropIds": [changed] if changed else [],
    }
    answer = app.server.test_client().post("/_dash-update-component", json=body)
    return answer if answer.status_code != 200 else answer.json["response"]


def outputs(text: str) -> Any:
    """Dash's spelling of several outputs, taken apart."""
    if not text.startswith(".."):
        return _one(text)
    return [_one(part) for part in text[2:-2].split("...")]


def _one(text: str) -> dict[str, Any]:
    key, _, name = text.split("@")[0].rpartition(".")
    return {"id": json.loads(key) if key.startswith("{") else key, "property": text.rpartition(".")[2]}


def _given(part: dict[str, Any], values: dict[str, Any]) -> Any:
    name = f"{part['id']}.{part['property']}"
    if part["id"].startswith("{"):
        given = values.get(name, [])
        return [{"id": key, "property": part["property"], "value": value} for key, value in given]
    return {"id": part["id"], "property": part["property"], "value": values.get(name)}
