"""Writes a tiny random model of every family, for tests that need a real folder but no real weights.

    python make_families.py OUT_DIR [FAMILY ...]

Makes OUT_DIR/tiny-FAMILY for each: `config.json` and `model.safetensors` as transformers' own save_pretrained writes them
for the family's classifier (three labels), a tokenizer of the family's kind trained on the texts here, the tensors of
the language-model head alone beside it (`masked-lm.safetensors` or `causal-lm.safetensors`), and `reference.json`, what
transformers gives for a few texts (reference_families.py). OUT_DIR/relative-buckets.json holds transformers' buckets of
relative positions at full size. The weights are drawn wide, so that attention matters.
"""

import argparse
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from tokenizers import Tokenizer
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    PreTrainedTokenizerFast,
)
from transformers.modeling_layers import GenericForSequenceClassification
from transformers.utils.logging import disable_progress_bar

from family_tokenizers import byte_fallback, byte_level, unigram, word_piece
from reference_families import write_buckets, write_reference

SEED = 0
MAX_TOKENS = 64
LABELS = 3
MATRIX_STD = 0.3
VECTOR_STD = 0.1

BERT_SPECIALS = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
ROBERTA_SPECIALS = {"cls": "<s>", "pad": "<pad>", "sep": "</s>", "unk": "<unk>", "mask": "<mask>"}
MPNET_SPECIALS = {"cls": "<s>", "pad": "<pad>", "sep": "</s>", "unk": "[UNK]", "mask": "<mask>"}
LLAMA_SPECIALS = {"unk": "<unk>", "bos": "<s>", "eos": "</s>"}
END_OF_TEXT = {"eos": "<|endoftext|>"}


@dataclass
class Family:
    """How one tiny model is made."""

    tokenizer: Tokenizer
    specials: dict[str, str]
    head: str
    config: dict
    model_type: str | None = None
    positions: dict = field(default_factory=lambda: {"max_position_embeddings": MAX_TOKENS})
    # transformers' implementation of attention that the numbers are taken from.
    attention: str = "eager"


ENCODER = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 48}
SHALLOW = {**ENCODER, "num_hidden_layers": 2}
GROUPED = {**SHALLOW, "num_key_value_heads": 2, "rms_norm_eps": 1e-5}
BEHIND_PADDING = {"max_position_embeddings": MAX_TOKENS + 2}


def families() -> dict[str, Family]:
    """Every family by the name of its folder."""
    pieces = word_piece(BERT_SPECIALS)
    sentence_pieces = unigram(BERT_SPECIALS)
    llama_pieces = byte_fallback(LLAMA_SPECIALS)
    return {
        "masked-bert": Family(pieces, BERT_SPECIALS, "masked-lm", {**SHALLOW, "layer_norm_eps": 1e-12}, "bert"),
        "distilbert": Family(
            pieces, BERT_SPECIALS, "masked-lm", {"dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48}
        ),
        "roberta": Family(
            byte_level(ROBERTA_SPECIALS, "cls $A sep"),
            ROBERTA_SPECIALS,
            "masked-lm",
            {**ENCODER, "type_vocab_size": 1, "layer_norm_eps": 1e-5},
            positions=BEHIND_PADDING,
        ),
        "xlm-roberta": Family(
            unigram(ROBERTA_SPECIALS),
            ROBERTA_SPECIALS,
            "masked-lm",
            {**SHALLOW, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "tie_word_embeddings": False},
            positions=BEHIND_PADDING,
        ),
        "electra": Family(pieces, BERT_SPECIALS, "masked-lm", {**ENCODER, "embedding_size": 16}),
        "albert": Family(
            sentence_pieces,
            BERT_SPECIALS,
            "masked-lm",
            {**ENCODER, "embedding_size": 16, "hidden_act": "gelu_new", "num_hidden_groups": 2, "num_hidden_layers": 4},
        ),
        "mpnet": Family(
            word_piece(MPNET_SPECIALS), MPNET_SPECIALS, "masked-lm", ENCODER, positions=BEHIND_PADDING
        ),
        # As v3: shared keys, normed positions, nothing absolute.
        "deberta-v2": Family(
            sentence_pieces,
            BERT_SPECIALS,
            "masked-lm",
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
        # As v2 was first: keys apart, positions one by one, a convolution, segments and absolute positions.
        "deberta-v2-conv": Family(
            sentence_pieces,
            BERT_SPECIALS,
            "masked-lm",
            {
                **SHALLOW,
                "type_vocab_size": 2,
                "relative_attention": True,
                "max_relative_positions": 6,
                "pos_att_type": "c2p|p2c",
                "conv_kernel_size": 3,
                "legacy": False,
            },
            "deberta-v2",
        ),
        "modernbert": Family(
            byte_level(BERT_SPECIALS, "cls $A sep"),
            BERT_SPECIALS,
            "masked-lm",
            {
                **ENCODER,
                "num_hidden_layers": 4,
                "intermediate_size": 32,
                "local_attention": 8,
                "classifier_pooling": "mean",
                "cls_token_id": 2,
                "sep_token_id": 3,
            },
        ),
        "gpt2": Family(
            byte_level(END_OF_TEXT, "$A"),
            END_OF_TEXT,
            "causal-lm",
            {"n_embd": 32, "n_layer": 3, "n_head": 4, "n_inner": 48},
            positions={"n_positions": MAX_TOKENS},
        ),
        "llama": Family(
            llama_pieces,
            LLAMA_SPECIALS,
            "causal-lm",
            {
                **GROUPED,
                "num_hidden_layers": 3,
                "rope_parameters": {
                    "rope_type": "llama3",
                    "rope_theta": 500.0,
                    "factor": 8.0,
                    "low_freq_factor": 1.0,
                    "high_freq_factor": 4.0,
                    "original_max_position_embeddings": 32,
                },
            },
        ),
        "mistral": Family(llama_pieces, LLAMA_SPECIALS, "causal-lm", {**GROUPED, "sliding_window": 6}),
        "qwen2": Family(
            byte_level(END_OF_TEXT, "$A"), END_OF_TEXT, "causal-lm", {**GROUPED, "tie_word_embeddings": True}
        ),
        **encoders(pieces),
        **decoders(),
        "qwen3": Family(
            byte_level(END_OF_TEXT, "$A"),
            END_OF_TEXT,
            "causal-lm",
            {**GROUPED, "head_dim": 16, "rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 100.0}},
        ),
    }


def encoders(pieces: Tokenizer) -> dict[str, Family]:
    """The encoders after the patterns of BERT and RoBERTa, each with the branches that set it apart."""

    def masked(config: dict, model_type: str | None = None) -> Family:
        return Family(pieces, BERT_SPECIALS, "masked-lm", {**SHALLOW, **config}, model_type)

    def behind_padding(config: dict) -> Family:
        tokenizer = unigram(ROBERTA_SPECIALS)
        return Family(
            tokenizer, ROBERTA_SPECIALS, "masked-lm", {**SHALLOW, "type_vocab_size": 1, **config}, positions=BEHIND_PADDING
        )

    return {
        "camembert": behind_padding({}),
        "longformer": behind_padding({"attention_window": [4, 8]}),
        "ernie": masked({"use_task_id": True, "hidden_act": "relu"}),
        "megatron-bert": masked({}),
        "xlm-roberta-xl": behind_padding({}),
        "squeezebert": masked(
            {
                "embedding_size": 32,
                "q_groups": 2,
                "k_groups": 4,
                "v_groups": 1,
                "post_attention_groups": 1,
                "intermediate_groups": 4,
                "output_groups": 2,
            }
        ),
        "roformer": masked({"embedding_size": 16, "rotary_value": True}),
        "rembert": masked({"input_embedding_size": 16, "output_embedding_size": 24}),
        "nomic_bert": masked({}),
        "eurobert": masked({"num_key_value_heads": 2, "classifier_pooling": "late"}),
        "deberta": masked(
            {
                "relative_attention": True,
                "max_relative_positions": 6,
                "pos_att_type": ["c2p", "p2c"],
                "position_biased_input": False,
            }
        ),
    }


def decoders() -> dict[str, Family]:
    """The decoders after the patterns of GPT-2 and Llama, each with the branches that set it apart."""
    bytes_ = byte_level(END_OF_TEXT, "$A")
    small = {**SHALLOW, "num_hidden_layers": 2, "num_attention_heads": 4}
    grouped = {**small, "num_key_value_heads": 2}

    def causal(
        config: dict, model_type: str | None = None, positions: dict | None = None, attention: str = "eager"
    ) -> Family:
        places = {"max_position_embeddings": MAX_TOKENS} if positions is None else positions
        return Family(bytes_, END_OF_TEXT, "causal-lm", config, model_type, places, attention)

    factors = {"short_factor": [1.0, 1.5, 2.0, 3.0], "long_factor": [1.0, 4.0, 8.0, 12.0]}
    yarn = {"rope_type": "yarn", "factor": 4.0, "rope_theta": 100.0, "original_max_position_embeddings": 16}
    sliding = ["sliding_attention", "full_attention"]
    return {
        "phi": causal({**grouped, "qk_layernorm": True}),
        "phi3": causal(
            {
                **grouped,
                "sliding_window": 40,
                "original_max_position_embeddings": 16,
                "rope_parameters": {"rope_type": "longrope", "rope_theta": 100.0, **factors},
            }
        ),
        "starcoder2": causal({**grouped, "sliding_window": 6}),
        "stablelm": causal({**grouped, "num_attention_heads": 2, "num_key_value_heads": 1, "qk_layernorm": True, "use_qkv_bias": True}),
        "stablelm-parallel": causal(
            {**small, "num_key_value_heads": 4, "use_parallel_residual": True, "partial_rotary_factor": 0.5}, "stablelm"
        ),
        "granite": causal(
            {
                **grouped,
                "attention_bias": True,
                "mlp_bias": True,
                "embedding_multiplier": 3.0,
                "attention_multiplier": 0.2,
                "residual_multiplier": 0.7,
                "logits_scaling": 4.0,
            }
        ),
        "smollm3": causal(
            {**grouped, "num_hidden_layers": 3, "no_rope_layer_interval": 2, "use_sliding_window": True, "sliding_window": 6}
        ),
        "olmo": causal({**grouped, "clip_qkv": 1.0}),
        "olmo2": causal({**grouped, "attention_bias": True, "rope_parameters": yarn}),
        "gemma": causal({**small, "num_key_value_heads": 1, "head_dim": 16}),
        "gemma2": causal(
            {
                **grouped,
                "head_dim": 16,
                "sliding_window": 6,
                "query_pre_attn_scalar": 5,
                "attn_logit_softcapping": 3.0,
                "final_logit_softcapping": 4.0,
            }
        ),
        "gemma3_text": causal(
            {
                **grouped,
                "head_dim": 16,
                "sliding_window": 6,
                "query_pre_attn_scalar": 5,
                "layer_types": sliding,
                "rope_parameters": {
                    "full_attention": {"rope_type": "linear", "factor": 2.0, "rope_theta": 1000.0},
                    "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
                },
            }
        ),
        "opt": causal({**{key: value for key, value in small.items() if key != "intermediate_size"}, "ffn_dim": 48}),
        "opt-post": causal({**{key: value for key, value in small.items() if key != "intermediate_size"}, "ffn_dim": 48, "do_layer_norm_before": False}, "opt"),
        "gpt_neo": causal(
            {
                "hidden_size": 32,
                "num_layers": 2,
                "num_heads": 4,
                "intermediate_size": 48,
                "attention_types": [[["global", "local"], 1]],
                "window_size": 6,
            }
        ),
        "gptj": causal({"n_embd": 32, "n_layer": 2, "n_head": 2, "n_inner": 48, "rotary_dim": 8}, None, {"n_positions": MAX_TOKENS}),
        "gpt_neox": causal({**small, "num_attention_heads": 2}),
        "gpt_neox-sequential": causal({**small, "use_parallel_residual": False, "attention_bias": False, "hidden_act": "gelu_new"}, "gpt_neox"),
        "bloom": causal({"hidden_size": 36, "n_layer": 2, "n_head": 6}, None, {"seq_length": MAX_TOKENS}),
        "falcon": causal({"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "ffn_hidden_size": 48}),
        "falcon-new": causal(
            {
                "hidden_size": 32,
                "num_hidden_layers": 2,
                "num_attention_heads": 4,
                "num_kv_heads": 2,
                "ffn_hidden_size": 48,
                "new_decoder_architecture": True,
                "bias": True,
            },
            "falcon",
        ),
        # The eager attention of transformers 5.23 adds ALiBi twice, in the mask and to the scores; the default one once.
        "falcon-alibi": causal(
            {
                "hidden_size": 32,
                "num_hidden_layers": 2,
                "num_attention_heads": 4,
                "ffn_hidden_size": 48,
                "alibi": True,
                "multi_query": False,
                "parallel_attn": False,
            },
            "falcon",
            attention="sdpa",
        ),
    }


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Draws every weight; those of norms lie around 1, everything else around 0."""
    generator = torch.Generator().manual_seed(seed)
    norms = {
        f"{name}.weight"
        for name, module in model.named_modules()
        if "norm" in type(module).__name__.lower() and hasattr(module, "weight")
    }
    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            # Sinusoids that a model holds are not drawn.
            if not tensor.requires_grad:
                continue
            std = MATRIX_STD if tensor.ndim > 1 else VECTOR_STD
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * std + (name in norms))


def saved_tensors(model) -> dict[str, torch.Tensor]:
    """What save_pretrained writes."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return load_file(Path(folder) / "model.safetensors")


def classifier_of(config, attention: str):
    """transformers' classifier of the family; where it has none, its base model with one as the other decoders have it."""
    if type(config) in AutoModelForSequenceClassification._model_mapping:
        return AutoModelForSequenceClassification.from_config(config, attn_implementation=attention).eval()
    base = type(AutoModelForCausalLM.from_config(config)).__mro__[1]
    own = type(f"{base.__name__.removesuffix('PreTrainedModel')}ForSequenceClassification", (GenericForSequenceClassification, base), {})
    config._attn_implementation = attention
    return own(config).eval()


def make(name: str, family: Family, out: Path) -> None:
    folder = out / f"tiny-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    tokens = {f"{role}_token": token for role, token in family.specials.items()}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=family.tokenizer, model_max_length=MAX_TOKENS, **tokens)
    tokenizer.save_pretrained(folder)
    ids = {f"{role}_token_id": family.tokenizer.token_to_id(token) for role, token in family.specials.items()}
    wanted = ("pad_token_id", "bos_token_id", "eos_token_id")
    settings = {**{role: ids.get(role) for role in wanted}, **family.config, **family.positions}
    config = AutoConfig.for_model(
        family.model_type or name, vocab_size=family.tokenizer.get_vocab_size(), num_labels=LABELS, **settings
    )
    config._attn_implementation = family.attention
    language_model_class = AutoModelForMaskedLM if family.head == "masked-lm" else AutoModelForCausalLM

    classifier = classifier_of(config, family.attention)
    randomise(classifier, SEED)
    classifier.save_pretrained(folder)
    language_model = language_model_class.from_config(config, attn_implementation=family.attention).eval()
    randomise(language_model, SEED + 1)
    own = language_model.state_dict()
    shared = {key: tensor for key, tensor in classifier.state_dict().items() if key in own}
    language_model.load_state_dict(shared, strict=False)
    language_model.tie_weights()

    # save_pretrained writes for its owner alone.
    (folder / "model.safetensors").chmod(0o644)
    held = load_file(folder / "model.safetensors")
    head = {key: tensor for key, tensor in saved_tensors(language_model).items() if key not in held}
    (folder / f"{family.head}.safetensors").write_bytes(save(head, metadata={"format": "pt"}))
    for left in ("special_tokens_map.json", "generation_config.json"):
        (folder / left).unlink(missing_ok=True)
    ties = write_reference(folder, classifier, language_model, family.head, family.tokenizer, MAX_TOKENS)
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"tiny-{name}: {config.vocab_size} tokens, {size // 1000} kB, near ties {ties}, head {sorted(head)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    args = parser.parse_args()
    torch.set_num_threads(1)
    disable_progress_bar()
    for name, family in families().items():
        if not args.families or name in args.families:
            make(name, family, args.out)
    write_buckets(args.out / "relative-buckets.json")


if __name__ == "__main__":
    main()
