"""Computes the measures of a corpus run in PyTorch, as reference values for its tests.

    python reference_corpus.py MODEL_DIR TEXTS.json --out FIXTURE.json

Hidden states are fp32; differences, norms and cosines are float64. For each text: the substitute and the shift of every
candidate position (eq. 1 of arXiv 2506.18011, no filters), the five least-impactful positions by norm (fig. 1), D_l of
those of l2 (fig. 3), the rank of every token among all by its cosine with the hidden state in every layer
(identifiability: Brunner et al. 2019), one position masked, deleted and swapped with the next, and a pair of positions.
Positions count [CLS] and [SEP], which are no candidates. TEXTS.json is a list of {"name", "text"}.
"""

import argparse
import json
import random
from pathlib import Path

import torch

from reference import LEAST, NEAR_TIE, NORMS, Reference, least_impactful, provenance, rounded

# Past fp32's own; fewer than reference.py's, as most of the file is numbers.
DIGITS = 9
# Rows of the word table whose cosines are closer than this to the token's own may change places with it in fp32.
NEAR_TIE_OF_RANKS = 1e-6


def substituted(ids: list[int], substitutions: dict[int, int]) -> list[int]:
    """The ids with other tokens at some positions."""
    return [substitutions.get(position, token) for position, token in enumerate(ids)]


def measure(
    reference: Reference,
    states: torch.Tensor,
    ids: list[int],
    ids_after: list[int],
    remaining: list[int] | None = None,
):
    """Shift, D_l for l = 0..L over the whole sequence and at the positions whose token was changed, and logits of a
    changed sequence; after a deletion only the positions of the original that remain are compared."""
    states_after, logits = reference.forward(ids_after)
    difference = (states if remaining is None else states[:, remaining]) - states_after
    changed = [] if remaining is not None else [at for at, (a, b) in enumerate(zip(ids, ids_after)) if a != b]
    return {
        "shift": {name: rounded(torch.linalg.vector_norm(difference[0].flatten(), p)) for name, p in NORMS.items()},
        "distances": rounded(torch.linalg.vector_norm(difference.flatten(1), dim=1)),
        "own": rounded(torch.linalg.vector_norm(difference[:, changed].flatten(1), dim=1)) if changed else None,
        "logits": None if logits is None else rounded(logits),
    }


def ranks(reference: Reference, ids: list[int], states: torch.Tensor) -> tuple[list, list]:
    """The rank of each position's token in every layer, [n, L+1]: 1 + the rows of W with a larger cosine; and the near
    ties as [position, layer, how many rows are that close]."""
    by_layer, ties = [], []
    for layer, hidden in enumerate(states):
        cosines = reference.cosines(hidden)
        own = cosines.gather(1, torch.tensor(ids)[:, None])
        by_layer.append((cosines > own).sum(dim=1) + 1)
        close = ((cosines - own).abs() < NEAR_TIE_OF_RANKS).sum(dim=1) - 1
        ties += [[position, layer, rows] for position, rows in enumerate(close.tolist()) if rows > 0]
    return torch.stack(by_layer, dim=1).tolist(), sorted(ties)


def perturb(reference: Reference, index: int, ids: list[int], positions: list[int], states: torch.Tensor) -> dict:
    """One position masked, deleted, and swapped with the next; drawn among those whose next is another candidate."""
    swappable = [at for at in positions if at + 1 in positions and ids[at] != ids[at + 1]]
    position = random.Random(index).choice(swappable)
    remaining = [at for at in range(len(ids)) if at != position]
    mask = reference.tokenizer.token_to_id("[MASK]")
    swap = substituted(ids, {position: ids[position + 1], position + 1: ids[position]})
    return {
        "position": position,
        "mask": measure(reference, states, ids, substituted(ids, {position: mask})),
        "delete": measure(reference, states, ids, [ids[at] for at in remaining], remaining),
        "swap": measure(reference, states, ids, swap),
    }


def case(reference: Reference, index: int, text: dict) -> dict:
    """All reference values for one text."""
    ids = reference.tokenizer.encode(text["text"]).ids
    positions = [position for position, token in enumerate(ids) if token not in reference.edges]
    neighbors, _ = reference.neighbors(ids, positions, 2)
    least, near_shifts = least_impactful(neighbors)
    near_substitutes = sum(first - second < NEAR_TIE for first, second in neighbors["cosines"])
    if near_shifts or near_substitutes:
        raise SystemExit(f"{text['name']}: a near tie decides a substitute or a rank of shifts; change the text")
    substitutes = dict(zip(positions, (row[0] for row in neighbors["ids"])))
    states, logits = reference.forward(ids)
    pair = least["l2"][:2]
    ranked, near_ranks = ranks(reference, ids, states)
    return {
        "name": text["name"],
        "text": text["text"],
        "inputIds": ids,
        "positions": positions,
        "substitutes": [substitutes[position] for position in positions],
        "shifts": {name: [row[0] for row in neighbors[name]] for name in NORMS},
        "leastImpactful": least,
        "logits": None if logits is None else rounded(logits),
        "propagation": [
            {"position": at, **measure(reference, states, ids, substituted(ids, {at: substitutes[at]}))}
            for at in least["l2"]
        ],
        "pair": {
            "positions": pair,
            **measure(reference, states, ids, substituted(ids, {at: substitutes[at] for at in pair})),
        },
        "perturbations": perturb(reference, index, ids, positions, states),
        "ranks": ranked,
        "nearTies": near_ranks,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, metavar="MODEL_DIR")
    parser.add_argument("texts", type=Path, metavar="TEXTS.json")
    parser.add_argument("--out", type=Path, required=True, metavar="FIXTURE.json")
    args = parser.parse_args()

    reference = Reference(args.model)
    texts = json.loads(args.texts.read_text())
    with torch.inference_mode():
        cases = [case(reference, index, text) for index, text in enumerate(texts)]
    fixture = {**provenance(args.model), "cases": cases}
    shorter = json.loads(json.dumps(fixture), parse_float=lambda number: float(f"{float(number):.{DIGITS}g}"))
    args.out.write_text(json.dumps(shorter, ensure_ascii=False, separators=(",", ":")) + "\n")
    for entry in cases:
        last = [row[-1] for row in entry["ranks"]]
        print(
            f"{entry['name']}: {len(entry['inputIds'])} tokens, {sum(rank == 1 for rank in last)} identified "
            f"in the last layer, {len(entry['nearTies'])} near ties"
        )


if __name__ == "__main__":
    main()
