"""SciPy as a contestant of sparse.mjs: answers {"task": "product" | "eigsh", "name", ...} on the matrices of a folder."""

import hashlib
import json
import os
import sys
import time

import numpy as np
import scipy
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, eigsh

folder = sys.argv[1]
held = {}


def load(name):
    if name not in held:
        read = lambda part, dtype: np.fromfile(os.path.join(folder, f"{name}.{part}"), dtype=dtype)
        offsets = read("offsets", np.int32)
        n = len(offsets) - 1
        matrix = sp.csr_matrix((read("values", np.float64), read("indices", np.int32), offsets), shape=(n, n))
        held[name] = matrix, read("x", np.float64)
    return held[name]


version = f"scipy {scipy.__version__}, numpy {np.__version__}, python {sys.version.split()[0]}"
print(json.dumps({"version": version}), flush=True)
for line in sys.stdin:
    q = json.loads(line)
    matrix, x = load(q["name"])
    if q["task"] == "product":
        seconds = []
        for _ in range(10):
            start = time.perf_counter()
            y = matrix @ x
            seconds.append(time.perf_counter() - start)
        digest = hashlib.sha256(y.tobytes()).hexdigest()
        answer = {"seconds": sorted(seconds)[5], "digest": digest}
    else:
        v0 = np.random.default_rng(q["round"]).standard_normal(matrix.shape[0])
        products = 0

        def counted(v):
            global products
            products += 1
            return matrix @ v.reshape(-1)

        operator = LinearOperator(matrix.shape, matvec=counted, dtype=np.float64)
        start = time.perf_counter()
        values, _ = eigsh(operator, k=q["k"], which="LM", tol=q["tol"], v0=v0)
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds, "products": products, "values": sorted(values.tolist(), reverse=True)}
    print(json.dumps(answer), flush=True)
