"""Writes networks of PyTorch as ONNX files and state dicts, with their logits and derivatives, as oracles.

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE /usr/bin/python3 exportModels.py small packages/onnx/test/golden/torch
    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE /usr/bin/python3 exportModels.py full ~/.cache/hyperribbon/torch

Written with Debian 12's python3-torch 1.13.0, python3-torchvision 0.14.1 and python3-onnx 1.12.0, one thread. For each network: NAME.onnx in
float32 (and NAME.f64.onnx where constants of the graph matter to ten digits; `small` has that alone), NAME.state.safetensors, NAME.npz with inputs, labels, logits in
float32 and float64, and in float64 the gradient and three products each with the Hessian and the Gauss-Newton matrix of the mean
cross-entropy, by double backward; models.json tells which array of the file is which parameter.

Directions are hash numbers (`direction`), so that they need not be stored. `small` keeps of each vector its norm and 16 projections.
"""

import io
import json
import os
import sys

import numpy as np
import onnx
import torch
import torchvision
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from architectures import Gpt, LeNet, mlp, resnet, vit

DIRECTIONS = 3
PROJECTIONS = 16


def direction(seed, size):
    """Numbers in [-1, 1): a hash of 32 bits of (seed, i)."""
    x = np.arange(size, dtype=np.uint32) + np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(15)
    return x.astype(np.float64) / 2.0**31 - 1.0


def settle(net, inputs):
    """Statistics of batch norms, biases and gains that differ from their starts."""
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.6, 1.4)
            nn.init.normal_(module.bias, std=0.2)
        elif isinstance(module, (nn.Linear, nn.Conv2d, nn.MultiheadAttention)):
            bias = getattr(module, "bias", None)
            bias = module.in_proj_bias if isinstance(module, nn.MultiheadAttention) else bias
            if bias is not None:
                nn.init.normal_(bias, std=0.1)
    net.train()
    with torch.no_grad():
        for step in range(6):
            net(inputs(100 + step, 16))
    net.eval()


def fused(net):
    """The network with every batch norm folded into the convolution before it."""
    for parent in list(net.modules()):
        before = None
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.BatchNorm2d) and isinstance(before[1], nn.Conv2d):
                setattr(parent, before[0], fuse_conv_bn_eval(before[1], child))
                setattr(parent, name, nn.Identity())
            before = (name, child)
    return net


def export(net, example, opset, **options):
    file = io.BytesIO()
    torch.onnx.export(
        net,
        example,
        file,
        opset_version=opset,
        input_names=["x"],
        output_names=["logits"],
        dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}},
        **options,
    )
    return file.getvalue()


def stored_arrays(content):
    """Arrays of a graph's initialisers and Constant nodes, by name."""
    graph = onnx.load_from_string(content).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            arrays[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    return arrays


def matched(net, content):
    """Which array of the file is which parameter; the parameters become what the file says, to the last bit."""
    arrays = {name: a for name, a in stored_arrays(content).items() if a.dtype.kind == "f" and a.ndim > 0}
    table = []
    for name, parameter in net.named_parameters():
        own = parameter.detach().numpy()

        def distance(array):
            return np.abs(array.astype(np.float64) - own).max() if array.shape == own.shape else np.inf

        ways = [(distance(a), other, False) for other, a in arrays.items()]
        ways += [(distance(a.T), other, True) for other, a in arrays.items() if a.ndim == 2]
        error, other, turned = min(ways)
        if not error < 1e-5:
            raise SystemExit(f"no array of the file is {name} {own.shape}")
        array = arrays.pop(other)
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(np.array(array.T if turned else array)))
        table.append({"torch": name, "onnx": other, "transposed": turned, "shape": list(own.shape)})
    return table


def cross_entropy(net, x, labels):
    logits = net(x)
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1))


def flat(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def like(parameters, vector):
    sizes = [p.numel() for p in parameters]
    return [piece.view_as(p) for piece, p in zip(torch.split(torch.from_numpy(vector), sizes), parameters)]


def derivatives(net, x, labels):
    """Gradient, Hessian products and Gauss-Newton products of the mean cross-entropy, flat, in the order of the parameters."""
    parameters = list(net.parameters())
    size = sum(p.numel() for p in parameters)
    gradient = torch.autograd.grad(cross_entropy(net, x, labels), parameters, create_graph=True)
    yield "gradient", flat(gradient).detach().numpy()
    for k in range(DIRECTIONS):
        v = like(parameters, direction(k + 1, size))
        product = torch.autograd.grad(gradient, parameters, v, retain_graph=True)
        yield f"hessian.{k}", flat(product).numpy()
    del gradient
    logits = net(x)
    rows = logits.reshape(-1, logits.shape[-1])
    p = F.softmax(rows.detach(), dim=1)
    dual = torch.zeros_like(rows, requires_grad=True)
    pulled = torch.autograd.grad(rows, parameters, dual, create_graph=True)
    for k in range(DIRECTIONS):
        v = like(parameters, direction(k + 1, size))
        (pushed,) = torch.autograd.grad(pulled, dual, v, retain_graph=True)
        curved = (p * pushed - p * (p * pushed).sum(1, keepdim=True)) / len(rows)
        product = torch.autograd.grad(rows, parameters, curved, retain_graph=True)
        yield f"gaussNewton.{k}", flat(product).numpy()


def projected(vector):
    """Norm and projections: what is kept of a vector in the repository."""
    rows = [direction(1000 + j, vector.size) @ vector for j in range(PROJECTIONS)]
    return np.array([np.linalg.norm(vector), *rows])


def write_safetensors(path, tensors):
    """The format is a length, a JSON header and the bytes; python3-safetensors is in no Debian."""
    codes = {"float16": "F16", "float32": "F32", "float64": "F64", "int64": "I64", "bool": "BOOL"}
    header, place = {}, 0
    arrays = {name: t.detach().contiguous().numpy() for name, t in tensors.items()}
    for name, a in arrays.items():
        header[name] = {"dtype": codes[str(a.dtype)], "shape": list(a.shape), "data_offsets": [place, place + a.nbytes]}
        place += a.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for a in arrays.values():
            file.write(a.tobytes())


def networks(full):
    """(name, network, inputs, opset, folds batch norms, options of the export, whether float64 needs a file of its own)"""

    def images(channels, side):
        def draw(seed, count):
            return torch.from_numpy(direction(seed, count * channels * side * side)).view(count, channels, side, side).float()

        return draw

    def rows(features):
        return lambda seed, count: torch.from_numpy(direction(seed, count * features)).view(count, features).float()

    def tokens(positions, vocabulary):
        def draw(seed, count):
            numbers = (direction(seed, count * positions) + 1) / 2 * vocabulary
            return torch.from_numpy(numbers.astype(np.int64)).view(count, positions)

        return draw

    preserve = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
    trains = {"training": torch.onnx.TrainingMode.TRAINING, "do_constant_folding": False}
    plain = {"do_constant_folding": False}
    narrow = {} if full else {"width": 2, "layers": (1, 1, 1, 1), "classes": 5}
    side = 64 if full else 24
    yield "mlp", lambda: mlp([784, 256, 128, 10] if full else [7, 6, 5, 4]), rows(784 if full else 7), 16, False, {}, False
    size = {} if full else {"side": 16, "channels": (2, 3), "hidden": (6, 5), "classes": 4}
    yield "lenet", lambda: LeNet(**size), images(1, size.get("side", 28)), 16, False, {}, False
    yield "resnet", lambda: resnet(**narrow), images(3, side), 16, True, {}, False
    yield "resnetNorms", lambda: resnet(**narrow), images(3, side), 16, False, preserve, False
    narrower = narrow if full else {**narrow, "width": 1}
    yield "resnetTraining", lambda: resnet(**narrower), images(3, side if full else 8), 16, False, trains, False
    size = {} if full else {"side": 8, "patch": 4, "width": 8, "depth": 1, "heads": 2, "classes": 4}
    yield "vit", lambda: vit(**size), images(3, size.get("side", 32)), 16, False, {}, True
    size = {} if full else {"vocabulary": 11, "positions": 5, "width": 8, "depth": 1, "heads": 2}
    yield "gpt", lambda: Gpt(**size), tokens(size.get("positions", 16), size.get("vocabulary", 64)), 17, False, plain, True


def write(name, build, inputs, opset, folds, options, wide, full, out):
    torch.manual_seed(7)
    net = build()
    settle(net, inputs)
    if full and name == "resnetNorms":
        write_safetensors(os.path.join(out, f"{name}.state.safetensors"), net.state_dict())
    count = 4 if full else 2
    x = inputs(1, count)
    content = export(net, x, opset, **options)
    net.eval()
    before = net(x).detach()
    if folds:
        net = fused(net)
    table = matched(net, content)
    logits = net(x).detach()
    print(name, "weights", sum(p.numel() for p in net.parameters()), "folding moved logits by", float((before - logits).abs().max()))
    if full and not name.startswith("resnet"):
        write_safetensors(os.path.join(out, f"{name}.state.safetensors"), net.state_dict())
    if full or not wide:
        with open(os.path.join(out, f"{name}.onnx"), "wb") as file:
            file.write(content)
    net = net.double()
    wider = x if x.dtype == torch.int64 else x.double()
    entry = {"name": name, "opset": opset, "parameters": table}
    if wide:
        content = export(net, wider, opset, **options)
        entry["parameters64"] = matched(net, content)
        with open(os.path.join(out, f"{name}.f64.onnx"), "wb") as file:
            file.write(content)
    logits64 = net(wider).detach()
    classes = logits.shape[-1]
    labels = torch.from_numpy(((direction(2, logits64.numel() // classes) + 1) / 2 * classes).astype(np.int64))
    labels = labels.view(logits64.shape[:-1])
    arrays = {"x": x.numpy(), "labels": labels.numpy().astype(np.int32), "logits": logits.numpy(), "logits64": logits64.numpy()}
    if x.dtype == torch.int64:
        arrays["x"] = arrays["x"].astype(np.int32)
    for what, vector in derivatives(net, wider, labels):
        arrays[what] = vector if full else projected(vector)
    np.savez(os.path.join(out, f"{name}.npz"), **arrays)
    return entry


def main():
    scale, out = sys.argv[1], os.path.expanduser(sys.argv[2])
    chosen = sys.argv[3:]
    full = scale == "full"
    torch.set_num_threads(1)
    os.makedirs(out, exist_ok=True)
    provenance = {
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "onnx": onnx.__version__,
        "seed": 7,
        "command": f"exportModels.py {scale}",
    }
    entries = [write(*network, full, out) for network in networks(full) if not chosen or network[0] in chosen]
    with open(os.path.join(out, "models.json"), "w") as file:
        json.dump({"provenance": provenance, "models": entries}, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
