"""Writes which tokenizer class of transformers stands for which name and model type, for src/engine/tokenizer.

    python tokenizer_classes.py ../src/engine/tokenizer/transformersClasses.json
"""

import argparse
import json
from pathlib import Path

import transformers
from transformers import PreTrainedTokenizerBase, TokenizersBackend
from transformers.convert_slow_tokenizer import SLOW_TO_FAST_CONVERTERS
from transformers.models.auto import tokenization_auto as auto


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    registered = {}
    for model_type, name in auto.TOKENIZER_MAPPING_NAMES.items():
        if name is not None:
            registered.setdefault(name.removesuffix("Fast"), []).append(model_type)
    # Where mistral-common is not installed these are read from tokenizer.json as it is.
    registered.setdefault("TokenizersBackend", []).extend(registered.pop("MistralCommonBackend", []))
    classes = {}
    exported = (name for name in dir(transformers) if name.endswith("Tokenizer"))
    further = {*SLOW_TO_FAST_CONVERTERS, "BloomTokenizer", "PreTrainedTokenizerFast"}
    for name in sorted({*registered, *exported, *further}):
        try:
            found = auto.tokenizer_class_from_name(name)
        except Exception:
            found = None
        if not isinstance(found, type) or not issubclass(found, PreTrainedTokenizerBase):
            continue
        if found.__name__ in ("PythonBackend", "TokenizersBackend"):
            classes[name] = "TokenizersBackend"
        elif not issubclass(found, TokenizersBackend):
            classes[name] = "python"
        elif "__init__" not in found.__dict__ and found.__base__ is not TokenizersBackend:
            classes[name] = found.__base__.__name__
        else:
            classes[name] = found.__name__
    made = {
        "transformers": transformers.__version__,
        "registered": {name: sorted(types) for name, types in sorted(registered.items())},
        "distrusted": sorted(auto.MODELS_WITH_INCORRECT_HUB_TOKENIZER_CLASS),
        "classes": classes,
    }
    out.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
