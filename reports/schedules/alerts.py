"""Decides when a number is worth a report: a rule on one metric, as a person types it, which fires once a change.

A rule that has fired is silent until the number has come back beyond another bound, so that one which trembles around
the first does not send a report each time. A number that cannot be computed changes nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.metrics import METRICS
from errors import suggest
from reports.schedules import amounts
from reports.schedules.amounts import POINTS, RELATIVE
from reports.schedules.recurrence import BadSchedule

IROAS = "iroas"
KINDS = ("above", "below", "up by", "down by")
ARMED, FIRED = "armed", "fired"
ALERT = " alert "
"""Stands in the local due time of a run that a rule made, before its number: 2026-11-23T09:00 alert 3."""
LONGEST_TEXT = 200
SLACK = 10
"""Without a “back …” a number must come back by this part of the threshold."""
EXAMPLE = "roas below 1.5 back above 1.7"
_SPOKEN = {
    "above": "above", "over": "above", "more than": "above", ">": "above", "exceeds": "above",
    "below": "below", "under": "below", "less than": "below", "<": "below",
    "up by": "up by", "up": "up by", "down by": "down by", "down": "down by",
}  # fmt: skip
_VERB = "(?:is |falls |drops |goes |rises |climbs |grows )?"
_WRITTEN = re.compile(
    rf"(?P<metric>.+?)\s+{_VERB}(?P<kind>{'|'.join(sorted(map(re.escape, _SPOKEN), key=len, reverse=True))})"
    r"(?:\s+more than|\s+at least)?\s+(?P<amount>.+?)"
    r"(?:\s+(?:vs\.?|versus|against|than|on)\s+(?:the\s+)?period\s+before)?"
    r"(?:,?\s+back\s+(?:above|below|at|to|over|under|within)\s+(?P<back>.+?))?",
    re.IGNORECASE,
)
_BACK = {"above": "below", "below": "above", "up by": "within", "down by": "within"}
_TAIL = re.compile(r",| (?:in|at|per|with|by|on|after)\b")
_ONE = ("ROAS", "iROAS")
_FELL = {"above": "rose above", "below": "fell below"}


@dataclass(frozen=True)
class Rule:
    """metric: a key of analytics.metrics, or 'iroas', whose interval's near end is looked at. kind: one of KINDS.

    threshold: in `unit`; it fires beyond it, never at it. back: in the same unit; at it or further the rule is armed
    again. unit: that of the metric; for a change RELATIVE (0.2 is 20 % against the period before), that of the metric,
    or POINTS for shares. Raises BadSchedule.
    """

    metric: str
    kind: str
    threshold: float
    back: float
    unit: str

    def __post_init__(self) -> None:
        if not all(math.isfinite(bound) for bound in (self.threshold, self.back)):
            raise BadSchedule(f"The alert's bounds are no numbers. Write it as “{EXAMPLE}”.")
        if self.is_change and self.threshold <= 0:
            raise BadSchedule("A change of nothing is no alert. Write by how much: “spend up by 20 %”.")
        if self._beyond(self.back) > self._beyond(self.threshold):
            bound = f"{_BACK[self.kind]} {amounts.said(self.threshold, self.unit)} or at it"
            raise BadSchedule(f"The alert is back at {amounts.said(self.back, self.unit)}; it must be {bound}.")

    @property
    def is_change(self) -> bool:
        """Whether it looks at the change against the period before."""
        return self.kind in ("up by", "down by")

    @property
    def label(self) -> str:
        """The metric as people call it."""
        return "iROAS" if self.metric == IROAS else METRICS[self.metric].label

    @property
    def written_in(self) -> str:
        """Unit of the metric itself."""
        return "multiple" if self.metric == IROAS else METRICS[self.metric].unit

    @property
    def verb(self) -> str:
        """“are” of orders, “is” of a rate."""
        noun = _TAIL.split(self.label)[0].split()[-1]
        return "are" if noun.endswith("s") and noun not in _ONE else "is"

    def text(self) -> str:
        """The text that `parsed` reads back: “roas below 1.5× back above 1.7×”."""
        bound, back = (amounts.exact(one, self.unit) for one in (self.threshold, self.back))
        versus = " vs the period before" if self.is_change else ""
        return f"{self.metric} {self.kind} {bound}{versus} back {_BACK[self.kind]} {back}"

    def words(self) -> str:
        """“ROAS is below 1.5×; then not again until it is back at 1.7× or more”."""
        bound, back = (amounts.said(one, self.unit) for one in (self.threshold, self.back))
        if self.is_change:
            said = f"{self.kind} more than {bound} against the period before"
            return f"{self.label} {self.verb} {said}; then not again until that is {back} or less"
        whole = ", with its whole interval" if self.metric == IROAS else ""
        said = f"{self.verb} {self.kind} {bound}{whole}"
        more = "more" if self.kind == "below" else "less"
        return f"{self.label} {said}; then not again until back at {back} or {more}"

    def as_record(self) -> dict[str, Any]:
        """The rule as JSON has it; `from_record` reads it back."""
        return {"text": self.text(), **vars(self)}

    def _beyond(self, value: float) -> float:
        """The value turned so that more is further beyond the threshold."""
        return -value if self.kind == "below" else value

    def holds(self, value: float) -> bool:
        """Whether a number lies beyond the threshold; NaN does not."""
        return self._beyond(value) > self._beyond(self.threshold)

    def is_back(self, value: float) -> bool:
        """Whether a number has come back far enough; NaN has not."""
        return self._beyond(value) <= self._beyond(self.back)

    def of(self, value: float, lower: float, upper: float, before: float) -> float:
        """The number that is held against the threshold; NaN where it cannot be computed.

        value, before: of the metric, in these days and the period before; lower, upper: ends of its interval.
        """
        if self.metric == IROAS:
            return lower if self.kind == "above" else upper
        if not self.is_change:
            return value
        change = value - before
        if self.unit == RELATIVE:
            change = value / before - 1 if before > 0 else math.nan
        return change if self.kind == "up by" else -change


def moved(rule: Rule, state: str, value: float) -> tuple[str, bool]:
    """The state after a number was seen, and whether the rule fires by it. state: ARMED or FIRED."""
    if state == ARMED and rule.holds(value):
        return FIRED, True
    return (ARMED, False) if state == FIRED and rule.is_back(value) else (state, False)


def happened(rule: Rule, was: float) -> str:
    """What is said when it fires: “fell below 1.5×” where the look before saw it on the other side, else “is below”.

    was: the number of the look before, NaN without one.
    """
    bound = amounts.said(rule.threshold, rule.unit)
    if rule.is_change:
        return f"{rule.verb} {rule.kind} more than {bound} against the period before"
    seen = not math.isnan(was) and not rule.holds(was)
    return f"{_FELL[rule.kind] if seen else f'{rule.verb} {rule.kind}'} {bound}"


def parsed(text: str) -> Rule:
    """The rule that a text says. Raises BadSchedule with one sentence."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_TEXT:
        long = f"The alert “{said[:40]}…” is longer than {LONGEST_TEXT} letters"
        raise BadSchedule(f"{long if said else 'The alert says nothing'}. Write it as “{EXAMPLE}”.")
    found = _WRITTEN.fullmatch(said)
    if not found:
        raise BadSchedule(f"“{said[:60]}” does not say when to send a report. Write it as “{EXAMPLE}”.")
    metric, kind = _metric(found["metric"]), _SPOKEN[found["kind"].casefold()]
    if metric == IROAS and kind in ("up by", "down by"):
        raise BadSchedule("iROAS is an interval, whose change nobody can tell. Write it as “iroas below 1”.")
    unit = _unit(metric, kind, found["amount"])
    label = "iROAS" if metric == IROAS else METRICS[metric].label
    threshold = amounts.checked(found["amount"], unit, label)
    back = amounts.checked(found["back"], unit, label) if found["back"] else _back(kind, threshold, unit)
    return Rule(metric, kind, threshold, back, unit)


def from_record(record: Mapping[str, Any]) -> Rule:
    """A rule from its record, of which the text counts. Raises BadSchedule."""
    return parsed(str(record.get("text", "")))


def _metric(said: str) -> str:
    """The key of a metric that is named by its key or its label. Raises BadSchedule."""
    labels = {metric.label.casefold(): key for key, metric in METRICS.items()} | {"iroas": IROAS}
    word = said.strip(" “”\"'").casefold()
    known = word if word in METRICS else labels.get(word) or labels.get(word.replace("_", " "))
    if known is None:
        near = suggest(word, [*METRICS, *(metric.label for metric in METRICS.values()), IROAS])
        raise BadSchedule(f"No metric “{said[:40]}” for an alert. {near}")
    return known


def _unit(metric: str, kind: str, amount: str) -> str:
    own = "multiple" if metric == IROAS else METRICS[metric].unit
    if kind in ("above", "below"):
        return own
    if amounts.read(amount, RELATIVE) is not None:
        return RELATIVE
    return POINTS if own == "share" else own


def _back(kind: str, threshold: float, unit: str) -> float:
    """A tenth of the threshold away from it, towards where it came from."""
    step = abs(threshold) / SLACK
    return float(f"{threshold + step if kind == 'below' else threshold - step:.12g}")
