"""Decides which figures are published of each method: each as it is printed, with the worlds behind it."""

from __future__ import annotations

COLUMNS = ("bias", "rmse", "coverage", "half", "power", "size")
Row = tuple[str, ...]  # one text a column of COLUMNS, empty where nothing is published

SEEDS_WORLDS = HOLDOUT_WORLDS = 1_500
SEEDS: dict[str, tuple[str, str]] = {  # mean at true 2, mean at true 0
    "000 test_revenue × (1 + lift), order rows": ("24.1", "22.0"),
    "same, lift per customer": ("26.3", "22.1"),
    "same, attributed revenue only": ("4.1", "2.7"),
    "20 % organic off attributed": ("3.1", "2.2"),
    "attributed ROAS": ("3.9", "2.8"),
    "002 (influencer − organic) ÷ spend": ("-21.7", "-21.9"),
    "002 with pre-period": ("4.0", "2.0"),
}
CAMPAIGNS: dict[str, str] = {
    "004: mean of campaign − average": "0.0",
    "004 calls profitable campaigns negative, %": "60",
    "attributed ROAS above 1 among unprofitable, %": "77",
    "rank correlation, attributed with true": ".38",
    "rank correlation, holdout with true": ".60",
    "root mean square error of the holdout": "1.81",
    "best of 30 by holdout is overstated by": "3.7",
}
HOLDOUT: dict[str, Row] = {
    "Welch": ("+.01", "", "89.3", "1.84", "55", "11.1"),
    "pooled t": ("+.01", "", "90.9", "1.96", "50", "9.8"),
    "CUPED": ("+.01", "", "89.6", "1.84", "55", "10.9"),
    "percentile bootstrap": ("+.01", "", "87.7", "1.82", "", ""),
    "winsorised p99 of buyers": ("-.09", "", "90.0", "1.49", "67", "10.3"),
}
REPEAT: dict[str, Row] = {
    "Welch": ("-.06", "", "89.9", "1.60", "63", "10.3"),
    "CUPED": ("-.05", "", "90.5", "1.53", "69", "9.9"),
}
HEAVY: dict[str, Row] = {
    "Welch": ("-.16", "", "89.1", "5.3", "24", "12.3"),
    "pooled t": ("-.16", "", "89.8", "6.0", "13", "10.4"),
    "percentile bootstrap": ("-.16", "", "85.5", "5.2", "", ""),
}
GEO_WORLDS = 400
GEO: dict[str, Row] = {
    "pre/post, test geos": ("+1.66", "4.01", "13.5", ".8", "72", "55"),
    "test − control, no pre, Welch geos": ("-1.04", "9.4", "87.8", "13.7", "15", "11"),
    "pooled t on geo-day rows": ("-1.04", "9.4", "20.0", "2.0", "51", "42"),
    "DiD levels, geo-day rows": ("-.06", "1.61", "31.2", ".5", "86", "37"),
    "DiD levels, Welch geos": ("-.06", "1.61", "92.2", "2.1", "54", "5.2"),
    "GBR 1/pre²": (".00", ".74", "93.0", "1.26", "81", "3.5"),
    "GBR, HC3": (".00", ".74", "92.8", "1.30", "79", "4.0"),
    "GBR 1/pre": (".00", ".97", "82.8", "1.24", "79", "8.2"),
    "growth DiD, Welch": ("-.05", ".80", "93.2", "1.44", "70", "3.8"),
    "randomisation inference": ("-.05", ".85", "91.5", "1.40", "72", ""),
    "TBR as published": ("+.15", "1.04", "33.5", ".40", "96", "39"),
    "TBR, AR(1) error": ("+.15", "1.04", "69.2", "1.0", "80", "18"),
    "TBR without cool-down": ("-.18", ".81", "32.5", ".3", "97", "38"),
    "BSTS daily .01": ("+.18", "1.11", "38.8", ".6", "92", ""),
    "BSTS weekly .1": ("+.27", "1.26", "69.8", "1.3", "76", ""),
    "synthetic control weekly, blocks": ("-.07", "1.00", "81.3", "", "", ""),
}
EQUAL: dict[str, Row] = {"TBR as published": ("+.23", "", "58.0", "", "", "")}
TAME: dict[str, Row] = {"TBR as published": (".01", "", "87", "", "", "")}
MANY: dict[str, Row] = {
    "GBR 1/pre²": ("", "", "92.2", "", "", ""),
    "GBR, HC3": ("", "", "91.5", "", "", ""),
    "GBR 1/pre": ("", "", "74.5", "", "", ""),
    "TBR as published": ("", "", "32.5", "", "", ""),
}
CHECKS = {"base": "0.2", "equal": "60"}  # % of worlds in which TBR's four checks pass
SERIES_WORLDS = 300
LAUNCH: dict[str, Row] = {
    "pre-period organic level (002)": ("+1.8", "", "15", "", "", ""),
    "pre/post, last 28 days": ("+.7", "", "30", "", "", ""),
    "BSTS weekly .1": ("-.4", "", "41", "", "", ""),
    "BSTS weekly .1, demand index": ("+1.2", "", "49", "", "", ""),
    "regression on spend, Newey–West": ("+2.3", "", "26", "", "", ""),
    "+ weekday, trend, Fourier": ("+.2", "", "51", "", "", ""),
    "+ demand index": ("+.2", "", "63", "", "", ""),
    "always-on, + weekday, trend, Fourier": (".0", "", "70", "", "", ""),
    "always-on, + demand index": (".0", "", "74", "", "", ""),
}
FOLLOWS: dict[str, Row] = {  # spend follows demand; size: share that claims an effect where there is none
    "pre-period organic level (002)": ("+4.1", "", "9", "", "", "85"),
    "pre/post, last 28 days": ("+3.0", "", "13", "", "", "82"),
    "BSTS weekly .1": ("+1.8", "", "39", "", "", "52"),
    "BSTS weekly .1, demand index": ("+1.7", "", "26", "", "", "73"),
    "regression on spend, Newey–West": ("+4.8", "", "14", "", "", "80"),
    "+ weekday, trend, Fourier": ("+2.6", "", "43", "", "", "47"),
    "+ demand index": ("+1.3", "", "46", "", "", "43"),
    "always-on, + weekday, trend, Fourier": ("+2.8", "", "30", "", "", "68"),
    "always-on, + demand index": ("+1.0", "", "54", "", "", "43"),
}
PATH_WORLDS = 1
PATH_RULES = ("first", "last", "linear", "position", "time-decay", "Markov", "Shapley", "14/7-day window")
PATHS: dict[float, Row] = {  # lift: orders truly caused, then credited by each rule
    0.0: ("0", "463", "346", "426", "415", "401", "658", "437", "494"),
    0.006: ("188", "644", "447", "571", "558", "529", "781", "583", "644"),
    0.02: ("684", "1086", "748", "956", "937", "889", "1094", "962", "1034"),
}
