"""One colour and one marker per method, the same in every figure of a study and in every run."""

from __future__ import annotations

from collections.abc import Mapping

from seedbed.core.figures.figure_tables import Style

# Okabe and Ito's colours without the two that vanish on white or on black: every common kind of colour vision
# tells them apart. Their order puts unlike ones side by side.
COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
NEUTRAL = "#808080"  # controls and oracles are no contestants
# (name in Vega-Lite, marker in matplotlib): methods that share a colour differ in shape.
MARKERS = (
    ("circle", "o"),
    ("square", "s"),
    ("triangle-up", "^"),
    ("diamond", "D"),
    ("triangle-down", "v"),
    ("triangle-right", ">"),
    ("triangle-left", "<"),
)
REFERENCES = {"oracle": ("diamond", "D"), "control": ("cross", "P")}


def method_styles(registered: Mapping[str, str], present: Mapping[str, str]) -> dict[str, Style]:
    """Styles of all methods of a run.

    Parameters
    ----------
    registered : mapping
        Method -> role, of all of the study's own methods, in this run or not: leaving one out changes no other's
        colour.
    present : mapping
        Method -> role, of the methods in this run; the user's own come after the registered ones.

    Returns
    -------
    dict
        Method -> :class:`Style`. Contestants beyond the 42 combinations share them.
    """
    roles = {**registered, **present}
    contestants = [name for name, role in roles.items() if role not in REFERENCES]
    styles = {}
    for name in present:
        if roles[name] in REFERENCES:
            shape, marker = REFERENCES[roles[name]]
            styles[name] = Style(NEUTRAL, marker, shape)
        else:
            turn, colour = divmod(contestants.index(name), len(COLOURS))
            shape, marker = MARKERS[(turn + colour) % len(MARKERS)]
            styles[name] = Style(COLOURS[colour], marker, shape)
    return styles
