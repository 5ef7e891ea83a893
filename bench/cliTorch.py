"""The PyTorch side of bench/cli.mjs: forwards of batches, asked for one line at a time.

    python bench/cliTorch.py MODEL_DIR THREADS

Reads JSON lines {"attention": "eager" | "sdpa", "ids": [[...], ...]} or {"size": N} from standard input and answers each with
{"ms": ..., "distances": [[...]]?}: a forward with all hidden states and the distances of rows 1.. from row 0 at every layer; or the
time of one product of N x N matrices.
"""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "training"))

from weights import load_model  # noqa: E402


def propagate(model, ids: torch.Tensor) -> torch.Tensor:
    """[b - 1, L+1] l2 over the whole sequence of h_l - h_l(row 0)."""
    states = model(input_ids=ids, output_hidden_states=True).hidden_states
    return torch.stack([(h[1:] - h[:1]).flatten(1).norm(dim=1) for h in states], dim=1)


def main() -> None:
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    models = {name: load_model(folder, attn_implementation=name) for name in ("eager", "sdpa")}
    print(json.dumps({"torch": torch.__version__}), flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            asked = json.loads(line)
            if "size" in asked:
                a, b = torch.randn(2, asked["size"], asked["size"])
                out = torch.empty_like(a)
                started = time.perf_counter()
                torch.mm(a, b, out=out)
                print(json.dumps({"ms": 1000 * (time.perf_counter() - started)}), flush=True)
                continue
            ids = torch.tensor(asked["ids"])
            started = time.perf_counter()
            distances = propagate(models[asked["attention"]], ids)
            elapsed = time.perf_counter() - started
            print(json.dumps({"ms": 1000 * elapsed, "distances": distances.tolist()}), flush=True)


if __name__ == "__main__":
    main()
