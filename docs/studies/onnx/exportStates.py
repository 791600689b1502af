"""Writes state dicts of narrow networks and their logits, as oracles of what is read from state dicts.

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE /usr/bin/python3 exportStates.py packages/onnx/test/golden/states

torchvision's ResNet-18 with 2 channels in its first stage, in float16; torchvision's vision transformer; a GPT-2 with the names, the masks
and the tied head of Hugging Face's library, whole and cut into two shards. Logits are those of the stored numbers in float64.
"""

import json
import os
import sys

import numpy as np
import torch

from architectures import Gpt, resnet, vit
from exportModels import direction, settle, write_safetensors


def images(side):
    def draw(seed, count):
        return torch.from_numpy(direction(seed, count * 3 * side * side)).view(count, 3, side, side).float()

    return draw


def tokens(positions, vocabulary):
    def draw(seed, count):
        numbers = (direction(seed, count * positions) + 1) / 2 * vocabulary
        return torch.from_numpy(numbers.astype(np.int64)).view(count, positions)

    return draw


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    torch.manual_seed(11)
    networks = {
        "resnet18": (resnet(2, (2, 2, 2, 2), 5), images(24)),
        "vit": (vit(8, 4, 8, 1, 2, 4, ratio=4), images(8)),
        "gpt": (Gpt(11, 5, 8, 1, 2), tokens(5, 11)),
    }
    logits = {}
    for name, (net, inputs) in networks.items():
        settle(net, inputs)
        if name == "resnet18":
            net.half()
        state = net.state_dict()
        net.double()
        x = inputs(1, 2)
        wide = x if x.dtype == torch.int64 else x.double()
        logits[f"{name}.x"] = x.numpy().astype(np.float32)
        logits[f"{name}.logits"] = net(wide).detach().numpy().reshape(2, -1)
        if name == "gpt":
            mask = torch.tril(torch.ones(5, 5)).bool()[None, None]
            state["transformer.h.0.attn.bias"] = mask
            keys = list(state)
            shards = {"gpt-1.safetensors": keys[::2], "gpt-2.safetensors": keys[1::2]}
            for file, own in shards.items():
                write_safetensors(os.path.join(out, file), {key: state[key] for key in own})
            index = {"metadata": {}, "weight_map": {key: file for file, own in shards.items() for key in own}}
            with open(os.path.join(out, "gpt.safetensors.index.json"), "w") as file:
                json.dump(index, file, indent=1)
        else:
            write_safetensors(os.path.join(out, f"{name}.safetensors"), state)
    np.savez_compressed(os.path.join(out, "logits.npz"), **logits)


if __name__ == "__main__":
    main()
