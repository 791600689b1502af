"""LAPACK through numpy as a contestant of dense.mjs: answers {"task", "n", "file"} with seconds, values and the scaled error."""

import json
import sys
import time

import numpy as np
from blas_kernel import blas_kernel

version = f"numpy {np.__version__}, {blas_kernel()}, python {sys.version.split()[0]}"
print(json.dumps({"version": version, "tasks": ["eigh", "eigvalsh", "svd"]}), flush=True)
for line in sys.stdin:
    q = json.loads(line)
    n = q["n"]
    a = np.fromfile(q["file"], dtype=np.float64).reshape(n, n)
    residual = None
    start = time.perf_counter()
    if q["task"] == "eigh":
        values, vectors = np.linalg.eigh(a)
    elif q["task"] == "eigvalsh":
        values = np.linalg.eigvalsh(a)
    else:
        _, values, _ = np.linalg.svd(a)
    seconds = time.perf_counter() - start
    if q["task"] == "eigh":
        norm = np.abs(a).sum(axis=1).max()
        some = [0, 1, n // 2, n - 1]
        error = a @ vectors[:, some] - vectors[:, some] * values[some]
        residual = float(np.abs(error).sum(axis=0).max() / (n * 2.0**-52 * norm))
    answer = {"seconds": seconds, "values": sorted(values.tolist(), reverse=True), "residual": residual}
    print(json.dumps(answer), flush=True)
