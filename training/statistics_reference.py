"""Writes the values of scipy that the statistics of the page are tested against.

    python statistics_reference.py ../fixtures/statistics.json

Correlations (Kendall's tau-b among them), regression with the band of its mean, t interval and variance of columns; p values of t statistics; Wilson
intervals. NaN is written as null.
"""

import argparse
import json
import math
import warnings
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

SEED = 20260901
BAND_POINTS = 41
CONFIDENCE = 0.95
T_STATISTICS = [
    (0.0, 10), (1e-8, 20), (0.5, 1), (2.5, 30), (-2.5, 30), (20.0, 30), (35.0, 100_000), (30.0, 498), (56.0, 498),
    (1e20, 10), (1e100, 2), (1e6, 1),
]
SHARES = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (250, 500), (499, 500), (7_913, 8_000), (1, 150_000)]


def columns() -> dict[str, tuple[list[float], list[float]]]:
    """Pairs of columns by name, that a careless formula gets wrong."""
    rng = np.random.default_rng(SEED)
    line = np.arange(12.0)
    noise = rng.normal(size=500)
    steep = rng.normal(size=500)
    counts = rng.poisson(3, size=60)
    long = rng.normal(size=497)
    cases = {
        "one point": ([1.0], [2.0]),
        "no points": ([], []),
        "two points rising": ([1.0, 2.0], [3.0, 5.0]),
        "two points falling": ([1.0, 2.5], [0.25, -7.0]),
        "two points, constant y": ([1.0, 2.0], [3.0, 3.0]),
        "three points": ([1.0, 2.0, 4.0], [2.0, 1.0, 7.0]),
        "three points, one tie": ([1.0, 1.0, 2.0], [3.0, 5.0, 4.0]),
        "constant x": ([3.5] * 6, [1.0, 2.0, 3.0, 4.0, 5.0, 7.0]),
        "constant y": ([1.0, 2.0, 3.0, 4.0, 5.0, 7.0], [-2.25] * 6),
        "both constant": ([1.0] * 4, [2.0] * 4),
        "constant, not exact in binary": ([0.1] * 7, [1.0, 3.0, 2.0, 5.0, 4.0, 7.0, 6.5]),
        "anscombe 1": (
            [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5],
            [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68],
        ),
        "anscombe 4, an outlier and ties": (
            [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
            [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89],
        ),
        "monotone, not linear": (line, np.exp(line / 2)),
        "falling with noise": (line, -3 * line + rng.normal(size=12)),
        "uncorrelated": (rng.normal(size=40), rng.normal(size=40)),
        "counts with many ties": (counts, rng.poisson(counts + 1)),
        "two values only": (rng.integers(0, 2, size=30), rng.normal(size=30)),
        "large offset": (1e6 + rng.normal(size=50), 1e6 + rng.normal(size=50)),
        "larger offset, correlated": (1e8 + noise[:80], 1e7 - noise[:80] + rng.normal(size=80)),
        "tiny variance": (1 + 1e-6 * rng.normal(size=40), 1e-9 * rng.normal(size=40)),
        "tiny values": (1e-60 * rng.normal(size=25), 1e-60 * rng.normal(size=25)),
        "huge values": (1e60 * rng.normal(size=25), 1e60 * rng.normal(size=25)),
        "scales apart": (1e-12 * rng.normal(size=20), 1e12 * rng.normal(size=20)),
        "long": (noise, 0.3 * noise + steep),
        "long, p near 1e-200": (noise, noise + 0.4 * steep),
        "long, p below what a double holds": (long, -long + 0.01 * rng.normal(size=497)),
        "long, float32": (np.float32(noise), np.float32(np.exp(steep))),
        "long, heavy tails": (rng.standard_t(2, size=500), rng.standard_t(2, size=500)),
    }
    return {name: ([float(v) for v in x], [float(v) for v in y]) for name, (x, y) in cases.items()}


def number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def correlation(test, x: list[float], y: list[float]) -> dict:
    if len(x) < 2:
        return {"coefficient": None, "p": None}
    result = test(x, y)
    return {"coefficient": number(result.statistic), "p": number(result.pvalue)}


def regression(x: list[float], y: list[float]) -> dict | None:
    """Null where x does not vary."""
    n = len(x)
    if n < 2 or len(set(x)) == 1:
        return None
    fit = stats.linregress(x, y)
    xs = np.asarray(x)
    at = np.linspace(xs.min(), xs.max(), BAND_POINTS)
    center = np.mean(y) + fit.slope * (at - xs.mean())
    half = np.full(BAND_POINTS, np.nan)
    if n > 2:
        residuals = np.asarray(y) - np.mean(y) - fit.slope * (xs - xs.mean())
        s = math.sqrt(np.sum(residuals**2) / (n - 2))
        leverage = 1 / n + (at - xs.mean()) ** 2 / np.sum((xs - xs.mean()) ** 2)
        half = stats.t.ppf((1 + CONFIDENCE) / 2, n - 2) * s * np.sqrt(leverage)
    return {
        "slope": number(fit.slope),
        "intercept": number(fit.intercept),
        "x": at.tolist(),
        "y": center.tolist(),
        "half": [number(value) for value in half],
    }


def mean_interval(y: list[float]) -> dict:
    n = len(y)
    if n == 0:
        return {"mean": None, "low": None, "high": None, "variance": None}
    if n == 1:
        return {"mean": y[0], "low": None, "high": None, "variance": None}
    if len(set(y)) == 1:
        # scipy gives NaN for a scale of 0; the interval of equal values has no width.
        return {"mean": y[0], "low": y[0], "high": y[0], "variance": 0.0}
    low, high = stats.t.interval(CONFIDENCE, n - 1, loc=np.mean(y), scale=stats.sem(y))
    return {"mean": float(np.mean(y)), "low": float(low), "high": float(high), "variance": float(stats.tvar(y))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_FILE")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    cases = [
        {
            "name": name,
            "x": x,
            "y": y,
            "pearson": correlation(stats.pearsonr, x, y),
            "spearman": correlation(stats.spearmanr, x, y),
            "kendall": correlation(stats.kendalltau, x, y)["coefficient"],
            "regression": regression(x, y),
            "mean": mean_interval(y),
        }
        for name, (x, y) in columns().items()
    ]
    tails = [{"t": t, "degrees": degrees, "p": float(2 * stats.t.sf(abs(t), degrees))} for t, degrees in T_STATISTICS]
    shares = []
    for successes, n in SHARES:
        interval = stats.binomtest(successes, n).proportion_ci(CONFIDENCE, method="wilson")
        shares.append({"successes": successes, "n": n, "low": float(interval.low), "high": float(interval.high)})
    fixture = {"scipy": scipy.__version__, "cases": cases, "tails": tails, "shares": shares}
    args.out.write_text(json.dumps(fixture, allow_nan=False) + "\n")
    print(f"{len(cases)} cases, {len(tails)} p values, {len(shares)} shares")


if __name__ == "__main__":
    main()
