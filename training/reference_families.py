"""What transformers gives for a tiny model of any family, as reference values for the tests; used by make_families.py.

Models in fp32 with transformers' own `output_hidden_states` and eager attention; differences, norms and cosines in
float64. Definitions as in reference.py. W is what `get_input_embeddings()` gives; hidden states are compared with W, or
where the family projects a narrower W to their width, with the projected W.
"""

import hashlib
import json
from pathlib import Path

import torch
import transformers
from transformers.models.deberta_v2.modeling_deberta_v2 import make_log_bucket_position
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

TEXTS = {
    "short": "Dull, but never boring.",
    "plain": "The film was long and slow, but the last scene is wonderful: a café, two old men.",
    "long": "I went to see this movie with my friends after work, and the actors are so charming and the music so fine "
    "that the hours flew by.",
}
NEIGHBORS = 5
CLOSEST = 3
NEAR_TIE = 2e-6
DIGITS = 8
NORMS = {"l1": 1, "l2": 2, "linf": float("inf")}


def rounded(values) -> list | float:
    """A tensor as plain numbers with eight significant digits."""
    if isinstance(values, torch.Tensor):
        values = values.tolist()
    if isinstance(values, list):
        return [rounded(value) for value in values]
    return float(f"{values:.{DIGITS}g}") if isinstance(values, float) else values


def check_sums(states: torch.Tensor) -> torch.Tensor:
    """sum_k h[k] cos(k + 1) of each row: a number that changes when any entry does, or moves."""
    return states @ torch.cos(torch.arange(1, states.shape[-1] + 1, dtype=torch.float64))


def readable_rows(model, table: torch.Tensor) -> torch.Tensor:
    """The word table in the hidden states' width: as the family projects it where it is narrower."""
    base = model.base_model
    projection = getattr(base, "embeddings_project", None)
    if projection is None:
        projection = getattr(getattr(base, "encoder", None), "embedding_hidden_mapping_in", None)
    return table if projection is None else projection(table.float()).detach().double()


class Reference:
    """One base model and its word table."""

    def __init__(self, classifier, language_model):
        self.classifier = classifier
        self.language_model = language_model
        self.table = classifier.get_input_embeddings().weight.detach().double()
        self.readable = readable_rows(classifier, self.table)
        self.ties = 0

    def ranked(self, vectors: torch.Tensor, table: torch.Tensor, k: int, without: torch.Tensor | None = None):
        """The k rows of a table closest to each vector by cosine, the rows named in `without` left out."""
        cosines = torch.nn.functional.normalize(vectors, dim=1) @ torch.nn.functional.normalize(table, dim=1).T
        if without is not None:
            cosines[torch.arange(len(without)), without] = -torch.inf
        values, ids = cosines.sort(dim=1, descending=True, stable=True)
        self.ties += int((values[:, : k + 1].diff(dim=1).abs() < NEAR_TIE).sum())
        return values[:, :k], ids[:, :k]

    def forward(self, ids: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden states [L+1, n, d] in float64, and the classifier's logits."""
        output = self.classifier(input_ids=torch.tensor([ids]), output_hidden_states=True)
        return torch.cat(output.hidden_states).double(), output.logits[0]

    def neighbors(self, ids: list[int], states: torch.Tensor) -> dict:
        """The nearest other tokens of every position, and the shift that the nearest makes."""
        tokens = torch.tensor(ids)
        values, nearest = self.ranked(self.table[tokens], self.table, NEIGHBORS, without=tokens)
        shifts = []
        for position, token in enumerate(nearest[:, 0].tolist()):
            changed, _ = self.forward([*ids[:position], token, *ids[position + 1 :]])
            difference = (changed[0] - states[0]).flatten()
            shifts.append([torch.linalg.vector_norm(difference, p).item() for p in NORMS.values()])
        return {"k": NEIGHBORS, "ids": nearest.tolist(), "cosines": rounded(values), "shifts": rounded(shifts)}

    def case(self, name: str, text: str, ids: list[int], tokens: list[str], special: set[int]) -> dict:
        states, logits = self.forward(ids)
        # An arbitrary token in the middle; special ones change what transformers takes for padding.
        position = len(ids) // 2
        token = next(token for token in range(97, len(self.table)) if token not in special and token != ids[position])
        changed, logits_after = self.forward([*ids[:position], token, *ids[position + 1 :]])
        closest, closest_ids = self.ranked(changed[:, position], self.readable, CLOSEST)
        difference = changed - states
        lm_positions = [1, len(ids) - 1]
        token_logits = self.language_model(input_ids=torch.tensor([ids])).logits[0, lm_positions]
        case = {
            "name": name,
            "text": text,
            "inputIds": ids,
            "tokens": tokens,
            "norms": rounded(torch.linalg.vector_norm(states, dim=2)),
            "checkSums": rounded(check_sums(states)),
            "logits": rounded(logits),
            "tokenLogits": {
                "positions": lm_positions,
                "best": token_logits.argmax(dim=1).tolist(),
                "norms": rounded(torch.linalg.vector_norm(token_logits.double(), dim=1)),
                "checkSums": rounded(check_sums(token_logits.double())),
            },
            "substitution": {
                "position": position,
                "tokenId": token,
                "distances": rounded(torch.linalg.vector_norm(difference.flatten(1), dim=1)),
                "byPosition": rounded(torch.linalg.vector_norm(difference, dim=2)),
                "logits": rounded(logits_after),
                "closest": {"ids": closest_ids.tolist(), "cosines": rounded(closest)},
            },
        }
        bare = torch.cat(
            self.classifier.base_model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states
        ).double()
        # With a classifier the first position of a Longformer sees all others.
        if not torch.allclose(bare, states):
            case["bare"] = {
                "norms": rounded(torch.linalg.vector_norm(bare, dim=2)),
                "checkSums": rounded(check_sums(bare)),
            }
        if name == "short":
            case["hiddenStates"] = rounded(states)
            case["tokenLogits"]["values"] = rounded(token_logits)
            case["neighbors"] = self.neighbors(ids, states)
        return case


def write_reference(folder: Path, classifier, language_model, head: str, tokenizer, max_tokens: int) -> int:
    """Writes FOLDER/reference.json. Returns the number of near ties, which should be 0."""
    reference = Reference(classifier, language_model)
    special = {id for id, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    cases = []
    tokenizer.enable_truncation(max_tokens)
    with torch.inference_mode():
        for name, text in TEXTS.items():
            encoded = tokenizer.encode(text)
            case = reference.case(name, text, encoded.ids, encoded.tokens, special)
            cases.append({**case, "truncated": bool(encoded.overflowing)})
    fixture = {
        "model": {
            "family": classifier.config.model_type,
            "sha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
            "classifier": type(classifier).__name__,
            "languageModel": type(language_model).__name__,
            "base": type(classifier.base_model).__name__,
            "prefix": f"{classifier.base_model_prefix}.",
            "head": head,
        },
        "transformers": transformers.__version__,
        "nearTies": reference.ties,
        "cases": cases,
    }
    text = json.dumps(fixture, ensure_ascii=False, separators=(",", ":"))
    (folder / "reference.json").write_text(text + "\n")
    return reference.ties


def write_buckets(path: Path) -> None:
    """Writes transformers' own buckets of i - j = -511..511 for the sizes that full models have."""
    ahead = torch.arange(-511, 512)
    buckets = {
        "from": -511,
        "mpnet": {"buckets": 32, "values": MPNetEncoder.relative_position_bucket(-ahead).tolist()},
        "deberta": {
            "buckets": 256,
            "maxPositions": 512,
            "values": make_log_bucket_position(ahead, 256, 512).to(torch.long).tolist(),
        },
    }
    path.write_text(json.dumps(buckets, separators=(",", ":")) + "\n")
