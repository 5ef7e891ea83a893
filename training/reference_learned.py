"""Writes what maps learned by scikit-learn read from hidden states: fixtures/learned.json.

    python reference_learned.py ../fixtures

Of tiny-bert by transformers: some random sequences, from most of which a ridge regression (alpha 1) a layer is learned, from
hidden states h_l to rows of the word table; of the others, the rank of each token among all by cosine and by l2 distance to
h_l, and by cosine to the mapped h_l, and the mean cosine of h_l with those learned from. Beside it a ridge regression of
random numbers with its weights.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances

from weights import load_model

SEED = 20261130
LEARNED_FROM = 40
HELD_OUT = 10
LENGTH = 24


def ranks(scores: np.ndarray, targets: np.ndarray) -> list[int]:
    """1 + the number of rows of the table with a larger score than the token's own. Scores: [tokens, V]."""
    own = scores[np.arange(len(targets)), targets][:, None]
    return (1 + (scores > own).sum(axis=1)).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path)
    fixtures = parser.parse_args().fixtures
    rng = np.random.default_rng(SEED)
    model = load_model(fixtures / "tiny-bert").eval()
    table = model.get_input_embeddings().weight.detach().double().numpy()
    sequences = rng.integers(5, len(table), size=(LEARNED_FROM + HELD_OUT, LENGTH))
    with torch.no_grad():
        found = model(torch.tensor(sequences), attention_mask=torch.ones(sequences.shape), output_hidden_states=True)
    layers = [state.double().numpy() for state in found.hidden_states]
    learned, held = sequences[:LEARNED_FROM], sequences[LEARNED_FROM:]
    targets = held.ravel()
    by_layer = []
    for states in layers:
        x = states[:LEARNED_FROM].reshape(-1, states.shape[-1])
        h = states[LEARNED_FROM:].reshape(-1, states.shape[-1])
        mapped = Ridge(alpha=1.0).fit(x, table[learned.ravel()]).predict(h)
        by_layer.append(
            {
                "cosine": ranks(cosine_similarity(h, table), targets),
                "l2": ranks(-euclidean_distances(h, table), targets),
                "learned": ranks(cosine_similarity(mapped, table), targets),
                "similarity": cosine_similarity(h, x).mean(axis=1).tolist(),
            }
        )
    x = rng.normal(size=(60, 7)) @ rng.normal(size=(7, 7)) + 3
    y = rng.normal(size=(60, 70))
    ridge = Ridge(alpha=1.0).fit(x, y)
    result = {
        "folder": "tiny-bert",
        "learnedFrom": learned.tolist(),
        "heldOut": held.tolist(),
        "layers": by_layer,
        "ridge": {
            "x": x.tolist(),
            "y": y.tolist(),
            "weights": ridge.coef_.T.tolist(),
            "bias": ridge.intercept_.tolist(),
        },
    }
    (fixtures / "learned.json").write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
