"""Writes what transformers' activation functions give.

usage: python reference_activations.py ../fixtures/activations.json
"""

import json
import sys
from pathlib import Path

import torch
from transformers.activations import ACT2FN

# These have weights of their own, which no file that is read holds.
TRAINED = {"prelu", "xielu"}

x = torch.tensor([-12.0, -6.5, -3.0, -1.0, -0.4, -0.01, 0.0, 0.01, 0.3, 0.9, 2.0, 2.9, 6.5, 12.0])
names = sorted(set(ACT2FN.keys()) - TRAINED)
found = {name: [round(y, 8) for y in ACT2FN[name](x).tolist()] for name in names}
Path(sys.argv[1]).write_text(json.dumps({"x": [round(v, 4) for v in x.tolist()], "y": found}, indent=1) + "\n")
