"""Writes the geometry of word tables by scikit-learn and scipy: fixtures/geometry.json.

    python reference_geometry.py ../fixtures/geometry.json ../fixtures/tiny-bert ../fixtures/tiny-bert-int8 ../fixtures/tiny-electra

Of each model's table, in float64: the mean cosine over all pairs, the k nearest rows of every row by cosine, l2 and dot
product, how often each row is among them (k-occurrence) with its skewness, the mean cosine of the nearest, and how often the
measures agree; of all entries, and without special ones and those like [unused7]. Equally near rows stand by their ids.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np
import transformers
from safetensors.torch import load_file
from scipy import stats
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances, linear_kernel

K = 10
PAIRS = [("cosine", "l2"), ("cosine", "dot"), ("l2", "dot")]


def nearest(scores: np.ndarray) -> np.ndarray:
    """The k rows with the largest scores of each row, itself left out, the lower id first of equal ones: int [n, K]."""
    np.fill_diagonal(scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :K]


def geometry(table: np.ndarray) -> dict:
    cosines = cosine_similarity(table)
    n = len(table)
    neighbors = {
        "cosine": nearest(cosines.copy()),
        "l2": nearest(-euclidean_distances(table, squared=True)),
        "dot": nearest(linear_kernel(table)),
    }
    occurrences = {name: np.bincount(ids.ravel(), minlength=n) for name, ids in neighbors.items()}
    density = np.take_along_axis(cosines, neighbors["cosine"], axis=1).mean(axis=1)
    pairs = cosines[~np.eye(n, dtype=bool)]
    return {
        "entries": n,
        "meanCosine": pairs.mean(),
        "density": density.tolist(),
        "nearest": neighbors["cosine"][:, 0].tolist(),
        "occurrences": {name: counts.tolist() for name, counts in occurrences.items()},
        "skewness": {name: float(stats.skew(counts)) for name, counts in occurrences.items()},
        "agreement": [
            {
                "measures": list(pair),
                "nearest": float(np.mean(neighbors[pair[0]][:, 0] == neighbors[pair[1]][:, 0])),
                "shared": float(
                    np.mean([len(set(a) & set(b)) / K for a, b in zip(neighbors[pair[0]], neighbors[pair[1]])])
                ),
            }
            for pair in PAIRS
        ],
    }


def table_of(folder: Path) -> np.ndarray:
    """The word table, float64 [V, width], dequantized where it is int8."""
    tensors = load_file(folder / "model.safetensors")
    [name] = [name for name in tensors if name.endswith("word_embeddings.weight")]
    table = tensors[name].double()
    return (table * tensors[f"{name}_scale"].double() if f"{name}_scale" in tensors else table).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    arguments = parser.parse_args()
    models = []
    for folder in arguments.folders:
        table = table_of(folder)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        entries = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        special = set(tokenizer.all_special_ids)
        counted = [i for i in range(min(len(table), len(entries))) if entries[i]]
        ordinary = [i for i in counted if i not in special and not re.fullmatch(r"\[unused\d+\]", entries[i])]
        models.append(
            {
                "folder": folder.name,
                "cases": [
                    {"leftOut": {"special": left, "unused": left}, "tokenIds": ids, **geometry(table[ids])}
                    for left, ids in [(False, counted), (True, ordinary)]
                ],
            }
        )
    # `nearest` counts the rows that are counted.
    for model in models:
        for case in model["cases"]:
            case["nearest"] = [case["tokenIds"][i] for i in case["nearest"]]
    arguments.out.write_text(json.dumps({"k": K, "models": models}) + "\n")


if __name__ == "__main__":
    main()
