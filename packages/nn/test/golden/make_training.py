"""Writes training.json: ten steps of a network with batch norm in PyTorch, float64, the whole set in every step.

    python3 make_training.py > training.json        (PyTorch 1.13.0, Debian 12)
"""
import json
import math

import torch

torch.set_default_dtype(torch.float64)
count, steps = 7, 10
x = torch.tensor([[math.sin(1.1 * i + 2.3 * j) + 0.1 * i * j for j in range(3)] for i in range(count)])
y = torch.tensor([(5 * i) % 2 for i in range(count)])
W = torch.tensor([[math.cos(1.7 * i + 0.4 * j) for j in range(4)] for i in range(3)])
V = torch.tensor([[math.sin(0.7 * i + 1.9 * j) for j in range(2)] for i in range(4)])


def run(make, clip=None):
    first, norm, second = torch.nn.Linear(3, 4, bias=False), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)
    with torch.no_grad():
        first.weight.copy_(W.T)
        second.weight.copy_(V.T)
        second.bias.zero_()
    net = torch.nn.Sequential(first, norm, torch.nn.Tanh(), second)
    params = [first.weight, norm.weight, norm.bias, second.weight, second.bias]
    optimizer = make(params)
    losses, means, variances = [], [], []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(params, clip)
        optimizer.step()
        losses.append(loss.item())
        means.append(norm.running_mean.tolist())
        variances.append(norm.running_var.tolist())
    weights = [first.weight.T, norm.weight, norm.bias, second.weight.T, second.bias]
    net.eval()
    return {
        "losses": losses,
        "means": means,
        "variances": variances,
        "weights": [v for w in weights for v in w.detach().flatten().tolist()],
        "evaluated": torch.nn.functional.cross_entropy(net(x), y).item(),
    }


print(
    json.dumps(
        {
            "tool": "PyTorch " + torch.__version__,
            "command": "python3 make_training.py",
            "inputs": x.flatten().tolist(),
            "labels": y.tolist(),
            "W": W.flatten().tolist(),
            "V": V.flatten().tolist(),
            "nesterov": run(lambda p: torch.optim.SGD(p, lr=0.3, momentum=0.9, nesterov=True, weight_decay=0.01), clip=0.5),
            "adamW": run(lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1)),
        }
    )
)
