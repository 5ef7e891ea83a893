"""Writes what transformers' text classification pipeline makes of logits: a softmax, a sigmoid, or the scores themselves.

usage: python reference_readings.py ../fixtures/readings.json
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline
from transformers.modeling_outputs import SequenceClassifierOutput

TINY = Path(__file__).parent.parent / "fixtures" / "tiny-bert"
CASES = [
    ({}, [[0.25, 1.5]]),
    ({}, [[0.25, -1.5, 3.0]]),
    ({"problem_type": "single_label_classification"}, [[-2.0, 0.5]]),
    ({"problem_type": "multi_label_classification"}, [[0.23, 1.09, -0.84, -7.5]]),
    ({"problem_type": "regression"}, [[3.75]]),
    ({"problem_type": "regression"}, [[3.75, -1.25]]),
    ({}, [[-0.09]]),
    ({}, [[40.0, -40.0]]),
]

found = []
for settings, logits in CASES:
    labels = {i: f"LABEL_{i}" for i in range(len(logits[0]))}
    model = AutoModelForSequenceClassification.from_pretrained(
        TINY, id2label=labels, label2id={name: i for i, name in labels.items()}, ignore_mismatched_sizes=True, **settings
    )
    pipe = pipeline("text-classification", model=model, tokenizer=AutoTokenizer.from_pretrained(TINY))
    answers = pipe.postprocess(SequenceClassifierOutput(logits=torch.tensor(logits)), top_k=None, _legacy=False)
    values = {answer["label"]: answer["score"] for answer in answers}
    found.append({"config": settings, "logits": logits[0], "values": [values[f"LABEL_{i}"] for i in range(len(labels))]})
Path(sys.argv[1]).write_text(json.dumps(found, indent=1) + "\n")
