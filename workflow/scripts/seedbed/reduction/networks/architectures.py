"""The networks: several restarts of one architecture that are trained side by side.

A network maps a batch (n, n_features) to (restarts, n, n_outputs). All restarts share every product with the kernel
of the responses, and an elementwise optimiser keeps them independent of one another.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional


class StackedMLP(nn.Module):
    """Feed-forward networks with rectifiers, the weights of all restarts in one tensor per layer.

    Parameters
    ----------
    n_features, n_outputs : int
    hidden_layer_sizes : sequence of int
        Empty for linear functions.
    n_restarts : int
    generator : torch.Generator
        Weights and biases are uniform on :math:`\\pm 1 / \\sqrt{inputs}`.
    """

    def __init__(
        self,
        n_features: int,
        hidden_layer_sizes: Sequence[int],
        n_outputs: int,
        n_restarts: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        sizes = [n_features, *hidden_layer_sizes, n_outputs]
        for inputs, outputs in itertools.pairwise(sizes):
            for parameters, rows in ((self.weights, inputs), (self.biases, 1)):
                uniform = 2.0 * torch.rand(n_restarts, rows, outputs, generator=generator) - 1.0
                parameters.append(nn.Parameter(uniform / math.sqrt(inputs)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs (restarts, n, n_outputs)."""
        values = x.expand(len(self.weights[0]), *x.shape)
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = torch.baddbmm(bias, functional.relu(values) if layer else values, weight)
        return values

    def parts(self, restart: int) -> list[torch.Tensor]:
        """The parameters of one restart, as views."""
        return [parameter.data[restart] for parameter in self.parameters()]

    def keep(self, restart: int) -> None:
        """Forget all other restarts."""
        for parameters in (self.weights, self.biases):
            for layer, parameter in enumerate(parameters):
                parameters[layer] = nn.Parameter(parameter.data[restart : restart + 1].clone())


class StackedResNet(nn.Module):
    """Residual convolutional networks for images (He, Zhang, Ren and Sun 2016), one per restart.

    A 3 x 3 convolution, then a residual block per width, each but the first halving the image, global average
    pooling and a linear layer. Groups, not batches, are normalised: a value does not depend on what else is in the
    batch. Images above 32 pixels are halved by the first convolution already.

    Parameters
    ----------
    image_shape : (channels, height, width)
    widths : sequence of int
        Channels of the blocks; multiples of four.
    n_outputs, n_restarts : int
    generator : torch.Generator
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        widths: Sequence[int],
        n_outputs: int,
        n_restarts: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.image_shape = tuple(image_shape)
        with torch.random.fork_rng(devices=[]):  # the layers' own start, which is replaced, draws from the global state
            self.networks = nn.ModuleList(_resnet(image_shape, widths, n_outputs) for _ in range(n_restarts))
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.kaiming_uniform_(parameter, a=math.sqrt(5.0), generator=generator)
            elif "bias" in name:
                nn.init.zeros_(parameter)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs (restarts, n, n_outputs)."""
        images = x.reshape(-1, *self.image_shape)
        return torch.stack([network(images) for network in self.networks])

    def parts(self, restart: int) -> list[torch.Tensor]:
        """The parameters of one restart, as views."""
        return [parameter.data for parameter in self.networks[restart].parameters()]

    def keep(self, restart: int) -> None:
        """Forget all other restarts."""
        self.networks = nn.ModuleList([self.networks[restart]])


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([nn.GroupNorm(4, outputs), nn.GroupNorm(4, outputs)])
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inner = functional.relu(self.norms[0](self.first(x)))
        return functional.relu(self.norms[1](self.second(inner)) + self.shortcut(x))


def _resnet(image_shape: tuple[int, int, int], widths: Sequence[int], n_outputs: int) -> nn.Sequential:
    channels, height, width = image_shape
    stride = 2 if max(height, width) > 32 else 1
    layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 3, stride, 1), nn.ReLU()]
    for before, after in zip([widths[0], *widths], widths, strict=False):
        layers.append(_Block(before, after, 1 if len(layers) == 2 else 2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], n_outputs))
