"""Accuracy of a model over the IMDb test reviews, fp32, and the difference between two models.

    python evaluate.py MODEL_DIR --texts imdb_test.jsonl.gz --train imdb_train.jsonl.gz --out CACHE.jsonl
    python evaluate.py --compare CACHE.jsonl OTHER_CACHE.jsonl

Test reviews whose text also stands in the training split are left out. `<br />` becomes a space; a review keeps
[CLS], its first 510 pieces and [SEP]. A batch holds reviews of one length only, so there is no padding and no mask.
Logits are appended to the cache as they come, and a second run goes on where the first one stopped. The cache holds
ids, labels and logits, never a text.
"""

import argparse
import gzip
import json
import math
import random
import time
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from weights import load_model, sha256

MAX_TOKENS = 512
SEED = 0
Z95 = 1.959963984540054
PROGRESS_SECONDS = 30


class OneDnnLinear(torch.nn.Module):
    """A Linear in oneDNN with its weight packed once: fp32 like `torch.nn.Linear`, which goes through MKL and
    on AMD processors does not use AVX-512 (measured here: 220 against 500 GF/s on two cores)."""

    def __init__(self, linear: torch.nn.Linear):
        super().__init__()
        self.packed = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), None)
        self.bias = linear.bias.detach()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.ops.mkldnn._linear_pointwise(x, self.packed, self.bias, "none", [], "")


def pack_linears(module: torch.nn.Module) -> None:
    """Replaces every Linear of the module."""
    for name, child in module.named_children():
        if isinstance(child, torch.nn.Linear):
            setattr(module, name, OneDnnLinear(child))
        else:
            pack_linears(child)


def read_reviews(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_test(texts: Path, train: Path) -> list[dict]:
    """The test reviews whose text is not a training review too."""
    trained = {review["text"] for review in read_reviews(train)}
    reviews = read_reviews(texts)
    kept = [review for review in reviews if review["text"] not in trained]
    dropped = len(reviews) - len(kept)
    print(f"{len(reviews)} test reviews, {dropped} of them also in training and dropped, n = {len(kept)}")
    return kept


def make_batches(reviews: list[dict], tokenizer: Tokenizer, tokens_per_batch: int) -> list[list]:
    """Batches of (review, ids), of one length each; in a random order, so that what is done so far is a fair sample."""
    tokenizer.enable_truncation(MAX_TOKENS)
    by_length = defaultdict(list)
    encodings = tokenizer.encode_batch([review["text"].replace("<br />", " ") for review in reviews])
    for review, encoding in zip(reviews, encodings):
        by_length[len(encoding.ids)].append((review, encoding.ids))
    batches = []
    for length, group in sorted(by_length.items()):
        size = max(1, tokens_per_batch // length)
        batches += [group[start : start + size] for start in range(0, len(group), size)]
    random.Random(SEED).shuffle(batches)
    return batches


def read_cache(path: Path) -> tuple[dict, dict]:
    """Header and rows by id; a line that was cut short by an interruption is ignored."""
    header, rows = {}, {}
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            if "id" in row:
                rows[row["id"]] = row
            else:
                header = row
    return header, rows


def predict(model_dir: Path, batches: list, out: Path, threads: int) -> None:
    """Appends {"id", "label", "logits"} to the cache for every review of the batches."""
    torch.set_num_threads(threads)
    model = load_model(model_dir, attn_implementation="sdpa")
    pack_linears(model)
    total = sum(len(ids) for batch in batches for _, ids in batch)
    done, started, reported = 0, time.monotonic(), time.monotonic()
    with out.open("a") as cache, torch.inference_mode():
        for batch in batches:
            logits = model(input_ids=torch.tensor([ids for _, ids in batch])).logits
            for (review, ids), values in zip(batch, logits.tolist()):
                cache.write(json.dumps({"id": review["id"], "label": review["label"], "logits": values}) + "\n")
                done += len(ids)
            cache.flush()
            now = time.monotonic()
            if now - reported > PROGRESS_SECONDS or done == total:
                reported = now
                minutes = (now - started) * (total - done) / done / 60
                print(f"{done / total:.1%} of the tokens, {minutes:.1f} min left", flush=True)


def is_right(row: dict) -> bool:
    return (row["logits"][1] > row["logits"][0]) == (row["label"] == 1)


def wilson(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share, z2 = right / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return middle - half, middle + half


def print_accuracy(path: Path, rows: dict) -> None:
    right = sum(map(is_right, rows.values()))
    low, high = wilson(right, len(rows))
    print(f"{path.name}: accuracy {right / len(rows):.4%}, 95 % interval {low:.2%} to {high:.2%}, n = {len(rows)}")


def compare(first: Path, second: Path) -> None:
    """Accuracy of both over the reviews both have, the difference with its paired 95 % interval, and the flips."""
    a, b = read_cache(first)[1], read_cache(second)[1]
    ids = [key for key in a if key in b]
    n = len(ids)
    for path, rows in ((first, a), (second, b)):
        print_accuracy(path, {key: rows[key] for key in ids})
    only_a = sum(is_right(a[key]) and not is_right(b[key]) for key in ids)
    only_b = sum(is_right(b[key]) and not is_right(a[key]) for key in ids)
    difference = (only_a - only_b) / n
    half = Z95 * math.sqrt(only_a + only_b - (only_a - only_b) ** 2 / n) / n
    largest = max(abs(x - y) for key in ids for x, y in zip(a[key]["logits"], b[key]["logits"]))
    low, high = difference - half, difference + half
    print(f"difference {100 * difference:+.3f} points, 95 % interval {100 * low:+.3f} to {100 * high:+.3f}")
    print(f"{only_a + only_b} of {n} labels flip: {only_a} right only in the first, {only_b} only in the second")
    print(f"largest difference of a logit {largest:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, nargs="?", metavar="MODEL_DIR")
    parser.add_argument("--texts", type=Path, metavar="TEST.jsonl.gz")
    parser.add_argument("--train", type=Path, metavar="TRAIN.jsonl.gz")
    parser.add_argument("--out", type=Path, metavar="CACHE.jsonl")
    parser.add_argument("--compare", type=Path, nargs=2, metavar="CACHE.jsonl")
    parser.add_argument("--tokens-per-batch", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="stop after so many batches")
    args = parser.parse_args()
    if args.compare:
        compare(*args.compare)
        return
    if not (args.model and args.texts and args.train and args.out):
        parser.error("MODEL_DIR, --texts, --train and --out are needed")

    digest = sha256(args.model / "model.safetensors")
    header, done = read_cache(args.out)
    if header and header["sha256"] != digest:
        parser.error(f"{args.out} belongs to another model: sha256 {header['sha256']}")
    if not header:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps({"sha256": digest, "torch": torch.__version__}) + "\n")

    reviews = read_test(args.texts, args.train)
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    batches = make_batches([r for r in reviews if r["id"] not in done], tokenizer, args.tokens_per_batch)
    predict(args.model, batches[: args.limit], args.out, args.threads)
    print_accuracy(args.out, read_cache(args.out)[1])


if __name__ == "__main__":
    main()
