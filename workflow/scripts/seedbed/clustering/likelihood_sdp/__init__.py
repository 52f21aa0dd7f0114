"""The likelihood adjusted semidefinite program: solvers and bounds."""
