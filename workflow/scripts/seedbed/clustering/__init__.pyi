from .controls import GaussianOracle as GaussianOracle
from .controls import RandomLabels as RandomLabels
from .gaussian.hard_em import HardEM as HardEM
from .gaussian.started_mixture import StartedGaussianMixture as StartedGaussianMixture
from .ila_sdp.estimator import IterativeLikelihoodSDP as IterativeLikelihoodSDP
from .kmeans_sdp.estimator import KMeansSDP as KMeansSDP
from .likelihood_sdp.estimator import LikelihoodSDP as LikelihoodSDP
