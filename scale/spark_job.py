"""Ripplescope's measures over a corpus of any size, on Apache Spark.

    spark-submit spark_job.py SOURCE --out FOLDER [--format parquet|json|csv|text|table] [--column text]
                 [--sample all|N] [options of `ripplescope run`]

Every partition is piped through `ripplescope run --step ...`, which computes what `ripplescope run` computes on one machine:
the draws of a text depend on the seed and its place in the sample alone, so how the corpus was divided, which worker
measured what and how often it was tried changes no number. docs/scale.md says how to start it and what it costs.

FOLDER then holds a folder of Parquet a table (`sequences`, `occurrences`, `perturbations`, `pairs`, `readings`, `counts`, and `losses` with
--label-column; their columns are those of docs/cli.md), `summary.json`, and `_work` unless it is removed. The same command
goes on where it was interrupted: texts and waves that are complete are not measured again.

It is one file, so that spark-submit takes it as it is in every deploy mode: what runs on the workers travels there by value,
and nothing has to be named with --py-files.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import queue
import shlex
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

TABLES = ("sequences", "occurrences", "perturbations", "pairs", "readings", "losses")

# Spark's types by name: the smallest signed ones that hold the records' own, for it has no unsigned ones.
RECORD_TYPES = {"uint8": "short", "uint16": "int", "uint32": "long", "float32": "float"}
ARROW_TYPES = {
    "boolean": pa.bool_(),
    "string": pa.string(),
    "short": pa.int16(),
    "int": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
}
# Columns with their types.
Columns = dict[str, str]

# Texts with their places, and token counts: what `index_partition` gives.
INDEXED: Columns = {
    "is_count": "boolean",
    "part": "long",
    "place": "long",
    "rank": "long",
    "tokens": "long",
    "text": "string",
    "label": "string",
    "token_id": "long",
    "count": "long",
}

# Rows of an Arrow batch that a step gives back.
ROWS_PER_BATCH = 8192
# Batches of texts that may wait for the command.
BATCHES_AHEAD = 2


def spark_schema(columns: Columns) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def arrow_schema(columns: Columns) -> pa.Schema:
    return pa.schema([(name, ARROW_TYPES[kind]) for name, kind in columns.items()])


class StepError(RuntimeError):
    """What the command said when it failed."""


def step_lines(
    command: list[str], step: str, options: list[str], batches: Iterable[Any], lines_of: Callable[[Any], Iterable[str]]
) -> Iterator[tuple[Any, str]]:
    """Runs a step of the command over batches and yields each line it prints as it comes, with the batches that were handed
    over since the line before.

    Whatever is under way is bounded: a few batches and what a pipe holds. No batch, no process; it ends with the iterator,
    however that ends. Raises StepError with the command's own sentence where it fails.
    """
    batches = iter(batches)
    first = next(batches, None)
    if first is None:
        return
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [*command, "run", "-", "--out=-", "--quiet", f"--step={step}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        handed: queue.Queue[Any] = queue.Queue(BATCHES_AHEAD)
        failures: list[BaseException] = []
        stopped = threading.Event()

        def hand_over() -> None:
            try:
                for batch in itertools.chain([first], batches):
                    while not stopped.is_set():
                        try:
                            handed.put(batch, timeout=0.2)
                            break
                        except queue.Full:
                            continue
                    if stopped.is_set():
                        return
                    for line in lines_of(batch):
                        process.stdin.write(line.encode())
                        process.stdin.write(b"\n")
                    # A batch is answered before more than a few others are handed over.
                    process.stdin.flush()
            except BrokenPipeError:
                # It has ended before its input did, and says why.
                pass
            except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread that reads
                failures.append(failure)
            finally:
                try:
                    process.stdin.close()
                except BrokenPipeError:
                    pass

        writer = threading.Thread(target=hand_over, daemon=True)
        writer.start()
        try:
            for line in process.stdout:
                taken = []
                while True:
                    try:
                        taken.append(handed.get_nowait())
                    except queue.Empty:
                        break
                yield taken, line.decode()
            writer.join()
            code = process.wait()
            if failures:
                raise failures[0]
            if code != 0:
                errors.seek(0)
                said = errors.read().decode(errors="replace").split()
                raise StepError(" ".join(said)[-1000:] or f"ripplescope ended with {code}.")
        finally:
            stopped.set()
            process.kill()
            process.wait()
            process.stdout.close()


def call_step(command: list[str], step: str, options: list[str], lines: Iterable[str] = ()) -> list[dict[str, Any]]:
    """A step whose input and output are short."""
    found = step_lines(command, step, options, [list(lines)], lambda batch: batch)
    return [json.loads(line) for _, line in found]


def json_line(**fields: Any) -> str:
    # ASCII only: whatever encoding a worker's system has.
    return json.dumps(fields)


def indexed_batch(rows: int, **columns: Any) -> pa.RecordBatch:
    """Rows of `INDEXED`: what is not named is null, and one value stands for all rows."""

    def column(value: Any) -> Any:
        return value if isinstance(value, (list, pa.Array)) else [value] * rows

    return pa.RecordBatch.from_pydict(
        {name: column(columns.get(name)) for name in INDEXED}, schema=arrow_schema(INDEXED)
    )


def index_partition(
    batches: Iterable[pa.RecordBatch], command: list[str], options: list[str], part: int
) -> Iterator[pa.RecordBatch]:
    """Texts of one partition with their place among its rows and their rank among those that hold a text (null where they are
    none), then its token counts. The texts are handed on as they are."""

    def lines_of(batch: pa.RecordBatch) -> Iterator[str]:
        return (json_line(text=row["text"] or "", label=row["label"]) for row in batch.to_pylist())

    place = rank = 0
    waiting: list[pa.RecordBatch] = []
    answers: list[dict[str, Any]] = []
    counts: list[dict[str, int]] = []
    for taken, line in step_lines(command, "count", options, batches, lines_of):
        waiting += taken
        answer = json.loads(line)
        if "table" in answer:
            counts.append(answer)
            continue
        answers.append(answer)
        while waiting and len(answers) >= waiting[0].num_rows:
            batch = waiting.pop(0)
            rows = batch.num_rows
            found, answers = answers[:rows], answers[rows:]
            places: list[int | None] = []
            ranks: list[int | None] = []
            for text in found:
                places.append(place if text["row"] else None)
                place += text["row"]
                ranks.append(None if text["tokens"] is None else rank)
                rank += text["tokens"] is not None
            yield indexed_batch(
                rows,
                is_count=False,
                part=part,
                place=places,
                rank=ranks,
                tokens=[text["tokens"] for text in found],
                text=batch.column("text").cast(pa.string()),
                label=batch.column("label").cast(pa.string()),
            )
    if answers or waiting:
        raise StepError("The command answered for other texts than it was given.")
    if counts:
        columns = {name: [row[name] for row in counts] for name in ("token_id", "count")}
        yield indexed_batch(len(counts), is_count=True, part=part, **columns)


def record_columns(tables: dict[str, list[dict[str, str]]]) -> Columns:
    """The columns of all tables side by side, so that one pass gives the rows of each; those of other tables are null."""
    return {
        "table": "string",
        **{column["name"]: RECORD_TYPES[column["type"]] for name in TABLES for column in tables[name]},
    }


def measure_partition(
    batches: Iterable[pa.RecordBatch], command: list[str], options: list[str], columns: Columns
) -> Iterator[pa.RecordBatch]:
    """The records of texts, given as rows of sequence, row, text and label."""

    def lines_of(batch: pa.RecordBatch) -> Iterator[str]:
        return (json_line(**row) for row in batch.select(["sequence", "row", "text", "label"]).to_pylist())

    schema = arrow_schema(columns)
    records: list[dict[str, Any]] = []
    for _, line in step_lines(command, "measure", options, batches, lines_of):
        record = json.loads(line)
        # JSON has no NaN; the records' floats do.
        for name, value in record.items():
            if value is None:
                record[name] = float("nan")
        records.append(record)
        if len(records) == ROWS_PER_BATCH:
            yield pa.RecordBatch.from_pylist(records, schema)
            records = []
    if records:
        yield pa.RecordBatch.from_pylist(records, schema)


def unless_empty(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches that hold rows: where there is none, no process need be started."""
    return (batch for batch in batches if batch.num_rows > 0)


def read_texts(spark: SparkSession, args: argparse.Namespace) -> DataFrame:
    """The corpus as columns `text` and `label` (null without --label-column), in an order that every evaluation gives again: that of `--order-by`, else, for files,
    that of their paths and of the rows in them."""
    if args.format == "table":
        source = spark.table(args.source)
    else:
        reader = spark.read.format(args.format)
        if args.format == "csv":
            reader = reader.options(header=True, multiLine=True, escape='"')
        source = reader.load(args.source)
    column = "value" if args.format == "text" else args.column
    if column not in source.columns:
        raise SystemExit(f"There is no column {column}; there are {', '.join(source.columns)}. Name one with --column.")
    if args.label_column is not None and args.label_column not in source.columns:
        raise SystemExit(f"There is no column {args.label_column}; there are {', '.join(source.columns)}.")
    label = F.lit(None) if args.label_column is None else F.col(args.label_column)
    texts = [F.col(column).cast("string").alias("text"), label.cast("string").alias("label")]
    if args.order_by:
        return source.sort(*args.order_by).select(*texts)
    if args.format == "table":
        raise SystemExit("The rows of a table have no order of their own. Name columns that give one with --order-by.")
    return (
        source.select(
            *texts,
            F.col("_metadata.file_path").alias("file"),
            F.col("_metadata.file_block_start").alias("block"),
            # Rises with the rows of a block.
            F.monotonically_increasing_id().alias("place"),
        )
        .sort("file", "block", "place")
        .select("text", "label")
    )


class Folder:
    """What is complete under a folder, on whatever file system Spark reads."""

    def __init__(self, spark: SparkSession, path: str) -> None:
        self._jvm = spark.sparkContext._jvm
        self._configuration = spark.sparkContext._jsc.hadoopConfiguration()
        self.path = path.rstrip("/")

    def _of(self, name: str) -> tuple[Any, Any]:
        path = self._jvm.org.apache.hadoop.fs.Path(f"{self.path}/{name}")
        return path.getFileSystem(self._configuration), path

    def at(self, name: str) -> str:
        return f"{self.path}/{name}"

    def is_complete(self, name: str) -> bool:
        system, path = self._of(f"{name}/_SUCCESS")
        return system.exists(path)

    def read(self, name: str) -> str | None:
        system, path = self._of(name)
        if not system.exists(path):
            return None
        stream = system.open(path)
        try:
            return self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()

    def write(self, name: str, text: str) -> None:
        system, path = self._of(name)
        stream = system.create(path, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def remove(self, name: str) -> None:
        system, path = self._of(name)
        system.delete(path, True)


def index_texts(texts: DataFrame, out: Folder, command: list[str], options: list[str]) -> None:
    """Writes the texts with their places, once: whatever is measured again later reads the same rows."""

    def index(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return index_partition(unless_empty(batches), command, options, TaskContext.get().partitionId())

    rows = texts.mapInArrow(index, spark_schema(INDEXED))
    rows.write.mode("overwrite").partitionBy("is_count").parquet(out.at("_work/texts"))


def indexed_texts(spark: SparkSession, out: Folder) -> tuple[DataFrame, dict[str, int]]:
    """The texts by their place in the whole corpus, (row, rank, text, label), and how many there are."""
    columns = {name: kind for name, kind in INDEXED.items() if name != "is_count"}
    texts = spark.read.schema(spark_schema(columns)).parquet(out.at("_work/texts/is_count=false"))
    parts = (
        texts.groupBy("part")
        .agg(
            F.count("*").alias("all"),
            F.count("place").alias("rows"),
            F.count("rank").alias("ranked"),
            F.sum("tokens").alias("tokens"),
        )
        .sort("part")
        .collect()
    )
    starts = []
    everything = rows = ranked = tokens = 0
    for part in parts:
        starts.append((part["part"], rows, ranked))
        everything += part["all"]
        rows += part["rows"]
        ranked += part["ranked"]
        tokens += part["tokens"] or 0
    offsets = spark.createDataFrame(starts, "part long, first_row long, first_rank long")
    placed = (
        texts.where("rank is not null")
        .join(F.broadcast(offsets), "part")
        .select(
            (F.col("first_row") + F.col("place")).alias("row"),
            (F.col("first_rank") + F.col("rank")).alias("rank"),
            "text",
            "label",
        )
    )
    return placed, {"rows": ranked, "skipped": everything - ranked, "tokens": tokens}


def token_counts(spark: SparkSession, out: Folder) -> DataFrame:
    """Counts of the whole corpus: one row a token that occurs, however many partitions there were."""
    counts = spark.read.schema("token_id long, count long").parquet(out.at("_work/texts/is_count=true"))
    return counts.groupBy("token_id").agg(F.sum("count").alias("count")).coalesce(1).sort("token_id")


def summarise(records: DataFrame, layers: int) -> list[dict[str, Any]]:
    """Fig. 3 of the paper: mean and variance of D_l by rank, merged from partial sums of every partition."""
    names = [f"distance_{layer}" for layer in range(layers + 1)]
    moments = [f(F.col(name).cast("double")) for name in names for f in (F.avg, F.var_samp)]
    ranked = records.where("rank > 0").groupBy("rank").agg(F.count("*"), *moments).sort("rank")
    return [
        {"rank": row[0], "n": row[1], "mean": list(row[2::2]), "variance": list(row[3::2])} for row in ranked.collect()
    ]


def begin(out: Folder, args: argparse.Namespace, described: dict[str, Any]) -> None:
    """Marks the folder as this run's; one that holds another is refused."""
    # Whatever decides a number. The device is no part of it.
    identity = {
        "source": args.source,
        "format": args.format,
        "column": args.column,
        "order_by": args.order_by,
        "sample": args.sample,
        "texts_per_wave": args.texts_per_wave,
        "settings": described["settings"],
        "sha256": described["provenance"]["sha256"],
    }
    begun = out.read("_work/run.json")
    if begun is None:
        out.remove("_work")
        out.write("_work/run.json", json.dumps(identity))
    elif json.loads(begun) != identity:
        raise SystemExit(f"{out.path} holds another run: another source, model or settings. Name another folder with --out.")


def sampled_texts(
    texts: DataFrame, rows: int, is_all: bool, command: list[str], options: list[str]
) -> tuple[DataFrame, int]:
    """The texts to measure, (sequence, row, text, label), and how many there are."""
    if is_all:
        return texts.withColumnRenamed("rank", "sequence"), rows
    drawn = call_step(command, "draw", options, [json_line(rows=rows)])
    places = [(row["text"], row["sequence"]) for row in drawn]
    return texts.join(texts.sparkSession.createDataFrame(places, "rank long, sequence long"), "rank"), len(drawn)


def measure_waves(
    sample: DataFrame,
    sampled: int,
    out: Folder,
    args: argparse.Namespace,
    command: list[str],
    options: list[str],
    columns: Columns,
) -> DataFrame:
    """Measures what is not measured yet, wave by wave, and gives the records of all."""

    def measure(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return measure_partition(unless_empty(batches), command, options, columns)

    waves = []
    for first in range(0, sampled, args.texts_per_wave):
        wave = f"_work/wave={first:012d}"
        waves.append(out.at(wave))
        if out.is_complete(wave):
            continue
        end = min(first + args.texts_per_wave, sampled)
        tasks = max(1, -(-(end - first) // args.texts_per_task))
        (
            sample.where((F.col("sequence") >= first) & (F.col("sequence") < end))
            .repartitionByRange(tasks, "sequence")
            .sortWithinPartitions("sequence")
            .select("sequence", "row", "text", "label")
            .mapInArrow(measure, spark_schema(columns))
            .write.mode("overwrite")
            .partitionBy("table")
            .parquet(out.at(wave))
        )
    return sample.sparkSession.read.schema(spark_schema(columns)).option("basePath", out.at("_work")).parquet(*waves)


def run_job(spark: SparkSession, args: argparse.Namespace) -> dict[str, Any]:
    """The whole job; gives what summary.json holds."""
    command = shlex.split(args.ripplescope)
    threads = args.threads or int(spark.conf.get("spark.task.cpus", "1"))
    options = [*args.options, f"--threads={threads}"]
    if args.label_column is not None:
        options.append(f"--label-column={args.label_column}")
    is_all = args.sample == "all"
    if not is_all:
        options.append(f"--sample={int(args.sample)}")
    out = Folder(spark, args.out)

    source = read_texts(spark, args)
    [described] = call_step(command, "describe", options)
    begin(out, args, described)
    if not out.is_complete("_work/texts"):
        index_texts(source, out, command, options)
    texts, corpus = indexed_texts(spark, out)
    if corpus["rows"] == 0:
        raise SystemExit(f"There is no text in {args.source}.")
    sample, sampled = sampled_texts(texts, corpus["rows"], is_all, command, options)
    tables = described["tables"]
    records = measure_waves(sample, sampled, out, args, command, options, record_columns(tables))
    for name in TABLES:
        if name == "losses" and args.label_column is None:
            continue
        table = records.where(F.col("table") == name)
        table.select(*(column["name"] for column in tables[name])).write.mode("overwrite").parquet(out.at(name))
    token_counts(spark, out).write.mode("overwrite").parquet(out.at("counts"))

    # Whatever the command says of a run: its settings and its model.
    of_step = ("format", "version", "vocabularySize", "tables")
    run = {name: value for name, value in described.items() if name not in of_step}
    summary = {
        **run,
        "format": "ripplescope-spark",
        "version": 1,
        "source": args.source,
        "settings": {**described["settings"], "sampleSize": sampled},
        "sample": args.sample,
        "corpus": corpus,
        "sampled": sampled,
        "measured": spark.read.parquet(out.at("sequences")).count(),
        "propagation": summarise(spark.read.parquet(out.at("perturbations")), described["layers"]),
    }
    # Last: whoever finds it finds the tables too.
    out.write("summary.json", json.dumps(summary, indent=2) + "\n")
    if not args.keep_work:
        out.remove("_work")
    return summary


def default_command() -> str:
    if named := os.environ.get("RIPPLESCOPE"):
        return named
    if found := shutil.which("ripplescope"):
        return shlex.quote(found)
    here = os.path.dirname(os.path.abspath(__file__))
    return f"node {shlex.quote(os.path.join(here, '..', 'bin', 'ripplescope.mjs'))}"


def parse_sample(text: str) -> str:
    if text != "all" and not (text.isdigit() and 1 <= int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError("it must be all or a whole number, 1 to 1000000")
    return text


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Measures a corpus with ripplescope on Apache Spark.",
        epilog="Other options, written as --name=value, are those of `ripplescope run`: --seed=1 --norm=l2 --pairs=2 ...",
    )
    parser.add_argument("source", help="files or folder, as Spark reads them, or the name of a table")
    parser.add_argument("--out", required=True, help="folder of the result")
    parser.add_argument("--format", choices=["parquet", "json", "csv", "text", "orc", "table"], default="parquet")
    parser.add_argument("--column", default="text", help="column with the texts")
    parser.add_argument("--label-column", help="column with the right labels: what accuracy loses")
    parser.add_argument("--order-by", action="append", default=[], metavar="COLUMN", help="what orders the rows")
    parser.add_argument(
        "--sample",
        type=parse_sample,
        default="all",
        help="texts drawn from all of them, as `ripplescope run` draws them; all: each, in its order",
    )
    parser.add_argument("--texts-per-task", type=int, default=1000, help="measured by one task")
    parser.add_argument("--texts-per-wave", type=int, default=1_000_000, help="measured between two marks to go on from")
    parser.add_argument("--threads", type=int, default=0, help="of a task; 0: spark.task.cpus")
    parser.add_argument("--ripplescope", default=default_command(), help="how the command is started on every worker")
    parser.add_argument("--keep-work", action="store_true", help="leave _work in the folder")
    args, options = parser.parse_known_args(arguments)
    reserved = ("--out", "--step", "--sample", "--threads", "--shard")
    for option in options:
        if not option.startswith("--") or option.split("=")[0] in reserved:
            parser.error(f"unrecognized argument {option}")
    args.options = options
    return args


def main() -> None:
    args = parse()
    spark = SparkSession.builder.appName("ripplescope").getOrCreate()
    try:
        summary = run_job(spark, args)
        print(f"{summary['measured']} of {summary['corpus']['rows']} texts are measured in {args.out}.")
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
