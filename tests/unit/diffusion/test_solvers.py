"""Solvers: weights against integrals, orders as slopes, identities between solvers, and invariances."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from seedbed.diffusion import EmpiricalLaw, GaussianMixtureLaw, ProbabilityFlow, geometric_grid, karras_grid
from seedbed.diffusion.solvers.weights import GAMMA, adams_weights, exponential_weights, power_adams_weights

RNG = np.random.default_rng(0)
MIXTURE = GaussianMixtureLaw(RNG.normal(size=(4, 3)) * 2, [0.1, 0.2, 0.05, 0.3])
NOISE = 10 * RNG.standard_normal((6, 3))
MOMENTA = ("heavy_ball", "nesterov", "generalized_heavy_ball")


def constant(name: str, order: int, beta: float = 1.0, **more) -> ProbabilityFlow:
    return ProbabilityFlow(name, order, beta=beta, coefficients="constant", **more)


@pytest.mark.parametrize("power", [0.0, 1 / 3, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("levels", [(1.0, 1.7, 2.1, 4.0), (1.0, 1.0004, 1.0011, 1.002)])
def test_weights_integrate_polynomials(power: float, levels: tuple[float, ...]) -> None:
    after = levels[0] * (0.6 if levels[1] > 1.1 else 0.9997)
    weights = power_adams_weights(levels, after, power)
    for k in range(4):
        u = (lambda s, k=k: np.log(s) ** k) if power == 0 else (lambda s, k=k: (s**power - 1) ** k)
        exact = quad(u, levels[0], after, epsabs=0, epsrel=1e-13)[0]
        size = np.abs(weights * [abs(u(s)) for s in levels]).sum()
        assert abs(weights @ [u(s) for s in levels] - exact) <= 1e-10 * size + 1e-13 * abs(exact)


@pytest.mark.parametrize("step", [1e-7, 0.005, 0.02, 0.7, 3.0])
def test_exponential_weights_integrate_polynomials(step: float) -> None:
    distances = step * np.array([0.0, -0.7, -1.9])
    weights = exponential_weights(distances, step)
    for k in range(3):
        exact = quad(lambda u, k=k: np.exp(u - step) * (u / step) ** k, 0, step, epsabs=0, epsrel=1e-13)[0]
        np.testing.assert_allclose(weights @ (distances / step) ** k, exact, rtol=1e-10)


def test_on_equal_steps_the_grid_s_coefficients_are_the_constant_ones() -> None:
    for order in range(1, 6):
        levels = 1 + 0.1 * np.arange(order)
        np.testing.assert_allclose(power_adams_weights(levels, 0.9, 1.0), -0.1 * adams_weights(order), rtol=1e-9)
    assert adams_weights(4).tolist() == pytest.approx([55 / 24, -59 / 24, 37 / 24, -9 / 24])


def test_without_momentum_every_solver_is_adams() -> None:
    grid = karras_grid(12, 10, 0.05)
    for coefficients in ("grid", "constant"):
        adams = ProbabilityFlow("adams", 4, coefficients=coefficients).sample(MIXTURE, NOISE, grid)
        for name in MOMENTA:
            flow = ProbabilityFlow(name, 4, beta=1.0, coefficients=coefficients)
            np.testing.assert_array_equal(flow.sample(MIXTURE, NOISE, grid), adams)


def test_the_split_form_is_the_released_generalised_heavy_ball() -> None:
    """g_j = gamma_j + gamma_{j-1} (1 - beta) / beta on backward differences of the velocities."""
    grid = karras_grid(12, 10, 0.05)
    for order, beta in ((1, 0.8), (2, 0.5), (3, 0.5), (4, 0.8), (4, 0.3)):
        g = [GAMMA[0]] + [GAMMA[j] + GAMMA[j - 1] * (1 - beta) / beta for j in range(1, 5)]
        y, v, velocities = NOISE, None, []
        for sigma, after in itertools.pairwise(grid):
            slope = (y - MIXTURE.denoise(y, sigma)) / sigma
            v = slope if v is None else (1 - beta) * v + beta * slope
            velocities = [v, *velocities][:order]
            differences, direction = list(velocities), 0
            for j in range(len(velocities)):
                direction = direction + g[j] * differences[0]
                differences = [a - b for a, b in itertools.pairwise(differences)]
            y = y + (after - sigma) * direction
        ours = constant("generalized_heavy_ball", order, beta).sample(MIXTURE, NOISE, grid)
        np.testing.assert_allclose(ours, y, atol=1e-11)


def test_with_much_momentum_the_generalised_heavy_ball_forgets_its_velocity() -> None:
    """As beta falls to zero v stays at the first slope, and the rest is extrapolated with an order less."""
    grid = geometric_grid(9, 5, 0.5)
    found = constant("generalized_heavy_ball", 3, 1e-9).sample(MIXTURE, NOISE, grid)
    difference = [np.abs(found - constant("adams", p).sample(MIXTURE, NOISE, grid)).max() for p in (1, 2, 3)]
    assert difference[1] < 0.012, "but for the second step, where there is no lower order yet"
    assert min(difference[0], difference[2]) > 0.015


@pytest.mark.parametrize(
    ("flow", "order", "uniform"),
    [
        (ProbabilityFlow("ddim"), 1, False),
        (constant("adams", 4), 2, False),  # constant coefficients on a grid that is not uniform
        (ProbabilityFlow("adams", 4, start="consistent"), 4, False),
        (constant("heavy_ball", 4, 0.8), 1, True),
        (constant("generalized_heavy_ball", 4, 0.8), 2, False),
        (ProbabilityFlow("generalized_heavy_ball", 4, beta=0.8, start="consistent"), 4, False),
        (constant("generalized_heavy_ball", 3, 0.5, start="consistent"), 3, True),
        (ProbabilityFlow(start="consistent"), 3, False),
        (ProbabilityFlow("exponential", 2), 2, False),
        (ProbabilityFlow("heun"), 2, False),
        (ProbabilityFlow("rk4"), 4, False),
    ],
)
def test_orders_of_convergence(flow: ProbabilityFlow, order: int, uniform: bool) -> None:
    start = 0.2 * NOISE
    exact = ProbabilityFlow("rk4").sample(MIXTURE, start, geometric_grid(1200, 2, 0.2))
    errors = [
        np.abs(flow.sample(MIXTURE, start, karras_grid(n, 2, 0.2, 1.0 if uniform else 7.0)) - exact).max()
        for n in (80, 160)
    ]
    slope = np.log2(errors[0] / errors[1])
    assert abs(slope - order) < 0.25, slope


def test_power_adams_is_exact_where_the_slope_is_in_its_span() -> None:
    c = RNG.normal(size=(3, 4))
    grid = np.sort(np.exp(RNG.uniform(np.log(0.02), np.log(15), 12)))[::-1]
    for power in (1.0, 0.5):
        basis = np.array([1.0, power, 2 * power])

        def slope(sigma: float, power: float = power) -> np.ndarray:
            return np.array([1, sigma**power, sigma ** (2 * power)]) @ c

        def integral(sigma: float, power: float = power, basis: np.ndarray = basis) -> np.ndarray:
            exponents = np.array([1, power + 1, 2 * power + 1])
            return (sigma**exponents / exponents) @ c

        flow = ProbabilityFlow(power=power, start="consistent")
        points = flow.sample(lambda y, s: y - s * slope(s), np.zeros((1, 4)), grid, path=True)
        rest = points[-1] - points[2]
        np.testing.assert_allclose(rest[0], integral(grid[-1]) - integral(grid[2]), rtol=1e-9)


def test_a_single_gaussian_contracts_as_the_closed_form_says() -> None:
    law, grid = GaussianMixtureLaw([[0.0, 0.0]], [[0.3, 2.0]]), geometric_grid(240, 10, 0.1)
    end = ProbabilityFlow("rk4").sample(law, np.ones((1, 2)), grid)[0]
    exact = np.sqrt((np.array([0.3, 2.0]) + 0.01) / (np.array([0.3, 2.0]) + 100))
    np.testing.assert_allclose(end, exact, rtol=1e-6)


@pytest.mark.parametrize("flow", [ProbabilityFlow(), ProbabilityFlow("exponential", 3, corrector=True),
                                  ProbabilityFlow("variable_order", 4), constant("heavy_ball", 4, 0.8)])  # fmt: skip
def test_samples_turn_shift_and_scale_with_the_data(flow: ProbabilityFlow) -> None:
    X, z, grid = RNG.normal(size=(40, 3)), RNG.normal(size=(5, 3)), karras_grid(10, 8.0, 0.05)
    turn, shift = np.linalg.qr(RNG.normal(size=(3, 3)))[0], np.array([5.0, -2.0, 1.0])
    plain = flow.sample(EmpiricalLaw(X, 0.2), 8 * z, grid)
    turned = flow.sample(EmpiricalLaw(X @ turn + shift, 0.2), 8 * z @ turn + shift, grid)
    np.testing.assert_allclose(turned, plain @ turn + shift, atol=1e-9)
    scaled = flow.sample(EmpiricalLaw(3 * X, 0.6), 24 * z, 3 * grid)
    np.testing.assert_allclose(scaled, 3 * plain, atol=1e-9)


def test_evaluations_are_counted_and_orders_named() -> None:
    calls = []

    def denoise(y: np.ndarray, sigma: float) -> np.ndarray:
        calls.append(sigma)
        return MIXTURE.denoise(y, sigma)

    grid = karras_grid(9)
    for flow, expected in (
        (ProbabilityFlow("ddim"), 9),
        (ProbabilityFlow(), 9),
        (ProbabilityFlow("heun"), 18),
        (ProbabilityFlow("rk4"), 36),
        (ProbabilityFlow("adams", 4, start="consistent"), 18),
        (ProbabilityFlow("exponential", 3, corrector=True), 9),
    ):
        calls.clear()
        flow.sample(denoise, NOISE, grid)
        assert flow.n_evaluations_ == len(calls) == expected
    flow = ProbabilityFlow("adams", 4, final_order=1)
    flow.sample(MIXTURE, NOISE, grid)
    assert flow.orders_.tolist() == [1, 2, 3, 4, 4, 4, 4, 4, 1] and flow.growth_.shape == (9,)
    flow = ProbabilityFlow("variable_order", 4)
    flow.sample(MIXTURE, NOISE, grid)
    assert flow.orders_.shape == (9, 6) and set(np.unique(flow.orders_)) <= {1, 2, 3, 4}


def test_weights_can_be_looked_at() -> None:
    grid = karras_grid(8)
    steps = ProbabilityFlow("adams", 3).plan(grid)
    assert [len(step.weights) for step in steps] == [1, 2, 3, 3, 3, 3, 3, 3]
    np.testing.assert_allclose([step.weights.sum() for step in steps], np.diff(grid), rtol=1e-10)
    with pytest.raises(ValueError, match="one-step"):
        ProbabilityFlow("heun").plan(grid)


def test_tensors_pass_through_in_any_shape() -> None:
    torch = pytest.importorskip("torch")
    z, grid = RNG.normal(size=(4, 2, 3)), karras_grid(8, 5.0, 0.1)
    for flow in (ProbabilityFlow(), ProbabilityFlow("variable_order", 4), ProbabilityFlow("exponential", 3)):
        plain = flow.sample(lambda y, s: np.tanh(y) / (1 + s), z, grid)
        tensor = flow.sample(lambda y, s: torch.tanh(y) / (1 + s), torch.tensor(z), grid)
        np.testing.assert_allclose(tensor.numpy(), plain, rtol=1e-12)
    single = flow.sample(lambda y, s: torch.tanh(y) / (1 + s), torch.tensor(z, dtype=torch.float32), grid)
    assert single.dtype == torch.float32


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"solver": "euler"}, "solver must be one of 'ddim', 'adams'"),
        ({"order": 0}, "order must be an int from 1 to 5"),
        ({"order": 2.0}, "order must be an int from 1 to 5"),
        ({"beta": 0.0}, r"beta must lie in \(0, 1\]"),
        ({"power": -1}, "power must be a number of at least 0"),
        ({"coefficients": "exact"}, "coefficients must be one of"),
        ({"coefficients": "midpoint"}, "solver='exponential' with order=2"),
        ({"solver": "exponential", "coefficients": "constant"}, "'grid' or 'midpoint'"),
        ({"solver": "heun", "start": "consistent"}, "start='consistent' is of"),
        ({"solver": "exponential", "momentum": "corrector", "beta": 0.5}, "needs corrector=True"),
        ({"final_order": 0}, "final_order must be an int"),
    ],
)
def test_parameters_that_are_wrong_are_named(params: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ProbabilityFlow(**params).sample(MIXTURE, NOISE, karras_grid(5))


@pytest.mark.parametrize(
    ("law", "y", "message"),
    [
        (MIXTURE, [1.0, 2.0, 3.0], "a row for each sample"),
        (MIXTURE, [[np.nan, 0, 0]], "not finite"),
        (3, NOISE, "must have denoise"),
        (lambda y, s: y[:1], NOISE, r"returned shape \(1, 3\) for points of shape \(6, 3\)"),
    ],
)
def test_samples_and_denoisers_that_do_not_fit_are_named(law, y, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ProbabilityFlow().sample(law, y, karras_grid(5))


def test_lists_and_integers_are_points() -> None:
    grid = karras_grid(5)
    as_list = ProbabilityFlow().sample(MIXTURE, [[1, 2, 3]], grid)
    np.testing.assert_array_equal(as_list, ProbabilityFlow().sample(MIXTURE, np.array([[1.0, 2.0, 3.0]]), grid))
