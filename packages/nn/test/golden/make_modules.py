"""Modules and a small residual network in PyTorch: outputs, gradients, statistics of batch norms. Writes modules.json.

    /usr/bin/python3 packages/nn/test/golden/make_modules.py

Everything in float64. Each case holds a description of a stack, parameters by PyTorch's names with dense weights transposed to (in, out), the
input, and for the coefficients c of Σ c·output the output and the gradients by input and parameters. `training` cases run in training mode and
hold the buffers afterwards.
"""

import json
import os

import torch
from torch import nn

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Take(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


def numbers(t):
    return [float(f"{v:.13g}") for v in t.detach().reshape(-1).tolist()]


def ours(name, t):
    # Linear, MultiheadAttention: (out, in) here, (in, out) there
    return t.detach().t() if t.dim() == 2 else t.detach()


def case(name, stack, module, x, training=False):
    module = module.double()
    with torch.no_grad():
        for p in module.parameters():
            p.add_(0.3 * torch.randn_like(p))
        for key, buffer in module.named_buffers():
            if key.endswith("running_mean"):
                buffer.add_(0.3 * torch.randn_like(buffer))
            if key.endswith("running_var"):
                buffer.add_(torch.rand_like(buffer))
    module.train(training)
    before = {k: numbers(v) for k, v in module.named_buffers() if not k.endswith("num_batches_tracked")}
    given = x.clone().requires_grad_(True)
    y = module(given).reshape(x.shape[0], -1)
    c = torch.randn_like(y)
    (c * y).sum().backward()
    out = {
        "name": name,
        "stack": stack,
        "training": training,
        "batch": x.shape[0],
        "x": numbers(x),
        "y": numbers(y),
        "c": numbers(c),
        "parameters": {k: numbers(ours(k, p)) for k, p in module.named_parameters()},
        "gradients": {k: numbers(ours(k, p.grad)) for k, p in module.named_parameters()},
        "gradient": numbers(given.grad),
        "buffers": before,
    }
    if training:
        out["after"] = {k: numbers(v) for k, v in module.named_buffers() if not k.endswith("num_batches_tracked")}
    return out


def stack(shape, *layers, **more):
    return {"input": list(shape), **more, "layers": list(layers)}


def image(*shape):
    return torch.randn(*shape)


class Attend(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.causal = causal

    def forward(self, x):
        t = x.shape[1]
        mask = torch.triu(torch.ones(t, t, dtype=torch.bool), 1) if self.causal else None
        return self.attention(x, x, x, attn_mask=mask, need_weights=False)[0]


class Block(nn.Module):
    def __init__(self, before, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        if stride != 1 or before != out:
            self.downsample = nn.Sequential(nn.Conv2d(before, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        h = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(h + (self.downsample(x) if hasattr(self, "downsample") else x))


class Resnet8(nn.Module):
    """resnet:8:3:2,8,8:width=0.125: 2, 4 and 8 channels"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 2, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        self.layer1 = nn.Sequential(Block(2, 2, 1))
        self.layer2 = nn.Sequential(Block(2, 4, 2))
        self.layer3 = nn.Sequential(Block(4, 8, 2))
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        h = torch.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(h))).mean((2, 3)))


class Mixed(nn.Module):
    """A transformer block on a sequence, as gpt's: its parts have their own tests, this one the order."""

    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(4)
        self.attn = nn.MultiheadAttention(4, 2, batch_first=True)
        self.ln_2 = nn.LayerNorm(4)
        self.fc = nn.Linear(4, 8)
        self.proj = nn.Linear(8, 4)

    def forward(self, x):
        h = self.ln_1(x)
        mask = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), 1)
        x = x + self.attn(h, h, h, attn_mask=mask, need_weights=False)[0]
        return x + self.proj(nn.functional.gelu(self.fc(self.ln_2(x))))


def conv(**o):
    return {"kind": "conv2d", **o}


cases = [
    case("linear", stack([4], {"kind": "linear", "out": 3}), nn.Sequential(nn.Linear(4, 3)), image(2, 4)),
    case(
        "linear at each position, without a bias",
        stack([3, 4], {"kind": "linear", "out": 2, "bias": False}),
        nn.Sequential(nn.Linear(4, 2, bias=False)),
        image(2, 3, 4),
    ),
    case(
        "conv2d with stride and padding, then flatten",
        stack([2, 5, 6], conv(out=3, kernel=[3, 2], stride=[2, 1], padding=[1, 0]), {"kind": "flatten"}, {"kind": "linear", "out": 2}),
        nn.Sequential(nn.Conv2d(2, 3, (3, 2), (2, 1), (1, 0)), nn.Flatten(), nn.Linear(45, 2)),
        image(2, 2, 5, 6),
    ),
    case(
        "conv2d in groups, dilated",
        stack([4, 6, 5], conv(out=6, kernel=3, groups=2, dilation=2, padding=2)),
        nn.Sequential(nn.Conv2d(4, 6, 3, groups=2, dilation=2, padding=2)),
        image(2, 4, 6, 5),
    ),
    case(
        "conv2d depthwise, without a bias",
        stack([3, 4, 4], conv(out=3, kernel=3, groups=3, padding=1, stride=2, bias=False)),
        nn.Sequential(nn.Conv2d(3, 3, 3, 2, 1, groups=3, bias=False)),
        image(2, 3, 4, 4),
    ),
    case(
        "conv1d",
        stack([2, 7], {"kind": "transpose"}, {"kind": "conv1d", "out": 4, "kernel": 3, "stride": 2, "padding": 1, "name": "0"}, {"kind": "transpose"}),
        nn.Sequential(nn.Conv1d(2, 4, 3, 2, 1)),
        image(2, 2, 7),
    ),
    case(
        "conv1d in groups, dilated",
        stack([4, 8], {"kind": "transpose"}, {"kind": "conv1d", "out": 4, "kernel": 3, "groups": 2, "dilation": 2, "name": "0"}, {"kind": "transpose"}),
        nn.Sequential(nn.Conv1d(4, 4, 3, groups=2, dilation=2)),
        image(2, 4, 8),
    ),
    *[
        case(
            f"batchNorm of images, {'training' if t else 'evaluation'}",
            stack([2, 3, 3], {"kind": "batchNorm", "momentum": 0.2, "epsilon": 1e-4}),
            nn.Sequential(nn.BatchNorm2d(2, momentum=0.2, eps=1e-4)),
            image(3, 2, 3, 3),
            training=t,
        )
        for t in (False, True)
    ],
    case(
        "batchNorm of features, training",
        stack([4], {"kind": "batchNorm"}),
        nn.Sequential(nn.BatchNorm1d(4)),
        image(5, 4),
        training=True,
    ),
    case("layerNorm", stack([3, 5], {"kind": "layerNorm"}), nn.Sequential(nn.LayerNorm(5)), image(2, 3, 5)),
    case("groupNorm", stack([4, 3, 2], {"kind": "groupNorm", "groups": 2}), nn.Sequential(nn.GroupNorm(2, 4)), image(2, 4, 3, 2)),
    case(
        "poolings",
        stack(
            [2, 7, 6],
            {"kind": "maxPool", "size": 3, "stride": 2, "padding": 1},
            {"kind": "averagePool", "size": 2, "stride": 1, "padding": 1},
            {"kind": "globalAveragePool"},
        ),
        nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2, 1, 1), Take(lambda x: x.mean((2, 3)))),
        image(2, 2, 7, 6),
    ),
    *[
        case(
            f"attention{', causal' if c else ''}",
            stack([5, 6], {"kind": "attention", "name": "attention", "heads": 2, **({"causal": True} if c else {})}),
            Attend(6, 2, c),
            image(2, 5, 6),
        )
        for c in (False, True)
    ],
    case(
        "a transformer's block",
        stack(
            [3, 4],
            {"kind": "residual", "name": "", "branch": [{"kind": "layerNorm", "name": "ln_1"}, {"kind": "attention", "name": "attn", "heads": 2, "causal": True}]},
            {
                "kind": "residual",
                "name": "",
                "branch": [
                    {"kind": "layerNorm", "name": "ln_2"},
                    {"kind": "linear", "name": "fc", "out": 8},
                    {"kind": "gelu"},
                    {"kind": "linear", "name": "proj", "out": 4},
                ],
            },
        ),
        Mixed(),
        image(2, 3, 4),
    ),
    *[
        case(f"resnet:8:3:2,8,8:width=0.125, {'training' if t else 'evaluation'}", {"architecture": "resnet:8:3:2,8,8:width=0.125"}, Resnet8(), image(3, 2, 8, 8), training=t)
        for t in (False, True)
    ],
]


def running():
    """Ten steps of two batch norms with a layer between, momentum 0.1: buffers after each."""
    net = nn.Sequential(nn.Conv2d(2, 3, 3, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 4), nn.BatchNorm1d(4))
    net.train()
    xs = [2 * torch.randn(4, 2, 4, 4) + 1 for _ in range(10)]
    after = []
    for x in xs:
        net(x)
        after.append({k: numbers(v) for k, v in net.named_buffers() if not k.endswith("num_batches_tracked")})
    return {
        "stack": stack(
            [2, 4, 4],
            conv(out=3, kernel=3, bias=False),
            {"kind": "batchNorm"},
            {"kind": "relu"},
            {"kind": "flatten"},
            {"kind": "linear", "out": 4},
            {"kind": "batchNorm"},
        ),
        "parameters": {k: numbers(ours(k, p)) for k, p in net.named_parameters()},
        "batch": 4,
        "xs": [numbers(x) for x in xs],
        "after": after,
    }


def embedded():
    table = nn.Embedding(6, 4)
    tokens = torch.tensor([[5, 0, 2], [2, 2, 1]])
    y = table(tokens)
    logits = y @ table.weight.t()
    c = torch.randn_like(logits)
    (c * logits).sum().backward()
    return {
        "name": "embedding and unembedding",
        "stack": stack([3], {"kind": "embedding", "name": "table", "width": 4}, {"kind": "unembedding", "table": "table"}, vocabulary=6),
        "training": False,
        "batch": 2,
        "x": numbers(tokens),
        "y": numbers(logits),
        "c": numbers(c),
        "parameters": {"table.weight": numbers(table.weight)},
        "gradients": {"table.weight": numbers(table.weight.grad)},
        "buffers": {},
    }


record = {
    "provenance": {
        "tool": f"PyTorch {torch.__version__}, one thread, float64",
        "command": "/usr/bin/python3 packages/nn/test/golden/make_modules.py",
        "seed": 11,
        "tolerance": "1e-10 of the largest number of an array: sums in another order",
    },
    "cases": [*cases, embedded()],
    "running": running(),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "modules.json"), "w") as file:
    file.write(json.dumps(record))
