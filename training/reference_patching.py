"""Writes what models answer with one text's hidden states in the run of another: fixtures/patching.json.

    python reference_patching.py ../fixtures

By transformers and forward hooks, for every tiny model of make_families.py and one change of one text (activation patching,
Vig et al. 2020): the embedding layer, a middle one and the last; the changed position and another; the original's state in
the run of the changed text (`restore`), and the other way (`insert`). Beside it the answer of the head to every layer's
hidden states, after the final norm where there is one (logit lens, nostalgebraist 2020). A classifier answers by its logits,
a language model by ln p of the token that it expects first in the original text: after the last token in causal models,
behind the changed one, where the mask stands, in masked ones.

Where h_l is, is found by its value: the first module, in the order of the forward, that gives or takes exactly what
`output_hidden_states` reports. So no name of a family's modules is needed here.
"""

import argparse
import json
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from make_families import classifier_of, families
from reference_families import rounded


def first_tensor(value):
    """The hidden states among what a module takes or gives."""
    if hasattr(value, "last_hidden_state"):
        return value.last_hidden_state
    if isinstance(value, (tuple, list)):
        value = value[0] if value else None
    return value if isinstance(value, torch.Tensor) else None


def with_first(value, tensor: torch.Tensor):
    """The same with other hidden states."""
    if hasattr(value, "last_hidden_state"):
        value.last_hidden_state = tensor
        return value
    if isinstance(value, (tuple, list)):
        return type(value)([tensor, *value[1:]])
    return tensor


def fitted(tensor, like: torch.Tensor):
    """A view of a module's tensor in the shape [1, n, d] of `like`: without padding, and turned where it is; or None."""
    if tensor is None or tensor.dim() != 3 or not tensor.is_floating_point():
        return None
    length, width = like.shape[1:]
    if tensor.shape[2] == width and tensor.shape[1] >= length:
        return tensor[:, :length]
    if tensor.shape[1] == width and tensor.shape[2] >= length:
        return tensor[:, :, :length].transpose(1, 2)
    return None


class Watched:
    """A model, each of whose modules tells what it takes and what it gives; an event has its place in that order."""

    def __init__(self, model):
        self.model = model
        self.names = {module: name for name, module in model.named_modules()}

    def run(self, ids: list[int], on_event, **options):
        """`on_event(index, kind, name, tensor)` returns what takes the tensor's place, or None."""
        counter = iter(range(10**9))
        handles = []

        def before(module, args, kwargs):
            key = None if args else next((k for k in ("hidden_states", "input", "x") if k in kwargs), None)
            value = args if args else kwargs.get(key)
            found = on_event(next(counter), "takes", module, first_tensor(value))
            if found is None:
                return None
            return ((found, *args[1:]), kwargs) if args else (args, {**kwargs, key: found})

        def after(module, args, kwargs, output):
            found = on_event(next(counter), "gives", module, first_tensor(output))
            return None if found is None else with_first(output, found)

        for module in self.names:
            # What turns states by their positions takes them only for their type.
            if "rotary" in type(module).__name__.lower():
                continue
            handles.append(module.register_forward_pre_hook(before, with_kwargs=True))
            handles.append(module.register_forward_hook(after, with_kwargs=True))
        try:
            with torch.inference_mode():
                return self.model(input_ids=torch.tensor([ids]), **options)
        finally:
            for handle in handles:
                handle.remove()

    def hidden_states(self, ids: list[int]):
        with torch.inference_mode():
            return self.model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states

    def places(self, ids: list[int], states) -> list[tuple[int, str, object]]:
        """By layer the first event whose tensor is h_l."""
        found: dict[int, tuple[int, str, object]] = {}

        def look(index, kind, module, tensor):
            for layer, state in enumerate(states):
                view = fitted(tensor, state)
                if layer not in found and view is not None and torch.equal(view, state):
                    found[layer] = (index, kind, module)

        self.run(ids, look)
        if len(found) < len(states):
            raise SystemExit(f"{type(self.model).__name__}: h_l is found for {sorted(found)} only")
        return [found[layer] for layer in range(len(states))]

    def patched(self, ids: list[int], at: int, positions: list[int], states: torch.Tensor):
        """The model's output with other states at these positions of one event."""

        def put(index, _kind, _module, tensor):
            if index != at:
                return None
            changed = tensor.clone()
            fitted(changed, states)[:, positions] = states[:, positions]
            return changed

        return self.run(ids, put)


class Case:
    """One model with one change of a text. `answer`: of its output and the ids that it read, [1, ...]."""

    def __init__(self, model, original: list[int], changed: list[int], answer):
        self.watched = Watched(model)
        self.ids = {"original": original, "changed": changed}
        self.states = {name: self.watched.hidden_states(ids) for name, ids in self.ids.items()}
        self.answer = answer
        self.places = {name: self.watched.places(ids, self.states[name]) for name, ids in self.ids.items()}
        if self.places["original"] != self.places["changed"]:
            raise SystemExit("the two texts take different ways")

    def plain(self, name: str):
        with torch.inference_mode():
            return self.answer(self.watched.model(input_ids=torch.tensor([self.ids[name]])))

    def runs(self, layers: list[int], positions: list[list[int]]) -> list[dict]:
        found = []
        for direction, into, of in (("restore", "changed", "original"), ("insert", "original", "changed")):
            for layer in layers:
                for some in positions:
                    at = self.places[into][layer][0]
                    output = self.watched.patched(self.ids[into], at, some, self.states[of][layer])
                    value = rounded(self.answer(output))
                    found.append({"direction": direction, "layer": layer, "positions": some, "answer": value})
        return found

    def lens(self, name: str) -> list:
        """The answer to each layer's states. A norm behind all layers stands in no numbered module."""
        index, kind, module = self.places[name][-1]
        final = kind == "gives" and not any(part.isdigit() for part in self.watched.names[module].split("."))
        if final:
            index = self.takes(name, module)
        every = list(range(len(self.ids[name])))
        below = [
            rounded(self.answer(self.watched.patched(self.ids[name], index, every, states)))
            for states in self.states[name][:-1]
        ]
        return [*below, rounded(self.plain(name))]

    def takes(self, name: str, module) -> int:
        """The event in which a module takes its input."""
        found = []

        def look(index, kind, of, _tensor):
            if kind == "takes" and of is module:
                found.append(index)

        self.watched.run(self.ids[name], look)
        return found[0]


def load(folder: Path, config, model, head: str):
    """A model of this class with the weights of the folder's files, whose names in memory are transformers' matter."""
    tensors = {**load_file(folder / "model.safetensors"), **load_file(folder / f"{head}.safetensors")}
    with tempfile.TemporaryDirectory() as whole:
        save_file(tensors, Path(whole) / "model.safetensors", metadata={"format": "pt"})
        config.save_pretrained(whole)
        found, info = type(model).from_pretrained(whole, config=config, output_loading_info=True)
    if info["missing_keys"]:
        raise SystemExit(f"{folder}: {info['missing_keys']} are in no file")
    return found.eval()


def of_folder(folder: Path) -> dict:
    reference = json.loads((folder / "reference.json").read_text())
    model, case = reference["model"], next(case for case in reference["cases"] if case["name"] == "short")
    ids, (position, token) = case["inputIds"], (case["substitution"][key] for key in ("position", "tokenId"))
    changed = [*ids[:position], token, *ids[position + 1 :]]
    last = len(case["norms"]) - 1
    layers, positions = [0, (last + 1) // 2, last], [[position], [position - 1, position + 1]]

    config = transformers.AutoConfig.from_pretrained(folder)
    attention = families()[folder.name.removeprefix("tiny-")].attention
    classifier = Case(load(folder, config, classifier_of(config, attention), model["head"]), ids, changed, lambda output: output.logits[0])
    found = {"layers": last, "labels": {"runs": classifier.runs(layers, positions)}}
    found["labels"]["lens"] = [classifier.lens(name) for name in ("original", "changed")]

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    place, texts = len(ids) - 1, [ids, changed]
    if model["head"] == "masked-lm":
        place = position + 1
        mask = tokenizer.token_to_id("[MASK]") or tokenizer.token_to_id("<mask>")
        texts = [[*text[:place], mask, *text[place + 1 :]] for text in texts]
    config._attn_implementation = attention
    language_model = load(folder, config, getattr(transformers, model["languageModel"])(config), model["head"])
    with torch.inference_mode():
        expected = int(language_model(input_ids=torch.tensor([texts[0]])).logits[0, place].argmax())
    of_expected = lambda output: torch.log_softmax(output.logits[0, place].double(), dim=0)[expected]
    tokens = Case(language_model, *texts, of_expected)
    found["tokens"] = {"place": place, "expected": expected, "runs": tokens.runs(layers, positions)}
    found["tokens"]["values"] = [rounded(tokens.plain(name)) for name in ("original", "changed")]
    found["tokens"]["lens"] = [tokens.lens(name) for name in ("original", "changed")]
    return {"folder": folder.name, "inputIds": ids, "substitution": {"position": position, "tokenId": token}, **found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path, metavar="FIXTURES")
    fixtures = parser.parse_args().fixtures
    torch.set_num_threads(1)
    disable_progress_bar()
    # Each file holds two heads; the other one's weights are left.
    set_verbosity_error()
    heads = ("masked-lm.safetensors", "causal-lm.safetensors")
    folders = sorted(file.parent for head in heads for file in fixtures.glob(f"tiny-*/{head}"))
    found = {"transformers": transformers.__version__, "models": [of_folder(folder) for folder in folders]}
    (fixtures / "patching.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
