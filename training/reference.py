"""Computes the tool's measures in PyTorch, as reference values for its tests.

    python reference.py MODEL_DIR TEXTS.json... --out FIXTURE.json

Model in fp32 with `transformers`' own `output_hidden_states`; differences, norms and cosines in float64. h_0 is the
output of the embedding layer (after LayerNorm), h_1..h_L are the encoder layers' outputs, W is the word table.
Definitions: Conti et al., arXiv 2506.18011 (substitute: eq. 1; distances by layer: fig. 3; closest tokens: the paper's
table for "ashamed"); identifiability: Brunner et al. 2019. Positions count [CLS] and [SEP]; KL is in nats.
Each TEXTS.json is a list of {"name", "text", "replace"?: {"from", "to"}}; "replace" adds a measurement of that one word.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer

from weights import load_model, sha256

NORMS = {"l1": 1, "l2": 2, "linf": float("inf")}
NEIGHBORS = 10
NEIGHBORS_OF_LONG = 3
LONG = 200
BY_POSITION_UP_TO = 64
CLOSEST = 5
LEAST = 5
# Cosines closer than this can change places in fp32.
NEAR_TIE = 2e-6
# Shifts closer than this, relative to their size, likewise.
NEAR_TIE_OF_SHIFTS = 1e-5
DIGITS = 10


def rounded(values) -> list | float:
    """A tensor or float as plain numbers with ten significant digits."""
    if isinstance(values, torch.Tensor):
        values = values.tolist()
    if isinstance(values, list):
        return [rounded(value) for value in values]
    return float(f"{values:.{DIGITS}g}") if isinstance(values, float) else values


def near_ties(sorted_scores: torch.Tensor) -> int:
    """How many consecutive ranks [.., k] are closer than NEAR_TIE."""
    return int((sorted_scores.diff(dim=-1).abs() < NEAR_TIE).sum())


class Reference:
    """One model and its word table, ready to be measured."""

    def __init__(self, folder: Path):
        # eager: one plain product after the other, no fused kernel.
        self.model = load_model(folder, attn_implementation="eager")
        self.encoder = self.model.base_model
        self.table = self.encoder.embeddings.word_embeddings.weight.detach().double()
        self.directions = torch.nn.functional.normalize(self.table, dim=1)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.max_tokens = self.model.config.max_position_embeddings
        self.edges = {self.tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]", "[PAD]")}

    def cosines(self, vectors: torch.Tensor) -> torch.Tensor:
        """Cosine of each vector [m, d] with every row of the word table: [m, V]."""
        return torch.nn.functional.normalize(vectors.double(), dim=1) @ self.directions.T

    def ranked(self, cosines: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The k largest cosines of each row and their ids; of equal ones the smaller id comes first."""
        values, ids = cosines.sort(dim=1, descending=True, stable=True)
        return values[:, :k], ids[:, :k]

    def embed(self, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Rows of h_0 for tokens at positions, both [m]: [m, d] in float64."""
        rows = self.encoder.embeddings(
            input_ids=ids[None], position_ids=positions[None], token_type_ids=torch.zeros_like(ids)[None]
        )
        return rows[0].double()

    def forward(self, ids: list[int]) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Hidden states [L+1, n, d] in float64, and logits [classes] or None for a model without a head."""
        output = self.model(input_ids=torch.tensor([ids]), output_hidden_states=True)
        logits = output.logits[0].double() if "logits" in output else None
        return torch.cat(output.hidden_states).double(), logits

    def neighbors(self, ids: list[int], positions: list[int], k: int) -> tuple[dict, int]:
        """The k nearest tokens of each position by cosine in W (eq. 1: only the token itself is left out), with
        the embedding shift each would make, and the raw distance of the rows of W."""
        where = torch.tensor(positions)
        tokens = torch.tensor(ids)[where]
        cosines = self.cosines(self.table[tokens])
        cosines[torch.arange(len(tokens)), tokens] = -torch.inf
        values, nearest = self.ranked(cosines, k + 1)
        ties = near_ties(values)
        values, nearest = values[:, :k], nearest[:, :k]
        before = self.embed(tokens, where)[:, None]
        after = self.embed(nearest.reshape(-1), where.repeat_interleave(k)).reshape(len(tokens), k, -1)
        columns = {name: torch.linalg.vector_norm(before - after, p, dim=2) for name, p in NORMS.items()}
        columns["rawL2"] = torch.linalg.vector_norm(self.table[tokens][:, None] - self.table[nearest], dim=2)
        return {
            "positions": positions,
            "k": k,
            "ids": nearest.tolist(),
            "cosines": rounded(values),
            **{name: rounded(column) for name, column in columns.items()},
        }, ties

    def measure(self, ids: list[int], substitutions: list[tuple[int, int]], states: torch.Tensor, logits) -> dict:
        """Everything that changes when the tokens at some positions are replaced."""
        changed = list(ids)
        for position, token in substitutions:
            changed[position] = token
        states_after, logits_after = self.forward(changed)
        difference = states - states_after
        flat, flat_after = states.flatten(1), states_after.flatten(1)
        distances = torch.linalg.vector_norm(difference.flatten(1), dim=1)
        by_position = torch.linalg.vector_norm(difference, dim=2)
        result = {
            "substitutions": [{"position": position, "tokenId": token} for position, token in substitutions],
            "shift": {name: rounded(torch.linalg.vector_norm(difference[0].flatten(), p)) for name, p in NORMS.items()},
            "distances": rounded(distances),
            "own": rounded(by_position[:, substitutions[0][0]]),
            "relative": rounded(distances / torch.linalg.vector_norm(flat, dim=1)),
            "cosine": rounded(torch.nn.functional.cosine_similarity(flat, flat_after, dim=1)),
        }
        if len(ids) <= BY_POSITION_UP_TO:
            result["byPosition"] = rounded(by_position)
        if logits is not None:
            log_before, log_after = logits.log_softmax(0), logits_after.log_softmax(0)
            before = log_before.exp()
            result["logits"] = rounded(logits_after)
            result["probabilityBefore"] = rounded(before)
            result["probabilityAfter"] = rounded(log_after.exp())
            result["kl"] = rounded((before * (log_before - log_after)).sum())
            result["flips"] = bool(logits.argmax() != logits_after.argmax())
        return result

    def closest(self, ids: list[int], substitutions: list[dict], position: int) -> tuple[dict, int]:
        """The tokens closest to the hidden state at a position, in every layer."""
        changed = list(ids)
        for substitution in substitutions:
            changed[substitution["position"]] = substitution["tokenId"]
        states, _ = self.forward(changed)
        values, nearest = self.ranked(self.cosines(states[:, position]), CLOSEST + 1)
        layers = [
            {"ids": layer_ids[:CLOSEST], "cosines": rounded(layer_values[:CLOSEST])}
            for layer_ids, layer_values in zip(nearest.tolist(), values.tolist())
        ]
        return {"substitutions": substitutions, "position": position, "layers": layers}, near_ties(values)

    def identify(self, ids: list[int], states: torch.Tensor) -> tuple[list[float], list[int], dict[str, int]]:
        """By layer the share of positions whose closest token is their own (special tokens included),
        the last layer's closest token at every position, and the near ties of both."""
        own = torch.tensor(ids)
        shares, ties = [], 0
        for layer in states:
            cosines = self.cosines(layer)
            values, nearest = self.ranked(cosines, 2)
            shares.append((nearest[:, 0] == own).double().mean().item())
            # A near tie only matters where the token itself is one of the two.
            ties += int((((values[:, 0] - values[:, 1]) < NEAR_TIE) & (nearest == own[:, None]).any(dim=1)).sum())
        return shares, nearest[:, 0].tolist(), {"identifiability": ties, "lastLayer": near_ties(values)}


def least_impactful(neighbors: dict) -> tuple[dict[str, list[int]], int]:
    """The positions whose nearest substitute shifts the embedding least, smallest first, by norm; ties by position."""
    least, ties = {}, 0
    for name in NORMS:
        shifts = [(row[0], position) for row, position in zip(neighbors[name], neighbors["positions"])]
        ranked = sorted(shifts)
        least[name] = [position for _, position in ranked[:LEAST]]
        # Equal tokens at different positions differ by their position embedding; exact ties are settled by position.
        ties += sum(0 < b - a < NEAR_TIE_OF_SHIFTS * b for (a, _), (b, _) in zip(ranked[:LEAST], ranked[1 : LEAST + 1]))
    return least, ties


def choose_substitutions(reference: Reference, index: int, text: dict, ids: list[int], neighbors: dict) -> list:
    """Per text: the nearest token at the middle position, the 4th nearest (the last there is) a quarter in, an
    arbitrary token three quarters in, the first and the last at once, and the text's own replacement."""
    positions, nearest = neighbors["positions"], neighbors["ids"]
    middle, early, late = len(positions) // 2, len(positions) // 4, 3 * len(positions) // 4
    # Multiples of a prime spread over the whole vocabulary.
    arbitrary = 7919 * (index + 1) % len(reference.table)
    chosen = [
        [(positions[middle], nearest[middle][0])],
        [(positions[early], nearest[early][min(3, neighbors["k"] - 1)])],
        [(positions[late], arbitrary)],
    ]
    if len(positions) > 1:
        chosen.append([(positions[middle], nearest[middle][0]), (positions[late], arbitrary)])
    if "replace" in text:
        before, after = (reference.tokenizer.token_to_id(text["replace"][key]) for key in ("from", "to"))
        chosen.append([(ids.index(before), after)])
    return chosen


def case(reference: Reference, index: int, text: dict) -> dict:
    """All reference values for one text."""
    full = reference.tokenizer.encode(text["text"])
    # [CLS], the first pieces that fit, and [SEP].
    truncated = len(full.ids) > reference.max_tokens
    ids = full.ids[: reference.max_tokens - 1] + full.ids[-1:] if truncated else full.ids
    positions = [position for position, token in enumerate(ids) if token not in reference.edges]
    neighbors, neighbor_ties = reference.neighbors(ids, positions, NEIGHBORS_OF_LONG if len(ids) > LONG else NEIGHBORS)
    least, least_ties = least_impactful(neighbors)
    states, logits = reference.forward(ids)
    measurements = [
        reference.measure(ids, substitutions, states, logits)
        for substitutions in choose_substitutions(reference, index, text, ids, neighbors)
    ]
    first = measurements[0]["substitutions"]
    closest, closest_ties = zip(*(reference.closest(ids, subs, first[0]["position"]) for subs in ([], first)))
    shares, last_layer, identify_ties = reference.identify(ids, states)
    return {
        "name": text["name"],
        "text": text["text"],
        "inputIds": ids,
        "tokens": [reference.tokenizer.id_to_token(token) for token in ids],
        "truncated": truncated,
        "nearTies": {
            "neighbors": neighbor_ties,
            "leastImpactful": least_ties,
            "closest": sum(closest_ties),
            **identify_ties,
        },
        "neighbors": neighbors,
        "leastImpactful": least,
        "logits": None if logits is None else rounded(logits),
        "measurements": measurements,
        "closest": list(closest),
        "lastLayer": last_layer,
        "identifiability": rounded(shares),
    }


def provenance(folder: Path) -> dict:
    """What a fixture was made of, and with."""
    return {
        "model": {"id": folder.resolve().name, "sha256": sha256(folder / "model.safetensors")},
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, metavar="MODEL_DIR")
    parser.add_argument("texts", type=Path, nargs="+", metavar="TEXTS.json")
    parser.add_argument("--out", type=Path, required=True, metavar="FIXTURE.json")
    args = parser.parse_args()

    reference = Reference(args.model)
    texts = [text for path in args.texts for text in json.loads(path.read_text())]
    with torch.inference_mode():
        cases = [case(reference, index, text) for index, text in enumerate(texts)]
    fixture = {**provenance(args.model), "cases": cases}
    args.out.write_text(json.dumps(fixture, ensure_ascii=False, separators=(",", ":")) + "\n")
    for entry in cases:
        flips = sum(measurement.get("flips", False) for measurement in entry["measurements"])
        print(f"{entry['name']}: {len(entry['inputIds'])} tokens, {flips} flips, near ties {entry['nearTies']}")


if __name__ == "__main__":
    main()
