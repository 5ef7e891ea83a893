"""Other forms of an exported ONNX file, as tools and converters leave them, for make_onnx.py."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

# Numbers of a tensor from which on it is a weight worth storing otherwise.
LARGE = 256


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


def with_int32_ids(source: Path, path: Path) -> None:
    """Inputs of 32-bit integers, cast before use."""
    model = onnx.load(source)
    for value in model.graph.input:
        name = value.name
        value.type.tensor_type.elem_type = TensorProto.INT32
        for node in model.graph.node:
            node.input[:] = [f"{name}_int64" if taken == name else taken for taken in node.input]
        model.graph.node.insert(0, helper.make_node("Cast", [name], [f"{name}_int64"], to=TensorProto.INT64))
    onnx.save(model, path)


def fused(source: Path, path: Path, model, level: int = 0) -> None:
    """ONNX Runtime's transformers optimizer: fused embeddings, attention and norms."""
    kind = "gpt2" if model.config.model_type == "gpt2" else "bert"
    optimized = optimize_model(
        str(source),
        model_type=kind,
        num_heads=model.config.num_attention_heads,
        hidden_size=model.config.hidden_size,
        optimization_options=FusionOptions(kind),
        opt_level=level,
    )
    optimized.save_model_to_file(str(path))


def optimised_by_runtime(source: Path, path: Path, level) -> None:
    """The graph as a session saves it after its own optimisations."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def stripped(path: Path, names: bool) -> None:
    """Without the exporter's stack traces and labels, which name this machine's folders and are most of a tiny file.

    names: whether nodes keep theirs
    """
    model = onnx.load(path, load_external_data=False)
    for message in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output):
        message.doc_string = ""
        del message.metadata_props[:]
    del model.graph.value_info[:]
    bodies = [attribute.g for node in model.graph.node for attribute in node.attribute if attribute.HasField("g")]
    for graph in () if names else (model.graph, *bodies):
        for node in graph.node:
            node.ClearField("name")
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
        del tensor.metadata_props[:]
    path.write_bytes(model.SerializeToString(deterministic=True))
