"""Writes scores.json: drift scores of stored samples as SciPy computes them.

Run with Debian's python3-scipy: /usr/bin/python3 make_scores.py > scores.json
"""
import json

import numpy as np
from scipy import integrate, stats
from scipy.spatial.distance import jensenshannon

random = np.random.default_rng(7)


def psi(was, now):
    was, now = was / was.sum(), now / now.sum()
    kept = (was > 0) | (now > 0)
    was, now = np.maximum(was[kept], 1e-4), np.maximum(now[kept], 1e-4)
    return float(np.sum((now - was) * np.log(now / was)))


def chi2(was, now):
    """Cells with fewer than 5 expected rows on the smaller side are taken together."""
    smaller = min(was.sum(), now.sum()) / (was.sum() + now.sum())
    sparse = (was + now) * smaller < 5
    table = [[*side[~sparse], *([side[sparse].sum()] if side[sparse].sum() or (was + now)[sparse].sum() else [])]
             for side in (was, now)]
    statistic, p, freedom, _ = stats.chi2_contingency(table, correction=False)
    effect = np.sqrt(statistic * (1 / was.sum() + 1 / now.sum())) / 2
    return float(statistic), int(freedom), float(p), float(effect)


def curve(edges, counts, low, high):
    """Knots and heights of the distribution function of a histogram with open outer cells."""
    return np.clip([-np.inf, *edges, np.inf], low, high), np.concatenate([[0], np.cumsum(counts)]) / counts.sum()


def wasserstein(baseline, current, edges, was, now):
    a, b = curve(edges, was, baseline.min(), baseline.max()), curve(edges, now, current.min(), current.max())
    knots = np.unique(np.concatenate([a[0], b[0]]))
    area = sum(
        integrate.quad(lambda x: abs(np.interp(x, *a) - np.interp(x, *b)), l, r, epsabs=1e-12, limit=200)[0]
        for l, r in zip(knots[:-1], knots[1:]))
    return area / max(float(np.std(baseline)), 0.001)


def numbers(name, baseline, current, cells):
    baseline, current = np.round(baseline, 3), np.round(current, 3)
    edges = np.round(np.linspace(baseline.min(), baseline.max(), cells + 1), 3)
    edges[0], edges[-1] = baseline.min(), baseline.max()

    def count(values):
        inner, _ = np.histogram(values, edges)
        return np.concatenate([[np.sum(values < edges[0])], inner, [np.sum(values > edges[-1])]])

    was, now = count(baseline), count(current)
    statistic, freedom, p, effect = chi2(was, now)
    indexes = np.arange(len(was))
    distance = stats.ks_2samp(np.repeat(indexes, was), np.repeat(indexes, now)).statistic
    n, m = len(baseline), len(current)
    return {
        "name": name, "edges": edges.tolist(), "baseline": baseline.tolist(), "current": current.tolist(),
        "baselineCounts": was.tolist(), "currentCounts": now.tolist(),
        "mean": float(np.mean(current)), "variance": float(np.var(current)),
        "psi": psi(was, now), "jensenShannon": float(jensenshannon(was, now)),
        "wasserstein": wasserstein(baseline, current, edges, was, now),
        "wassersteinOfRows": float(stats.wasserstein_distance(baseline, current) / np.std(baseline)),
        "ks": float(distance), "ksP": float(stats.kstwobign.sf(distance * np.sqrt(n * m / (n + m)))),
        "chi2": statistic, "chi2Freedom": freedom, "chi2P": p, "chi2Effect": effect,
    }


print(json.dumps({
    "numbers": [
        numbers("same", random.normal(0, 1, 400), random.normal(0, 1, 300), 12),
        numbers("shifted", random.normal(10, 2, 400), random.normal(11, 2, 300), 10),
        numbers("wider", random.normal(-5, 0.5, 400), random.normal(-5, 1, 300), 16),
        numbers("skewed", random.lognormal(0, 1, 400), random.lognormal(0.3, 1.2, 300), 14),
        numbers("apart", random.uniform(0, 1, 200), random.uniform(2, 3, 100), 8),
    ],
    "gamma": [
        {"value": x, "shape": a, "above": float(stats.gamma.sf(x, a))}
        for a in (0.3, 0.5, 1, 4.5, 30, 400) for x in (0.01, 0.7, 3, 20, 33, 480)
    ],
    "kolmogorov": [{"value": x, "above": float(stats.kstwobign.sf(x))} for x in (0.2, 0.5, 0.8, 1.2, 1.6, 2.4)],
}, indent=None, separators=(",", ":")))
