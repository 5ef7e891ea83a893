"""torch's exporters of ONNX files, and what optimum makes of them, for make_onnx.py."""

import copy
from pathlib import Path

import onnx
import onnxslim
import torch
from onnx import TensorProto, helper
from transformers import DynamicCache

from onnx_models import LENGTH, POSITIONS, example, input_names, is_causal, output_names


class Answers(torch.nn.Module):
    """A model as exporters see it: tensors in, tensors out."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        self.model = model
        self.plain = {"use_cache": False} if is_causal(model) else {}

    def forward(self, *inputs: torch.Tensor):
        names = input_names(self.model)
        output = self.model(**dict(zip(names, inputs)), **self.plain)
        return tuple(output[name] for name in output_names(self.model))


class CachedAnswers(torch.nn.Module):
    """A decoder that takes the keys and values of earlier positions, and gives those of all."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids, *past: torch.Tensor):
        cache = DynamicCache()
        for layer in range(len(past) // 2):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        output = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=cache,
            use_cache=True,
        )
        present = [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]
        return (output.logits, *present)


def export(model, route: str, path: Path) -> None:
    """One model through one of torch's exporters."""
    kind, opset = route.split("-")
    names = {"input_names": input_names(model), "output_names": output_names(model)}
    if kind == "legacy":
        axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names["input_names"]}
        for name in names["output_names"]:
            whole = name == "last_hidden_state" or type(model).__name__.endswith("LM") or "LMHead" in type(model).__name__
            axes[name] = {0: "batch_size", **({1: "sequence_length"} if whole else {})}
        shape = {"dynamo": False, "dynamic_axes": axes}
    else:
        free = {0: torch.export.Dim("batch", min=1, max=64), 1: torch.export.Dim("sequence", min=2, max=POSITIONS)}
        shape = {"dynamo": True, "dynamic_shapes": ((free,) * len(names["input_names"]),), "external_data": False}
    torch.onnx.export(Answers(model).eval(), example(model), str(path), opset_version=int(opset), verbose=False, **names, **shape)


class PlacedAnswers(torch.nn.Module):
    """A model whose positions are given, as some exporters have it."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids).logits


def export_with_positions(model, path: Path) -> None:
    """A model of a family that counts positions from the ids, with these positions as an input."""
    ids = torch.arange(5, 5 + 2 * LENGTH).reshape(2, LENGTH)
    positions = torch.arange(1, 1 + LENGTH).expand(2, -1) + model.base_model.embeddings.padding_idx
    names = ["input_ids", "attention_mask", "position_ids"]
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in [*names, "logits"]}
    torch.onnx.export(
        PlacedAnswers(model).eval(),
        (ids, torch.ones_like(ids), positions),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=names,
        output_names=["logits"],
        dynamic_axes=axes,
    )


def export_with_past(model, path: Path) -> None:
    """A decoder with past keys and values, as hubs have it."""
    config = model.config
    heads = getattr(config, "num_key_value_heads", config.num_attention_heads)
    size = getattr(config, "head_dim", config.hidden_size // config.num_attention_heads)
    layers, earlier = config.num_hidden_layers, 3
    ids = torch.arange(5, 5 + 2 * LENGTH).reshape(2, LENGTH)
    mask = torch.ones(2, earlier + LENGTH, dtype=torch.int64)
    positions = torch.arange(earlier, earlier + LENGTH).expand(2, -1)
    past = [torch.randn(2, heads, earlier, size) for _ in range(2 * layers)]
    parts = [f"{layer}.{part}" for layer in range(layers) for part in ("key", "value")]
    inputs = ["input_ids", "attention_mask", "position_ids", *(f"past_key_values.{part}" for part in parts)]
    outputs = ["logits", *(f"present.{part}" for part in parts)]
    axes = {name: {0: "batch_size", 2: "past_sequence_length"} for name in inputs[3:]}
    axes |= {name: {0: "batch_size", 2: "total_sequence_length"} for name in outputs[1:]}
    axes |= {name: {0: "batch_size", 1: "sequence_length"} for name in ("input_ids", "position_ids", "logits")}
    axes["attention_mask"] = {0: "batch_size", 1: "total_sequence_length"}
    torch.onnx.export(
        CachedAnswers(model).eval(),
        (ids, mask, positions, *past),
        str(path),
        dynamo=False,
        opset_version=14,
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
    )


def merge(with_past: Path, path: Path) -> None:
    """Both ways of a decoder behind one `If`, with `use_cache_branch`, as optimum merges them."""
    graph = onnxslim.slim(onnx.load(with_past)).graph
    branch = helper.make_graph(graph.node, "branch", [], graph.output)
    other = copy.deepcopy(branch)
    for node in other.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                made = any(name in maker.output for maker in branch.node)
                names[i] = f"without_past/{name}" if made else name
    for value in other.output:
        value.name = f"without_past/{value.name}"
    # Some exporters leave a different graph here; what matters is which branch runs.
    flag = helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1])
    node = helper.make_node(
        "If", ["use_cache_branch"], [value.name for value in graph.output], then_branch=branch, else_branch=other
    )
    whole = helper.make_graph([node], "merged", [*graph.input, flag], graph.output, graph.initializer)
    onnx.save(helper.make_model(whole, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), path)
