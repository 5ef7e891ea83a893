"""Small tokenizers of every kind, trained on the texts here, for make_families.py; each is the same on every run."""

import json
import math
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

VOCABULARY = 320
TEXTS = [
    text["text"]
    for name in ("texts-tiny.json", "texts.json")
    for text in json.loads(Path(__file__).with_name(name).read_text())
]


def framed(tokenizer: Tokenizer, specials: dict[str, str], single: str) -> Tokenizer:
    """With its special tokens around a text: `$A` in `single` stands for the text, `cls` and the like for tokens."""
    pieces = [specials.get(piece, piece) for piece in single.split()]
    ids = [(piece, tokenizer.token_to_id(piece)) for piece in pieces if piece != "$A"]
    if ids:
        tokenizer.post_processor = processors.TemplateProcessing(single=pieces, special_tokens=ids)
    return tokenizer


def pieces_of(pre_tokenizer: pre_tokenizers.PreTokenizer, texts: list[str], size: int) -> list[str]:
    """Frequent pieces of texts, found by BPE: unlike those for WordPiece and Unigram, its trainer gives the same on every
    run."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=size, show_progress=False))
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.get)


def word_piece(specials: dict[str, str]) -> Tokenizer:
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    frequent = pieces_of(pre_tokenizer, [text.lower() for text in TEXTS], (VOCABULARY - len(specials)) // 2)
    pieces = [*specials.values(), *frequent, *(f"##{piece}" for piece in frequent)]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=specials["unk"], max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(list(specials.values()))
    return framed(tokenizer, specials, "cls $A sep")


def byte_level(specials: dict[str, str], single: str) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(specials.values()),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return framed(tokenizer, specials, single)


def unigram(specials: dict[str, str]) -> Tokenizer:
    """Each piece scored by the logarithm of its share of the texts."""
    pre_tokenizer = pre_tokenizers.Metaspace()
    pieces = pieces_of(pre_tokenizer, TEXTS, VOCABULARY - len(specials))
    words = [word for text in TEXTS for word, _ in pre_tokenizer.pre_tokenize_str(text)]
    counts = {piece: 1 + sum(word.count(piece) for word in words) for piece in pieces}
    total = sum(counts.values())
    scored = [(token, 0.0) for token in specials.values()]
    scored += [(piece, math.log(count / total)) for piece, count in counts.items()]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=list(specials).index("unk")))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(list(specials.values()))
    return framed(tokenizer, specials, "cls $A sep")


def byte_fallback(specials: dict[str, str]) -> Tokenizer:
    """SentencePiece's BPE as Llama 2 has it: spaces as U+2581, bytes for characters outside the vocabulary."""
    tokenizer = Tokenizer(models.BPE(unk_token=specials["unk"], byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY // 2 + len(byte_tokens),
        special_tokens=[*specials.values(), *byte_tokens],
        show_progress=False,
    )
    # One word at a time: without a pre-tokenizer the trainer would learn whole sentences. Other letters are left to bytes.
    words = [word for text in TEXTS for word in text.split() if word.isascii()]
    tokenizer.train_from_iterator(words, trainer)
    plain = json.loads(tokenizer.to_str())
    plain["added_tokens"] = [token for token in plain["added_tokens"] if token["content"] not in byte_tokens]
    return framed(Tokenizer.from_str(json.dumps(plain)), specials, "bos $A")
