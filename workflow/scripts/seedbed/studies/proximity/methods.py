"""The methods of the proximity study: measures in three forms, the choice without truth, and what "
"one would otherwise use."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Method, Origin, Role

_LIBRARY = "seedbed.proximity.clustering"
_HERE = "seedbed.studies.proximity"
_PAPER = "Ivashkin and Chebotarev (2016), Do logarithmic proximity measures outperform plain ones?, arXiv:1605.01046"
_KIVIMAKI = "Kivimäki, Shimbo and Saerens (2014), Developments in the theory of randomized shortest paths"
_YEN = (
    "Yen, Fouss, Decaestecker, Francq and Saerens (2009), Graph nodes clustering with the sigmoid commute-time kernel"
)
_LUXBURG = "von Luxburg, Radl and Hein (2010), Getting lost in space: large sample analysis of the commute distance"

# the values among which each family chooses on graphs of its own, on the relative scale
_EXPONENTIAL = [0.3, 0.7, 1.5, 3.0, 7.0, 15.0, 30.0]
_ENDS = [0.1, 0.4, 0.7, 0.85, 0.93, 0.97, 0.99]
_FOREST = [0.02, 0.1, 0.3, 1.0, 3.0, 10.0, 50.0]
_SIGMOID = [0.1, 0.3, 1.0, 2.0, 4.0, 8.0, 20.0]
_COST = [0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0]

_FAMILIES = {
    "walk": ("Katz's walks", _ENDS),
    "forest": ("forests", _FOREST),
    "communicability": ("communicability", _EXPONENTIAL),
    "heat": ("heat", _EXPONENTIAL),
    "normalised_heat": ("normalised heat", _EXPONENTIAL),
    "pagerank": ("PageRank", _ENDS),
}
_WORDS = {"plain": "plain", "cosine": "cosine", "log": "logarithmic"}


def _measure(
    label: str, measure: str, transform: str, values: list[float] | None, reference: str = _PAPER, role: Role = "ours",
    **params: Any
) -> Method:  # fmt: skip
    target = f"{_HERE}.peers.measures:MeasureClusters"
    tune = {"t": values} if values else {}
    origin: Origin = "paper" if role == "ours" and transform == "log" and reference == _PAPER else ""
    origin = "ours" if role == "ours" and not origin else origin
    given = {"measure": measure, "transform": transform, **params}
    return Method(target, given, label, role, reference, tune=tune, origin=origin)


def _family(name: str, transform: str) -> Method:
    words, values = _FAMILIES[name]
    role: Role = "baseline" if transform == "plain" else "ours"
    return _measure(f"{_WORDS[transform]} {words}", name, transform, values, role=role)


def _peer(target: str, label: str, reference: str, **params: Any) -> Method:
    return Method(f"{_HERE}.peers.{target}", params, label, reference=reference)


def _auto(label: str, **params: Any) -> Method:
    target = f"{_LIBRARY}.proximity_clustering:ProximityClustering"
    return Method(
        target, {"n_values": 9, **params}, label, "ours", f"{_PAPER}; the choice without truth is ours", origin="ours"
    )


def _large_t(label: str, role: Role, **params: Any) -> Method:
    origin: Origin = "ours" if role == "ours" else ""
    return Method(f"{_HERE}.peers.measures:LargeParameter", params, label, role, _PAPER, origin=origin)


METHODS = {
    **{f"{transform}_{name}": _family(name, transform) for name in _FAMILIES for transform in _WORDS},
    "log_even_communicability": _measure(
        "logarithmic even communicability", "even_communicability", "log", _EXPONENTIAL, "ours: walks of "
        "even length alone"
    ),
    "log_double_factorial": _measure(
        "logarithmic double factorials", "double_factorial", "log", _EXPONENTIAL, "Estrada and Silver (2017)"
    ),
    "sct": _measure("sigmoid commute time", "sigmoid_commute_time", "plain", _SIGMOID, _YEN, "baseline"),
    "scct": _measure(
        "sigmoid corrected commute time", "sigmoid_corrected_commute_time", "plain", _SIGMOID, _LUXBURG, "baseline"
    ),
    "rsp": _measure(
        "randomised shortest paths", "randomised_shortest_path", "plain", _COST, _KIVIMAKI, "baseline"
    ),
    "sp_ct": _measure(
        "shortest paths and commute times", "shortest_path_commute_time", "plain", [0.1, 0.3, 0.5, 0.7, 0.9],
        "Chebotarev (2011); Ivashkin and Chebotarev (2016)", "baseline",
    ),
    "shortest_path": _measure(
        "shortest paths", "shortest_path", "plain", None, "Ward (1963)", "baseline", ward_input="distance"
    ),
    "resistance": _measure("resistance", "resistance", "plain", None, "Klein and Randić (1993)", "baseline"),
    "auto": _auto("chosen by likelihood", refine=False),
    "auto_refined": _auto("chosen by likelihood, refined"),
    "atlas": Method(
        f"{_HERE}.peers.measures:Atlas", {}, "six families, three forms, by likelihood", "ours", _PAPER, origin="ours"
    ),
    "large_t_stable": _large_t("log communicability, large t, stable", "ours"),
    "large_t_naive": _large_t("log communicability, large t, by log(expm)", "baseline", naive=True),
    "spectral": Method(
        "sklearn.cluster:SpectralClustering",
        {"affinity": "precomputed", "assign_labels": "kmeans"},
        "spectral, normalised Laplacian",
        reference="Ng, Jordan and Weiss (2001); scikit-learn",
    ),
    "spectral_lobpcg": Method(
        "sklearn.cluster:SpectralClustering",
        {"affinity": "precomputed", "assign_labels": "kmeans", "eigen_solver": "lobpcg"},
        "the same by LOBPCG",
        reference="Knyazev (2001); scikit-learn",
    ),
    "adjacency_spectral": _peer("spectral:AdjacencySpectral", "spectral, rows of the adjacency matrix scaled",
                                "Ng, Jordan and Weiss (2001); Lei and Rinaldo (2015)"),
    "score": _peer("spectral:Score", "SCORE, ratios of eigenvectors", "Jin (2015), Fast community detection by SCORE"),
    "regularised_spectral": _peer("spectral:RegularisedSpectral", "regularised spectral",
                                  "Amini, Chen, Bickel and Levina (2013); Qin and Rohe (2013)"),
    "louvain": _peer("communities:FreeLouvain", "Louvain, number of classes free",
                     "Blondel, Guillaume, Lambiotte and Lefebvre (2008); networkx"),
    "louvain_k": _peer("communities:Louvain", "Louvain, resolution sought for the number of classes",
                       "Blondel, Guillaume, Lambiotte and Lefebvre (2008); networkx"),
    "greedy_modularity": _peer("communities:GreedyModularity", "greedy modularity",
                               "Clauset, Newman and Moore (2004); networkx"),
    "label_propagation": _peer("communities:LabelPropagation", "label propagation",
                               "Raghavan, Albert and Kumara (2007); networkx"),
    "random_labels": Method("seedbed.clustering.controls:RandomLabels", {}, "random labels", "control"),
    "genie": Method(f"{_HERE}.controls:Genie", {}, "genie (true law, true classes of all others)", "oracle",
                    given_the_truth=True),
}  # fmt: skip
