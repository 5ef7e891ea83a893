"""The tiny random models that make_onnx.py exports."""

from dataclasses import dataclass

import torch
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM
from transformers import AutoModelForSequenceClassification

from make_families import randomise

SEED = 0
VOCABULARY = 160
POSITIONS = 40
LENGTH = 9

WIDTHS = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 24}
ENCODER = {**WIDTHS, "num_hidden_layers": 2, "max_position_embeddings": POSITIONS}


@dataclass
class Recipe:
    """How one tiny model is made."""

    auto: type
    model_type: str
    config: dict
    # With the weights that a model starts training from: norms and biases alike, which exporters write once.
    fresh: bool = False


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
    "distilbert-fresh": Recipe(
        AutoModelForSequenceClassification,
        "distilbert",
        {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 24, "max_position_embeddings": POSITIONS},
        fresh=True,
    ),
    "electra-fresh": Recipe(
        AutoModelForSequenceClassification, "electra", {**ENCODER, "embedding_size": 8}, fresh=True
    ),
    "gpt2-fresh": Recipe(
        AutoModelForCausalLM,
        "gpt2",
        {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": 24, "n_positions": POSITIONS},
        fresh=True,
    ),
    # Parts side by side; a rank that changes in each layer; keys that all queries share; scores that grow with the position.
    "gpt_neox": Recipe(AutoModelForCausalLM, "gpt_neox", ENCODER),
    "opt": Recipe(
        AutoModelForCausalLM,
        "opt",
        {
            "hidden_size": 16,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "ffn_dim": 24,
            "max_position_embeddings": POSITIONS,
        },
    ),
    "falcon": Recipe(
        AutoModelForCausalLM,
        "falcon",
        {
            "hidden_size": 16,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "ffn_hidden_size": 24,
            "max_position_embeddings": POSITIONS,
        },
    ),
    "bloom": Recipe(
        AutoModelForCausalLM, "bloom", {"hidden_size": 16, "n_layer": 2, "n_head": 2, "seq_length": POSITIONS}
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
    torch.manual_seed(SEED)
    if recipe.fresh:
        config.initializer_range = 0.3
    model = recipe.auto.from_config(config, attn_implementation="eager").eval()
    if not recipe.fresh:
        randomise(model, SEED)
    return model


def is_causal(model) -> bool:
    return type(model).__name__.endswith(("LMHeadModel", "ForCausalLM"))


def input_names(model) -> list[str]:
    segments = getattr(model.config, "type_vocab_size", 0) == 2
    return ["input_ids", "attention_mask", *(["token_type_ids"] if segments else [])]


def output_names(model) -> list[str]:
    return ["last_hidden_state", "pooler_output"] if type(model).__name__ == "BertModel" else ["logits"]


def example(model) -> tuple[torch.Tensor, ...]:
    ids = torch.arange(5, 5 + 2 * LENGTH).reshape(2, LENGTH)
    return (ids, torch.ones_like(ids), torch.zeros_like(ids))[: len(input_names(model))]
