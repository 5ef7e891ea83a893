"""Writes a tiny random BERT, in five variants of its file, for tests that need a real folder but no real weights.

    python make_tiny.py OUT_DIR

Makes OUT_DIR/tiny-bert (F32), -f16, -bf16, -int8 (through quantize.py) and -bare (the layout of a plain
`BertModel`: no `bert.` prefix, no pooler, no classifier). 3 layers, width 32, 4 heads, 64 positions, two classes. The
weights are drawn wide, so that distances grow and fall from layer to layer instead of vanishing.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import BertConfig, BertForSequenceClassification

from quantize import quantize_folder
from weights import write_folder

SEED = 0
MATRIX_STD = 0.3
VECTOR_STD = 0.1
MAX_POSITIONS = 64
SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
UNUSED = 10
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
PUNCTUATION = ".,!?'\"-:;()/&$%*"
SUFFIXES = "ing ed er est ly ness ful less able ment tion ous ish es al en".split()
WORDS = """
the a an and or but not no of in on at to for from with by as is was were are be been it its this that these those i you
he she we they him her them his their my your me who what which when where why how all some any more most much many very
too so just only even also then than if about into over after before again there here out up down
film films movie movies story plot scene scenes actor actors acting cast director music score script ending book
show series character characters hero part time year years hour minute day night people man woman child life love world
good great best better fine nice fun funny wonderful charming brilliant bad worse worst awful terrible boring dull slow
long short old new big little first last real true sad happy dark cold warm ashamed proud
see saw seen watch watched like liked loved hate hated think thought feel felt make made get got go went cry laugh
would could should will can never always really well one two three ten seven
""".split()


def vocabulary() -> list[str]:
    """The WordPieces by id, ordered as in bert-base-uncased: [PAD], [unused], other special tokens, characters, words,
    ## pieces."""
    pieces = [SPECIAL_TOKENS[0], *(f"[unused{i}]" for i in range(UNUSED)), *SPECIAL_TOKENS[1:]]
    pieces += [*PUNCTUATION, *DIGITS, *LETTERS, *WORDS]
    pieces += [f"##{piece}" for piece in (*LETTERS, *DIGITS, *SUFFIXES)]
    # "a" and "i" stand among the letters and among the words.
    return list(dict.fromkeys(pieces))


def tokenizer_json(vocab: dict[str, int]) -> dict:
    """`tokenizer.json` as bert-base-uncased has it, with this vocabulary."""

    def special(token: str, type_id: int) -> dict:
        return {"SpecialToken": {"id": token, "type_id": type_id}}

    def sequence(name: str, type_id: int) -> dict:
        return {"Sequence": {"id": name, "type_id": type_id}}

    single = [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": vocab[token], "content": token, **flags} for token in SPECIAL_TOKENS],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": single,
            "pair": [*single, sequence("B", 1), special("[SEP]", 1)],
            "special_tokens": {
                token: {"id": token, "ids": [vocab[token]], "tokens": [token]} for token in ("[CLS]", "[SEP]")
            },
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": vocab,
        },
    }


def random_tensors(config: BertConfig) -> dict[str, torch.Tensor]:
    """fp32 weights by name; LayerNorm's weights lie around 1, everything else around 0."""
    generator = torch.Generator().manual_seed(SEED)
    tensors = {}
    for name, tensor in BertForSequenceClassification(config).state_dict().items():
        std = MATRIX_STD if tensor.ndim == 2 else VECTOR_STD
        values = torch.randn(tensor.shape, generator=generator) * std
        tensors[name] = values + 1 if name.endswith("LayerNorm.weight") else values
    return tensors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    out = parser.parse_args().out

    vocab = {piece: index for index, piece in enumerate(vocabulary())}
    tokenizer = json.dumps(tokenizer_json(vocab), indent=1) + "\n"
    encoder = {
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": 32,
        "initializer_range": 0.02,
        "intermediate_size": 64,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": MAX_POSITIONS,
        "model_type": "bert",
        "num_attention_heads": 4,
        "num_hidden_layers": 3,
        "pad_token_id": vocab["[PAD]"],
        "type_vocab_size": 2,
        "vocab_size": len(vocab),
    }
    config = {
        "architectures": ["BertForSequenceClassification"],
        **encoder,
        "id2label": {"0": "NEGATIVE", "1": "POSITIVE"},
        "label2id": {"NEGATIVE": 0, "POSITIVE": 1},
        "problem_type": "single_label_classification",
    }
    tensors = random_tensors(BertConfig(**config))
    write_folder(out / "tiny-bert", config, tensors, tokenizer)
    for suffix, dtype in (("f16", torch.float16), ("bf16", torch.bfloat16)):
        rounded = {name: tensor.to(dtype) for name, tensor in tensors.items()}
        named = {**config, "dtype": str(dtype).removeprefix("torch.")}
        write_folder(out / f"tiny-bert-{suffix}", named, rounded, tokenizer)
    bare = {
        name.removeprefix("bert."): tensor
        for name, tensor in tensors.items()
        if name.startswith("bert.") and ".pooler." not in name
    }
    write_folder(out / "tiny-bert-bare", {"architectures": ["BertModel"], **encoder}, bare, tokenizer)
    quantize_folder(out / "tiny-bert", out / "tiny-bert-int8")
    print(f"{len(vocab)} pieces")


if __name__ == "__main__":
    main()
