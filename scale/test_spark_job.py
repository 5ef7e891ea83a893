"""Tests of the Spark job: python scale/test_spark_job.py

They need Java, `pip install pyspark pandas pyarrow`, and the built command (npm run build). The model is the tiny one of the
fixtures, so that they take minutes on two cores. RIPPLESCOPE_TEXTS names a JSONL file to run `TestTexts` over more and longer
texts, RIPPLESCOPE_MODEL another model.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scale"))

import spark_job  # noqa: E402

COMMAND = ["node", str(ROOT / "bin" / "ripplescope.mjs")]
MODEL = os.environ.get("RIPPLESCOPE_MODEL", str(ROOT / "fixtures" / "tiny-bert"))
OPTIONS = [f"--model={MODEL}", "--seed=3", "--pairs=2", "--random-positions=2", "--perturbations=nearest,random,delete"]
BLANK = ["", " \n ", "<br />"]

# By what the rows of each table are told apart.
KEYS = {
    "sequences": ["sequence"],
    "occurrences": ["sequence", "position"],
    "perturbations": ["sequence", "place", "rank", "position", "perturbation"],
    "pairs": ["sequence", "first_position", "second_position"],
    "readings": ["sequence", "position"],
}


def short_texts() -> list[str]:
    lines = (ROOT / "public" / "corpora" / "short-reviews.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[:57]]
    texts[7] += "\u2028A line that JSON does not end, and an \U0001f600."
    return [*texts[:20], *BLANK, *texts[20:]]


def write_texts(path: Path, texts: list[str]) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")


def single_process(folder: Path, texts: list[str], *options: str) -> Path:
    """The tables of `ripplescope run` over the same texts."""
    write_texts(folder / "all.jsonl", texts)
    run = [*COMMAND, "run", str(folder / "all.jsonl"), "--threads=1", "--quiet", *OPTIONS, *options]
    subprocess.run([*run, f"--out={folder / 'run'}"], check=True)
    subprocess.run([*COMMAND, "merge", str(folder / "tables"), str(folder / "run")], check=True, capture_output=True)
    return folder / "tables"


def table(path: Path, keys: list[str]) -> pd.DataFrame:
    """Rows in the order of their keys; integers of one width, as Spark has no unsigned ones."""
    frame = pd.read_parquet(path)
    whole = {name: "int64" for name in frame.columns if frame[name].dtype.kind in "iu"}
    return frame.astype(whole).sort_values(keys, ignore_index=True)


def wait_for(found, seconds: float = 240):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    raise TimeoutError


def descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            own, parent = status.parent.name, status.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        parents.setdefault(int(parent), []).append(int(own))
    found = parents.get(pid, [])
    return [*found, *(below for child in found for below in descendants(child))]


def executors() -> list[int]:
    """Executors that this process has started."""

    def is_executor(pid: int) -> bool:
        try:
            return b"CoarseGrainedExecutorBackend" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    return [pid for pid in descendants(os.getpid()) if is_executor(pid)]


class SparkTest(unittest.TestCase):
    master = "local[2]"

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="ripplescope-spark-")))
        # Executors are processes of their own: they import the job by its path.
        os.environ["PYTHONPATH"] = str(ROOT / "scale")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self.spark = (
            SparkSession.builder.master(self.master)
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            # More than one partition from small files.
            .config("spark.sql.files.maxPartitionBytes", "4000")
            .config("spark.sql.files.openCostInBytes", "0")
            .getOrCreate()
        )
        self.spark.sparkContext.setLogLevel("ERROR")
        self.addCleanup(self.spark.stop)

    def source(self, texts: list[str], files: int = 3) -> Path:
        """The texts in files of very different size: Spark reads the largest first."""
        folder = self.folder / "source"
        folder.mkdir()
        bounds = [0, len(texts) // 8, len(texts) // 3, len(texts)][: files + 1]
        for i, (first, end) in enumerate(zip(bounds, bounds[1:])):
            write_texts(folder / f"{i}.json", texts[first:end])
        return folder

    def job(self, source: Path, *options: str, out: str = "out") -> tuple[dict, Path]:
        args = spark_job.parse(
            [
                *[str(source), f"--out={self.folder / out}", "--format=json", "--threads=1", "--texts-per-task=9"],
                *[f"--ripplescope={' '.join(COMMAND)}", *OPTIONS, *options],
            ]
        )
        return spark_job.run_job(self.spark, args), self.folder / out

    def assert_same(self, out: Path, tables: Path) -> None:
        for name, keys in KEYS.items():
            found = table(out / name, keys)
            self.assertGreater(len(found), 0, name)
            # Bit for bit, NaN included.
            pd.testing.assert_frame_equal(found, table(tables / f"{name}.parquet", keys), check_exact=True, obj=name)
        pd.testing.assert_frame_equal(
            table(out / "counts", ["token_id"]), table(tables / "counts.parquet", ["token_id"]), check_exact=True
        )


class TestLocal(SparkTest):
    def test_equals_a_single_process_over_a_sample(self) -> None:
        texts = short_texts()
        tables = single_process(self.folder, texts, "--sample=40")
        summary, out = self.job(self.source(texts), "--sample=40", "--texts-per-wave=23")
        self.assertEqual(summary["corpus"]["rows"], 57)
        self.assertEqual(summary["corpus"]["skipped"], 3)
        self.assertEqual(summary["measured"], 40)
        self.assert_same(out, tables)
        header = json.loads((tables / "header.json").read_text())["header"]
        self.assertEqual(summary["corpus"], header["corpus"])
        self.assertEqual(json.loads((out / "summary.json").read_text()), summary)
        self.assertFalse((out / "_work").exists())

    def test_summarises_fig_3(self) -> None:
        summary, out = self.job(self.source(short_texts()))
        self.assertEqual(summary["measured"], 57)
        ranked = pd.read_parquet(out / "perturbations").query("rank > 0").groupby("rank")
        for row in summary["propagation"]:
            distances = ranked.get_group(row["rank"])[[f"distance_{layer}" for layer in range(summary["layers"] + 1)]]
            self.assertEqual(row["n"], len(distances))
            for layer, name in enumerate(distances):
                values = distances[name].astype("float64")
                self.assertAlmostEqual(row["mean"][layer], values.mean(), places=9)
                self.assertAlmostEqual(row["variance"][layer], values.var(), places=9)

    def test_goes_on_where_it_was_interrupted(self) -> None:
        source = self.source(short_texts())
        _, whole = self.job(source, out="whole")
        self.job(source, "--texts-per-wave=20", "--keep-work")
        work = self.folder / "out" / "_work"
        # As a job leaves it that ends in the second wave and has written no table.
        (work / "wave=000000000020" / "_SUCCESS").unlink()
        (self.folder / "out" / "summary.json").unlink()
        kept = {path: path.stat().st_mtime_ns for path in work.glob("wave=000000000000/**/*.parquet")}
        self.assertGreater(len(kept), 0)
        self.job(source, "--texts-per-wave=20", "--keep-work")
        self.assertEqual({path: path.stat().st_mtime_ns for path in kept}, kept)
        for name, keys in KEYS.items():
            pd.testing.assert_frame_equal(
                table(self.folder / "out" / name, keys), table(whole / name, keys), check_exact=True
            )
        with self.assertRaisesRegex(SystemExit, "holds another run"):
            self.job(source, "--texts-per-wave=20", "--norm=l1")

    def test_orders_by_columns(self) -> None:
        texts = short_texts()[:12]
        frame = self.spark.createDataFrame([(len(texts) - i, text) for i, text in enumerate(texts)], "n long, body string")
        frame.repartition(3).createOrReplaceTempView("reviews")
        args = [f"--out={self.folder / 'out'}", "--format=table", "--column=body", f"--ripplescope={' '.join(COMMAND)}"]
        with self.assertRaisesRegex(SystemExit, "no order of their own"):
            spark_job.run_job(self.spark, spark_job.parse(["reviews", *args, *OPTIONS]))
        spark_job.run_job(self.spark, spark_job.parse(["reviews", *args, "--order-by=n", *OPTIONS]))
        # The last text is the first row.
        lines = [json.dumps({"sequence": i, "row": i, "text": text}) for i, text in enumerate(reversed(texts))]
        expected = [row for row in spark_job.call_step(COMMAND, "measure", OPTIONS, lines) if row["table"] == "sequences"]
        found = table(self.folder / "out" / "sequences", ["sequence"])
        self.assertEqual(found["tokens"].tolist(), [row["tokens"] for row in expected])
        self.assertEqual(found["row"].tolist(), list(range(12)))


class TestCluster(SparkTest):
    # Two executors, each a process with one core.
    master = "local-cluster[2,1,1024]"

    def test_gives_the_same_where_an_executor_is_killed(self) -> None:
        texts = short_texts()
        tables = single_process(self.folder, texts, "--sample=57")
        source = self.source(texts)
        killed: list[int] = []

        def written() -> list[Path]:
            try:
                return list((self.folder / "out" / "_work").glob("wave=*/_temporary/**/*.parquet"))
            except FileNotFoundError:
                # A task that has ended moves its folder from where it was just seen.
                return []

        def kill() -> None:
            # Some tasks of the wave have written their rows, others have not.
            wait_for(written)
            killed.append(executors()[0])
            os.kill(killed[0], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        summary, out = self.job(source, "--sample=57", "--texts-per-task=5", "--texts-per-wave=57")
        killer.join()
        self.assertEqual(len(killed), 1)
        self.assertFalse(Path(f"/proc/{killed[0]}/cwd").exists())
        self.assertEqual(summary["measured"], 57)
        self.assert_same(out, tables)


class TestSteps(unittest.TestCase):
    """What a task does, without Spark."""

    def batches(self, texts: list[str], size: int) -> list[pa.RecordBatch]:
        return [
            pa.RecordBatch.from_pydict({"text": pa.array(texts[i : i + size], pa.string())})
            for i in range(0, len(texts), size)
        ]

    def test_texts_keep_their_places(self) -> None:
        texts = short_texts()
        for size in (1, 7, 100):
            found = pa.Table.from_batches(
                spark_job.index_partition(self.batches(texts, size), COMMAND, OPTIONS, 5)
            ).to_pandas()
            rows = found[~found["is_count"]]
            self.assertEqual(rows["text"].tolist(), texts)
            # A row with nothing in it is none; one with nothing left of it is one.
            self.assertEqual(rows["place"].dropna().tolist(), list(range(58)))
            self.assertEqual(rows["rank"].dropna().tolist(), list(range(57)))
            self.assertEqual(rows["text"][rows["rank"].isna()].tolist(), BLANK)
            self.assertEqual(rows["tokens"].sum(), found["count"].sum())

    def test_no_text_starts_no_process(self) -> None:
        self.assertEqual(list(spark_job.index_partition([], ["no-such-command"], [], 0)), [])

    def test_says_what_the_command_says(self) -> None:
        with self.assertRaisesRegex(spark_job.StepError, "l7"):
            spark_job.call_step(COMMAND, "describe", ["--norm=l7"])
        with self.assertRaisesRegex(spark_job.StepError, "Line 2 of standard input is not JSON"):
            spark_job.call_step(COMMAND, "measure", OPTIONS, [json.dumps({"sequence": 0, "row": 0, "text": "A."}), "{"])

    def test_a_reader_that_leaves_ends_the_process(self) -> None:
        # Spark of an earlier test may still be there.
        others = set(descendants(os.getpid()))
        batches = self.batches(short_texts(), 3)
        found = spark_job.step_lines(COMMAND, "count", OPTIONS, batches, lambda batch: ['{"text":"A film."}'])
        next(found)
        started = set(descendants(os.getpid())) - others
        self.assertEqual(len(started), 1)
        found.close()
        self.assertEqual(set(descendants(os.getpid())) & started, set())


@unittest.skipUnless(os.environ.get("RIPPLESCOPE_TEXTS"), "RIPPLESCOPE_TEXTS names no file")
class TestTexts(SparkTest):
    def test_equals_a_single_process(self) -> None:
        # Not splitlines: a review may hold U+0085 or U+2028.
        lines = Path(os.environ["RIPPLESCOPE_TEXTS"]).read_text("utf-8").split("\n")
        texts = [json.loads(line)["text"] for line in lines if line]
        tables = single_process(self.folder, texts, f"--sample={len(texts)}")
        self.spark.conf.set("spark.sql.files.maxPartitionBytes", "500000")
        summary, out = self.job(self.source(texts), f"--sample={len(texts)}", "--texts-per-task=250")
        print(f"{summary['measured']} texts, {summary['corpus']['tokens']} tokens")
        self.assert_same(out, tables)


if __name__ == "__main__":
    unittest.main()
