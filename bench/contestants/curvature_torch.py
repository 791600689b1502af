"""PyTorch and ARPACK as a contestant of curvature.mjs: FOLDER THREADS [float64]. The gradient's graph is built once, a product is one
backward pass through it, eigenpairs are scipy's eigsh: what a careful user of both writes."""

import json
import os
import sys
import time

import numpy as np
import scipy
import torch
import torch.nn.functional as F
from blas_kernel import blas_kernel
from scipy.sparse.linalg import LinearOperator, eigsh

folder, threads = sys.argv[1], int(sys.argv[2])
dtype = torch.float64 if "float64" in sys.argv else torch.float32
torch.set_num_threads(threads)
problem = json.load(open(os.path.join(folder, "problem.json")))
widths, count = problem["widths"], problem["count"]
read = lambda name, kind: torch.from_numpy(np.fromfile(os.path.join(folder, name), kind))
x = read("inputs", np.float32).reshape(count, -1).to(dtype)
y = read("labels", np.int32).long()
shapes = [shape for i, o in zip(widths[:-1], widths[1:]) for shape in ((i, o), (o,))]
sizes = [int(np.prod(shape)) for shape in shapes]
split = lambda flat: [part.reshape(shape) for part, shape in zip(torch.split(flat, sizes), shapes)]
weights = read("weights", np.float32).to(dtype)


def build():
    params = [part.clone().requires_grad_() for part in split(weights)]
    h = x
    for l in range(0, len(params), 2):
        h = torch.addmm(params[l + 1], h, params[l])
        if l + 2 < len(params):
            h = torch.tanh(h)
    gradient = torch.autograd.grad(F.cross_entropy(h, y), params, create_graph=True)

    def product(v):
        parts = torch.autograd.grad(gradient, params, split(torch.from_numpy(v)), retain_graph=True)
        return torch.cat([part.reshape(-1) for part in parts]).numpy()

    return product


def solve(q):
    start = time.perf_counter()
    product = build()
    built = time.perf_counter()
    products, inside = 0, 0.0
    kind = np.float64 if dtype == torch.float64 else np.float32

    def timed(v):
        nonlocal products, inside
        begin = time.perf_counter()
        result = product(v.reshape(-1).astype(kind, copy=False))
        inside += time.perf_counter() - begin
        products += 1
        return result

    n = sum(sizes)
    operator = LinearOperator((n, n), matvec=timed, dtype=kind)
    v0 = np.random.default_rng(q["seed"]).standard_normal(n).astype(kind)
    values, _ = eigsh(operator, k=q["k"], which="LA", tol=q["tol"], v0=v0)
    end = time.perf_counter()
    return {
        "seconds": end - start,
        "construction": built - start,
        "outside": end - built - inside,
        "products": products,
        "values": sorted(values.astype(float).tolist(), reverse=True),
        "converged": True,
    }


versions = f"torch {torch.__version__}, scipy {scipy.__version__}, {blas_kernel()}, python {sys.version.split()[0]}"
print(json.dumps({"version": versions}), flush=True)
for line in sys.stdin:
    print(json.dumps(solve(json.loads(line))), flush=True)
