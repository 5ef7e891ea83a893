"""Writes what transformers takes for each field that a config.json leaves out.

usage: python config_defaults.py ../src/weights/configDefaults.json

Of every model type the fields of its configuration class that change what the model computes, with their defaults, and the
other names by which transformers knows them (`attribute_map`). Source: the dataclass fields of the classes themselves, before
`__post_init__` derives any from others.
"""

import dataclasses
import json
import re
import sys
from pathlib import Path

import transformers
from transformers import CONFIG_MAPPING

MODEL_TYPES = """
albert bert bloom camembert deberta deberta-v2 distilbert electra ernie eurobert falcon gemma gemma2 gemma3_text gpt2 gpt_neo
gpt_neox gptj granite llama longformer megatron-bert mistral modernbert mpnet nomic_bert olmo olmo2 opt phi phi3 qwen2 qwen3
rembert roberta roformer smollm3 squeezebert stablelm starcoder2 xlm-roberta xlm-roberta-xl
""".split()

# What these say has no part in one forward without training: dropout, first weights, caches, ids that the tokenizer has,
# what is returned, how the same sums are split. pad_token_id stays: RoBERTa counts positions from it.
WITHOUT_EFFECT = re.compile(
    r"drop|initializer|init_std|^use_cache$|(bos|eos|sep|cls|mask|decoder_start)_token_id|^output_|^return_|^summary_|^sparse_"
    r"|^(transformers_version|architectures|dtype|chunk_size_feed_forward|id2label|label2id|problem_type|pretraining_tp"
    r"|slow_but_exact|deterministic_flash_attn|reorder_and_upcast_attn|sinusoidal_pos_embds|reference_compile"
    r"|upcast_.*|is_encoder_decoder|onnx_export)$"
)


def defaults_of(config_class) -> dict:
    found = {}
    for field in dataclasses.fields(config_class):
        if WITHOUT_EFFECT.search(field.name):
            continue
        if field.default_factory is not dataclasses.MISSING:
            found[field.name] = field.default_factory()
        elif field.default is not dataclasses.MISSING:
            found[field.name] = field.default
    theta = config_class.default_theta
    if "rope_parameters" in found and isinstance(theta, float):
        found["rope_theta"] = theta
    return json.loads(json.dumps(found))


def main() -> None:
    table = {}
    for model_type in sorted(MODEL_TYPES):
        config_class = CONFIG_MAPPING[model_type]
        aliases = {name: to for name, to in config_class.attribute_map.items() if to != name}
        table[model_type] = {
            "class": config_class.__name__.removesuffix("Config"),
            "fields": defaults_of(config_class),
            **({"aliases": aliases} if aliases else {}),
        }
    written = {"source": f"transformers {transformers.__version__}, training/config_defaults.py", "types": table}
    lines = json.dumps(written, indent=2, sort_keys=True)
    Path(sys.argv[1]).write_text(lines + "\n")


main()
