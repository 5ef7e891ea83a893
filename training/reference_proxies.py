"""Writes what scipy and numpy give for "how well does layer l tell the effect", which its figure is tested against.

    python reference_proxies.py ../fixtures/proxies.json

The records are synthetic: distances of three layers that tell the effect better and better, with ties and with texts of
different lengths. For each layer: Spearman's rho and Kendall's tau-b with the effect, the 95 % percentile interval of rho
and of its gain over layer 0 by a bootstrap over texts (Efron 1979), and the share of the tokens with the smallest effect
that also have the smallest distance. The resamples are drawn by the page's own generator, written here again from its
description (sfc32, Chris Doty-Humphrey), so that intervals agree and not only in the limit.
"""

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

SEED = 20261130
TEXTS = 24
RESAMPLES = 1000
BOOTSTRAP_PURPOSE = 7
SMALLEST = 5
MASK = 0xFFFFFFFF


def mix(value: int) -> int:
    """The finalizer of MurmurHash3."""
    h = value & MASK
    h = (h ^ (h >> 16)) * 0x85EBCA6B & MASK
    h = (h ^ (h >> 13)) * 0xC2B2AE35 & MASK
    return h ^ (h >> 16)


def draws(seed: int, below: int):
    """An endless stream of integers below a bound."""
    a = mix(seed ^ 0x9E3779B9)
    b = mix(a ^ 0)
    c = mix(b ^ BOOTSTRAP_PURPOSE)
    counter = 1
    limit = 2**32 - 2**32 % below
    drawn = 0
    while True:
        total = (a + b + counter) & MASK
        counter += 1
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & MASK
        c = (((c << 21) | (c >> 11)) + total) & MASK
        drawn += 1
        if drawn > 15 and total < limit:
            yield total % below


def records(rng: np.random.Generator) -> dict:
    """Rows of changes: text, D_0 ... D_2 of the whole sequence and of the own position, probabilities and KL."""
    rows = {"sequence": [], "distances": [], "own": [], "before": [], "after": [], "divergence": []}
    for text in range(TEXTS):
        level = rng.normal()
        for _ in range(int(rng.integers(3, 14))):
            effect = abs(rng.normal()) + 0.3 * level
            rows["sequence"].append(text)
            rows["distances"].append(
                [
                    float(np.float32(round(3 + rng.normal(), 1))),
                    float(np.float32(5 + effect + rng.normal())),
                    float(np.float32(7 + 2 * effect + 0.5 * rng.normal())),
                ]
            )
            rows["own"].append([float(np.float32(value + 0.2 * rng.normal())) for value in rows["distances"][-1]])
            before = np.float32(0.9)
            after = np.float32(0.9 - 0.1 * abs(effect) + 0.02 * rng.normal())
            rows["before"].append(float(before))
            rows["after"].append(float(after))
            rows["divergence"].append(float(np.float32(effect**2 + 0.1 * abs(rng.normal()))))
    return rows


def series(xs: np.ndarray, y: np.ndarray, groups: np.ndarray, counts: np.ndarray) -> list[dict]:
    """All that is said of each layer, x [layers, rows]."""
    samples = np.empty((len(counts), len(xs)))
    for i, times in enumerate(counts):
        rows = np.repeat(np.arange(len(y)), times[groups])
        samples[i] = [stats.spearmanr(x[rows], y[rows]).statistic for x in xs]
    gains = samples - samples[:, :1]
    return [
        {
            "spearman": float(stats.spearmanr(x, y).statistic),
            "kendall": float(stats.kendalltau(x, y).statistic),
            "interval": np.percentile(samples[:, layer], [2.5, 97.5]).tolist(),
            "gain": np.percentile(gains[:, layer], [2.5, 97.5]).tolist(),
        }
        for layer, x in enumerate(xs)
    ]


def overlaps(xs: np.ndarray, y: np.ndarray, groups: np.ndarray, counts: np.ndarray) -> dict:
    """The mean share, by layer, with its interval."""
    shares, chance = [], []
    for text in range(groups.max() + 1):
        rows = np.flatnonzero(groups == text)
        k = min(SMALLEST, len(rows) // 2)
        smallest = [set(rows[np.argsort(column[rows], kind="stable")[:k]]) for column in (*xs, y)]
        shares.append([len(one & smallest[-1]) / k for one in smallest[:-1]])
        chance.append(k / len(rows))
    shares = np.array(shares)
    samples = counts @ shares / len(shares)
    return {
        "chance": float(np.mean(chance)),
        "share": shares.mean(axis=0).tolist(),
        "interval": np.percentile(samples, [2.5, 97.5], axis=0).T.tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_FILE")
    args = parser.parse_args()
    warnings.simplefilter("error")
    rows = records(np.random.default_rng(SEED))
    groups = np.array(rows["sequence"])
    stream = draws(SEED, TEXTS)
    counts = np.array(
        [np.bincount([next(stream) for _ in range(TEXTS)], minlength=TEXTS) for _ in range(RESAMPLES)]
    )
    distances, own = np.array(rows["distances"]).T, np.array(rows["own"]).T
    # As the page subtracts: fp32 values in float64.
    change = np.abs(np.array(rows["after"]) - np.array(rows["before"]))
    expected = {
        "whole change": series(distances, change, groups, counts),
        "whole divergence": series(distances, np.array(rows["divergence"]), groups, counts),
        "whole last-distance": series(distances, distances[-1], groups, counts)[:-1],
        "own change": series(own, change, groups, counts),
        "own last-distance": series(own, distances[-1], groups, counts),
    }
    fixture = {
        "scipy": scipy.__version__,
        "seed": SEED,
        "records": rows,
        "series": expected,
        "overlap": overlaps(distances, change, groups, counts),
    }
    args.out.write_text(json.dumps(fixture, allow_nan=False, separators=(",", ":")) + "\n")
    print(f"{len(groups)} changes in {TEXTS} texts, {RESAMPLES} resamples")


if __name__ == "__main__":
    main()
