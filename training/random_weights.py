"""Writes a BERT with the shape and the tokenizer of another one and random weights: what of a result is architecture.

    python random_weights.py MODEL_DIR OUT_DIR [--seed N]

The weights are those that transformers starts a training from (normal, standard deviation `initializer_range`; LayerNorm
one and zero; biases zero), drawn with the seed. The model has no head. The bytes are the same on every run.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import BertModel

from weights import load_config, sha256, write_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, metavar="MODEL_DIR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    model = BertModel(load_config(args.source), add_pooling_layer=False)
    settings = json.loads((args.source / "config.json").read_text())
    for key in ("quantization_config", "id2label", "label2id", "problem_type", "classifier_dropout"):
        settings.pop(key, None)
    settings["architectures"] = ["BertModel"]
    write_folder(args.out, settings, model.state_dict(), (args.source / "tokenizer.json").read_text())
    print(f"{args.out}: seed {args.seed}, sha256 {sha256(args.out / 'model.safetensors')}")


if __name__ == "__main__":
    main()
