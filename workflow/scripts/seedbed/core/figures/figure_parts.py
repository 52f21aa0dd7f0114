"""Parts that figures of several studies are drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE = 1.3  # of the height of a letter


def name_line_ends(axes: Axes, ends: Sequence[tuple[float, str, str]], size: float = 8.0) -> None:
    """Names right of the axes, each beside the height at which its line ends, moved apart where they would overlap.

    ``ends``: height, name, colour of each line. The limits of the axes have to be settled before.
    """
    figure = axes.get_figure(root=True)
    inches = axes.get_position().height * (figure.get_size_inches()[1] if figure is not None else 1.0)
    gap = _LINE * size / 72 / max(inches, 0.1)
    across = axes.transData + axes.transAxes.inverted()
    left = axes.get_xlim()[0]
    places = [(float(across.transform((left, height))[1]), name, colour) for height, name, colour in ends]
    places.sort(key=lambda place: place[0])
    for (at, name, colour), height in zip(places, spread([at for at, _, _ in places], gap), strict=True):
        axes.annotate(
            name,
            xy=(1.0, min(max(at, 0.0), 1.0)),
            xytext=(1.04, height),
            xycoords="axes fraction",
            textcoords="axes fraction",
            va="center",
            fontsize=size,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 0},
        )


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Rising heights between 0 and 1, moved so that neighbours are at least ``gap`` apart.

    >>> spread([0.5, 0.5], 0.5), spread([0.2, 0.9], 0.1)
    ([0.25, 0.75], [0.2, 0.9])
    """
    groups: list[list[float]] = []  # middle and number of those that touch one another
    for height in heights:
        groups.append([height, 1])
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (groups[-1][1] + groups[-2][1]) / 2:
            middle, n = groups.pop()
            groups[-1] = [(groups[-1][0] * groups[-1][1] + middle * n) / (groups[-1][1] + n), groups[-1][1] + n]
    moved = [middle + gap * (place - (n - 1) / 2) for middle, n in groups for place in range(int(n))]
    low = min(0.0, 1.0 - moved[-1]) if moved else 0.0
    return [height + max(low, -moved[0]) if low else height for height in moved]
