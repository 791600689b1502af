"""Tables as people write them, with the numbers behind them: tables.json.

Python 3.11, NumPy 2.4; `python3 write_tables.py`. Every file is written by Python's csv module, by numpy.savetxt, or by a few lines that do
what pandas (to_csv), R (write.csv, write.csv2, write.table) and spreadsheets do; the numbers are those of the generator, not read back.
"""
import base64
import csv
import io
import json

import numpy as np

rng = np.random.default_rng(20261130)
rows = []


def keep(name, text, data, names, texts=None, missing=None, encoding="utf-8"):
    """data: rows of floats, None where the reader owes NaN"""
    rows.append({
        "name": name,
        "base64": base64.b64encode(text if isinstance(text, bytes) else text.encode(encoding)).decode(),
        "names": names,
        "data": [[None if v is None else repr(v) for v in row] for row in data],
        "texts": texts or {},
        "missing": missing or {},
    })


def numbers(count, columns):
    return (rng.standard_normal((count, columns)) * 10.0 ** rng.integers(-3, 4, (count, columns))).tolist()


def written(table, names=None, **dialect):
    out = io.StringIO()
    writer = csv.writer(out, **dialect)
    if names:
        writer.writerow(names)
    writer.writerows(table)
    return out.getvalue()


x = numbers(7, 3)
names = ["a", "b", "c d"]
labelled = [row + [float(i % 3)] for i, row in enumerate(x)]

for mark, delimiter in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|")]:
    for end, terminator in [("lf", "\n"), ("crlf", "\r\n")]:
        keep(f"{mark}, {end}, header", written(x, names, delimiter=delimiter, lineterminator=terminator), x, names)
    keep(f"{mark}, no header", written(x, delimiter=delimiter, lineterminator="\n"), x, None)
    keep(f"{mark}, all quoted", written(x, names, delimiter=delimiter, quoting=csv.QUOTE_ALL), x, names)
    blank = delimiter + " "
    keep(f"{mark}, blanks after it", "\n".join(blank.join(map(repr, row)) for row in x), x, None)

for mark, delimiter in [("semicolon", ";"), ("tab", "\t")]:
    comma = written([[repr(v).replace(".", ",") for v in row] for row in x], names, delimiter=delimiter)
    keep(f"{mark}, decimal commas", comma, x, names)

out = io.StringIO()
np.savetxt(out, np.array(x), fmt="%.17g")
keep("numpy.savetxt", out.getvalue(), x, None)
out = io.StringIO()
np.savetxt(out, np.array(x), fmt="%.17g", header="a b c")
keep("numpy.savetxt with names", out.getvalue(), x, ["a", "b", "c"])
out = io.StringIO()
np.savetxt(out, np.array(x), fmt="%.17g", delimiter=",", header="measured on a Monday", footer="the end")
keep("numpy.savetxt with remarks", out.getvalue(), x, None)
out = io.StringIO()
np.savetxt(out, np.array(x))
keep("numpy.savetxt, %.18e", out.getvalue(), x, None)
aligned = "\n".join("".join(f"{v:>28.17g}" for v in row) for row in x) + "\n"
keep("columns of a width", aligned, x, None)

# pandas: the index first, nameless; True and False; empty cells
index = [[float(i)] + row for i, row in enumerate(x)]
keep("pandas with its index", written([[i] + row for i, row in enumerate(x)], [""] + names), index, [""] + names)
truth = [[row[0], float(i % 2)] for i, row in enumerate(x)]
keep("pandas, bools", written([[row[0], bool(i % 2)] for i, row in enumerate(x)], ["v", "flag"]), truth, ["v", "flag"])
hole = [[None if (i + j) % 5 == 0 else v for j, v in enumerate(row)] for i, row in enumerate(x)]
counted = {str(j): {"count": sum(r[j] is None for r in hole), "row": next(i for i, r in enumerate(hole) if r[j] is None)} for j in range(3)}
for word in ["", "NaN", "nan", "NA", "null", "None", "?"]:
    keep(f"missing cells as {word!r}", written([[word if v is None else v for v in row] for row in hole], names), hole, names, missing=counted)
# R: row names without a name of their own; write.csv2
named = [[float(i + 1)] + row for i, row in enumerate(x)]
keep("R, write.table", '"a" "b" "c"\n' + "\n".join(" ".join([f'"{i + 1}"'] + [repr(v) for v in row]) for i, row in enumerate(x)) + "\n", named, ["", "a", "b", "c"])
keep("R, write.csv", '"","a","b","c"\n' + "\n".join(",".join([f'"{i + 1}"'] + [repr(v) for v in row]) for i, row in enumerate(x)) + "\n", named, ["", "a", "b", "c"])
keep("R, write.csv2", '"";"a";"b"\n' + "\n".join(";".join([f'"{i + 1}"'] + [repr(v).replace(".", ",") for v in row[:2]]) for i, row in enumerate(x)) + "\n", [row[:3] for row in named], ["", "a", "b"])

# words in a column
words = ["setosa", "versi, color", 'say "virginica"'] * 2 + ["setosa"]
flowers = [row + [None] for row in x]
keep("a last column of words", written([row + [w] for row, w in zip(x, words)], names + ["species"]), flowers, names + ["species"], {"3": words})
keep("a last column of words, no header", written([row + [w] for row, w in zip(x, words)]), flowers, None, {"3": words})
keep("a first column of words, no header", written([[w] + row for row, w in zip(x, words)], delimiter="\t"), [[None] + row for row in x], None, {"0": words})

# ends of files
plain = written(x, names, lineterminator="\n")
keep("blank lines at the end", plain + "\n\n", x, names)
keep("a line of blanks at the end", plain + "   \t\n", x, names)
keep("blank lines between", plain.replace("\n", "\n\n"), x, names)
keep("no newline at the end", plain.rstrip("\n"), x, names)
keep("byte order mark", b"\xef\xbb\xbf" + plain.encode(), x, names)
keep("old Mac", plain.replace("\n", "\r"), x, names)
keep("infinities", "a,b\ninf,-inf\n1,Infinity\n", [[1e999, -1e999], [1.0, 1e999]], ["a", "b"])
keep("a header alone", "a,b,c\n", [], ["a", "b", "c"])

json.dump(rows, open("tables.json", "w"), indent=0)
print(len(rows), "tables")
