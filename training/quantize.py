"""Quantises a BERT folder: every matrix becomes int8 with one fp32 scale a row, every vector stays as it is.

    python quantize.py SRC_DIR OUT_DIR

Symmetric and per row (an output channel of a Linear, a token of an embedding table):
scale = max|row| / 127, q = round(row / scale), so a weight is off by at most scale / 2. Names and
`quantization_config` follow the compressed-tensors convention (format "int-quantized", strategy
"channel"): `NAME.weight` I8 [rows, cols], `NAME.weight_scale` F32 [rows, 1]. The bytes are the same on every run.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from weights import SCALE_SUFFIX, load_model, load_tensors, sha256, write_folder

LEVELS = 127

QUANTIZATION_CONFIG = {
    "quant_method": "compressed-tensors",
    "format": "int-quantized",
    "quantization_status": "compressed",
    "config_groups": {
        "group_0": {
            "targets": ["Linear", "Embedding"],
            "weights": {
                "num_bits": 8,
                "type": "int",
                "symmetric": True,
                "group_size": None,
                "strategy": "channel",
                "dynamic": False,
            },
            "input_activations": None,
            "output_activations": None,
            # Said again here: without it the package takes int8 weights without int8 activations for packed ones.
            "format": "int-quantized",
        }
    },
    "kv_cache_scheme": None,
    "global_compression_ratio": None,
    "ignore": [],
}


def quantize_rows(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """int8 [rows, cols] and fp32 scale [rows, 1] of a matrix; a row of zeros gets scale 1."""
    matrix = matrix.to(torch.float32)
    scale = matrix.abs().amax(dim=1, keepdim=True) / LEVELS
    scale = torch.where(scale > 0, scale, torch.ones_like(scale))
    # The clamp holds rounding of max|row| / scale at 127.
    levels = torch.round(matrix / scale).clamp(-LEVELS, LEVELS).to(torch.int8)
    return levels, scale


def quantize_folder(source: Path, out: Path) -> None:
    """Writes the four files of the quantised model."""
    tensors = {}
    for name, tensor in load_file(source / "model.safetensors").items():
        if tensor.ndim != 2:
            tensors[name] = tensor
            continue
        tensors[name], tensors[name.removesuffix(".weight") + SCALE_SUFFIX] = quantize_rows(tensor)
    config = json.loads((source / "config.json").read_text())
    config["quantization_config"] = QUANTIZATION_CONFIG
    write_folder(out, config, tensors, (source / "tokenizer.json").read_text())


def report_error(source: Path, out: Path) -> None:
    """Loads both folders and prints how far the dequantised weights are from the source's."""
    load_model(out)
    before, after = load_tensors(source), load_tensors(out)
    errors = {name: (after[name] - before[name]).abs().max().item() for name in before}
    worst = max(errors, key=errors.__getitem__)
    squared_error = sum((after[name] - before[name]).double().square().sum().item() for name in before)
    squared_norm = sum(before[name].double().square().sum().item() for name in before)
    path = out / "model.safetensors"
    print(f"{path.stat().st_size:,} bytes, sha256 {sha256(path)}")
    largest = before[worst].abs().max().item()
    print(f"largest error of a weight {errors[worst]:.6f} (in {worst}, whose largest weight is {largest:.4f})")
    print(f"relative error over all weights {(squared_error / squared_norm) ** 0.5:.6f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, metavar="SRC_DIR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    args = parser.parse_args()
    quantize_folder(args.source, args.out)
    report_error(args.source, args.out)


if __name__ == "__main__":
    main()
