"""Writes what transformers gives for classifiers whose config.json says something unusual: fixtures/classifiers.json.

    python reference_classifiers.py ../fixtures

`pooling`: which token a decoder's classifier reads (the last one that is not `pad_token_id`; the last of all where there is
none), for every tiny decoder of make_families.py with a `score`. `labels`: what PretrainedConfig makes of `id2label` and
`num_labels`. `refused`: values of `pad_token_id` with which families that count positions from the ids cannot run. Models in
fp32 with the attention that transformers takes by itself (its eager one adds ALiBi twice) and a mask of ones; eight
significant digits.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from safetensors import safe_open
from safetensors.torch import load_file

from reference_families import rounded

PADDING = 40
LABELS = [
    {},
    {"num_labels": 3},
    {"id2label": {"0": "neg", "1": "pos"}},
    {"id2label": {"0": "neg", "1": "pos"}, "num_labels": 2},
    {"id2label": {"0": "neg", "1": "pos"}, "num_labels": 3},
    {"id2label": {"0": "neg", "1": "neu", "2": "pos"}, "num_labels": 2},
    {"id2label": {"0": "neg", "1": "pos"}, "num_labels": 1},
    {"id2label": {"1": "pos", "0": "neg"}, "num_labels": 2},
    {"id2label": {"0": "neg", "00": "pos"}, "num_labels": 2},
]


def model_of(folder: Path, **settings):
    config = transformers.AutoConfig.from_pretrained(folder, **settings)
    model = transformers.AutoModelForSequenceClassification.from_config(config).eval()
    missing = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False).missing_keys
    assert not [name for name in missing if "position_ids" not in name], missing
    return model


def pooling(folder: Path) -> list[dict]:
    reference = json.loads((folder / "reference.json").read_text())
    text = [id if id != PADDING else PADDING + 1 for id in reference["cases"][0]["inputIds"]]
    sequences = [
        text,
        [*text[:-1], PADDING],
        [*text[:-3], PADDING, PADDING, PADDING],
        [*text[:2], PADDING, *text[3:]],
        [PADDING] * len(text),
    ]
    found = []
    for pad in (PADDING, None):
        model = model_of(folder, pad_token_id=pad)
        logits = [model(input_ids=torch.tensor([row]), attention_mask=torch.ones(1, len(row), dtype=torch.long)).logits[0] for row in sequences]
        found.append({"folder": folder.name, "padTokenId": pad, "sequences": sequences, "logits": rounded(torch.stack(logits))})
    return found


def labels() -> list[dict]:
    found = []
    for settings in LABELS:
        config = transformers.BertConfig.from_dict(json.loads(json.dumps(settings)))
        found.append({"config": settings, "labels": [config.id2label[i] for i in range(config.num_labels) if i in config.id2label]})
    return found


def refused(fixtures: Path) -> list[dict]:
    found = []
    for family in ("roberta", "xlm-roberta", "camembert", "xlm-roberta-xl", "longformer"):
        try:
            model_of(fixtures / f"tiny-{family}", pad_token_id=None)(input_ids=torch.tensor([[5, 6, 7]]))
        except Exception as error:
            found.append({"folder": f"tiny-{family}", "config": {"pad_token_id": None}, "error": type(error).__name__})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fixtures", type=Path)
    fixtures = parser.parse_args().fixtures
    decoders = []
    for folder in sorted(fixtures.glob("tiny-*")):
        weights = folder / "model.safetensors"
        if not weights.exists():
            continue
        with safe_open(weights, "pt") as file:
            known = type(transformers.AutoConfig.from_pretrained(folder)) in transformers.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING
            if known and "score.weight" in file.keys():
                decoders.extend(pooling(folder))
    fixture = {"transformers": transformers.__version__, "pooling": decoders, "labels": labels(), "refused": refused(fixtures)}
    out = fixtures / "classifiers.json"
    out.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(out, out.stat().st_size, "bytes", len(decoders), "decoders", len(fixture["refused"]), "refused")


if __name__ == "__main__":
    with torch.inference_mode():
        main()
