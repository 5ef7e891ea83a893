"""Writes what transformers' tokenizers give for odd texts: tokenizer folders with every part and setting that Rust's
`tokenizers` has, the ids of each text, and where each token stands.

    python reference_tokenizers.py ../fixtures/tokenizers-reference.json.gz

Wants `sentencepiece` installed. Each folder is written to disk and opened by AutoTokenizer. Offsets are `offset_mapping`
as it is, in UTF-16 code units, flat: start and end of each token. The models are small and made from the texts here.
"""

import argparse
import base64
import gzip
import io
import json
import tempfile
import unicodedata
from itertools import accumulate, product
from pathlib import Path

import sentencepiece
import tokenizers
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AutoTokenizer

from family_tokenizers import TEXTS, pieces_of
from odd_texts import ODD_TEXTS

SPACE = "\u2581"
# Never in a vocabulary, so that there is something unknown.
UNKNOWN_TO_ALL = set("𠀀𠀁𪜶ᚠᚢᚦ𐍈𐌰\U000f0000\U0003fffd🏴")
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
GPT2_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA_3_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
BLOOM_WORDS = r" ?[^(\s|[.,!?…。，、।۔،])]+"
NAMED = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}
BERT_NAMED = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}
PLAIN = {"tokenizer_class": "PreTrainedTokenizerFast"}


def forms(text: str) -> str:
    """A text in every form that a normaliser may give it."""
    made = [text, text.lower()]
    return "".join(made + [unicodedata.normalize(form, one) for form in ("NFC", "NFD", "NFKC", "NFKD") for one in made])


ALPHABET = sorted(set(forms("".join([*ODD_TEXTS.values(), *TEXTS]))) - UNKNOWN_TO_ALL - set(" "))
CORPUS = [*TEXTS, *(text.lower() for text in TEXTS), *ODD_TEXTS.values()]


def bpe_of(split: pre_tokenizers.PreTokenizer, texts: list[str], specials: list[str], size: int, alphabet: list[str]) -> dict:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = split
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=specials, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return json.loads(tokenizer.to_str())["model"]


SPECIALS = ["<unk>", "<s>", "</s>", "<pad>", "<mask>"]
# Knows every character, spaces among them, so that each step before it is seen in the ids.
CHARACTERS = bpe_of(
    pre_tokenizers.Split(" ", "merged_with_next"), CORPUS, SPECIALS, len(ALPHABET) + 160, [*ALPHABET, " ", SPACE]
)
CHARACTERS |= {"unk_token": "<unk>"}
BYTES = bpe_of(
    pre_tokenizers.ByteLevel(add_prefix_space=False), CORPUS, SPECIALS, 480, pre_tokenizers.ByteLevel.alphabet()
)
WORD_PIECES = [*BERT_NAMED.values(), *pieces_of(pre_tokenizers.BertPreTokenizer(), TEXTS + CORPUS[:40], 300)]
WORD_PIECES = [*WORD_PIECES, *(f"##{piece}" for piece in WORD_PIECES[5:]), "é", "##é", "的", "电", "影", "ß", "##ß", "σ"]
SCORED = [(piece, 0.0) for piece in SPECIALS] + [
    (piece, -2.0 - 0.01 * index)
    for index, piece in enumerate(pieces_of(pre_tokenizers.Metaspace(), CORPUS, len(ALPHABET) // 2 + 300))
    if piece not in SPECIALS
]
BYTE_PIECES = [f"<0x{byte:02X}>" for byte in range(256)]


def ids_of(pieces: list[str]) -> dict[str, int]:
    return {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}


def added(content: str, index: int, **flags: bool) -> dict:
    """An added token; special and not normalised where nothing else is said."""
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": index, "content": content, **plain, **flags}


def file(model: dict, tokens: list[dict] | None = None, **parts: dict) -> dict:
    """tokenizer.json with these parts."""
    known = model["vocab"]
    if tokens is None:
        tokens = [added(token, known[token]) for token in SPECIALS if token in known] if isinstance(known, dict) else [
            added(token, index) for index, token in enumerate(SPECIALS)
        ]
    empty = {"normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, **empty, **parts, "model": model}


def one(kind: str, **fields: object) -> dict:
    return {"type": kind, **fields}


def sequence(field: str, *parts: dict) -> dict:
    return {"type": "Sequence", field: list(parts)}


def sentence_piece(kind: str, rule: str = "nmt_nfkc", size: int = 200, **more: object) -> bytes:
    """A SentencePiece file trained on the texts here."""
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*TEXTS, *(ODD_TEXTS[name] for name in ("composed accents", "German", "Greek", "digits"))]),
        model_writer=made,
        model_type=kind,
        vocab_size=size,
        normalization_rule_name=rule,
        character_coverage=0.995,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
        **more,
    )
    return made.getvalue()


def charsmap(file: bytes) -> str:
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(file)
    return base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()


def normalizer_cases() -> dict[str, dict]:
    cases = {kind: one(kind) for kind in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt")}
    for left, right in ((True, True), (True, False), (False, True)):
        cases[f"Strip {left} {right}"] = one("Strip", strip_left=left, strip_right=right)
    for clean, chinese, accents, lower in (
        (True, True, None, True),
        (True, True, None, False),
        (False, True, None, True),
        (True, False, None, True),
        (True, True, True, False),
        (True, True, False, True),
        (False, False, True, True),
    ):
        cases[f"BertNormalizer {clean} {chinese} {accents} {lower}"] = one(
            "BertNormalizer",
            clean_text=clean,
            handle_chinese_chars=chinese,
            strip_accents=accents,
            lowercase=lower,
        )
    cases["Replace string"] = one("Replace", pattern={"String": "the"}, content="a film ")
    cases["Replace regex"] = one("Replace", pattern={"Regex": r"\s+|(?<=\d)[.,](?=\d)"}, content=" ")
    cases["Replace words"] = one("Replace", pattern={"Regex": r"\b\w{2,3}\b"}, content="x")
    cases["Replace by nothing"] = one("Replace", pattern={"Regex": r"[^\p{L}\p{M} ]"}, content="")
    cases["Prepend"] = one("Prepend", prepend=SPACE)
    cases["Sequence"] = sequence("normalizers", one("NFD"), one("StripAccents"), one("Lowercase"))
    cases["Llama's sequence"] = sequence(
        "normalizers", one("Prepend", prepend=SPACE), one("Replace", pattern={"String": " "}, content=SPACE)
    )
    for rule in ("nmt_nfkc", "nmt_nfkc_cf", "nfkc"):
        table = charsmap(sentence_piece("unigram", rule, 120))
        cases[f"Precompiled {rule}"] = one("Precompiled", precompiled_charsmap=table)
    return cases


def pre_tokenizer_cases() -> dict[str, dict]:
    cases = {kind: one(kind) for kind in ("BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts")}
    for single in (True, False):
        cases[f"Digits {single}"] = one("Digits", individual_digits=single)
    for behavior in BEHAVIORS:
        cases[f"Punctuation {behavior}"] = one("Punctuation", behavior=behavior)
        split = {"behavior": behavior, "invert": False}
        cases[f"Split string {behavior}"] = one("Split", pattern={"String": "e"}, **split)
        cases[f"Split regex {behavior}"] = one("Split", pattern={"Regex": r"\w+|[^\w\s]+"}, **split)
        cases[f"Split regex inverted {behavior}"] = one(
            "Split", pattern={"Regex": r"\p{Lu}|\d"}, behavior=behavior, invert=True
        )
    for scheme, split in product(("always", "first", "never"), (True, False)):
        cases[f"Metaspace {scheme} {split}"] = one("Metaspace", replacement=SPACE, prepend_scheme=scheme, split=split)
    cases["Metaspace of older files"] = one("Metaspace", replacement=SPACE, add_prefix_space=True, str_rep=SPACE)
    cases["Metaspace of another sign"] = one("Metaspace", replacement="_", prepend_scheme="always", split=True)
    for pattern in (r"\W", r"\b", r"\B.", r"[\W\d]+", r"[^\w]", r"(?i)\bTHE\b|\w{3}", r"[[:alpha:]]+(?=[[:space:]])", r"\p{Word}+"):
        cases[f"Split {pattern}"] = one("Split", pattern={"Regex": pattern}, behavior="Isolated", invert=False)
    cases["CharDelimiterSplit"] = one("CharDelimiterSplit", delimiter="a")
    for length in (1, 5):
        cases[f"FixedLength {length}"] = one("FixedLength", length=length)
    cases["Sequence"] = sequence(
        "pretokenizers", one("WhitespaceSplit"), one("Punctuation", behavior="Isolated"), one("Digits", individual_digits=True)
    )
    cases["T5's sequence"] = sequence(
        "pretokenizers", one("WhitespaceSplit"), one("Metaspace", replacement=SPACE, prepend_scheme="always", split=True)
    )
    return cases


def byte_level_cases() -> dict[str, dict]:
    """Whole tokenizers over bytes: the pre-tokenizer's flags, patterns before it, the post-processor's."""
    made = {}
    for space, words in product((True, False), (True, False)):
        pre = one("ByteLevel", add_prefix_space=space, trim_offsets=True, use_regex=words)
        made[f"ByteLevel {space} {words}"] = file(BYTES, pre_tokenizer=pre)
    for name, words in (("GPT-2", GPT2_WORDS), ("Llama 3", LLAMA_3_WORDS), ("Bloom", BLOOM_WORDS)):
        pre = sequence(
            "pretokenizers",
            one("Split", pattern={"Regex": words}, behavior="Isolated", invert=False),
            one("ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=False),
        )
        made[f"{name}'s words"] = file({**BYTES, "ignore_merges": name == "Llama 3"}, pre_tokenizer=pre)
    falcon = sequence(
        "pretokenizers",
        one("Punctuation", behavior="Contiguous"),
        one("ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True),
        one("Digits", individual_digits=False),
        one("Split", pattern={"Regex": "[0-9][0-9][0-9]"}, behavior="Isolated", invert=False),
    )
    made["Falcon's words"] = file(BYTES, pre_tokenizer=falcon)
    made["ByteLevel as normaliser"] = file(BYTES, normalizer=one("ByteLevel"))
    made["ByteLevel as normaliser before words"] = file(
        BYTES, normalizer=sequence("normalizers", one("NFC"), one("ByteLevel")), pre_tokenizer=one("Whitespace")
    )
    level = one("ByteLevel", add_prefix_space=True, trim_offsets=True, use_regex=True)
    for trim, space in product((True, False), (True, False)):
        made[f"post-processor ByteLevel {trim} {space}"] = file(
            BYTES,
            pre_tokenizer=level,
            post_processor=one("ByteLevel", add_prefix_space=space, trim_offsets=trim, use_regex=True),
        )
        made[f"post-processor Roberta {trim} {space}"] = file(
            BYTES,
            pre_tokenizer={**level, "add_prefix_space": space},
            post_processor=one(
                "RobertaProcessing", sep=["</s>", 2], cls=["<s>", 1], trim_offsets=trim, add_prefix_space=space
            ),
        )
    made["post-processor Sequence"] = file(
        BYTES,
        pre_tokenizer=level,
        post_processor=sequence(
            "processors", one("ByteLevel", add_prefix_space=True, trim_offsets=True, use_regex=True), template("<s>", 1)
        ),
    )
    return made


def template(token: str, index: int, last: str | None = None, last_index: int = 0) -> dict:
    first = {"SpecialToken": {"id": token, "type_id": 0}}
    around = [first, {"Sequence": {"id": "A", "type_id": 0}}]
    names = {token: {"id": token, "ids": [index], "tokens": [token]}}
    if last is not None:
        around.append({"SpecialToken": {"id": last, "type_id": 0}})
        names[last] = {"id": last, "ids": [last_index], "tokens": [last]}
    return one("TemplateProcessing", single=around, pair=[*around, {"Sequence": {"id": "B", "type_id": 1}}], special_tokens=names)


def word_piece(**more: object) -> dict:
    plain = {"unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
    return {"type": "WordPiece", **plain, **more, "vocab": ids_of(WORD_PIECES)}


def bert_tokens() -> list[dict]:
    return [added(token, index) for index, token in enumerate(BERT_NAMED.values())]


def bert_file(**more: object) -> dict:
    return file(
        word_piece(**more),
        bert_tokens(),
        normalizer=one(
            "BertNormalizer", clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True
        ),
        pre_tokenizer=one("BertPreTokenizer"),
        post_processor=template("[CLS]", 3, "[SEP]", 1),
        decoder=one("WordPiece", prefix="##", cleanup=True),
    )


def prefixed_bpe(prefix: str, suffix: str) -> dict:
    """BPE whose pieces within a word wear a prefix, and those at its end a suffix."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=SPECIALS,
        continuing_subword_prefix=prefix,
        end_of_word_suffix=suffix,
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return {**model, "continuing_subword_prefix": prefix or None, "end_of_word_suffix": suffix or None}


def model_cases() -> dict[str, dict]:
    made = {"BERT": bert_file(), "WordPiece of short words": bert_file(max_input_chars_per_word=6)}
    made["WordPiece without a prefix"] = bert_file(continuing_subword_prefix="")
    made["post-processor Bert"] = {
        **bert_file(),
        "post_processor": one("BertProcessing", sep=["[SEP]", 1], cls=["[CLS]", 3]),
    }
    legacy = bert_file()
    legacy["model"] = {key: value for key, value in legacy["model"].items() if key != "type"}
    made["WordPiece without its type"] = legacy
    words = {"pre_tokenizer": one("BertPreTokenizer")}
    made["BPE with a prefix"] = file(prefixed_bpe("##", ""), **words)
    made["BPE with a suffix"] = file(prefixed_bpe("", "</w>"), **words)
    made["BPE with both"] = file(prefixed_bpe("@@", "</w>"), **words)
    fallback = {
        **CHARACTERS,
        "vocab": {**CHARACTERS["vocab"], **{piece: len(CHARACTERS["vocab"]) + i for i, piece in enumerate(BYTE_PIECES)}},
        "byte_fallback": True,
    }
    made["BPE with bytes"] = file({**fallback, "fuse_unk": True})
    made["BPE with some bytes"] = file({
        **fallback,
        "vocab": {piece: index for piece, index in fallback["vocab"].items() if not piece.startswith("<0xF")},
    })
    made["BPE, unknown ones as one"] = file({**CHARACTERS, "fuse_unk": True})
    made["BPE, unknown ones apart"] = file({**CHARACTERS, "fuse_unk": False}, **words)
    made["BPE of whole words first"] = file({**CHARACTERS, "ignore_merges": True}, **words)
    made["BPE without an unknown token"] = file({**CHARACTERS, "unk_token": None}, **words)
    older = [" ".join(pair) for pair in BYTES["merges"]]
    made["BPE with merges of older files"] = file(
        {**BYTES, "merges": older},
        pre_tokenizer=one("ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True),
    )
    space = {"pre_tokenizer": one("Metaspace", replacement=SPACE, prepend_scheme="always", split=True)}
    unigram = {"type": "Unigram", "unk_id": 0, "vocab": SCORED, "byte_fallback": False}
    made["Unigram"] = file(unigram, **space)
    made["Unigram of whole texts"] = file(unigram, normalizer=one("Replace", pattern={"String": " "}, content=SPACE))
    made["Unigram with bytes"] = file(
        {**unigram, "vocab": [*SCORED, *((piece, -20.0) for piece in BYTE_PIECES)], "byte_fallback": True}, **space
    )
    vocabulary = ids_of([*SPECIALS, *sorted({word for text in CORPUS for word in text.split()} - {"𠮷野家"})[::2]])
    word_level = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"}
    made["WordLevel"] = file(word_level, pre_tokenizer=one("WhitespaceSplit"))
    made["WordLevel in lower case"] = file(word_level, normalizer=one("Lowercase"), pre_tokenizer=one("Whitespace"))
    return made


def added_token_cases() -> dict[str, dict]:
    def over(flags: dict, **parts: dict) -> dict:
        size = len(CHARACTERS["vocab"])
        own = [added(token, CHARACTERS["vocab"][token]) for token in SPECIALS]
        contents = ["<tag>", "word", "[MASK]", "tag"]
        return file(
            CHARACTERS, [*own, *(added(content, size + i, **flags) for i, content in enumerate(contents))], **parts
        )

    lower = {"normalizer": one("Lowercase")}
    cases = {
        "added": over({"special": False}),
        "added, single words": over({"special": False, "single_word": True}),
        "added, space to the left": over({"special": False, "lstrip": True}),
        "added, space to the right": over({"special": False, "rstrip": True}),
        "added, space around single words": over({"lstrip": True, "rstrip": True, "single_word": True}),
        "added, normalised": over({"special": False, "normalized": True}, **lower),
        "added, not normalised": over({"special": False, "normalized": False}, **lower),
        "added, special and normalised": over({"special": True, "normalized": True}, **lower),
        "added, normalised behind a mark": over(
            {"special": False, "normalized": True}, normalizer=one("Prepend", prepend=SPACE)
        ),
    }
    return cases


def config(model_type: str, kind: str | None = None, **settings: object) -> dict:
    files = {"config.json": {"model_type": model_type}}
    if kind is not None or settings:
        files["tokenizer_config.json"] = {**({} if kind is None else {"tokenizer_class": kind}), **settings}
    return files


def overlay_cases() -> dict[str, dict]:
    """tokenizer.json under the settings of a class."""
    bytes_file = file(
        BYTES, pre_tokenizer=one("ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True)
    )
    scored_file = file({"type": "Unigram", "unk_id": 0, "vocab": SCORED, "byte_fallback": False})
    characters_file = file({**CHARACTERS, "fuse_unk": True})
    named = {**NAMED, "cls_token": "<s>", "sep_token": "</s>"}
    decoder = {str(len(BYTES["vocab"])): {**added("<tag>", 0, lstrip=True, special=False), "id": None}}
    decoder = {key: {k: v for k, v in value.items() if k != "id"} for key, value in decoder.items()}
    return {
        "BertTokenizer, cased": (bert_file(), config("bert", "BertTokenizer", do_lower_case=False, **BERT_NAMED)),
        "BertTokenizer, accents kept": (bert_file(), config("bert", "BertTokenizerFast", strip_accents=False)),
        "BertTokenizer, Chinese not cut": (bert_file(), config("bert", "BertTokenizer", tokenize_chinese_chars=False)),
        "BertTokenizer, special tokens cut": (bert_file(), config("bert", "BertTokenizer", split_special_tokens=True)),
        "DistilBertTokenizer": (bert_file(), config("distilbert", "DistilBertTokenizer", do_lower_case=False)),
        "no class named": (bert_file(), config("electra")),
        "RobertaTokenizer": (bytes_file, config("roberta", "RobertaTokenizer", add_prefix_space=True, **named)),
        "RobertaTokenizer, mask of its own": (
            bytes_file,
            config(
                "roberta", "RobertaTokenizer", **{**named, "mask_token": {"__type": "AddedToken", **added_setting("<mask>", lstrip=True)}}
            ),
        ),
        "GPT2Tokenizer": (bytes_file, config("gpt2", "GPT2Tokenizer", add_prefix_space=True, **NAMED)),
        "GPT2Tokenizer with added tokens": (
            bytes_file, config("gpt2", "GPT2Tokenizer", added_tokens_decoder=decoder, **NAMED)
        ),
        "GPTNeoXTokenizer": (bytes_file, config("gpt_neox", "GPTNeoXTokenizer", add_bos_token=True, **NAMED)),
        "Qwen2Tokenizer": (bytes_file, config("qwen2", "Qwen2Tokenizer", **{**NAMED, "pad_token": "</s>"})),
        "CodeGenTokenizer": (bytes_file, config("codegen", "CodeGenTokenizer", **NAMED)),
        "DebertaTokenizer": (bytes_file, config("deberta", "DebertaTokenizer", **named)),
        "XLMRobertaTokenizer": (scored_file, config("xlm-roberta", "XLMRobertaTokenizer", **named)),
        "CamembertTokenizer": (scored_file, config("camembert", "CamembertTokenizer", **named)),
        "AlbertTokenizer": (scored_file, config("albert", "AlbertTokenizer", do_lower_case=False, keep_accents=True, **named)),
        "AlbertTokenizer, lower case": (scored_file, config("albert", "AlbertTokenizer", **named)),
        "RemBertTokenizer": (scored_file, config("rembert", "RemBertTokenizer", **named)),
        "RemBertTokenizer with a template": (
            {**scored_file, "post_processor": template("<s>", 1, "</s>", 2)},
            config("rembert", "RemBertTokenizer", **named),
        ),
        "BigBirdTokenizer": (scored_file, config("big_bird", "BigBirdTokenizer", **named)),
        "DebertaV2Tokenizer": (
            scored_file, config("deberta-v2", "DebertaV2Tokenizer", do_lower_case=True, split_by_punct=True, **named)
        ),
        "T5Tokenizer": (scored_file, config("t5", "T5Tokenizer", extra_ids=3, **NAMED)),
        "LlamaTokenizer": (characters_file, config("llama", "LlamaTokenizer", **NAMED)),
        "LlamaTokenizer, legacy": (characters_file, config("llama", "LlamaTokenizerFast", legacy=True, add_prefix_space=True, **NAMED)),
        "LlamaTokenizer, no space before": (characters_file, config("llama", "LlamaTokenizer", add_prefix_space=False, **NAMED)),
        "GemmaTokenizer": (characters_file, config("gemma", "GemmaTokenizer", **NAMED)),
        "MPNetTokenizer": (bert_file(), config("mpnet", "MPNetTokenizer", do_lower_case=True, **{**BERT_NAMED, "bos_token": "[CLS]", "eos_token": "[SEP]"})),
        "FunnelTokenizer": (bert_file(), config("funnel", "FunnelTokenizer", **BERT_NAMED)),
    }


def added_setting(content: str, **flags: bool) -> dict:
    token = added(content, 0, **flags)
    return {key: value for key, value in token.items() if key != "id"}


def slow_cases() -> dict[str, dict]:
    """Folders without tokenizer.json."""
    lines = "\n".join(WORD_PIECES) + "\n"
    merges = "#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in BYTES["merges"])
    byte_level = {"vocab.json": json.dumps(BYTES["vocab"], ensure_ascii=False), "merges.txt": merges}
    named = {**NAMED, "cls_token": "<s>", "sep_token": "</s>"}
    unigram = sentence_piece("unigram")
    folded = sentence_piece("unigram", "nmt_nfkc_cf", user_defined_symbols=["<tag>"])
    albert = sentence_piece(
        "unigram", "nmt_nfkc", pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, pad_piece="<pad>",
        user_defined_symbols=["[CLS]", "[SEP]", "[MASK]"],
    )
    debert = sentence_piece(
        "unigram", "nmt_nfkc", pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]",
        eos_piece="[SEP]", unk_piece="[UNK]", user_defined_symbols=["[MASK]"],
    )
    t5 = sentence_piece("unigram", "nmt_nfkc", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    llama = sentence_piece("bpe", "identity", 500, byte_fallback=True, add_dummy_prefix=True)
    gemma = sentence_piece(
        "bpe", "identity", 520, byte_fallback=True, pad_id=0, eos_id=1, bos_id=2, unk_id=3, bos_piece="<bos>",
        eos_piece="<eos>", user_defined_symbols=["<mask>", "<tag>"],
    )
    return {
        "vocab.txt": {"vocab.txt": lines, **config("bert")},
        "vocab.txt, cased": {"vocab.txt": lines, **config("bert", "BertTokenizer", do_lower_case=False)},
        "vocab.txt, accents kept": {"vocab.txt": lines, **config("bert", strip_accents=False)},
        "vocab.txt, CR LF": {"vocab.txt": lines.replace("\n", "\r\n"), **config("bert", do_lower_case=True)},
        "vocab.txt with added_tokens.json": {
            "vocab.txt": lines,
            "added_tokens.json": {"<tag>": len(WORD_PIECES), "word": len(WORD_PIECES) + 1},
            "special_tokens_map.json": BERT_NAMED,
            **config("bert", do_lower_case=False),
        },
        "vocab.txt of DistilBERT": {"vocab.txt": lines, **config("distilbert", "DistilBertTokenizer")},
        "vocab.json of GPT-2": {**byte_level, **config("gpt2", **NAMED)},
        "vocab.json of GPT-2 behind a space": {**byte_level, **config("gpt2", add_prefix_space=True, **NAMED)},
        "vocab.json of RoBERTa": {**byte_level, **config("roberta", **named)},
        "vocab.json of RoBERTa, offsets untrimmed": {**byte_level, **config("roberta", trim_offsets=False, **named)},
        "vocab.json of Qwen2": {**byte_level, **config("qwen2", "Qwen2Tokenizer", **{**NAMED, "pad_token": "</s>"})},
        "sentencepiece.bpe.model of XLM-R": {"sentencepiece.bpe.model": unigram, **config("xlm-roberta", "XLMRobertaTokenizer")},
        "sentencepiece.bpe.model of XLM-R, folded": {"sentencepiece.bpe.model": folded, **config("xlm-roberta")},
        "sentencepiece.bpe.model of CamemBERT": {"sentencepiece.bpe.model": unigram, **config("camembert", "CamembertTokenizer")},
        "spiece.model of ALBERT": {"spiece.model": albert, **config("albert", "AlbertTokenizer")},
        "spiece.model of ALBERT, cased": {"spiece.model": albert, **config("albert", "AlbertTokenizer", do_lower_case=False)},
        "sentencepiece.model of RemBERT": {"sentencepiece.model": albert, **config("rembert", "RemBertTokenizer")},
        "spiece.model of BigBird": {"spiece.model": t5, **config("big_bird", "BigBirdTokenizer")},
        "vocab.json of DeBERTa": {**byte_level, **config("deberta", "DebertaTokenizer", **named)},
        "vocab.json of GPT-NeoX": {**byte_level, **config("gpt_neox", "GPTNeoXTokenizer", add_eos_token=True, **NAMED)},
        "vocab.txt of MPNet": {
            "vocab.txt": lines,
            **config("mpnet", "MPNetTokenizer", **{**BERT_NAMED, "bos_token": "[CLS]", "eos_token": "[SEP]"}),
        },
        "spm.model of DeBERTa": {"spm.model": debert, **config("deberta-v2", "DebertaV2Tokenizer", unk_id=3)},
        "spiece.model of T5": {"spiece.model": t5, **config("t5", "T5Tokenizer", extra_ids=5)},
        "tokenizer.model of Llama": {"tokenizer.model": llama, **config("llama", "LlamaTokenizer")},
        "tokenizer.model of Llama, legacy": {"tokenizer.model": llama, **config("llama", "LlamaTokenizer", legacy=True, add_bos_token=True, add_eos_token=True)},
        "tokenizer.model of Gemma": {"tokenizer.model": gemma, **config("gemma", "GemmaTokenizer")},
    }


def folders() -> dict[str, dict]:
    """Files by name of every folder."""
    plain = {"tokenizer_config.json": {**PLAIN, **NAMED}}
    made = {}
    for name, part in normalizer_cases().items():
        made[f"normaliser {name}"] = {"tokenizer.json": file(CHARACTERS, normalizer=part), **plain}
    for name, part in pre_tokenizer_cases().items():
        made[f"pre-tokenizer {name}"] = {"tokenizer.json": file(CHARACTERS, pre_tokenizer=part), **plain}
    for name, whole in {**byte_level_cases(), **added_token_cases()}.items():
        made[name] = {"tokenizer.json": whole, **plain}
    for name, whole in model_cases().items():
        settings = {**PLAIN, **(BERT_NAMED if whole["model"].get("unk_token") == "[UNK]" else NAMED)}
        made[f"model {name}"] = {"tokenizer.json": whole, "tokenizer_config.json": settings}
    for name, (whole, settings) in overlay_cases().items():
        made[f"class {name}"] = {"tokenizer.json": whole, **settings}
    return {**made, **slow_cases()}


def utf16_offsets(text: str, offsets: list[tuple[int, int]]) -> list[int]:
    """Offsets counted in characters as offsets counted in UTF-16 code units, flat."""
    places = [0, *accumulate(len(character.encode("utf-16-le")) // 2 for character in text)]
    return [places[place] for span in offsets for place in span]


def bytes_of(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)).encode()


def opened(files: dict) -> dict:
    """What transformers makes of the texts with this folder."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(bytes_of(content))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        encodings = {name: tokenizer(text, return_offsets_mapping=True) for name, text in ODD_TEXTS.items()}
    return {
        "ids": [encoding["input_ids"] for encoding in encodings.values()],
        "offsets": [
            utf16_offsets(text, encodings[name]["offset_mapping"]) for name, text in ODD_TEXTS.items()
        ],
    }


class Shared:
    """Holds each part that several folders have once; a folder names it by its place."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.places: dict[str, int] = {}

    def place(self, value: object) -> int:
        key = json.dumps(value, ensure_ascii=False)
        if key not in self.places:
            self.places[key] = len(self.values)
            self.values.append(json.loads(key))
        return self.places[key]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    shared = Shared()
    made = []
    for name, files in folders().items():
        results = opened(files)
        stored = {}
        for path, content in files.items():
            if path == "tokenizer.json":
                model = content["model"]
                lists = {key: shared.place(model[key]) for key in ("vocab", "merges") if key in model}
                stored[path] = {"json": {**content, "model": {**model, **lists}}, "shared": list(lists)}
            elif isinstance(content, bytes):
                stored[path] = {"base64": shared.place(base64.b64encode(content).decode())}
            elif isinstance(content, str):
                stored[path] = {"text": shared.place(content)}
            else:
                stored[path] = {"json": content}
        made.append({"name": name, "files": stored, **results})
    head = {"versions": {"tokenizers": tokenizers.__version__, "transformers": transformers.__version__}}
    fixture = {**head, "texts": ODD_TEXTS, "shared": shared.values, "tokenizers": made}
    text = json.dumps(fixture, ensure_ascii=False, separators=(",", ":"))
    out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(made)} tokenizers, {len(ODD_TEXTS)} texts, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
