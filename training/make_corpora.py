"""Makes small corpora as people write them, and what pandas reads from each.

usage: python make_corpora.py ../fixtures/corpora

Every file holds the same reviews, in a layout, encoding or compression of its own. `expected.json` has, for each, the texts that
pandas gives, how they are asked for (`column`, and `reading` where the file itself does not say it) and how pandas was asked.
"""

import gzip
import io
import json
import sys
from pathlib import Path

import pandas as pd

TEXTS = [
    "A wonderful film, the actors are great.",
    "The plot was boring; I did not like it.",
    'He said "never again" and left.',
    "Two lines\r\nof one text.",
    "Un film très émouvant — café.",
]
FRAME = pd.DataFrame({"id": range(5), "text": TEXTS, "label": ["pos", "neg", "neg", "pos", "pos"], "score": [0.5, None, 1.5, 2, 3]})
OUT = Path(sys.argv[1])
EXPECTED = {}


def put(name: str, content: bytes, read, column: str | None = "text", **more) -> None:
    (OUT / name).write_bytes(content)
    texts = [text for text in read(OUT / name) if isinstance(text, str)]
    assert len(texts) > 1, name
    EXPECTED[name] = {"texts": texts, "column": column, **more}


def quoted(rows, delimiter=",") -> str:
    return "".join(delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in row) + "\n" for row in rows)


def documents(text: str) -> list:
    """Returns the JSON values that stand one after another: pandas reads them only a line each."""
    values, at = [], 0
    while at < len(text):
        value, end = json.JSONDecoder().raw_decode(text, at)
        values.append(value)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return values


def json_files() -> None:
    orients = {"records": "records", "columns": "columns", "index": "index", "split": "split", "values": "values", "table": "table"}
    for orient in orients:
        text = FRAME.to_json(orient=orient, force_ascii=False)
        column = "column 2" if orient == "values" else "text"
        pick = (lambda frame: frame[1]) if orient == "values" else (lambda frame: frame["text"])
        put(f"pandas-{orient}.json", text.encode(), lambda p, o=orient, f=pick: f(pd.read_json(p, orient=o)), column)
    put("pandas-lines.jsonl", FRAME.to_json(orient="records", lines=True).encode(), lambda p: pd.read_json(p, lines=True)["text"])
    labelled = FRAME.set_index(pd.Index([f"r{i}" for i in range(5)]))
    put("pandas-columns-labelled.json", labelled.to_json().encode(), lambda p: pd.read_json(p)["text"])
    put("pandas-index-labelled.json", labelled.to_json(orient="index").encode(), lambda p: pd.read_json(p, orient="index")["text"])
    lists = {"label": list(FRAME["label"]), "text": TEXTS}
    put("lists-by-column.json", json.dumps(lists).encode(), lambda p: pd.DataFrame(json.loads(p.read_text()))["text"])
    rows = FRAME.to_dict("records")
    put("nan.json", json.dumps(rows).encode(), lambda p: pd.DataFrame(json.loads(p.read_text()))["text"])
    holes = [{"text": TEXTS[0]}, {"text": float("nan")}, {"text": TEXTS[1]}]
    put("nan-text.jsonl", "".join(json.dumps(row) + "\n" for row in holes).encode(),
        lambda p: pd.DataFrame([json.loads(line) for line in p.read_text().splitlines()])["text"])
    arrays = "".join(json.dumps([i, text], ensure_ascii=False) + "\n" for i, text in enumerate(TEXTS))
    put("arrays-by-line.jsonl", arrays.encode(), lambda p: pd.read_json(p, lines=True)[1], "1")
    indented = "\n".join(json.dumps(row, indent=2) for row in rows)
    put("indented-objects.json", indented.encode(), lambda p: pd.DataFrame(documents(p.read_text()))["text"])
    server = {
        "features": [{"feature_idx": 0, "name": "text", "type": {"dtype": "string", "_type": "Value"}}],
        "rows": [{"row_idx": i, "row": {"text": text}, "truncated_cells": []} for i, text in enumerate(TEXTS)],
        "num_rows_total": 5, "num_rows_per_page": 100, "partial": False,
    }
    put("datasets-server.json", json.dumps(server).encode(),
        lambda p: pd.json_normalize(json.loads(p.read_text())["rows"])["row.text"])
    nested = [{"id": i, "review": {"text": text, "stars": i}} for i, text in enumerate(TEXTS)]
    put("nested.json", json.dumps(nested).encode(), lambda p: pd.json_normalize(json.loads(p.read_text()))["review.text"], "review.text")
    put("nested.jsonl", "".join(json.dumps(row) + "\n" for row in nested).encode(),
        lambda p: pd.json_normalize([json.loads(line) for line in p.read_text().splitlines()])["review.text"], "review.text")
    pairs = {"first": {"a": "One good film", "b": "Another film"}, "second": {"a": "A third film", "b": "A fourth film"}}
    put("ambiguous.json", json.dumps(pairs).encode(), lambda p: pd.read_json(p)["first"], "first", reading={"orient": "columns"})


def csv_files() -> None:
    plain = list(zip(range(5), TEXTS, FRAME["label"]))
    read = lambda **options: lambda p: pd.read_csv(p, **options)["text"]
    table = quoted([("id", "text", "label"), *plain])
    put("plain.csv", table.encode(), read())
    put("crlf.csv", table.replace('"\n', '"\r\n').encode(), read())
    put("bom.csv", b"\xef\xbb\xbf" + table.encode(), read())
    put("trailing-comma.csv", ("id,text,label\n" + quoted(plain).replace('"\n', '",\n')).encode(), read(index_col=False))
    put("missing-last-fields.csv", ("id,text,label,note\n" + quoted(plain)).encode(), read())
    put("some-missing.csv", b"id,text,label\n0,A good film\n1,Another film,pos\n2\n3,A third film\n", read())
    put("r-row-names.csv", ('"text","label"\n' + quoted([(f"{i + 1}", text, label) for i, text, label in plain])).encode(), read())
    put("sep-line.csv", ("sep=;\n" + quoted([("id", "text", "label"), *plain], ";")).encode(), read(sep=";", skiprows=1))
    put("semicolons.csv", quoted([("id", "text", "label"), *plain], ";").encode(), read(sep=";"))
    put("bars.csv", quoted([("id", "text", "label"), *plain], "|").encode(), read(sep="|"))
    put("titles.csv", ("Reviews of the year\nexported on Monday\n\n" + table).encode(), read(skiprows=3))
    put("no-header.csv", quoted(plain).encode(), lambda p: pd.read_csv(p, header=None)[1], "column 2")
    put("no-header-labels.csv", quoted([(label, text) for _, text, label in plain]).encode(),
        lambda p: pd.read_csv(p, header=None)[1], "column 2")
    put("header-asked.csv", b"alpha beta,gamma delta\nA good film,x\nAnother film,y\n",
        lambda p: pd.read_csv(p, header=None)[0], "column 1", reading={"header": None})
    put("header-third.csv", b"a,b\nc,d\nid,text\n1,A good film\n2,Another film\n", read(header=2), reading={"header": 3})
    put("delimiter-asked.csv", "id~text\n1~A good film\n2~Another film, too\n".encode(), read(sep="~"), reading={"delimiter": "~"})
    slashed = 'id,text,label\n0,"He said \\"yes\\" twice.",pos\n1,"A path C:\\\\films and a \\"quote\\"",neg\n2,"Ends \\"so\\"",pos\n3,plain \\, or not,neg\n4,"Two\nlines, ""doubled"" too",pos\n'
    put("backslash.csv", slashed.encode(), read(escapechar="\\"))
    # Both ways read these alike well: only who knows the file can say.
    unsure = 'id,text\n0,"Folder C:\\films\\"\n1,"Folder D:\\films\\"\n'
    put("backslash-at-end.csv", unsure.encode(), read())
    put("backslash-letters.csv", 'id,text\n0,"A \\n in a text, and C:\\films"\n1,Another \\o/\n'.encode(), read())
    put("nul.csv", b"id,text\n0,A good film\n1,bad\x00cell\n2,Another film\n", read())
    signs = ["NA", "null", "NaN", "n/a", "None", "-1.#IND", "<NA>", "#N/A N/A", " NA", "na", "none", "Null", "N.A.", "-"]
    cells = [TEXTS[0], *signs, TEXTS[1]]
    for name, delimiter in (("missing.csv", ","), ("missing.tsv", "\t")):
        plainly = "".join(f"{i}{delimiter}{cell}\n" for i, cell in enumerate([*signs, "", "A good film", "Another film"]))
        put(name, f"id{delimiter}text\n{plainly}".encode(), read(sep=delimiter))
    missing = quoted([("id", "text"), *enumerate(cells)]).encode()
    put("missing-quoted.csv", missing, read())
    put("missing-kept.csv", missing, read(keep_default_na=False), reading={"keepNa": True})
    put("tabs.tsv", FRAME[["id", "text", "label"]].head(3).to_csv(sep="\t", index=False).encode(), read(sep="\t"))


def encoded_files() -> None:
    reviews = {
        "gb18030": ["这部电影非常好看，演员很棒。", "很无聊。", "音乐很美！"],
        "big5": ["這部電影非常好看，演員很棒。", "劇情很無聊。", "音樂很美！"],
        "shift_jis": ["この映画は素晴らしいです。", "つまらなかった。", "音楽が美しい。"],
        "euc_jp": ["この映画は素晴らしいです。", "つまらなかった。", "音楽が美しい。"],
        "euc_kr": ["이 영화는 정말 훌륭합니다.", "지루했다.", "음악이 아름답다."],
        "cp1251": ["Прекрасный фильм, актёры великолепны.", "Скучно и очень медленно.", "Музыка красивая."],
        "koi8_r": ["Прекрасный фильм, актёры великолепны.", "Скучно и очень медленно.", "Музыка красивая."],
        "cp866": ["Прекрасный фильм, актёры великолепны.", "Скучно и очень медленно.", "Музыка красивая."],
        "cp1252": ["Un film très émouvant — “café”.", "Ça ne m’a pas plu.", "Der Film über Größe war schön."],
        "mac_roman": ["Un film très émouvant — café.", "Ça ne m'a pas plu.", "Der Film über Größe war schön."],
        "mac_cyrillic": ["Прекрасный фильм, актёры великолепны.", "Скучно и очень медленно.", "Музыка красивая."],
        "iso8859_15": ["Un chef-d'œuvre au cœur léger: 5 €.", "Sa sœur a été très émue.", "Bœuf à volonté."],
        "iso2022_jp": ["この映画は素晴らしいです。", "つまらなかった。", "音楽が美しい。"],
        "utf_16": ["Un film très émouvant", "日本語の映画", "plain"],
    }
    for encoding, texts in reviews.items():
        table = quoted([("id", "text"), *enumerate(texts)])
        put(f"{encoding}.csv", table.encode(encoding), lambda p, e=encoding: pd.read_csv(p, encoding=e)["text"])
    greek = quoted([("id", "text"), (0, "Μια υπέροχη ταινία"), (1, "Βαρετή")])
    put("iso8859_7.csv", greek.encode("iso8859_7"), lambda p: pd.read_csv(p, encoding="iso8859_7")["text"],
        reading={"encoding": "iso-8859-7"})


def packed_files() -> None:
    table = quoted([("id", "text", "label"), *zip(range(5), TEXTS, FRAME["label"])]).encode()
    put("packed.csv.gz", gzip.compress(table, mtime=0), lambda p: pd.read_csv(p)["text"])
    put("members.csv.gz", gzip.compress(table[:100], mtime=0) + gzip.compress(table[100:], mtime=0), lambda p: pd.read_csv(p)["text"])
    for codec in ("zstd", "brotli", "lz4", "gzip", "snappy"):
        buffer = io.BytesIO()
        FRAME.to_parquet(buffer, compression=codec, index=False)
        put(f"{codec}.parquet", buffer.getvalue(), lambda p: pd.read_parquet(p)["text"])
    structures = [{"id": i, "review": {"text": text, "by": {"name": name}}, "tags": [{"tag": "a b"}]}
                  for i, (text, name) in enumerate(zip(TEXTS, ["Ann Other", "Bo Else", None, None, None]))]
    structures.append({"id": 5, "review": None, "tags": []})
    buffer = io.BytesIO()
    pd.DataFrame(structures).to_parquet(buffer, index=False)
    put("structures.parquet", buffer.getvalue(),
        lambda p: [row and row["text"] for row in pd.read_parquet(p)["review"]], "review.text")


OUT.mkdir(parents=True, exist_ok=True)
for make in (json_files, csv_files, encoded_files, packed_files):
    make()
(OUT / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n")
print(len(EXPECTED), "files")
