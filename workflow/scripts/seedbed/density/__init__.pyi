from .bandwidths.loo_likelihood import loo_bandwidth as loo_bandwidth
from .estimator.high_dimensional_kde import HighDimensionalKDE as HighDimensionalKDE
from .regimes.local_dimension import local_dimension as local_dimension
from .regimes.regimes import Diagnosis as Diagnosis
from .theory.condensation import critical_bandwidths as critical_bandwidths
from .theory.exact_risk import expected_kl as expected_kl
from .theory.exact_risk import expected_participation as expected_participation
from .theory.exact_risk import optimal_bandwidth as optimal_bandwidth
