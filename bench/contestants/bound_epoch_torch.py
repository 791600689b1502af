"""PyTorch's side of boundEpoch.mjs: the same network, objective and optimiser, noise drawn afresh for every step."""

import json
import math
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

folder = sys.argv[1]
problem = json.load(open(os.path.join(folder, "problem.json")))
torch.set_num_threads(problem["threads"])
widths, count, batch = problem["widths"], problem["count"], problem["batch"]
read = lambda name, dtype: torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype))
x = read("inputs", np.float32).reshape(count, -1)
y = read("labels", np.int32).long()
shapes = [shape for i, o in zip(widths[:-1], widths[1:]) for shape in ((i, o), (o,))]
start = [part.reshape(shape) for part, shape in zip(torch.split(read("weights", np.float32), [math.prod(s) for s in shapes]), shapes)]
size = sum(part.numel() for part in start)


def divergence(means, stds, half):
    """KL from the isotropic prior around the start."""
    lam = torch.exp(2 * half)
    total = 0.0
    for m, s, w in zip(means, stds, start):
        total = total + (torch.exp(2 * s) + (m - w) ** 2).sum() / lam - 2 * s.sum()
    return 0.5 * (total + size * torch.log(lam) - size)


def fresh():
    means = [w.clone().requires_grad_() for w in start]
    stds = [torch.full_like(w, math.log(problem["std"])).requires_grad_() for w in start]
    half = torch.tensor(0.5 * math.log(problem["variance"]), requires_grad=True)
    return means, stds, half


def epoch():
    means, stds, half = fresh()
    optimizer = torch.optim.Adam([*means, *stds, half], lr=problem["rate"])
    order = torch.randperm(count)
    risks = 0.0
    steps = count // batch
    began = time.perf_counter()
    for step in range(steps):
        rows = order[step * batch : (step + 1) * batch]
        h = x[rows]
        for l in range(0, len(means), 2):
            mean = torch.addmm(means[l + 1], h, means[l])
            variance = torch.addmm(torch.exp(2 * stds[l + 1]), h * h, torch.exp(2 * stds[l]))
            h = mean + torch.sqrt(variance) * torch.randn_like(mean)
            if l + 2 < len(means):
                h = torch.relu(h)
        risk = F.cross_entropy(h, y[rows]) / math.log(2)
        value = risk + divergence(means, stds, half) / count
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        risks += risk.item()
    return {"seconds": time.perf_counter() - began, "risk": risks / steps}


with torch.no_grad():
    kl = divergence(*fresh()).item()
print(json.dumps({"version": f"torch {torch.__version__}, python {sys.version.split()[0]}", "kl": kl}), flush=True)
for line in sys.stdin:
    print(json.dumps(epoch()), flush=True)
