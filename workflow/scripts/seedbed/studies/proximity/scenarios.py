"""The generators of the proximity study, and their named presets."""

from __future__ import annotations

from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.proximity.data"

GENERATORS = {
    "planted_graph": Generator(f"{_DATA}.planted_graphs:PlantedGraph"),
    "blocks_at_a_cutpoint": Generator(f"{_DATA}.planted_graphs:BlocksAtACutpoint"),
    "lfr_graph": Generator(f"{_DATA}.lfr_graphs:LFRGraph"),
    "shipped_graph": Generator(f"{_DATA}.shipped_graphs:ShippedGraph"),
    "neighbour_graph": Generator(f"{_DATA}.shipped_graphs:NeighbourGraph"),
    "user_graph": Generator(f"{_DATA}.user_graph:UserGraph", files=("path", "labels")),
}

# six classes of unlike sizes and densities: the protocol of the paper, as the first author's code quotes it
SIX_SIZES = [65, 35, 25, 13, 8, 4]
SIX = [
    [0.30, 0.20, 0.10, 0.15, 0.07, 0.25],
    [0.20, 0.24, 0.08, 0.13, 0.05, 0.17],
    [0.10, 0.08, 0.16, 0.09, 0.04, 0.12],
    [0.15, 0.13, 0.09, 0.20, 0.02, 0.14],
    [0.07, 0.05, 0.04, 0.02, 0.12, 0.04],
    [0.25, 0.17, 0.12, 0.14, 0.04, 0.40],
]


def _planted(name: str, label: str, **params: object) -> tuple[str, Scenario]:
    """Tuned on graphs of its own kind: the best common parameter, on other graphs than those that judge."""
    return name, Scenario("planted_graph", params, label, tune_on=name)


def _lfr(name: str, label: str, mu: float) -> tuple[str, Scenario]:
    return name, Scenario("lfr_graph", {"mu": mu}, label, tune_on=name)


SCENARIOS = dict(
    (
        _planted("planted_100_2", "two classes of 50; edges .2 within, .05 between", p_in=0.2, p_out=0.05),
        _planted("planted_102_3", "three classes of 34; .3 and .1", n=102, k=3),
        _planted("planted_100_2_hard", "two classes of 50; .3 and .15", p_out=0.15),
        _planted("planted_100_4", "four classes of 25; .3 and .1", k=4),
        _planted("planted_200_2", "two classes of 100; .3 and .1", n=200),
        _planted("unequal_10_90", "classes of 10 and 90; .3 and .1", sizes=[10, 90]),
        _planted("unequal_25_75", "classes of 25 and 75; .3 and .1", sizes=[25, 75]),
        _planted("six_classes", "six classes of 65 to 4 nodes, with densities of their own", sizes=SIX_SIZES, P=SIX),
        _planted("planted_150_3", "three classes of 50; .3 and .08", n=150, k=3, p_out=0.08),
        _planted(
            "degree_corrected_150_3",
            "the same, with popular nodes",
            n=150,
            k=3,
            p_out=0.08,
            degree_exponent=3.0,
        ),
        _planted("disassortative", "two classes of 50; .1 within, .3 between", p_in=0.1, p_out=0.3),
        _lfr("lfr_20", "LFR graph, a fifth of the edges between communities", 0.2),
        _lfr("lfr_35", "LFR graph, a third of the edges between communities", 0.35),
        ("karate", Scenario("shipped_graph", {"name": "karate"}, "Zachary's karate club, less 5 % of its edges")),
        (
            "southern_women",
            Scenario("shipped_graph", {"name": "southern_women"}, "women and events, less 5 % of the edges"),
        ),
        ("digits_neighbours", Scenario("neighbour_graph", {"table": "digits"}, "neighbour graph of 200 digits")),
        ("wine_neighbours", Scenario("neighbour_graph", {"table": "wine", "sample_size": 120}, "neighbours of wines")),
        ("blocks_at_a_cutpoint", Scenario("blocks_at_a_cutpoint", {}, "two blocks that share one node")),
    )
)  # fmt: skip
