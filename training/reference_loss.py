"""Writes what PyTorch, scikit-learn and numpy give for what a task loses: fixtures/loss.json.

    python reference_loss.py ../fixtures texts-corpus.json texts-tiny.json

Of tiny-bert by transformers: each text with a label, and with 1, 2, 5, 10 and 20 % of its tokens (at least one) substituted at once
by their nearest neighbour (eq. 1 of arXiv 2506.18011), the smallest embedding shift first, in random order, or the largest
first. Labels are the model's own answers, some of them turned. Accuracy, F1 and AUC are scikit-learn's, KL scipy's, areas
numpy's trapezoidal rule over the share divided by the largest; intervals are 95 % percentiles of a bootstrap over texts.
Random orders and resamples are drawn by the page's own generator, written here again from its description (sfc32).
Parts of the texts are set apart at the median of their length, by label, and at the median of the mean commonness
(log(1 + count), min-max scaled) of the tokens that were substituted. Texts in which two shifts are nearly tied are left out.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from scipy.special import log_softmax, rel_entr, softmax
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from reference import NEAR_TIE, NEAR_TIE_OF_SHIFTS, Reference
from reference_proxies import MASK, mix

SEED = 20261201
SHARES = [1, 2, 5, 10, 20]
PLACES = ["least-impactful", "random", "most-impactful"]
BOOTSTRAP_PURPOSE, LOSSES_PURPOSE = 7, 9
RESAMPLES = 1000
# Of the model's own answers, how many are made wrong.
TURNED = 0.25
LONGEST = 48


class Draws:
    """The page's stream of draws for a purpose."""

    def __init__(self, seed: int, index: int, purpose: int):
        self.a = mix(seed ^ 0x9E3779B9)
        self.b = mix(self.a ^ index)
        self.c = mix(self.b ^ purpose)
        self.counter = 1
        for _ in range(15):
            self.bits()

    def bits(self) -> int:
        total = (self.a + self.b + self.counter) & MASK
        self.counter += 1
        self.a = self.b ^ (self.b >> 9)
        self.b = (self.c + (self.c << 3)) & MASK
        self.c = (((self.c << 21) | (self.c >> 11)) + total) & MASK
        return total

    def below(self, bound: int) -> int:
        limit = 2**32 - 2**32 % bound
        while True:
            drawn = self.bits()
            if drawn < limit:
                return drawn % bound

    def shuffled(self, values: list[int]) -> list[int]:
        pool = list(values)
        for i in range(len(pool)):
            j = i + self.below(len(pool) - i)
            pool[i], pool[j] = pool[j], pool[i]
        return pool


def read(reference: Reference, text: str) -> dict | None:
    """Ids, positions, their substitutes and shifts (l2); None where a near tie decides."""
    ids = reference.tokenizer.encode(text).ids
    positions = [at for at, token in enumerate(ids) if token not in reference.edges]
    if not positions or len(ids) > LONGEST:
        return None
    neighbors, _ = reference.neighbors(ids, positions, 2)
    shifts = np.array([row[0] for row in neighbors["l2"]])
    ordered = np.sort(shifts)
    if (np.diff(ordered) < NEAR_TIE_OF_SHIFTS * ordered[1:]).any():
        return None
    if any(first - second < NEAR_TIE for first, second in neighbors["cosines"]):
        return None
    return {"ids": ids, "positions": positions, "nearest": [row[0] for row in neighbors["ids"]], "shifts": shifts}


def orders(sequence: int, of: dict) -> list[list[int]]:
    """Indices of the positions in the order of each place."""
    indices = list(range(len(of["positions"])))
    least = sorted(indices, key=lambda i: (of["shifts"][i], i))
    most = sorted(indices, key=lambda i: (-of["shifts"][i], i))
    return [least, Draws(SEED, sequence, LOSSES_PURPOSE).shuffled(indices), most]


def logits_of(reference: Reference, ids: list[int]) -> list[float]:
    return reference.forward(ids)[1].tolist()


def scores(target: np.ndarray, logits: np.ndarray) -> dict:
    label = logits.argmax(axis=1)
    both = len(np.unique(target)) == 2
    return {
        "accuracy": float(accuracy_score(target, label)),
        "f1": float(f1_score(target, label, zero_division=0)),
        "auc": float(roc_auc_score(target, logits[:, 1] - logits[:, 0])) if both else float("nan"),
    }


def area(difference: list[float]) -> float:
    """Of the curve of the least less that of the most impactful."""
    return float(np.trapezoid([0, *difference], [0, *SHARES]) / max(SHARES))


def interval(samples: list[float]) -> list[float]:
    known = [value for value in samples if np.isfinite(value)]
    return [float(value) for value in np.quantile(known, [0.025, 0.975])]


def every_score(target: np.ndarray, before: np.ndarray, after: np.ndarray, rows: np.ndarray) -> dict:
    """All scores of some texts, a text as often as it is named. after: [cells, texts, labels]."""
    first = before[rows].argmax(axis=1)
    cells = []
    for logits in after:
        divergence = rel_entr(softmax(before[rows], axis=1), softmax(logits[rows], axis=1)).sum(axis=1)
        flips = logits[rows].argmax(axis=1) != first
        cells.append({**scores(target[rows], logits[rows]), "flips": flips.mean(), "divergence": divergence.mean()})
    accuracy = [cell["accuracy"] for cell in cells]
    n = len(SHARES)
    return {
        "before": scores(target[rows], before[rows]),
        "cells": cells,
        "area": area([a - b for a, b in zip(accuracy[:n], accuracy[2 * n :])]),
    }


def part_scores(right_before: np.ndarray, right: np.ndarray, members: np.ndarray, rows: np.ndarray) -> dict:
    """Of a part: members [cells, texts], right [cells, texts]."""
    points = []
    for inside, correct in zip(members, right):
        chosen = rows[inside[rows]]
        n = len(chosen)
        points.append(
            {
                "n": n,
                "before": float(right_before[chosen].mean()) if n else float("nan"),
                "accuracy": float(correct[chosen].mean()) if n else float("nan"),
            }
        )
    change = [point["accuracy"] - point["before"] for point in points]
    n = len(SHARES)
    return {"points": points, "area": area([a - b for a, b in zip(change[:n], change[2 * n :])])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    args = parser.parse_args()
    reference = Reference(args.fixtures / "tiny-bert")
    whole = [entry["text"] for path in args.texts for entry in json.loads(path.read_text())]
    sentences = dict.fromkeys(
        part.strip() for text in whole for part in text.replace("!", ".").replace("\n", ".").split(".") if part.strip()
    )
    rng = np.random.default_rng(SEED)
    texts, read_texts = [], []
    with torch.inference_mode():
        for text in sentences:
            found = read(reference, text)
            if found:
                texts.append(text)
                read_texts.append(found)
        before = np.array([logits_of(reference, of["ids"]) for of in read_texts])
        target = before.argmax(axis=1)
        target = np.where(rng.random(len(target)) < TURNED, 1 - target, target)
        counts = Counter(of["ids"][at] for of in read_texts for at in of["positions"])
        logged = {token: np.log1p(count) for token, count in counts.items()}
        low, high = min(logged.values()), max(logged.values())
        after = np.zeros((len(PLACES) * len(SHARES), *before.shape))
        common = np.zeros(after.shape[:2])
        substituted = np.zeros(after.shape[:2], dtype=int)
        for text, of in enumerate(read_texts):
            tokens = len(of["positions"])
            for place, order in enumerate(orders(text, of)):
                for i, share in enumerate(SHARES):
                    cell = place * len(SHARES) + i
                    chosen = order[: max(1, int(np.floor(share * tokens / 100 + 0.5)))]
                    ids = list(of["ids"])
                    for index in chosen:
                        ids[of["positions"][index]] = of["nearest"][index]
                    after[cell, text] = logits_of(reference, ids)
                    substituted[cell, text] = len(chosen)
                    common[cell, text] = np.mean(
                        [(logged[of["ids"][of["positions"][index]]] - low) / (high - low) for index in chosen]
                    )
    everything = np.arange(len(texts))
    found = every_score(target, before, after, everything)
    lengths = np.array([len(of["ids"]) for of in read_texts])
    cells = len(after)
    everywhere = lambda mask: np.repeat(mask[None], cells, axis=0)  # noqa: E731
    longer = lengths > np.median(lengths)
    commoner = common > np.median(common, axis=1, keepdims=True)
    parts = [
        ("length", 0, everywhere(~longer)),
        ("length", 1, everywhere(longer)),
        ("label", 0, everywhere(target == 0)),
        ("label", 1, everywhere(target == 1)),
        ("commonness", 0, ~commoner),
        ("commonness", 1, commoner),
    ]
    right_before = before.argmax(axis=1) == target
    right = after.argmax(axis=2) == target
    draws = Draws(SEED, 0, BOOTSTRAP_PURPOSE)
    samples, part_areas = [], [[] for _ in parts]
    for _ in range(RESAMPLES):
        rows = np.array([draws.below(len(texts)) for _ in texts])
        samples.append(every_score(target, before, after, rows))
        for areas, (_, _, members) in zip(part_areas, parts):
            areas.append(part_scores(right_before, right, members, rows)["area"])

    def bounded(get) -> list[float]:
        return [float(get(found)), *interval([get(sample) for sample in samples])]

    names = ["accuracy", "f1", "auc", "flips", "divergence"]
    logs = [log_softmax(before, axis=1), softmax(before, axis=1)]
    result = {
        "folder": "tiny-bert",
        "seed": SEED,
        "texts": [{"text": text, "label": "pos" if label else "neg"} for text, label in zip(texts, target.tolist())],
        "logits": {"before": before.tolist(), "after": after.tolist()},
        "substituted": substituted.tolist(),
        "divergence": [
            (logs[1] * (logs[0] - log_softmax(logits, axis=1))).sum(axis=1).tolist() for logits in after
        ],
        "before": {name: bounded(lambda of, name=name: of["before"][name]) for name in names[:3]},
        "cells": [
            {name: bounded(lambda of, name=name, cell=cell: of["cells"][cell][name]) for name in names}
            for cell in range(cells)
        ],
        "area": bounded(lambda of: of["area"]),
        "slices": [
            {
                "by": by,
                "part": part,
                **(own := part_scores(right_before, right, members, everything)),
                "area": [own["area"], *interval(areas)],
            }
            for (by, part, members), areas in zip(parts, part_areas)
        ],
    }
    shorter = json.loads(json.dumps(result), parse_float=lambda number: float(f"{float(number):.9g}"))
    (args.fixtures / "loss.json").write_text(json.dumps(shorter, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{len(texts)} texts; area {result['area']}; before {result['before']}")


if __name__ == "__main__":
    main()
