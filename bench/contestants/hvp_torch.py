"""PyTorch as a contestant of hvp.mjs: the gradient's graph is built once, a product is one backward pass through it."""

import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from blas_kernel import blas_kernel

torch.set_num_threads(1)
folder = sys.argv[1]
problem = json.load(open(os.path.join(folder, "problem.json")))
widths, count = problem["widths"], problem["count"]
read = lambda name, dtype: torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype))
x = read("inputs", np.float32).reshape(count, -1)
y = read("labels", np.int32).long()
shapes = [shape for i, o in zip(widths[:-1], widths[1:]) for shape in ((i, o), (o,))]
sizes = [int(np.prod(shape)) for shape in shapes]
split = lambda flat: [part.reshape(shape) for part, shape in zip(torch.split(flat, sizes), shapes)]
params = [part.clone().requires_grad_() for part in split(read("weights", np.float32))]
direction = split(read("direction", np.float32))
h = x
for l in range(0, len(params), 2):
    h = torch.addmm(params[l + 1], h, params[l])
    if l + 2 < len(params):
        h = torch.tanh(h)
loss = F.cross_entropy(h, y)
gradient = torch.autograd.grad(loss, params, create_graph=True)
product = lambda: torch.autograd.grad(gradient, params, direction, retain_graph=True)
norm = torch.cat([part.reshape(-1) for part in product()]).double().norm().item()
version = f"torch {torch.__version__}, {blas_kernel()}, python {sys.version.split()[0]}"
print(json.dumps({"version": version, "loss": loss.item(), "norm": norm}), flush=True)
for line in sys.stdin:
    times = []
    end = time.perf_counter() + float(line)
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    print(json.dumps(float(np.median(times))), flush=True)
