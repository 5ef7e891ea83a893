"""Has optimum's own exporter write tiny random models as ONNX files, as most of those on hubs were written.

    python -m venv WORK/optimum && WORK/optimum/bin/pip install optimum-onnx==0.1.0 onnxruntime==1.32.0
    python make_optimum.py ../fixtures/onnx --optimum WORK/optimum/bin/python

optimum needs an older transformers than the other scripts, and so an environment of its own. GPT-2 and ELECTRA are
those of make_onnx.py, weight by weight, so that their numbers in `reference.json` hold; the encoder of T5 is made here.
Writes FILE.onnx, and `optimum.json`: versions, files, and of T5's encoder what transformers gives (reference_onnx.py).
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import AutoModelForTextEncoding, PreTrainedTokenizerFast

from onnx_forms import stripped
from onnx_models import RECIPES, Recipe, build
from reference_onnx import reference

T5 = {
    "d_model": 16,
    "d_kv": 8,
    "d_ff": 24,
    "num_layers": 2,
    "num_heads": 2,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 16,
}
OWN = {
    "t5": Recipe(AutoModelForTextEncoding, "t5", {**T5, "feed_forward_proj": "relu"}),
    # T5 1.1: a gated feed-forward part.
    "t5-gated": Recipe(AutoModelForTextEncoding, "t5", {**T5, "feed_forward_proj": "gated-gelu"}),
}

# Name of the file, by model, task of optimum, and more arguments.
EXPORTS = {
    "gpt2.optimum": ("gpt2", "text-generation", []),
    "gpt2.optimum-past": ("gpt2", "text-generation-with-past", []),
    "gpt2-fresh.optimum": ("gpt2-fresh", "text-generation", []),
    "electra.optimum": ("electra", "text-classification", []),
    "electra-fresh.optimum": ("electra-fresh", "text-classification", []),
    "electra.optimum-O2": ("electra", "text-classification", ["--optimize", "O2"]),
    "t5.optimum": ("t5", "text2text-generation-with-past", ["--no-post-process"]),
    "t5-gated.optimum": ("t5-gated", "text2text-generation-with-past", ["--no-post-process"]),
}

VERSIONS = (
    "import json, torch, transformers; from importlib.metadata import version; "
    "print(json.dumps({'optimum': version('optimum'), 'optimum-onnx': version('optimum-onnx'), "
    "'torch': torch.__version__, 'transformers': transformers.__version__}))"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--optimum", type=Path, required=True, help="python with optimum-onnx")
    args = parser.parse_args()
    torch.set_num_threads(1)
    models = {name: build((RECIPES | OWN)[name]) for name, _, _ in EXPORTS.values()}
    with tempfile.TemporaryDirectory() as work:
        for name, model in models.items():
            model.save_pretrained(Path(work) / name)
            if name in OWN:
                # transformers writes of the encoder that it is one; optimum takes it out of a whole model.
                path = Path(work) / name / "config.json"
                path.write_text(json.dumps({**json.loads(path.read_text()), "is_encoder_decoder": True}))
            PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({}))).save_pretrained(Path(work) / name)
        for file, (model, task, more) in EXPORTS.items():
            made = Path(work) / file
            exporter = [args.optimum, "-m", "optimum.exporters.onnx", "--framework", "pt", "--device", "cpu"]
            source = ["--model", Path(work) / model, "--task", task, *more]
            subprocess.run([*exporter, *source, made], check=True)
            # Of T5 the encoder; its decoder, which the file of the model lacks, is random.
            [written] = [*made.glob("encoder_model.onnx")] or [*made.glob("*.onnx")]
            path = args.out / f"{file}.onnx"
            path.write_bytes(written.read_bytes())
            stripped(path, names=model.endswith("-fresh"))
    fixture = {
        "made": json.loads(subprocess.check_output([args.optimum, "-c", VERSIONS])),
        "transformers": transformers.__version__,
        "models": {name: reference(model) for name, model in models.items() if name in OWN},
        "files": [{"file": f"{file}.onnx", "model": model} for file, (model, _, _) in EXPORTS.items()],
    }
    (args.out / "optimum.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(json.dumps(fixture["made"]))


if __name__ == "__main__":
    main()
