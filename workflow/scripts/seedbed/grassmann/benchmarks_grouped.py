"""Would training the replicates of a small network all at once pay? One batched run against one run after another.

The networks of R replicates become one with R groups of filters (``groups=R``), batch normalisation and pooling work
channel by channel anyway, and the bases of all replicates are one parameter of R C classes: the same mathematics
step by step, with fewer calls. ``torch.func.vmap`` over the same network is slower than one after another.

Measured on two cores of a shared Xeon: a quarter to a third less CPU time per replicate for the default run's networks,
nothing at the sizes of config/paper.yaml, where the products fill the time. Rounding differs, and training amplifies
it: after one epoch losses differ in the third digit. As results must depend neither on the number of replicates in a
job nor on what else is in the block, and a failure must cost one replicate, the study trains one after another.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from seedbed.core.study import Case
from seedbed.grassmann.backbones import PixelAverage, build_backbone
from seedbed.grassmann.grassmann_head import GrassmannHead
from seedbed.grassmann.riemannian_sgd import RiemannianSGD
from seedbed.grassmann.stroke_scenarios import heldout_strokes
from seedbed.grassmann.subspace_parameter import SubspaceParameter
from seedbed.grassmann.training import train

REPLICATES, K, BATCH, RATE, GAMMA = 5, 8, 64, 0.1, 25.0
SETTINGS = {
    "default": ({"n_classes": 12, "n_new_classes": 0, "side": 10}, (8, 16), 4),
    "paper": ({"n_new_classes": 0}, (16, 32), 1),
}


def _problem(name: str) -> dict[str, Any]:
    """Data, networks and orders of the examples of all replicates."""
    torch.set_num_threads(1)
    params, widths, epochs = SETTINGS[name]
    replicates = []
    for seed in range(REPLICATES):
        data = heldout_strokes(np.random.default_rng(seed), **params)
        start = [torch.Generator().manual_seed(3 * seed + number) for number in range(2)]
        backbone = build_backbone("plain", 1, 64, widths, start[0])
        head = GrassmannHead(64, int(data["y"].max()) + 1, K, gamma=GAMMA, generator=start[1])
        images = torch.from_numpy(data["X"]).contiguous(memory_format=torch.channels_last)
        replicates.append((backbone, head, images, torch.from_numpy(data["y"]), 3 * seed + 2))
    RiemannianSGD([replicates[0][1].basis], RATE)  # loads what torch loads with its first optimiser
    return {"replicates": replicates, "widths": widths, "epochs": epochs}


def _one_by_one(problem: dict) -> np.ndarray:
    losses = []
    for backbone, head, X, y, seed in problem["replicates"]:
        generator = torch.Generator().manual_seed(seed)
        losses.append(train(backbone, head, X, y, generator=generator, epochs=problem["epochs"], learning_rate=RATE))
    return np.array(losses)


def _grouped_network(problem: dict) -> torch.nn.Module:
    """The networks of all replicates side by side, as groups of channels."""
    backbones = [replicate[0] for replicate in problem["replicates"]]
    layers: list[torch.nn.Module] = []
    before = 1
    for number, width in enumerate([*problem["widths"], 64]):
        if number == 2:
            layers.append(torch.nn.MaxPool2d(2, ceil_mode=True))
        channels = (REPLICATES * before, REPLICATES * width)
        filters = torch.nn.Conv2d(*channels, 3, padding=1, bias=False, groups=REPLICATES)
        own = [[p for p in backbone.parameters() if p.ndim == 4][number] for backbone in backbones]
        filters.weight = torch.nn.Parameter(torch.cat([p.detach() for p in own]))
        layers += [filters, torch.nn.BatchNorm2d(REPLICATES * width), torch.nn.ReLU(inplace=True)]
        before = width
    return torch.nn.Sequential(*layers, PixelAverage()).to(memory_format=torch.channels_last)


def _grouped(problem: dict) -> np.ndarray:
    """The same steps for all replicates at once."""
    network = _grouped_network(problem)
    _, heads, X, y, seeds = zip(*problem["replicates"], strict=True)
    basis = SubspaceParameter(torch.cat([head.basis.detach() for head in heads]))
    classes, n = len(basis) // REPLICATES, basis.shape[2]
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    optimisers = [torch.optim.SGD(network.parameters(), RATE, 0.9, weight_decay=5e-4), RiemannianSGD([basis], RATE)]
    batches = len(X[0]) // BATCH
    steps = problem["epochs"] * batches
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(optimiser, lambda t: 0.5 * (1.0 + math.cos(math.pi * t / steps)))
        for optimiser in optimisers
    ]
    losses = []
    for _ in range(problem["epochs"]):
        orders = [torch.randperm(len(X[0]), generator=generator) for generator in generators]
        total = torch.zeros(REPLICATES)
        for start in range(0, batches * BATCH, BATCH):
            rows = [order[start : start + BATCH] for order in orders]
            images = torch.cat([x[row] for x, row in zip(X, rows, strict=True)], 1)
            labels = torch.cat([label[row] for label, row in zip(y, rows, strict=True)])
            features = network(images.contiguous(memory_format=torch.channels_last))
            features = F.normalize(features.view(BATCH, REPLICATES, n).transpose(0, 1), dim=-1)
            products = torch.bmm(basis.view(REPLICATES, classes * K, n), features.mT)
            logits = GAMMA * products.view(REPLICATES, classes, K, BATCH).square().sum(2).sqrt().mT
            loss = F.cross_entropy(logits.reshape(-1, classes), labels, reduction="none")
            loss = loss.view(REPLICATES, BATCH).mean(1)
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.sum().backward()
            for optimiser, schedule in zip(optimisers, schedules, strict=True):
                optimiser.step()
                schedule.step()
            total += loss.detach()
        losses.append((total / batches).numpy())
    return np.array(losses).T


CASES = tuple(
    Case(
        name=f"five_replicates_{name}",
        problem=partial(_problem, name),
        contenders={"one by one": _one_by_one, "grouped": _grouped},
        accuracy=lambda problem, losses: float(losses[:, -1].mean()),
        accuracy_label="mean loss of the last epoch",
        peer="grouped",
        repeats=3,
    )
    for name in SETTINGS
)
