"""Exports a model folder to ONNX the ordinary way, for `npm run bench` to compare the page's own graph with.

    python export_onnx.py ../public/models/bert-imdb-l12-h384 WORK/export.onnx

torch.onnx's tracing exporter, opset 17, fp32, with `output_hidden_states` as `transformers` gives them. Inputs:
input_ids, attention_mask [batch, sequence]. Outputs: logits [batch, labels] where the model has a head, and
hidden_states.0..L [batch, sequence, width].
"""

import argparse
from pathlib import Path

import torch

from weights import load_model

OPSET = 17
LENGTH_TRACED = 9


class HiddenStates(torch.nn.Module):
    """A model that takes ids and mask and gives its logits, if any, and its hidden states as a flat tuple."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        outputs = self.model(input_ids, attention_mask=attention_mask, output_hidden_states=True)
        return (*((outputs.logits,) if "logits" in outputs else ()), *outputs.hidden_states)


def export(folder: Path, out: Path) -> None:
    """Writes the model of `folder` to `out`."""
    model = load_model(folder, attn_implementation="eager")
    input_ids = torch.arange(5, 5 + 2 * LENGTH_TRACED).reshape(2, LENGTH_TRACED)
    states = [f"hidden_states.{layer}" for layer in range(model.config.num_hidden_layers + 1)]
    has_head = type(model).__name__.endswith("Classification")
    dynamic = {name: {0: "batch", 1: "sequence"} for name in ("input_ids", "attention_mask", *states)}
    if has_head:
        dynamic["logits"] = {0: "batch"}
    torch.onnx.export(
        HiddenStates(model),
        (input_ids, torch.ones_like(input_ids)),
        str(out),
        dynamo=False,
        opset_version=OPSET,
        input_names=["input_ids", "attention_mask"],
        output_names=[*(["logits"] if has_head else []), *states],
        dynamic_axes=dynamic,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    export(arguments.folder, arguments.out)
