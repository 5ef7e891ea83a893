"""Writes what transformers' fast tokenizers give for texts that are hard to cut: ids, and where each token stands.

    python make_tokenizers.py FIXTURES_DIR

Reads the tokenizer.json of the tiny models there and writes FIXTURES_DIR/tokenizers.json. A patch replaces parts of a
tokenizer (its normaliser, its pre-tokenizer, ...) by those of a well-known model, with the tiny vocabulary. Offsets are
`offset_mapping` as it is, in UTF-16 code units, flat: start and end of each token.
"""

import argparse
import json
from itertools import accumulate
from pathlib import Path

from tokenizers import Tokenizer, normalizers
from transformers import PreTrainedTokenizerFast

TRUNCATED = 12

TEXTS = {
    "plain": "The film was long and slow, but the last scene is wonderful.",
    "case": "I LOVED It! iPhone McDonald's WATCHABLE",
    "composed accents": "un café très naïf, Ångström, El Niño à Zürich",
    "decomposed accents": "un cafe\u0301 tre\u0300s nai\u0308f, A\u030angstro\u0308m",
    "several marks": "Z\u0351\u036b\u0343algo a\u0323\u0307 o\u0302\u0301",
    "emoji": "so good 😀😀 and 🎬🍿!",
    "emoji sequences": "👩‍👩‍👧 👍🏽 ❤️ 🇫🇷 7️⃣",
    "CJK": "这部电影 很好看 映画 이 영화 good",
    "right to left": "הסרט היה טוב, הفيلم كان جيداً!",
    "zero width": "go\u200bod fi\u200dlm \ufeffend\u200b",
    "soft hyphen": "wonder\u00adful scene",
    "tabs and lines": "one\ttwo\nthree\r\nfour\n\n five",
    "leading spaces": "   the film",
    "trailing spaces": "the film   ",
    "double spaces": "the  film   was    slow",
    "only spaces": "   ",
    "other spaces": "the\u00a0film\u3000was\u2009slow",
    "numbers": "10/10, 3.14 stars in 1999 for $1,000.50 (½ off, x² ①)",
    "ligatures and widths": "ﬁne ﬂow ＦＵＬＬ ｗｉｄｔｈ № ™ …",
    "punctuation": "“Well…” — she said: 'no'; isn't it?! (a/b) [c] {d}",
    "markup": "<br /><br />the film & more #tag @name",
    "one word": "film",
    "one character": "é",
    "unknown runs": "filmᚠᚢᚦ ᚠ the ᚢ, ᚦend",
    "mask": "the [MASK] film and <mask> scene",
    "controls": "the\u0000 fi\u0007lm\u0085 end",
    "case that changes length": "İstanbul STRASSE straße ΟΔΟΣ",
    "empty": "",
}
LONG = " ".join(f"{TEXTS['plain']} {TEXTS['composed accents']} 😀 {count}" for count in range(12))

REPLACE_QUOTES = [
    {"type": "Replace", "pattern": {"String": "``"}, "content": '"'},
    {"type": "Replace", "pattern": {"String": "''"}, "content": '"'},
]
LLAMA_3_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
SPLIT_WORDS = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": LLAMA_3_WORDS}, "behavior": "Isolated", "invert": False},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
    ],
}
CASED = {"do_lower_case": False, "strip_accents": False}

# name, folder, what is replaced in tokenizer.json, what in tokenizer_config.json
TOKENIZERS = [
    ("BERT", "tiny-bert", {}),
    ("DistilBERT", "tiny-distilbert", {}),
    ("MPNet", "tiny-mpnet", {}),
    ("cased BERT", "tiny-bert", {}, CASED),
    ("RoBERTa", "tiny-roberta", {}),
    ("ModernBERT", "tiny-modernbert", {}),
    ("GPT-2", "tiny-gpt2", {}),
    ("RoBERTa's own template", "tiny-roberta", {"post_processor": {
        "type": "RobertaProcessing",
        "sep": ["</s>", 2],
        "cls": ["<s>", 0],
        "trim_offsets": True,
        "add_prefix_space": False,
    }}),
    ("byte-level behind a space", "tiny-gpt2", {
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    }),
    ("Llama 3's words", "tiny-qwen2", {"pre_tokenizer": SPLIT_WORDS}),
    ("Qwen2's words", "tiny-qwen2", {"pre_tokenizer": SPLIT_WORDS, "normalizer": {"type": "NFC"}}),
    ("XLM-R", "tiny-xlm-roberta", {}),
    ("ALBERT", "tiny-albert", {}),
    ("ALBERT's normaliser", "tiny-albert", {"normalizer": {"type": "Sequence", "normalizers": [
        *REPLACE_QUOTES,
        {"type": "NFKD"},
        {"type": "StripAccents"},
        {"type": "Lowercase"},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    ]}}),
    ("DeBERTa-v3's normaliser", "tiny-deberta-v2", {"normalizer": {"type": "Sequence", "normalizers": [
        {"type": "Strip", "strip_left": True, "strip_right": True},
        {"type": "NFKC"},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    ]}}),
    ("T5's template", "tiny-xlm-roberta", {"post_processor": {
        "type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}},
    }}),
    ("Llama", "tiny-llama", {}),
    ("Mistral", "tiny-mistral", {}),
    ("GPT-2 cut at the beginning", "tiny-gpt2", {}, {"truncation_side": "left"}),
    ("BERT cut at the beginning by its file", "tiny-bert", {
        "truncation": {"direction": "Left", "max_length": 512, "strategy": "LongestFirst", "stride": 0},
    }, {"padding_side": "left"}),
]
SIDES = {"truncation_side", "padding_side"}
WITH_LONG = {"BERT", "GPT-2", "XLM-R", "Llama"}


def utf16_offsets(text: str, offsets: list[tuple[int, int]]) -> list[int]:
    """Offsets counted in characters as offsets counted in UTF-16 code units, flat."""
    places = [0, *accumulate(len(character.encode("utf-16-le")) // 2 for character in text)]
    return [places[place] for span in offsets for place in span]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path)
    fixtures = parser.parse_args().fixtures
    made = []
    for name, folder, patch, *rest in TOKENIZERS:
        changed = rest[0] if rest else {}
        plain = {**json.loads((fixtures / folder / "tokenizer.json").read_text()), **patch}
        config = {**json.loads((fixtures / folder / "tokenizer_config.json").read_text()), **changed}
        specials = {key: value for key, value in config.items() if key.endswith("_token")}
        backend = Tokenizer.from_str(json.dumps(plain))
        if "do_lower_case" in changed:
            backend.normalizer = normalizers.BertNormalizer(
                lowercase=config["do_lower_case"], strip_accents=config["strip_accents"]
            )
        sides = {key: value for key, value in config.items() if key in SIDES}
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **specials, **sides)
        texts = {**TEXTS, **({"long": LONG} if name in WITH_LONG else {})}
        cases = []
        for case, text in texts.items():
            encoding = tokenizer(text, return_offsets_mapping=True)
            cases.append({
                "name": case,
                "ids": encoding["input_ids"],
                "offsets": utf16_offsets(text, encoding["offset_mapping"]),
            })
        short = tokenizer(LONG, truncation=True, max_length=TRUNCATED)
        made.append({
            "name": name,
            "folder": folder,
            "patch": patch,
            "config": changed,
            "cases": cases,
            "truncated": short["input_ids"],
            "empty": tokenizer("")["input_ids"],
        })
    head = {"maxTokens": TRUNCATED, "texts": {**TEXTS, "long": LONG}}
    lines = ",\n".join(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) for tokenizer in made)
    text = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "tokenizers": [\n{lines}\n]}}\n'
    (fixtures / "tokenizers.json").write_text(text)


if __name__ == "__main__":
    main()
