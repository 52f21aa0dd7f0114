"""What the atlas holds, for fits and figures alike."""

from __future__ import annotations

ATLAS_FAMILIES = ("walk", "forest", "communicability", "heat", "normalised_heat", "pagerank")
ATLAS_TRANSFORMS = ("log", "cosine", "plain")
