"""Saves the weights of the tiny BERTs with torch.save, as `pytorch_model.bin` files have them, and a few files that must
be refused: the fixtures of the reader of torch's files."""

import argparse
import os
import warnings
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file

# Layers after the first are left out, and config.json is read with num_hidden_layers 1: a smaller file shows as much.
LEFT_OUT = ("bert.encoder.layer.1.", "bert.encoder.layer.2.")

STORED_DATE = (1980, 1, 1, 0, 0, 0)


class CallsSystem:
    """Unpickled by Python, it runs a command."""

    def __reduce__(self):
        return os.system, ("touch torch-fixture-was-run",)


def one_layer(folder: Path) -> OrderedDict[str, torch.Tensor]:
    tensors = load_file(folder / "model.safetensors")
    return OrderedDict((name, tensors[name]) for name in tensors if not name.startswith(LEFT_OUT))


def repack(source: Path, out: Path, compression: int) -> None:
    """The same files as another zip program would pack them."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(out, "w", compression) as packed:
        for entry in archive.infolist():
            info = zipfile.ZipInfo(entry.filename, STORED_DATE)
            info.compress_type = compression
            packed.writestr(info, archive.read(entry))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path, metavar="FIXTURES_DIR")
    fixtures = parser.parse_args().fixtures
    out = fixtures / "torch"
    out.mkdir(exist_ok=True)

    tensors = one_layer(fixtures / "tiny-bert")
    torch.save(tensors, out / "f32.bin")
    torch.save(one_layer(fixtures / "tiny-bert-f16"), out / "f16.bin")
    # Of the third only the embeddings: its layers would show nothing new.
    bf16 = one_layer(fixtures / "tiny-bert-bf16").items()
    torch.save(OrderedDict(item for item in bf16 if item[0].startswith("bert.embeddings.")), out / "bf16.bin")

    # What real files have beside plain weights. Values of the first come from names of the safetensors file.
    pooler = tensors["bert.pooler.dense.weight"]
    bias = tensors["bert.pooler.dense.bias"]
    rows = torch.stack([bias, bias + 1])
    cube = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    module = torch.nn.Linear(2, 2)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
        module.bias.copy_(torch.tensor([5.0, 6.0]))
    views = OrderedDict(
        whole=pooler,
        tied=pooler,
        slice=pooler[3:5],
        row=rows[1],
        transposed=pooler.t(),
        permuted=cube.permute(2, 0, 1).half(),
        scalar=torch.tensor(1.5),
        empty=torch.zeros(0, 4),
        parameter=torch.nn.Parameter(bias.clone()),
        position_ids=torch.arange(8).unsqueeze(0),
        counted=torch.tensor([1.0, 2.0], dtype=torch.float64),
    )
    torch.save(views, out / "views.bin")
    torch.save({"epoch": 3, "lr": 0.5, "best": None, "state_dict": module.state_dict()}, out / "nested.bin")

    small = OrderedDict(a=torch.arange(6, dtype=torch.float32).reshape(2, 3))
    torch.save(small, out / "small.bin")
    # As torch wrote them before 1.6. Not the same bytes on every run: this format names storages by their addresses.
    embeddings = OrderedDict(item for item in tensors.items() if item[0].startswith("bert.embeddings."))
    older = {
        "legacy": small,
        "legacy-f32": embeddings,
        "legacy-views": views,
        "legacy-nested": {"epoch": 3, "state_dict": module.state_dict(), "optimizer": {"step": torch.tensor([7])}},
        "legacy-calls-system": OrderedDict(a=small["a"], payload=CallsSystem()),
    }
    for name, content in older.items():
        torch.save(content, out / f"{name}.bin", _use_new_zipfile_serialization=False)
    torch.save(OrderedDict(a=small["a"], payload=CallsSystem()), out / "calls-system.bin")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(module, out / "module.bin")
    torch.save(OrderedDict(a=small["a"][:, :1].expand(2, 3)), out / "expanded.bin")
    torch.save(OrderedDict(a=small["a"][:, ::2]), out / "gaps.bin")
    torch.save([small["a"]], out / "list.bin")
    repack(out / "small.bin", out / "repacked.bin", zipfile.ZIP_STORED)
    repack(out / "small.bin", out / "compressed.bin", zipfile.ZIP_DEFLATED)

    print(f"{sum(path.stat().st_size for path in out.iterdir())} bytes")


if __name__ == "__main__":
    main()
