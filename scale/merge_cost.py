"""What merging the token counts of a corpus costs, by how many partitions counted it.

    python scale/merge_cost.py [--partitions 10,100,1000] [--tokens 5000] [--figure FILE.svg]

Every partition reports `--tokens` tokens of a vocabulary of 30,522. Prints, for each number of partitions: rows that partitions report,
rows that reach the driver, seconds in all, and the driver's largest resident size (of Python; the JVM's heap is bounded by
spark.driver.memory). The figure shows the last two.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import spark_job

VOCABULARY = 30_522
TITLE = "Rows that reach the driver and its memory, by the number of partitions"


def measure(spark: SparkSession, folder: str, partitions: int, tokens: int) -> tuple[int, int, float, float]:
    out = spark_job.Folder(spark, folder)
    rows = spark.range(partitions * tokens, numPartitions=min(partitions, 64))
    rows.select(((F.col("id") * 7919) % VOCABULARY).alias("token_id"), F.lit(3).cast("long").alias("count")).write.mode(
        "overwrite"
    ).parquet(out.at("_work/texts/is_count=true"))
    started = time.perf_counter()
    arrived = spark_job.token_counts(spark, out).collect()
    seconds = time.perf_counter() - started
    return partitions * tokens, len(arrived), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw(path: Path, found: list[tuple[int, int, int, float, float]]) -> None:
    """Two panels over the number of partitions, each from zero."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(7, 2.6), layout="constrained")
    partitions = [row[0] for row in found]
    for panel, column, title in zip(panels, (2, 4), ("rows that reach the driver", "driver's memory, MB")):
        panel.plot(partitions, [row[column] for row in found], marker="o", color="#1f4e79")
        panel.set(xscale="log", xlabel="partitions", title=title, ylim=(0, 1.3 * max(row[column] for row in found)))
        panel.spines[["top", "right"]].set_visible(False)
    pyplot.rcParams["svg.hashsalt"] = "ripplescope"
    figure.savefig(path, metadata={"Date": None})
    # matplotlib names the drawing in its metadata only, which screen readers do not read.
    text = path.read_text()
    start = text.index(">", text.index("<svg")) + 1
    path.write_text(f"{text[:start]}\n <title>{TITLE}</title>{text[start:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what merging token counts costs.")
    parser.add_argument("--partitions", default="10,100,1000")
    parser.add_argument("--tokens", type=int, default=5000)
    parser.add_argument("--figure", type=Path)
    args = parser.parse_args()
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    found = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(spark, folder, 1, args.tokens)
            for partitions in map(int, args.partitions.split(",")):
                found.append((partitions, *measure(spark, folder, partitions, args.tokens)))
                rows = "partitions {}: {} rows reported, {} at the driver, {:.1f} s, {:.0f} MB"
                print(rows.format(*found[-1]), flush=True)
    finally:
        spark.stop()
    if args.figure:
        draw(args.figure, found)


if __name__ == "__main__":
    main()
