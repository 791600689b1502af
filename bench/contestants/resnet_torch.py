"""PyTorch as a contestant of resnet.mjs: the gradient's graph is built once, a product is one backward pass through it."""

import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from blas_kernel import blas_kernel

torch.set_num_threads(1)
folder = sys.argv[1]
problem = json.load(open(os.path.join(folder, "problem.json")))
read = lambda name, dtype: torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype))


class Block(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        if stride > 1:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        for stage, (channels, out, stride) in enumerate([(16, 16, 1), (16, 32, 2), (32, 64, 2)], 1):
            setattr(self, f"layer{stage}", nn.Sequential(Block(channels, out, stride)))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(h))).mean((2, 3)))


network = ResNet8().eval()
named = dict(network.named_parameters())
shapes = [(p["name"], p["shape"]) for p in problem["parameters"]]
sizes = [int(np.prod(shape)) for _, shape in shapes]
# dense weights are (in, out) in the files
turn = lambda name, part: part.t().contiguous() if name == "fc.weight" else part
split = lambda flat: [turn(n, p.reshape(s)) for (n, s), p in zip(shapes, torch.split(flat, sizes))]
params = [named[name] for name, _ in shapes]
assert len(params) == len(named)
for param, values in zip(params, split(read("weights", np.float32))):
    param.data.copy_(values)
direction = split(read("direction", np.float32))
x = read("inputs", np.float32).reshape(problem["count"], 1, 28, 28)
loss = F.cross_entropy(network(x), read("labels", np.int32).long())
gradient = torch.autograd.grad(loss, params, create_graph=True)
product = lambda: torch.autograd.grad(gradient, params, direction, retain_graph=True)
norm = torch.cat([part.reshape(-1) for part in product()]).double().norm().item()
version = f"torch {torch.__version__}, {blas_kernel()}, python {sys.version.split()[0]}"
print(json.dumps({"version": version, "loss": loss.item(), "norm": norm}), flush=True)
for line in sys.stdin:
    times = []
    end = time.perf_counter() + float(line)
    while time.perf_counter() < end or len(times) < 3:
        start = time.process_time()
        product()
        times.append(time.process_time() - start)
    print(json.dumps(float(np.median(times))), flush=True)
