"""Writes optimizers.json: PyTorch's optimisers, clipping and schedules in float64 on gradients that do not depend on the weights.

    python3 make_optimizers.py > optimizers.json        (PyTorch 1.13.0, Debian 12)
"""
import json
import math
import warnings

import torch

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
shapes = [("W", (3, 2)), ("b", (2,))]
steps = 12
start = torch.tensor([0.5, -1.0, 0.25, 2.0, -0.125, 0.75, 0.1, -0.3])
gradients = torch.tensor([[math.sin(1.7 * t + 0.9 * i) + 0.2 * (i % 3) - 0.1 for i in range(8)] for t in range(steps)])


def split(flat):
    return {"W": flat[:6].reshape(3, 2).clone(), "b": flat[6:].clone()}


def run(make, clip=None):
    params = {name: torch.nn.Parameter(value) for name, value in split(start).items()}
    optimizer = make(params)
    track = []
    for t in range(steps):
        for name, value in split(gradients[t]).items():
            params[name].grad = value
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(list(params.values()), clip)
        optimizer.step()
        track.append([x for p in params.values() for x in p.detach().flatten().tolist()])
    return track


optim = torch.optim
both = lambda p: list(p.values())
matrices = lambda p, decay: [{"params": [p["W"]], "weight_decay": decay}, {"params": [p["b"]], "weight_decay": 0.0}]
runs = {
    "sgd, decay": run(lambda p: optim.SGD(both(p), lr=0.1, weight_decay=0.3)),
    "momentum, decay": run(lambda p: optim.SGD(both(p), lr=0.1, momentum=0.8, weight_decay=0.3)),
    "nesterov, decay": run(lambda p: optim.SGD(both(p), lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.3)),
    "adam": run(lambda p: optim.Adam(both(p), lr=0.05, betas=(0.8, 0.97), eps=1e-3)),
    "adam, decay": run(lambda p: optim.Adam(both(p), lr=0.05, betas=(0.8, 0.97), eps=1e-3, weight_decay=0.3)),
    "adamW": run(lambda p: optim.AdamW(both(p), lr=0.05, betas=(0.8, 0.97), eps=1e-3)),
    "adamW, matrices": run(lambda p: optim.AdamW(matrices(p, 0.3), lr=0.05, betas=(0.8, 0.97), eps=1e-3)),
    "rmsProp": run(lambda p: optim.RMSprop(both(p), lr=0.05, alpha=0.9, eps=1e-3)),
    "rmsProp, all": run(
        lambda p: optim.RMSprop(both(p), lr=0.05, alpha=0.9, eps=1e-3, momentum=0.7, centered=True, weight_decay=0.3)
    ),
    "sgd, clipped": run(lambda p: optim.SGD(both(p), lr=0.1), clip=1.5),
}


def rates(make, count, lr):
    optimizer = optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler = make(optimizer)
    found = []
    for _ in range(count):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


s = optim.lr_scheduler
schedules = {
    "one cycle of 40": rates(lambda o: s.OneCycleLR(o, max_lr=0.5, total_steps=41), 40, 0.1),
    "one cycle of 40, half": rates(
        lambda o: s.OneCycleLR(o, max_lr=0.5, total_steps=41, pct_start=0.5, div_factor=10, final_div_factor=100), 40, 0.1
    ),
    "multi-step": rates(lambda o: s.MultiStepLR(o, [3, 4, 9], gamma=0.2), 12, 0.5),
    "linear": rates(lambda o: s.LinearLR(o, 1.0, 0.25, total_iters=11), 12, 0.5),
    "cosine": rates(lambda o: s.CosineAnnealingLR(o, T_max=11, eta_min=0.05), 12, 0.5),
}
print(
    json.dumps(
        {
            "tool": "PyTorch " + torch.__version__,
            "command": "python3 make_optimizers.py",
            "start": start.tolist(),
            "gradients": gradients.tolist(),
            "runs": runs,
            "schedules": schedules,
        }
    )
)
