"""Fine-tunes the starting BERT on the IMDb training reviews, with a new pooler and a new two-class head.

    python finetune.py START_DIR IMDB_TRAIN.jsonl.gz OUT_DIR [--steps N]

One epoch over the 25,000 reviews: 782 steps of 32, grouped by length, at most 192 tokens (the first 142 and the last 48
pieces between [CLS] and [SEP]: a review's verdict often stands at its end). AdamW, weight decay 0.01 on matrices, peak
rate 8e-5 after 6 % warm-up, linear decay to 0, gradient clip 1, no dropout, bf16 autocast, seed 0.
OUT_DIR is written in fp16. `--steps` stops early, with the schedule of the whole epoch.
"""

import argparse
import gzip
import json
import random
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification

from weights import load_config, load_tensors, write_folder

SEED = 0
BATCH = 32
# Reviews are sorted by length within groups of so many batches, so that a batch has little padding.
BATCHES_PER_GROUP = 50
FIRST_PIECES, LAST_PIECES = 142, 48
PEAK_RATE = 8e-5
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
CLIP = 1.0
REPORT_EVERY = 20
# The encoder's dropouts default to 0.1; one epoch of a small model is better off without them.
NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "classifier_dropout": 0.0}
LABELS = ("NEGATIVE", "POSITIVE")


def read_examples(path: Path, tokenizer: Tokenizer) -> list[tuple[list[int], int]]:
    """(ids, label) of every review, shortened in the middle, `<br />` as a space."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        reviews = [json.loads(line) for line in lines]
    encodings = tokenizer.encode_batch([review["text"].replace("<br />", " ") for review in reviews])
    examples = []
    for review, encoding in zip(reviews, encodings):
        cls, *pieces, sep = encoding.ids
        if len(pieces) > FIRST_PIECES + LAST_PIECES:
            pieces = pieces[:FIRST_PIECES] + pieces[-LAST_PIECES:]
        examples.append(([cls, *pieces, sep], review["label"]))
    return examples


def make_batches(examples: list) -> list[list]:
    """All examples once, in a random order of batches, similar lengths together."""
    generator = random.Random(SEED)
    order = generator.sample(examples, len(examples))
    size = BATCH * BATCHES_PER_GROUP
    groups = [sorted(order[i : i + size], key=lambda example: len(example[0])) for i in range(0, len(order), size)]
    batches = [group[i : i + BATCH] for group in groups for i in range(0, len(group), BATCH)]
    generator.shuffle(batches)
    return batches


def collate(batch: list, pad: int) -> dict[str, torch.Tensor]:
    """Padded ids and mask [batch, longest], labels [batch]."""
    longest = max(len(ids) for ids, _ in batch)
    return {
        "input_ids": torch.tensor([ids + [pad] * (longest - len(ids)) for ids, _ in batch]),
        "attention_mask": torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in batch]),
        "labels": torch.tensor([label for _, label in batch]),
    }


def new_model(start: Path) -> BertForSequenceClassification:
    """The starting encoder with a freshly drawn pooler and classifier."""
    config = load_config(
        start,
        **NO_DROPOUT,
        architectures=["BertForSequenceClassification"],
        id2label=dict(enumerate(LABELS)),
        problem_type="single_label_classification",
    )
    model = BertForSequenceClassification(config)
    loaded = model.bert.load_state_dict(load_tensors(start), strict=False)
    if loaded.unexpected_keys or any(not name.startswith("pooler.") for name in loaded.missing_keys):
        raise SystemExit(f"{start} is not a bare BERT: {loaded}")
    return model.train()


def train(model: BertForSequenceClassification, batches: list, steps: int) -> None:
    """Runs the first `steps` batches."""
    matrices = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    vectors = [parameter for parameter in model.parameters() if parameter.ndim != 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": vectors, "weight_decay": 0.0}], lr=PEAK_RATE
    )
    total, warm = len(batches), WARM_UP * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (total - step) / (total - warm))
    )
    losses, started = [], time.monotonic()
    for step, batch in enumerate(batches[:steps], start=1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(**collate(batch, model.config.pad_token_id)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if step % REPORT_EVERY == 0:
            recent = losses[-REPORT_EVERY:]
            seconds = (time.monotonic() - started) / step
            print(f"step {step} of {total}: loss {sum(recent) / len(recent):.4f}, {seconds:.2f} s a step", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("start", type=Path, metavar="START_DIR")
    parser.add_argument("train", type=Path, metavar="TRAIN.jsonl.gz")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--steps", type=int, help="stop after so many steps")
    args = parser.parse_args()

    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(args.start / "tokenizer.json"))
    model = new_model(args.start)
    batches = make_batches(read_examples(args.train, tokenizer))
    train(model, batches, args.steps or len(batches))

    config = json.loads((args.start / "config.json").read_text())
    config |= {
        "architectures": ["BertForSequenceClassification"],
        "id2label": {str(index): label for index, label in enumerate(LABELS)},
        "label2id": {label: index for index, label in enumerate(LABELS)},
        "problem_type": "single_label_classification",
    }
    tensors = {name: tensor.to(torch.float16) for name, tensor in model.state_dict().items()}
    write_folder(args.out, config, tensors, (args.start / "tokenizer.json").read_text())


if __name__ == "__main__":
    main()
