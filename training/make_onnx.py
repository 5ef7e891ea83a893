"""Writes tiny random models as ONNX files of other people's exporters, for tests of reading what nobody here exported.

    python make_onnx.py ../fixtures/onnx          the files that the tests read
    python make_onnx.py WORK/onnx --all           every model through every exporter

Exporters: torch.onnx by tracing (`legacy`, opsets 11 to 20) and by torch.export (`dynamo`, opset 18), onnxslim, ONNX
Runtime's transformers optimizer (`fused`), its graph optimisations as saved to a file (`ort`), and the model builder of
onnxruntime-genai (`genai`). Beside the files stand the same weights as torch.save writes them (MODEL.bin), and
`reference.json`: each model's config.json and transformers' own hidden states, logits, distances after one substitution
and nearest neighbours (reference_onnx.py), in fp32 with eager attention, norms and cosines in float64; eight digits.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import onnx
import onnxruntime
import onnxslim
import torch
import transformers
from onnxconverter_common import float16
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from onnx_exporters import export, export_with_past, export_with_positions, merge
from onnx_forms import LARGE, fused, in_half_precision, optimised_by_runtime, stripped, with_constants
from onnx_forms import with_int32_ids, with_integer_weights
from onnx_models import RECIPES, build
from reference_onnx import reference

# What torch writes although the opset has no such operator: no runtime that keeps to the standard opens it.
INVALID = {
    ("mpnet", "legacy-11"): "opset 11 has no Min of int64, which torch writes into it",
    ("deberta-v2", "legacy-11"): "opset 11 has no Clip of int64, which torch writes into it",
}
ROUTES = ("legacy-11", "legacy-13", "legacy-14", "legacy-17", "legacy-20", "dynamo-18")
# Levels of ONNX Runtime's own optimisations before its transformers optimizer.
LEVELS = (0, 1, 2, 99)

# NAME.ROUTE of the files that the tests read.
KEPT = {
    "bert.legacy-11",
    "bert.slim",
    "bert.fused",
    "bert.ort",
    "bert.external",
    "bert.constants",
    "bert.fp16-weights",
    "bert.int8-weights",
    "bert.fp16",
    "bert.quantized",
    "bert.int32",
    "bert.legacy-20",
    "bert-bare.dynamo-18",
    "distilbert.legacy-14",
    "distilbert.dynamo-18",
    "distilbert-fresh.fused",
    "electra-fresh.legacy-14",
    "gpt2-fresh.legacy-14",
    "gpt_neox.legacy-17",
    "opt.legacy-17",
    "falcon.legacy-17",
    "bloom.legacy-17",
    "roberta.legacy-17",
    "roberta.dynamo-18",
    "roberta.positions",
    "xlm-roberta.legacy-14",
    "xlm-roberta.dynamo-18",
    "mpnet.legacy-11",
    "mpnet.legacy-17",
    "mpnet.dynamo-18",
    "deberta-v2.legacy-17",
    "deberta-v2.dynamo-18",
    "electra.legacy-17",
    "electra.dynamo-18",
    "albert.legacy-11",
    "albert.dynamo-18",
    "modernbert.legacy-14",
    "modernbert.dynamo-18",
    "gpt2.legacy-11",
    "gpt2.dynamo-18",
    "gpt2.fused",
    "gpt2.merged",
    "llama.legacy-14",
    "llama.dynamo-18",
    "llama.genai",
}


class Exports:
    """The files of one run, and of which model each is."""

    def __init__(self, out: Path, models: dict[str, torch.nn.Module]):
        self.out = out
        self.models = models
        self.files: list[dict] = []

    def path(self, name: str, model: str, **more) -> Path:
        """Where to write NAME.onnx; `more` stands beside it in the reference."""
        self.files.append({"file": f"{name}.onnx", "model": model, **more})
        return self.out / f"{name}.onnx"

    def torch(self, model: str, route: str) -> Path:
        path = self.out / f"{model}.{route}.onnx"
        if not any(file["file"] == path.name for file in self.files):
            reason = INVALID.get((model, route))
            more = {"invalid": reason} if reason else {}
            export(self.models[model], route, self.path(f"{model}.{route}", model, **more))
        return path

    def optimise(self, model: str) -> None:
        """As onnxslim and ONNX Runtime write it anew."""
        onnxslim.slim(str(self.torch(model, "legacy-17")), str(self.path(f"{model}.slim", model)))
        levels = onnxruntime.GraphOptimizationLevel
        older = self.torch(model, "legacy-14")
        optimised_by_runtime(older, self.path(f"{model}.ort", model), levels.ORT_ENABLE_EXTENDED)

    def derive(self, model: str) -> None:
        """The other exporters' and tools' forms of a BERT classifier."""
        of = self.models[model]
        plain, older = self.torch(model, "legacy-17"), self.torch(model, "legacy-14")
        self.optimise(model)
        fused(older, self.path(f"{model}.fused", model), of)
        external = self.path(f"{model}.external", model, data=[f"{model}.external.onnx_data"])
        onnx.save(
            onnx.load(plain),
            external,
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=f"{model}.external.onnx_data",
            size_threshold=LARGE,
        )
        with_int32_ids(plain, self.path(f"{model}.int32", model))
        with_constants(plain, self.path(f"{model}.constants", model))
        in_half_precision(plain, self.path(f"{model}.fp16-weights", model, tolerance="fp16"))
        with_integer_weights(plain, self.path(f"{model}.int8-weights", model, tolerance="int8"))
        half = float16.convert_float_to_float16(onnx.load(plain), keep_io_types=True)
        onnx.save(half, self.path(f"{model}.fp16", model, unfit="fp16"))
        quantize_dynamic(str(plain), self.path(f"{model}.quantized", model, unfit="int8"), weight_type=QuantType.QInt8)

    def fuse(self, model: str) -> None:
        """As ONNX Runtime's transformers optimizer writes it, at each level."""
        source = self.torch(model, "legacy-14")
        for level in LEVELS:
            name = f"{model}.fused" if level == 0 else f"{model}.fused-{level}"
            if not any(file["file"] == f"{name}.onnx" for file in self.files):
                fused(source, self.path(name, model), self.models[model], level)

    def generate(self, model: str) -> None:
        """As onnxruntime-genai's builder writes decoders, with grouped-query attention as one operator."""
        name = f"{model}.genai"
        path = self.path(name, model, data=[f"{name}.onnx_data"])
        with tempfile.TemporaryDirectory() as folder:
            source, made = Path(folder) / "source", Path(folder) / "made"
            self.models[model].save_pretrained(source)
            PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({}))).save_pretrained(source)
            builder = [sys.executable, "-m", "onnxruntime_genai.models.builder", "-p", "fp32", "-e", "cpu"]
            subprocess.run([*builder, "-i", source, "-o", made, "-c", Path(folder) / "cache"], check=True)
            onnx.save(
                onnx.load(made / "model.onnx"),
                path,
                save_as_external_data=True,
                location=f"{name}.onnx_data",
                size_threshold=LARGE,
            )

    def derive_decoder(self, model: str) -> None:
        """A decoder with past keys and values, merged with itself, and fused."""
        with_past = self.path(f"{model}.past", model)
        export_with_past(self.models[model], with_past)
        merge(with_past, self.path(f"{model}.merged", model))
        if model == "gpt2":
            fused(self.torch(model, "legacy-14"), self.path(f"{model}.fused", model), self.models[model])
        else:
            self.generate(model)

    def keep(self, names: set[str]) -> None:
        """Removes the files that only others were made from."""
        for file in self.files:
            if file["file"].removesuffix(".onnx") not in names:
                (self.out / file["file"]).unlink()
        self.files = [file for file in self.files if file["file"].removesuffix(".onnx") in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--all", action="store_true", help="every model through every exporter")
    args = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    exports = Exports(args.out, {name: build(recipe) for name, recipe in RECIPES.items()})
    for model in RECIPES:
        for route in ROUTES:
            if args.all or f"{model}.{route}" in KEPT:
                exports.torch(model, route)
    exports.derive("bert")
    for decoder in ("gpt2", "llama"):
        exports.derive_decoder(decoder)
    exports.fuse("distilbert-fresh")
    export_with_positions(exports.models["roberta"], exports.path("roberta.positions", "roberta"))
    for model in RECIPES if args.all else ():
        exports.fuse(model)
        if model != "bert":
            exports.optimise(model)
    if not args.all:
        exports.keep(KEPT)
    for file in exports.files:
        stripped(args.out / file["file"], names=RECIPES[file["model"]].fresh)
        for data in file.get("data", []):
            (args.out / data).chmod(0o644)
    for name, model in exports.models.items():
        torch.save(model.state_dict(), args.out / f"{name}.bin")
    fixture = {
        "transformers": transformers.__version__,
        "models": {name: reference(model) for name, model in exports.models.items()},
        "files": exports.files,
    }
    (args.out / "reference.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(f"{len(exports.files)} files, {sum(path.stat().st_size for path in args.out.iterdir()) // 1000} kB")


if __name__ == "__main__":
    main()
