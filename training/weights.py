"""Reads a model folder in hub layout (`config.json`, `tokenizer.json`, `tokenizer_config.json`, `model.safetensors`)
as an fp32 BERT in PyTorch, and writes one.

The file may hold F32, F16 or BF16 tensors, or int8 matrices in the layout of compressed-tensors'
"int-quantized" format with strategy "channel": I8 `NAME.weight` [rows, cols] beside F32
`NAME.weight_scale` [rows, 1]; the weight is then `weight * weight_scale`, row by row.
"""

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedModel

SCALE_SUFFIX = ".weight_scale"


def load_tensors(folder: str | Path) -> dict[str, torch.Tensor]:
    """Every tensor of the folder's `model.safetensors` as fp32, int8 matrices multiplied by their scales."""
    stored = load_file(Path(folder) / "model.safetensors")
    tensors = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE_SUFFIX):
            continue
        value = tensor.to(torch.float32)
        if tensor.dtype == torch.int8:
            value = value * stored[name.removesuffix(".weight") + SCALE_SUFFIX]
        tensors[name] = value
    return tensors


def load_config(folder: str | Path, **overrides) -> BertConfig:
    """The folder's configuration, without the note on quantisation: the weights are handed over dequantised."""
    settings = json.loads((Path(folder) / "config.json").read_text())
    settings.pop("quantization_config", None)
    return BertConfig(**{**settings, **overrides})


def load_model(folder: str | Path, **overrides) -> PreTrainedModel:
    """The model in fp32, in evaluation mode: `BertForSequenceClassification`, or for a file without a
    classifier (the bare layout, no `bert.` prefix) `BertModel`. `overrides` go into the configuration."""
    tensors = load_tensors(folder)
    config = load_config(folder, **overrides)
    if "classifier.weight" in tensors:
        model = BertForSequenceClassification(config)
    else:
        model = BertModel(config, add_pooling_layer="pooler.dense.weight" in tensors)
    # strict: a tensor that is missing or left over is an error, never a random initialisation.
    model.load_state_dict(tensors, strict=True)
    return model.eval()


def write_folder(out: str | Path, config: dict, tensors: dict[str, torch.Tensor], tokenizer: str) -> None:
    """Writes a model folder, the same bytes on every run; `tokenizer` is the text of a lower-casing BERT's
    `tokenizer.json`."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer_config = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": True,
        "model_max_length": config["max_position_embeddings"],
        "unk_token": "[UNK]",
        "sep_token": "[SEP]",
        "pad_token": "[PAD]",
        "cls_token": "[CLS]",
        "mask_token": "[MASK]",
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (out / "tokenizer.json").write_text(tokenizer)
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer_config, indent=2) + "\n")
    # save() sorts by alignment and name, so every tensor begins at a multiple of its element size.
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    (out / "model.safetensors").write_bytes(save(contiguous, metadata={"format": "pt"}))


def sha256(path: str | Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
