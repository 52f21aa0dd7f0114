"""What is shown first, chosen by hand: the findings on the front page, and one figure of each study.

A sentence stands for one verdict; with another verdict the finding is passed over, so that no sentence can be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A claim and what it comes to in words, held or contradicted; the numbers follow from the ledger."""

    study: str
    id: str
    held: str = ""
    contradicted: str = ""

    def sentence(self, verdict: str) -> str:
        """The words for a verdict; empty where there are none."""
        return {
            "reproduced": self.held,
            "no counterexample": self.held,
            "contradicted": self.contradicted,
        }.get(verdict, "")


# the first five that have a sentence for their verdict are shown, in this order
FINDINGS = (
    Finding(
        "clustering",
        "insensitive_to_start",
        "the start makes no difference to iLA-SDP, which is what we made of *less sensitive* at its strongest",
        "the start does make a difference to iLA-SDP (no difference is what we made of *less sensitive* at its "
        "strongest): from random labels its error is not that from its own start",
    ),
    Finding(
        "proximity",
        "log_beats_plain_communicability",
        "the logarithm of communicability finds planted classes better than communicability itself",
        "communicability itself finds planted classes better than its logarithm",
    ),
    Finding(
        "diffusion",
        "momentum_beats_sota",
        "in each of three settings (guidance 8 and 15, six and ten evaluations) tuned GHVB, which has momentum, ends "
        "closer to the exact flow than tuned DPM-Solver++ and UniPC",
        "in the worst of three settings (guidance 8 and 15, six and ten evaluations) tuned GHVB, which has momentum, "
        "ends farther from the exact flow than tuned DPM-Solver++ or UniPC",
    ),
    Finding(
        "reduction",
        "better_than_gsir_clean",
        "without outliers the FCCov net is closer to the true predictor than tuned GSIR",
        "without outliers tuned GSIR is closer to the true predictor than the FCCov net",
    ),
    Finding(
        "wide_networks",
        "e_beats_rbf",
        "a trained network beats ridge with a tuned Gaussian kernel on a quadratic of one index in 30 dimensions",
        "ridge with a tuned Gaussian kernel beats a trained network on a quadratic of one index in 30 dimensions",
    ),
    Finding(
        "clustering",
        "loses_less_by_a_bad_start_than_em",
        "iLA-SDP loses less by a bad start than EM does",
        "iLA-SDP loses more by a bad start than EM does",
    ),
    Finding(
        "density",
        "clt_breaks",
        "of kernel density estimates at 1.1 times the edge of condensation, below h_CLT, a stable law fits better than "
        "a normal law",
        "of kernel density estimates at 1.1 times the edge of condensation, below h_CLT, a normal law fits better than "
        "a stable law",
    ),
    Finding(
        "proximity",
        "cosine_is_enough",
        "the cosine of communicability alone does as much as its logarithm: both find planted classes equally well, "
        "up to 0.03 of the index",
        "the cosine of communicability alone does not do as much as its logarithm: one of the two finds planted "
        "classes better, by more than 0.03 of the index",
    ),
    Finding(
        "density",
        "optimum_condensed_low_d",
        "in 20 dimensions already the best bandwidth lies where a few points carry every density value",
        "in 20 dimensions the best bandwidth does not yet lie where a few points carry every density value",
    ),
    Finding(
        "clustering",
        "lower_error_than_em_from_sdp",
        "iLA-SDP beats EM that starts from the labels of the k-means SDP, on clusters of different shapes",
        "EM that starts from the labels of the k-means SDP beats iLA-SDP, on clusters of different shapes",
    ),
    Finding(
        "grassmann",
        "more_accurate_than_cosine",
        "classes as subspaces of 8 dimensions are more accurate than cosine softmax",
        "classes as subspaces of 8 dimensions are less accurate than cosine softmax",
    ),
    Finding(
        "wide_networks",
        "d_adam_sqrt",
        "the largest usable learning rate of Adam is proportional to the root of the batch size: its exponent is 0.5, "
        "up to 0.15",
        "the largest usable learning rate of Adam is not proportional to the root of the batch size: its exponent is "
        "further than 0.15 from 0.5",
    ),
    Finding(
        "directional",
        "table_is_precise_everywhere",
        "the expression table for log-Bessel functions is right everywhere: its largest error is ours, up to 1e-15",
        "the expression table for log-Bessel functions is not right everywhere: its largest error lies above ours",
    ),
    Finding(
        "directional",
        "scipy_cannot_fit_high_dimension",
        "in 2048 to 32768 dimensions SciPy's fit of a von Mises-Fisher law fails where a stable ratio does not",
        "in 2048 to 32768 dimensions a stable ratio fails to fit a von Mises-Fisher law more often than SciPy does",
    ),
    Finding(
        "directional",
        "own_logarithm_of_i_is_right_everywhere",
        "our log I is right to 1e-15 of its condition in every data set",
        "our log I is not right to 1e-15 of its condition in every data set",
    ),
    Finding(
        "directional",
        "table_never_fails",
        "the expression table for log-Bessel functions never under- or overflows",
        "the expression table for log-Bessel functions under- or overflows somewhere",
    ),
    Finding(
        "directional",
        "own_expansion_of_k_is_more_accurate",
        "one expansion in hypot(v, x) is more accurate for log K than the table's many expressions",
        "one expansion in hypot(v, x) is less accurate for log K than the table's many expressions",
    ),
)
MOST_FINDINGS = 5

# the first that the run has drawn, and that is small enough, of the figures of results/<study>/figures
FIGURES = {
    "clustering": ("certificates", "pictures"),
    "density": ("effective_points", "risk_by_bandwidth"),
    "diffusion": ("guidance_limits", "errors_and_artefacts", "separation"),
    "directional": ("kappa_by_dimension", "error_maps"),
    "grassmann": ("by_dimension.synth_heldout", "by_dimension.mixture"),
    "proximity": ("parameters.planted_100_2", "large_t"),
    "reduction": ("robustness",),
    "wide_networks": ("learning_curves", "vertex_by_ratio", "network_to_kernel"),
}
