"""Writes what transformers gives where padding stands inside a text, for the tests: fixtures/positions.json.

    python reference_positions.py ../fixtures

The families that count positions from the ids leave padding out (`create_position_ids_from_input_ids`): it takes the row
`pad_token_id` of the position table, and the tokens behind it count on. Each tiny model of make_families.py is read with its
own `pad_token_id` and with another that stands for a word; each model of make_onnx.py with its own. Every case is one
substitution: beside padding, into padding, out of padding. Models in fp32 with eager attention and no attention mask;
differences and norms in float64, eight significant digits.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

from reference_families import NORMS, rounded

FAMILIES = ["roberta", "xlm-roberta", "camembert", "xlm-roberta-xl", "longformer", "mpnet"]
ONNX = ["roberta", "xlm-roberta", "mpnet"]
PLACE = 3
WORD = 40
OTHER_PADDING = 17


def measure(model, ids: list[int], changed: list[int]) -> dict:
    before, after = (
        model(input_ids=torch.tensor([row]), attention_mask=torch.ones(1, len(row)), output_hidden_states=True)
        for row in (ids, changed)
    )
    states, moved = (torch.cat(output.hidden_states).double() for output in (before, after))
    difference = moved - states
    case = {
        "norms": rounded(torch.linalg.vector_norm(states, dim=2)),
        "byPosition": rounded(torch.linalg.vector_norm(difference, dim=2)),
        "shift": rounded([torch.linalg.vector_norm(difference[0], p).item() for p in NORMS.values()]),
    }
    if hasattr(model, "num_labels") and "logits" in before and before.logits.dim() == 2:
        case["logits"] = rounded(torch.stack([before.logits[0], after.logits[0]]))
    return case


def cases(model, text: list[int], pad: int) -> list[dict]:
    padded = [*text[:PLACE], pad, *text[PLACE + 1 :]]
    found = []
    for name, ids, position, token in (
        ("beside padding", padded, PLACE + 2, WORD),
        ("into padding", text, PLACE, pad),
        ("out of padding", padded, PLACE, WORD),
    ):
        changed = [*ids[:position], token, *ids[position + 1 :]]
        found.append({"name": name, "inputIds": ids, "position": position, "tokenId": token, **measure(model, ids, changed)})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fixtures", type=Path)
    fixtures = parser.parse_args().fixtures
    families, files = [], []
    for family in FAMILIES:
        folder = fixtures / f"tiny-{family}"
        reference = json.loads((folder / "reference.json").read_text())
        text = reference["cases"][0]["inputIds"]
        own = json.loads((folder / "config.json").read_text())["pad_token_id"]
        # MPNet's padding is written into its code, whatever the config says.
        for pad in [own] if family == "mpnet" else [own, OTHER_PADDING]:
            config = transformers.AutoConfig.from_pretrained(folder, pad_token_id=pad, attn_implementation="eager")
            model = transformers.AutoModelForSequenceClassification.from_config(config).eval()
            missing = model.load_state_dict(load_file(folder / "model.safetensors"), strict=False).missing_keys
            assert not [name for name in missing if "position_ids" not in name], missing
            base = [id if id != pad else WORD + 1 for id in text]
            families.append({"folder": folder.name, "paddingIdx": pad, "cases": cases(model, base, pad)})
    onnx = json.loads((fixtures / "onnx" / "reference.json").read_text())["models"]
    for name in ONNX:
        settings = dict(onnx[name]["config"])
        [architecture] = settings.get("architectures") or ["AutoModel"]
        config = transformers.AutoConfig.for_model(settings.pop("model_type"), **settings)
        config._attn_implementation = "eager"
        model = getattr(transformers, architecture)(config).eval()
        model.load_state_dict(torch.load(fixtures / "onnx" / f"{name}.bin", weights_only=True), strict=True)
        pad = model.base_model.embeddings.padding_idx
        base = [id if id != pad else WORD + 1 for id in onnx[name]["inputIds"]]
        files.append({"model": name, "paddingIdx": pad, "cases": cases(model, base, pad)})
    fixture = {"transformers": transformers.__version__, "families": families, "onnx": files}
    out = fixtures / "positions.json"
    out.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(out, out.stat().st_size, "bytes")


if __name__ == "__main__":
    with torch.inference_mode():
        main()
