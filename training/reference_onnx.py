"""What transformers gives for the models of make_onnx.py."""

import json

import torch

from onnx_models import LENGTH, SEED, VOCABULARY, is_causal
from reference_families import CLOSEST, NEIGHBORS, NORMS, readable_rows, rounded


@torch.inference_mode()
def reference(model) -> dict:
    """transformers' numbers for one sequence and one substitution."""
    generator = torch.Generator().manual_seed(SEED)
    ids = torch.randint(5, VOCABULARY, (LENGTH,), generator=generator)
    position, token = LENGTH // 2, int(ids[0]) + 1

    def forward(ids: torch.Tensor):
        output = model(input_ids=ids[None], output_hidden_states=True)
        return torch.cat(output.hidden_states), output["logits"][0] if "logits" in output else None

    states, logits = forward(ids)
    changed_ids = ids.clone()
    changed_ids[position] = token
    changed, logits_after = forward(changed_ids)
    table = model.get_input_embeddings().weight.detach().double()
    readable, states_read = readable_rows(model, table), changed[:, position].double()
    closeness = torch.nn.functional.normalize(states_read, dim=1) @ torch.nn.functional.normalize(readable, dim=1).T
    closest_cosines, closest = closeness.sort(dim=1, descending=True)
    cosines = torch.nn.functional.normalize(table[ids], dim=1) @ torch.nn.functional.normalize(table, dim=1).T
    cosines[torch.arange(LENGTH), ids] = -torch.inf
    best, nearest = cosines.sort(dim=1, descending=True)
    shifts = []
    for place, neighbor in enumerate(nearest[:, 0].tolist()):
        other = ids.clone()
        other[place] = neighbor
        difference = (forward(other)[0][0] - states[0]).double().flatten()
        shifts.append([torch.linalg.vector_norm(difference, p).item() for p in NORMS.values()])
    result = {
        "family": model.config.model_type,
        "config": {**json.loads(model.config.to_json_string()), "architectures": [type(model).__name__]},
        "layers": model.config.num_hidden_layers,
        "width": model.config.hidden_size,
        "vocabularySize": VOCABULARY,
        "inputIds": ids.tolist(),
        "hiddenStates": rounded(states),
        "substitution": {
            "position": position,
            "tokenId": token,
            "byPosition": rounded(torch.linalg.vector_norm((changed - states).double(), dim=2)),
            "closest": {"ids": closest[:, :CLOSEST].tolist(), "cosines": rounded(closest_cosines[:, :CLOSEST])},
        },
        "neighbors": {
            "k": NEIGHBORS,
            "ids": nearest[:, :NEIGHBORS].tolist(),
            "cosines": rounded(best[:, :NEIGHBORS]),
            "shifts": rounded(shifts),
        },
    }
    if logits is not None and logits.ndim == 1:
        result |= {"head": "classification", "logits": rounded(logits), "logitsAfter": rounded(logits_after)}
    elif logits is not None:
        positions = [1, LENGTH - 1]
        result |= {"head": "causal-lm" if is_causal(model) else "masked-lm", "logitPositions": positions}
        result["tokenLogits"] = rounded(logits[positions])
    else:
        result["head"] = "none"
    return result
