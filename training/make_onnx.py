"""Writes tiny random models as ONNX files of other people's exporters, for tests of reading what nobody here exported.

    python make_onnx.py ../fixtures/onnx          the files that the tests read
    python make_onnx.py WORK/onnx --all           every model through every exporter

Exporters: torch.onnx by tracing (`legacy`, opsets 11, 14 and 17) and by torch.export (`dynamo`, opset 18), onnxslim, ONNX
Runtime's transformers optimizer (`fused`), its graph optimisations as saved to a file (`ort`), and the model builder of
onnxruntime-genai (`genai`). Beside the files stand the same weights as torch.save writes them (MODEL.bin), and
`reference.json`: each model's config.json and transformers' own hidden states, logits, distances after one substitution and nearest neighbours, in fp32
with eager attention, norms and cosines in float64; eight significant digits.
"""

import argparse
import copy
import json
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import onnxslim
import torch
import transformers
from onnx import TensorProto, helper, numpy_helper
from onnxconverter_common import float16
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM
from transformers import AutoModelForSequenceClassification, DynamicCache, PreTrainedTokenizerFast

from make_families import randomise

SEED = 0
VOCABULARY = 160
POSITIONS = 40
LENGTH = 9
NEIGHBORS = 5
CLOSEST = 3
DIGITS = 8
LARGE = 256
# What torch writes although the opset has no such operator: no runtime that keeps to the standard opens it.
INVALID = {
    ("mpnet", "legacy-11"): "opset 11 has no Min of int64, which torch writes into it",
    ("deberta-v2", "legacy-11"): "opset 11 has no Clip of int64, which torch writes into it",
}
ROUTES = ("legacy-11", "legacy-14", "legacy-17", "dynamo-18")
NORMS = {"l1": 1, "l2": 2, "linf": float("inf")}

WIDTHS = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 24}
ENCODER = {**WIDTHS, "num_hidden_layers": 2, "max_position_embeddings": POSITIONS}


@dataclass
class Recipe:
    """How one tiny model is made."""

    auto: type
    model_type: str
    config: dict


RECIPES = {
    "bert": Recipe(AutoModelForSequenceClassification, "bert", {**ENCODER, "num_hidden_layers": 3}),
    "bert-bare": Recipe(AutoModel, "bert", ENCODER),
    "distilbert": Recipe(
        AutoModelForSequenceClassification,
        "distilbert",
        {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 24, "max_position_embeddings": POSITIONS},
    ),
    "roberta": Recipe(
        AutoModelForMaskedLM, "roberta", {**ENCODER, "type_vocab_size": 1, "max_position_embeddings": POSITIONS + 2}
    ),
    "xlm-roberta": Recipe(
        AutoModelForSequenceClassification,
        "xlm-roberta",
        {**ENCODER, "type_vocab_size": 1, "max_position_embeddings": POSITIONS + 2},
    ),
    "mpnet": Recipe(AutoModelForMaskedLM, "mpnet", {**ENCODER, "max_position_embeddings": POSITIONS + 2}),
    "deberta-v2": Recipe(
        AutoModelForSequenceClassification,
        "deberta-v2",
        {
            **ENCODER,
            "type_vocab_size": 0,
            "relative_attention": True,
            "max_relative_positions": -1,
            "position_buckets": 8,
            "position_biased_input": False,
            "pos_att_type": ["p2c", "c2p"],
            "share_att_key": True,
            "norm_rel_ebd": "layer_norm",
        },
    ),
    "electra": Recipe(AutoModelForSequenceClassification, "electra", {**ENCODER, "embedding_size": 8}),
    "albert": Recipe(AutoModelForMaskedLM, "albert", {**ENCODER, "embedding_size": 8}),
    "modernbert": Recipe(
        AutoModelForMaskedLM, "modernbert", {**ENCODER, "local_attention": 8, "cls_token_id": 2, "sep_token_id": 3}
    ),
    "gpt2": Recipe(
        AutoModelForCausalLM, "gpt2", {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": 24, "n_positions": POSITIONS}
    ),
    # The runtime's grouped-query attention wants heads of 16.
    "llama": Recipe(AutoModelForCausalLM, "llama", {**ENCODER, "num_key_value_heads": 1, "head_dim": 16}),
}


def build(recipe: Recipe) -> torch.nn.Module:
    config = AutoConfig.for_model(
        recipe.model_type,
        vocab_size=VOCABULARY,
        num_labels=3,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        **recipe.config,
    )
    model = recipe.auto.from_config(config, attn_implementation="eager").eval()
    randomise(model, SEED)
    return model


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


def is_causal(model) -> bool:
    return type(model).__name__ in ("GPT2LMHeadModel", "LlamaForCausalLM")


def input_names(model) -> list[str]:
    segments = getattr(model.config, "type_vocab_size", 0) == 2
    return ["input_ids", "attention_mask", *(["token_type_ids"] if segments else [])]


def output_names(model) -> list[str]:
    return ["last_hidden_state", "pooler_output"] if type(model).__name__ == "BertModel" else ["logits"]


def example(model) -> tuple[torch.Tensor, ...]:
    ids = torch.arange(5, 5 + 2 * LENGTH).reshape(2, LENGTH)
    return (ids, torch.ones_like(ids), torch.zeros_like(ids))[: len(input_names(model))]


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


def in_half_precision(source: Path, path: Path) -> None:
    """Large weights in fp16 with a Cast behind each: the computation stays in fp32."""
    model = onnx.load(source)
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < LARGE:
            continue
        name = tensor.name
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{name}_fp16")
        tensor.CopyFrom(half)
        casts.append(helper.make_node("Cast", [f"{name}_fp16"], [name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        model.graph.node.insert(0, node)
    onnx.save(model, path)


def with_integer_weights(source: Path, path: Path) -> None:
    """Matrices as int8 with a scale for each column (of the word table: each row), dequantised before use."""
    model = onnx.load(source)
    tables = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}
    nodes = []
    for tensor in list(model.graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or len(tensor.dims) != 2:
            continue
        axis = 0 if tensor.name in tables else 1
        values = numpy_helper.to_array(tensor)
        scale = (np.abs(values).max(axis=1 - axis) / 127).astype(np.float32)
        steps = np.clip(np.round(values / np.expand_dims(scale, 1 - axis)), -127, 127).astype(np.int8)
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(steps, f"{name}_int8"))
        model.graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        nodes.append(helper.make_node("DequantizeLinear", [f"{name}_int8", f"{name}_scale"], [name], axis=axis))
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    onnx.save(model, path)


def with_constants(source: Path, path: Path) -> None:
    """Every weight as a Constant node, as some converters leave them."""
    model = onnx.load(source)
    nodes = [helper.make_node("Constant", [], [tensor.name], value=tensor) for tensor in model.graph.initializer]
    del model.graph.initializer[:]
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    onnx.save(model, path)


def fused(source: Path, path: Path, model) -> None:
    """ONNX Runtime's transformers optimizer: fused embeddings, attention and norms."""
    kind = "gpt2" if model.config.model_type == "gpt2" else "bert"
    optimized = optimize_model(
        str(source),
        model_type=kind,
        num_heads=model.config.num_attention_heads,
        hidden_size=model.config.hidden_size,
        optimization_options=FusionOptions(kind),
        opt_level=0,
    )
    optimized.save_model_to_file(str(path))


def optimised_by_runtime(source: Path, path: Path, level) -> None:
    """The graph as a session saves it after its own optimisations."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def stripped(path: Path) -> None:
    """Without the exporter's stack traces and labels, which name this machine's folders and are most of a tiny file."""
    model = onnx.load(path, load_external_data=False)
    for message in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output):
        message.doc_string = ""
        del message.metadata_props[:]
    del model.graph.value_info[:]
    bodies = [attribute.g for node in model.graph.node for attribute in node.attribute if attribute.HasField("g")]
    for graph in (model.graph, *bodies):
        for node in graph.node:
            node.ClearField("name")
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
        del tensor.metadata_props[:]
    path.write_bytes(model.SerializeToString(deterministic=True))


class Exports:
    """The files of one run, and of which model each is."""

    def __init__(self, out: Path, models: dict[str, torch.nn.Module]):
        self.out = out
        self.models = models
        self.files: list[dict] = []

    def path(self, name: str, model: str, **more) -> Path:
        """Where to write NAME.onnx; `more` stands beside it in the reference."""
        self.files.append({"file": f"{name}.onnx", "model": model, **more})
        return self.out / f"{name}.onnx"

    def torch(self, model: str, route: str) -> Path:
        path = self.out / f"{model}.{route}.onnx"
        if not any(file["file"] == path.name for file in self.files):
            reason = INVALID.get((model, route))
            more = {"invalid": reason} if reason else {}
            export(self.models[model], route, self.path(f"{model}.{route}", model, **more))
        return path

    def optimise(self, model: str) -> None:
        """As onnxslim and ONNX Runtime write it anew."""
        onnxslim.slim(str(self.torch(model, "legacy-17")), str(self.path(f"{model}.slim", model)))
        levels = onnxruntime.GraphOptimizationLevel
        older = self.torch(model, "legacy-14")
        optimised_by_runtime(older, self.path(f"{model}.ort", model), levels.ORT_ENABLE_EXTENDED)

    def derive(self, model: str) -> None:
        """The other exporters' and tools' forms of a BERT classifier."""
        of = self.models[model]
        plain, older = self.torch(model, "legacy-17"), self.torch(model, "legacy-14")
        self.optimise(model)
        fused(older, self.path(f"{model}.fused", model), of)
        external = self.path(f"{model}.external", model, data=[f"{model}.external.onnx_data"])
        onnx.save(
            onnx.load(plain),
            external,
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=f"{model}.external.onnx_data",
            size_threshold=LARGE,
        )
        with_constants(plain, self.path(f"{model}.constants", model))
        in_half_precision(plain, self.path(f"{model}.fp16-weights", model, tolerance="fp16"))
        with_integer_weights(plain, self.path(f"{model}.int8-weights", model, tolerance="int8"))
        half = float16.convert_float_to_float16(onnx.load(plain), keep_io_types=True)
        onnx.save(half, self.path(f"{model}.fp16", model, unfit="fp16"))
        quantize_dynamic(str(plain), self.path(f"{model}.quantized", model, unfit="int8"), weight_type=QuantType.QInt8)

    def generate(self, model: str) -> None:
        """As onnxruntime-genai's builder writes decoders, with grouped-query attention as one operator."""
        name = f"{model}.genai"
        path = self.path(name, model, data=[f"{name}.onnx_data"])
        with tempfile.TemporaryDirectory() as folder:
            source, made = Path(folder) / "source", Path(folder) / "made"
            self.models[model].save_pretrained(source)
            PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({}))).save_pretrained(source)
            builder = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-p", "fp32", "-e", "cpu"]
            subprocess.run([*builder, "-i", source, "-o", made, "-c", Path(folder) / "cache"], check=True)
            onnx.save(
                onnx.load(made / "model.onnx"),
                path,
                save_as_external_data=True,
                location=f"{name}.onnx_data",
                size_threshold=LARGE,
            )

    def derive_decoder(self, model: str) -> None:
        """A decoder with past keys and values, merged with itself, and fused."""
        with_past = self.path(f"{model}.past", model)
        export_with_past(self.models[model], with_past)
        merge(with_past, self.path(f"{model}.merged", model))
        if model == "gpt2":
            fused(self.torch(model, "legacy-14"), self.path(f"{model}.fused", model), self.models[model])
        else:
            self.generate(model)

    def keep(self, names: set[str]) -> None:
        """Removes the files that only others were made from."""
        for file in self.files:
            if file["file"].removesuffix(".onnx") not in names:
                (self.out / file["file"]).unlink()
        self.files = [file for file in self.files if file["file"].removesuffix(".onnx") in names]


def rounded(values):
    if isinstance(values, torch.Tensor):
        values = values.tolist()
    if isinstance(values, list):
        return [rounded(value) for value in values]
    return float(f"{values:.{DIGITS}g}") if isinstance(values, float) else values


def readable_rows(model, table: torch.Tensor) -> torch.Tensor:
    """The word table in the hidden states' width: as the family projects it where it is narrower."""
    base = model.base_model
    projection = getattr(base, "embeddings_project", None)
    if projection is None:
        projection = getattr(getattr(base, "encoder", None), "embedding_hidden_mapping_in", None)
    return table if projection is None else projection(table.float()).double()


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


KEPT = {
    "bert.legacy-11",
    "bert.slim",
    "bert.fused",
    "bert.ort",
    "bert.external",
    "bert.constants",
    "bert.fp16-weights",
    "bert.int8-weights",
    "bert.fp16",
    "bert.quantized",
    "bert-bare.dynamo-18",
    "distilbert.legacy-14",
    "distilbert.dynamo-18",
    "roberta.legacy-17",
    "roberta.dynamo-18",
    "xlm-roberta.legacy-14",
    "xlm-roberta.dynamo-18",
    "mpnet.legacy-11",
    "mpnet.legacy-17",
    "mpnet.dynamo-18",
    "deberta-v2.legacy-17",
    "deberta-v2.dynamo-18",
    "electra.legacy-17",
    "electra.dynamo-18",
    "albert.legacy-11",
    "albert.dynamo-18",
    "modernbert.legacy-14",
    "modernbert.dynamo-18",
    "gpt2.legacy-11",
    "gpt2.dynamo-18",
    "gpt2.fused",
    "gpt2.merged",
    "llama.legacy-14",
    "llama.dynamo-18",
    "llama.genai",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--all", action="store_true", help="every model through every exporter")
    args = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    exports = Exports(args.out, {name: build(recipe) for name, recipe in RECIPES.items()})
    for model in RECIPES:
        for route in ROUTES:
            if args.all or f"{model}.{route}" in KEPT:
                exports.torch(model, route)
    exports.derive("bert")
    for decoder in ("gpt2", "llama"):
        exports.derive_decoder(decoder)
    for model in RECIPES if args.all else ():
        if model != "bert":
            exports.optimise(model)
    if not args.all:
        exports.keep(KEPT)
    for file in exports.files:
        stripped(args.out / file["file"])
        for data in file.get("data", []):
            (args.out / data).chmod(0o644)
    for name, model in exports.models.items():
        torch.save(model.state_dict(), args.out / f"{name}.bin")
    fixture = {
        "transformers": transformers.__version__,
        "models": {name: reference(model) for name, model in exports.models.items()},
        "files": exports.files,
    }
    (args.out / "reference.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(f"{len(exports.files)} files, {sum(path.stat().st_size for path in args.out.iterdir()) // 1000} kB")


if __name__ == "__main__":
    main()
