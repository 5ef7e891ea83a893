"""Share of the vocabulary whose nearest neighbour is the same in two models' word tables.

    python neighbors_agreement.py MODEL_DIR OTHER_DIR

Nearest neighbour: the largest cosine with any other row of the table (eq. 1 of arXiv 2506.18011), over the whole
vocabulary. Fails below 98 %.
"""

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer

from weights import load_tensors

REQUIRED = 0.98
ROWS_AT_ONCE = 2048
EXAMPLES = ("film", "ashamed", "wonderful", ".", "7")


def nearest_neighbors(folder: Path) -> torch.Tensor:
    """The id of each token's nearest neighbour, [V]."""
    tensors = load_tensors(folder)
    (name,) = (name for name in tensors if name.endswith("word_embeddings.weight"))
    table = torch.nn.functional.normalize(tensors[name], dim=1)
    nearest = []
    for start in range(0, len(table), ROWS_AT_ONCE):
        cosines = table[start : start + ROWS_AT_ONCE] @ table.T
        rows = torch.arange(len(cosines))
        cosines[rows, start + rows] = -torch.inf
        nearest.append(cosines.argmax(dim=1))
    return torch.cat(nearest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, metavar="MODEL_DIR")
    parser.add_argument("other", type=Path, metavar="OTHER_DIR")
    args = parser.parse_args()
    first, second = nearest_neighbors(args.model), nearest_neighbors(args.other)
    same = int((first == second).sum())
    share = same / len(first)
    print(f"{same} of {len(first)} nearest neighbours agree: {share:.2%}")
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    for token in EXAMPLES:
        row = tokenizer.token_to_id(token)
        print(f"{token} -> {tokenizer.id_to_token(int(first[row]))}, {tokenizer.id_to_token(int(second[row]))}")
    if share < REQUIRED:
        raise SystemExit(f"less than {REQUIRED:.0%}")


if __name__ == "__main__":
    main()
