"""Networks that are exported as oracles: widths are arguments, so that a small copy of each fits the repository.

Names of parameters are those of torchvision (ResNet, vision transformer) and of Hugging Face's GPT-2.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models.resnet import BasicBlock, ResNet
from torchvision.models.vision_transformer import VisionTransformer


def mlp(widths, activation=nn.Tanh):
    layers = []
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


class LeNet(nn.Module):
    """5×5 convolutions, tanh, average pooling, twice; three dense layers. `side` is that of the image."""

    def __init__(self, side=28, channels=(6, 16), hidden=(120, 84), classes=10):
        super().__init__()
        last = ((side - 4) // 2 - 4) // 2
        self.conv1 = nn.Conv2d(1, channels[0], 5)
        self.conv2 = nn.Conv2d(channels[0], channels[1], 5)
        self.fc1 = nn.Linear(channels[1] * last * last, hidden[0])
        self.fc2 = nn.Linear(hidden[0], hidden[1])
        self.fc3 = nn.Linear(hidden[1], classes)

    def forward(self, x):
        h = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        h = F.avg_pool2d(torch.tanh(self.conv2(h)), 2)
        h = torch.flatten(h, 1)
        h = torch.tanh(self.fc1(h))
        return self.fc3(torch.tanh(self.fc2(h)))


class NarrowResNet(ResNet):
    """torchvision's ResNet whose first stage has `width` channels in the place of 64."""

    def __init__(self, width, layers, classes):
        self.width = width
        super().__init__(BasicBlock, layers, num_classes=classes)
        self.conv1 = nn.Conv2d(3, width, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.fc = nn.Linear(8 * width, classes)

    def _make_layer(self, block, planes, blocks, stride=1, dilate=False):
        if planes == 64:
            self.inplanes = self.width
        return super()._make_layer(block, planes * self.width // 64, blocks, stride, dilate)


def resnet(width=64, layers=(2, 2, 2, 2), classes=10):
    return NarrowResNet(width, list(layers), classes)


def vit(side=32, patch=8, width=64, depth=3, heads=4, classes=10, ratio=2):
    net = VisionTransformer(side, patch, depth, heads, width, ratio * width, num_classes=classes)
    # torchvision starts the head at 0, where every derivative but the head's is 0
    nn.init.normal_(net.heads.head.weight, std=0.2)
    return net


class Conv1D(nn.Module):
    """A dense layer whose weight is (in, out), as GPT-2 keeps it."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(0.3 * torch.randn(inputs, outputs) / math.sqrt(inputs) * 3)
        self.bias = nn.Parameter(0.1 * torch.randn(outputs))

    def forward(self, x):
        return torch.matmul(x, self.weight) + self.bias


class Attention(nn.Module):
    def __init__(self, positions, width, heads):
        super().__init__()
        self.c_attn = Conv1D(width, 3 * width)
        self.c_proj = Conv1D(width, width)
        self.heads = heads
        self.register_buffer("bias", torch.tril(torch.ones(positions, positions)).bool()[None, None], persistent=False)

    def forward(self, x):
        batch, positions, width = x.shape
        query, key, value = self.c_attn(x).split(width, dim=2)

        def split(y):
            return y.view(batch, positions, self.heads, width // self.heads).transpose(1, 2)

        scores = split(query) @ split(key).transpose(-1, -2) / math.sqrt(width // self.heads)
        scores = scores.masked_fill(~self.bias[:, :, :positions, :positions], -1e9)
        mixed = F.softmax(scores, dim=-1) @ split(value)
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, positions, width))


def gelu_tanh(x):
    return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = Conv1D(width, 4 * width)
        self.c_proj = Conv1D(4 * width, width)

    def forward(self, x):
        return self.c_proj(gelu_tanh(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, positions, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(positions, width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    """GPT-2: learnt positions, norms before, tanh-GELU, head tied to the embedding."""

    def __init__(self, vocabulary=64, positions=16, width=32, depth=2, heads=4):
        super().__init__()
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(vocabulary, width),
                "wpe": nn.Embedding(positions, width),
                "h": nn.ModuleList(Block(positions, width, heads) for _ in range(depth)),
                "ln_f": nn.LayerNorm(width),
            }
        )
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight
        nn.init.normal_(self.transformer["wte"].weight, std=0.3)
        nn.init.normal_(self.transformer["wpe"].weight, std=0.3)
        self.register_buffer("places", torch.arange(positions), persistent=False)

    def forward(self, tokens):
        x = self.transformer["wte"](tokens) + self.transformer["wpe"](self.places[: tokens.shape[1]])
        for block in self.transformer["h"]:
            x = block(x)
        return self.lm_head(self.transformer["ln_f"](x))
