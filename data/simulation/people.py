"""Decides who the influencers of the sample world are: name, following, platform, niche, place."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.simulation import catalogue

FOLLOWERS_MEDIAN, FOLLOWERS_SIGMA = 20_000, 1.7
FOLLOWERS_LEAST, FOLLOWERS_MOST = 1_200, 6_000_000


def influencers(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """One row a person.

    Columns: influencer_id (INF_001 …), name, influencer_category, gender, follower_count, platform, city, persona.
    With two people or more, the second and the last share a name.
    """
    gender = _drawn(rng, catalogue.GENDERS, count)
    names = [_name(rng, each) for each in gender]
    if count > 2:
        names[-1], gender[-1] = names[1], gender[1]
    return pd.DataFrame(
        {
            "influencer_id": [f"INF_{n:03d}" for n in range(1, count + 1)],
            "name": names,
            "influencer_category": _drawn(rng, {key: weight for key, (weight, _) in catalogue.CONTENT.items()}, count),
            "gender": gender,
            "follower_count": _followings(rng, count),
            "platform": _drawn(rng, catalogue.PLATFORMS, count),
            "city": _drawn(rng, catalogue.CITIES, count),
            "persona": [str(each) for each in rng.choice(catalogue.PERSONAS, count)],
        }
    )


def _followings(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """A heavy-tailed following for each person: one from each of `count` equally likely slices of a lognormal."""
    # slices rather than free draws, so that even ninety people reach from the smallest class to the largest
    spots = (rng.permutation(count) + rng.uniform(0.2, 0.8, count)) / count
    normal = np.array([NormalDist().inv_cdf(float(spot)) for spot in spots])
    followers = FOLLOWERS_MEDIAN * np.exp(FOLLOWERS_SIGMA * normal)
    return np.asarray(np.clip(followers, FOLLOWERS_LEAST, FOLLOWERS_MOST), dtype=np.int64)


def _name(rng: np.random.Generator, gender: str) -> str:
    """A first and a last name."""
    both = catalogue.FEMALE_NAMES + catalogue.MALE_NAMES
    first = {"Female": catalogue.FEMALE_NAMES, "Male": catalogue.MALE_NAMES}.get(gender, both)
    return f"{rng.choice(first)} {rng.choice(catalogue.LAST_NAMES)}"


def _drawn(rng: np.random.Generator, weights: dict[str, float], count: int) -> list[str]:
    """`count` words in the proportion of their weights, each word at least once when there is room, in random order."""
    words = list(weights)
    shares = np.array(list(weights.values())) / sum(weights.values())
    free = max(0, count - len(words))
    drawn = (words + [str(each) for each in rng.choice(words, free, p=shares)])[:count]
    return [drawn[n] for n in rng.permutation(count)]
