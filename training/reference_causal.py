"""Writes how much of a change's effect parts of each layer carry, over some texts: fixtures/causal.json.

    python reference_causal.py ../fixtures

Of tiny-bert as a classifier and tiny-gpt2 as a language model, in float64, by transformers and forward hooks: random texts,
in each of which every token is replaced by its nearest neighbour (cosine of the word table). For every change the effect, and
by layer the share of it that is undone (`restored`) or made (`transferred`) by the states of the other run at the changed
position, at all others, at the one that the head reads ([CLS], or the last), and at all; null where the effect is within
rounding. Beside it the means over all changes.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import transformers
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from reference_patching import Case, load
from weights import load_model

SEED = 20261201
TEXTS = 5
LENGTHS = (5, 12)
RELATIVE_ROUNDING = 1e-4
PARTS = ("own", "others", "read", "whole")


def nearest(table: torch.Tensor, token: int) -> int:
    cosines = torch.nn.functional.cosine_similarity(table, table[token][None], dim=1)
    cosines[token] = -torch.inf
    return int(cosines.argmax())


def outcome_of(before: torch.Tensor, after: torch.Tensor, kind: str):
    """The number in which the effect is measured, of logits, and the amount up to which rounding may have made it."""
    if kind == "labels":
        first = int(before.argmax())
        others = after.clone()
        others[first] = -torch.inf
        rival = int(others.argmax())
        return (lambda logits: float(logits[first] - logits[rival])), float(max(before.abs().max(), after.abs().max()))
    expected = int(before.argmax())
    log_p = [torch.log_softmax(logits, dim=0) for logits in (before, after)]
    return (lambda logits: float(torch.log_softmax(logits, dim=0)[expected])), float(max(p.abs().max() for p in log_p))


def of_change(model, ids: list[int], position: int, token: int, kind: str, layers: int) -> dict:
    changed = [*ids[:position], token, *ids[position + 1 :]]
    read = len(ids) - 1 if kind == "tokens" else 0
    answer = (lambda output: output.logits[0, -1]) if kind == "tokens" else (lambda output: output.logits[0])
    case = Case(model, ids, changed, answer)
    before, after = case.plain("original"), case.plain("changed")
    outcome, largest = outcome_of(before, after, kind)
    effect = outcome(after) - outcome(before)
    found = {"position": position, "tokenId": token, "effect": effect}
    if abs(effect) <= RELATIVE_ROUNDING * largest:
        return {**found, "restored": None, "transferred": None}
    every = list(range(len(ids)))
    at = {"own": [position], "others": [j for j in every if j != position], "read": [read], "whole": every}
    for name, into, of in (("restored", "changed", "original"), ("transferred", "original", "changed")):
        found[name] = {part: [] for part in PARTS}
        for layer in range(layers + 1):
            event = case.places[into][layer][0]
            for part, positions in at.items():
                output = case.watched.patched(case.ids[into], event, positions, case.states[of][layer])
                left = (outcome(answer(output)) - outcome(before)) / effect
                found[name][part].append(1 - left if name == "restored" else left)
    return found


def of_model(name: str, model, kind: str, ordinary: list[int], frame, rng) -> dict:
    model = model.double().eval()
    table = model.get_input_embeddings().weight.detach()
    layers = model.config.num_hidden_layers
    texts = []
    for _ in range(TEXTS):
        content = [int(token) for token in rng.choice(ordinary, rng.integers(*LENGTHS))]
        ids = frame(content)
        first = ids.index(content[0])
        changes = [
            of_change(model, ids, position, nearest(table, ids[position]), kind, layers)
            for position in range(first, first + len(content))
        ]
        texts.append({"inputIds": ids, "changes": changes})
    told = [change for text in texts for change in text["changes"] if change["restored"]]
    means = {
        reading: {part: np.mean([change[reading][part] for change in told], axis=0).tolist() for part in PARTS}
        for reading in ("restored", "transferred")
    }
    return {"folder": name, "head": kind, "layers": layers, "texts": texts, "n": len(told), "means": means}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path)
    fixtures = parser.parse_args().fixtures
    torch.set_num_threads(1)
    disable_progress_bar()
    set_verbosity_error()
    rng = np.random.default_rng(SEED)
    bert = load_model(fixtures / "tiny-bert")
    size = bert.config.vocab_size
    tokens = json.loads((fixtures / "tiny-bert/tokenizer.json").read_text())["model"]["vocab"]
    cls, sep = tokens["[CLS]"], tokens["[SEP]"]
    special = {token for name, token in tokens.items() if name.startswith("[")}
    ordinary = [token for token in range(size) if token not in special]
    found = [of_model("tiny-bert", bert, "labels", ordinary, lambda content: [cls, *content, sep], rng)]

    folder = fixtures / "tiny-gpt2"
    config = transformers.AutoConfig.from_pretrained(folder)
    gpt2 = load(folder, config, transformers.GPT2LMHeadModel(config), "causal-lm")
    special = {token["id"] for token in json.loads((folder / "tokenizer.json").read_text())["added_tokens"]}
    ordinary = [token for token in range(config.vocab_size) if token not in special]
    found.append(of_model("tiny-gpt2", gpt2, "tokens", ordinary, list, rng))
    text = json.dumps({"transformers": transformers.__version__, "models": found}, separators=(",", ":"))
    (fixtures / "causal.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
