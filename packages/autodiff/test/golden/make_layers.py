# Writes layers.json: values and gradients of layers by PyTorch, in float64. Run: /usr/bin/python3 make_layers.py
import json
import math
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
cases = []


def numbers(*shape):
    return torch.round(torch.randn(*shape) * 1000) / 1000


def case(op, f, *args, **options):
    """Output y of f, and the gradients of sum(y ** 3) / 3, which no scale leaves as it is."""
    leaves = [a.clone().requires_grad_() for a in args]
    y = f(*leaves)
    gradients = torch.autograd.grad((y ** 3).sum() / 3, leaves)
    show = lambda t: {"shape": list(t.shape), "data": t.detach().flatten().tolist()}
    cases.append({"op": op, "options": options, "args": [show(a) for a in args], "output": show(y), "gradients": [show(g) for g in gradients]})


def conv(x, w, **o):
    case("conv2d", lambda a, b: F.conv2d(a, b, **o), x, w, **{k: (list(v) if isinstance(v, tuple) else v) for k, v in o.items()})


conv(numbers(2, 3, 6, 5), numbers(4, 3, 3, 2), stride=(2, 1), padding=(1, 0))
conv(numbers(2, 2, 7, 6), numbers(3, 2, 3, 2), dilation=(2, 3), padding=2)
conv(numbers(2, 4, 5, 5), numbers(6, 2, 3, 3), groups=2, padding=1, stride=2)
conv(numbers(2, 4, 5, 6), numbers(4, 1, 3, 3), groups=4, padding=1)
conv(numbers(2, 3, 7, 6), numbers(6, 1, 3, 3), groups=3, padding=(2, 1), stride=(1, 2), dilation=(2, 1))
x, w = numbers(2, 3, 8), numbers(4, 3, 3)
case("conv1d", lambda a, b: F.conv1d(a, b, padding=2, dilation=2, stride=2), x, w, padding=2, dilation=2, stride=2)
x, w = numbers(1, 4, 9), numbers(4, 1, 3)
case("conv1d", lambda a, b: F.conv1d(a, b, groups=4), x, w, groups=4)
x, w = numbers(2, 3, 3, 4), numbers(3, 2, 3, 2)
case("convTranspose2d", lambda a, b: F.conv_transpose2d(a, b, stride=2, padding=1, output_padding=(1, 0)), x, w, stride=2, padding=1, outputPadding=[1, 0])
x, w = numbers(2, 4, 3, 3), numbers(4, 1, 2, 3)
case("convTranspose2d", lambda a, b: F.conv_transpose2d(a, b, groups=2, dilation=(1, 2), stride=(1, 2)), x, w, groups=2, dilation=[1, 2], stride=[1, 2])
for o in [dict(padding=1), dict(ceil_mode=True), dict(dilation=2, padding=1, stride=1), dict(padding=1, ceil_mode=True, stride=3)]:
    o = {"stride": 2, **o}
    case("maxPool2d", lambda a: F.max_pool2d(a, 3, **o), numbers(2, 2, 8, 7), size=3, **{("ceil" if k == "ceil_mode" else k): v for k, v in o.items()})
for o in [dict(padding=1), dict(padding=1, count_include_pad=False), dict(ceil_mode=True), dict(padding=1, ceil_mode=True), dict(padding=1, ceil_mode=True, count_include_pad=False)]:
    o = {"stride": 2, **o}
    names = {"ceil_mode": "ceil", "count_include_pad": "countPadding"}
    case("averagePool2d", lambda a: F.avg_pool2d(a, 3, **o), numbers(2, 2, 8, 6), size=3, **{names.get(k, k): v for k, v in o.items()})
s, b = numbers(3), numbers(3)
case("batchNormTraining", lambda a, p, q: F.batch_norm(a, None, None, p, q, True), numbers(4, 3, 2, 2), s, b)
mean, variance = numbers(3), numbers(3) ** 2
case("batchNorm", lambda a, p, q: F.batch_norm(a, mean, variance, p, q, False), numbers(2, 3, 2, 2), s, b, mean=mean.tolist(), variance=variance.tolist())
case("layerNorm", lambda a, p, q: F.layer_norm(a, [3, 4], p, q), numbers(2, 3, 4), numbers(3, 4), numbers(3, 4), axes=[1, 2])
case("groupNorm", lambda a, p, q: F.group_norm(a, 3, p, q), numbers(2, 6, 4), numbers(6), numbers(6), groups=3)
case("instanceNorm", lambda a, p, q: F.instance_norm(a, weight=p, bias=q), numbers(2, 3, 5), numbers(3), numbers(3))


def attend(q, k, v, causal):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if causal:
        scores = scores.masked_fill(~torch.ones(scores.shape[-2:], dtype=torch.bool).tril(), -math.inf)
    return torch.softmax(scores, -1) @ v


for causal in [False, True]:
    case("attention", lambda q, k, v: attend(q, k, v, causal), numbers(2, 2, 4, 3), numbers(2, 2, 4, 3), numbers(2, 2, 4, 2), causal=causal)
x = torch.tensor([-3.5, -2.9, -1.25, -0.5, -1e-3, 1e-3, 0.5, 2.0, 2.9, 4.5])
for name, f in [("leakyRelu", lambda a: F.leaky_relu(a, 0.01)), ("elu", F.elu), ("selu", F.selu), ("celu", F.celu), ("hardSigmoid", F.hardsigmoid), ("hardSwish", F.hardswish), ("softsign", F.softsign), ("mish", F.mish)]:
    case(name, f, x)
case("prelu", lambda a, w: F.prelu(a, w), numbers(2, 5), torch.tensor([0.2]))

# running statistics over ten batches
norm = torch.nn.BatchNorm1d(3)
batches = [numbers(5, 3) for _ in range(10)]
for batch in batches:
    norm(batch)
running = {"batches": [b.flatten().tolist() for b in batches], "mean": norm.running_mean.tolist(), "variance": norm.running_var.tolist()}
made = {"tool": "PyTorch " + torch.__version__, "command": "/usr/bin/python3 make_layers.py", "seed": 7}
with open("layers.json", "w") as file:
    json.dump({"made": made, "cases": cases, "running": running}, file, separators=(",", ":"))
