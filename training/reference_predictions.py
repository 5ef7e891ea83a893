"""Writes what language-model heads give before and after a change, for the tests: fixtures/predictions.json.

    python reference_predictions.py ../fixtures

By transformers for tiny models of make_families.py, by onnxruntime for two ONNX files of make_onnx.py: the distribution
at a place (the next token in causal models; in masked models the place's own, the mask put there), its entropy and
Kullback-Leibler divergence in nats by scipy, and ln p of every token of the original and the changed text, which in masked
models is masked for it (Salazar et al. 2020). `distributions` are scores of no model, ties and extremes among them.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import onnxruntime
import scipy
import torch
import transformers
from safetensors.torch import load_file
from scipy.special import log_softmax
from scipy.stats import entropy
from tokenizers import Tokenizer

MODELS = ["tiny-gpt2", "tiny-llama", "tiny-roberta", "tiny-masked-bert", "tiny-albert"]
FILES = {"gpt2.dynamo-18.onnx": ("gpt2", None), "roberta.dynamo-18.onnx": ("roberta", 5)}
K = 6
SEED = 20261122


def number(value: float) -> float | None:
    return float(f"{value:.15g}") if math.isfinite(value) else None


def numbers(values) -> list[float | None]:
    return [number(value) for value in values]


def rank(logs: np.ndarray, token: int) -> int:
    """1 for the most probable; equal ones in the order of their ids."""
    return int((logs > logs[token]).sum() + (logs[:token] == logs[token]).sum()) + 1


def top(logs: np.ndarray) -> list[int]:
    return np.argsort(-logs, kind="stable")[:K].tolist()


def change(before: np.ndarray, after: np.ndarray, also: list[int]) -> dict:
    """Two log distributions as the page tells of them."""
    return {
        "topBefore": top(before),
        "topAfter": top(after),
        "also": [
            {"tokenId": t, "p": numbers([math.exp(x[t]) for x in (before, after)]), "rank": [rank(before, t), rank(after, t)]}
            for t in also
        ],
        "entropy": numbers([entropy(np.exp(before)), entropy(np.exp(after))]),
        "divergence": number(entropy(np.exp(before), np.exp(after))),
    }


def of_model(logits_of, ids: list[int], position: int, token: int, head: str, mask: int | None) -> dict:
    """`logits_of`: ids to scores [n, V]."""
    changed = [*ids[:position], token, *ids[position + 1 :]]
    logs = lambda sequence: log_softmax(logits_of(sequence).astype(np.float64), axis=-1)
    masked = lambda sequence, at: logs([*sequence[:at], mask, *sequence[at + 1 :]])[at]
    if head == "causal-lm":
        before, after = logs(ids), logs(changed)
        places = [position, len(ids) - 1]
        predictions = [{"position": at, **change(before[at], after[at], [ids[position], token])} for at in places]
        tokens = list(range(1, len(ids)))
        likelihoods = [[table[at - 1] for at in tokens] for table in (before, after)]
    else:
        places = [position, position + 1]
        predictions = [
            {"position": at, **change(masked(ids, at), masked(changed, at), [ids[at], token])} for at in places
        ]
        tokens = list(range(1, len(ids) - 1))
        likelihoods = [[masked(sequence, at) for at in tokens] for sequence in (ids, changed)]
    return {
        "head": head,
        "inputIds": ids,
        "maskId": mask,
        "substitution": {"position": position, "tokenId": token},
        "predictions": predictions,
        "likelihoods": {
            "positions": tokens,
            **{
                name: {
                    "logProbabilities": numbers(row[sequence[at]] for row, at in zip(rows, tokens)),
                    "ranks": [rank(row, sequence[at]) for row, at in zip(rows, tokens)],
                }
                for name, rows, sequence in zip(("before", "after"), likelihoods, (ids, changed))
            },
        },
    }


def readable(entry: str) -> bool:
    """Whether a person can type this entry of a vocabulary."""
    return len(entry) > 1 and entry.isascii() and entry.isalpha()


def of_folder(folder: Path) -> dict:
    fixture = json.loads((folder / "reference.json").read_text())
    head = fixture["model"]["head"]
    config = transformers.AutoConfig.from_pretrained(folder, attn_implementation="eager")
    model = getattr(transformers, fixture["model"]["languageModel"])(config).eval()
    tensors = {**load_file(folder / "model.safetensors"), **load_file(folder / f"{head}.safetensors")}
    missing, _ = model.load_state_dict(tensors, strict=False)
    model.tie_weights()
    tied = {name for name, _ in model.named_parameters()} & set(missing)
    if tied:
        raise SystemExit(f"{folder}: {tied} are in no file")
    case = next(case for case in fixture["cases"] if case["name"] == "short")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    token = next(t for t in range(97, model.config.vocab_size) if readable(tokenizer.id_to_token(t)))
    mask = tokenizer.token_to_id("[MASK]") or tokenizer.token_to_id("<mask>")

    def logits_of(ids):
        with torch.inference_mode():
            return model(input_ids=torch.tensor([ids])).logits[0].numpy()

    found = of_model(logits_of, case["inputIds"], case["substitution"]["position"], token, head, mask)
    return {"name": folder.name, **found}


def of_file(folder: Path, name: str) -> dict:
    family, mask = FILES[name]
    fixture = json.loads((folder / "reference.json").read_text())["models"][family]
    session = onnxruntime.InferenceSession(folder / name, providers=["CPUExecutionProvider"])

    def logits_of(ids):
        feeds = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), dtype=np.int64)}
        return session.run(["logits"], feeds)[0][0]

    substitution = fixture["substitution"]
    found = of_model(
        logits_of, fixture["inputIds"], substitution["position"], substitution["tokenId"], fixture["head"], mask
    )
    return {"name": name, **found}


def of_scores() -> list[dict]:
    rng = np.random.default_rng(SEED)
    pairs = {
        "gaussian": (rng.normal(0, 3, 40), rng.normal(0, 3, 40)),
        "the same": (rng.normal(size=12),) * 2,
        "ties": ([1.0, 2.0, 2.0, 0.0, 2.0, 1.0], [2.0, 1.0, 1.0, 2.0, 0.0, 2.0]),
        "large scores": ([1000.0, 999.0, -1000.0], [999.0, 1000.0, -1000.0]),
        "one token": ([3.0], [-8.0]),
        "almost certain": ([40.0, 0.0, 0.0, -5.0], [0.0, 40.0, 0.0, -5.0]),
        "nearly the same": (np.arange(8.0), np.arange(8.0) + 1e-9 * np.arange(8.0)),
    }
    cases = []
    for name, scores in pairs.items():
        before, after = (log_softmax(np.asarray(values, dtype=np.float64)) for values in scores)
        cases.append(
            {
                "name": name,
                "scores": [list(map(float, values)) for values in scores],
                "logProbabilities": [numbers(before), numbers(after)],
                **change(before, after, [0, len(before) - 1]),
            }
        )
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path, metavar="FIXTURES")
    folder = parser.parse_args().fixtures
    torch.set_num_threads(1)
    found = {
        "transformers": transformers.__version__,
        "onnxruntime": onnxruntime.__version__,
        "scipy": scipy.__version__,
        "models": [of_folder(folder / name) for name in MODELS],
        "files": [of_file(folder / "onnx", name) for name in FILES],
        "distributions": of_scores(),
    }
    (folder / "predictions.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
