"""Weights from principal components and from factors.

Source: OECD/JRC Handbook (2008), section on weights based on principal components or factor analysis; Nicoletti,
Scarpetta and Boylaud (2000), OECD Economics Department Working Paper 226.
"""

from __future__ import annotations

import numpy as np

from headway.standing.moments import Array


def components(x: Array) -> tuple[Array, Array]:
    """Eigenvalues (descending) and eigenvectors (columns) of the correlation matrix of `x` over complete cases.

    Each eigenvector is signed so that its entries sum to zero or more.
    """
    complete = x[~np.isnan(x).any(axis=1)]
    values, vectors = np.linalg.eigh(np.corrcoef(complete, rowvar=False).reshape(x.shape[1], x.shape[1]))
    order = np.argsort(-values)
    values, vectors = values[order], vectors[:, order]
    return values, vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)


def pca_weights(x: Array) -> Array:
    """Entries of the first principal component, rescaled to sum to one; shape (children,).

    An entry may be negative: the child runs against the rest, and the caller decides what that means.
    """
    first = components(x)[1][:, 0]
    return np.asarray(first / first.sum())


def factor_weights(x: Array, minimum: float = 1.0) -> Array:
    """Squared varimax loadings, each scaled by its factor's explained variance; shape (children,), summing to one.

    Factors with an eigenvalue above `minimum` are kept (at least one) and rotated. A child belongs to the factor on
    which it loads highest; its weight is its squared loading over the factor's sum of squared loadings, times that
    sum's share in the variance explained by all factors.
    """
    values, vectors = components(x)
    kept = max(1, int((values > minimum).sum()))
    loadings = varimax(vectors[:, :kept] * np.sqrt(values[:kept]))
    squared = loadings**2
    explained = squared.sum(axis=0)
    own = squared.argmax(axis=1)
    within = squared[np.arange(len(own)), own] / explained[own]
    weight = within * explained[own] / explained.sum()
    return np.asarray(weight / weight.sum())


def varimax(loadings: Array, rounds: int = 500, tolerance: float = 1e-12) -> Array:
    """Rotate loadings (children, factors) to the varimax criterion with Kaiser's normalisation.

    Source: Kaiser (1958), The varimax criterion for analytic rotation in factor analysis, Psychometrika 23.
    """
    p, k = loadings.shape
    if k == 1:
        return loadings
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    lengths = np.where(lengths > 0, lengths, 1.0)
    a = loadings / lengths
    rotation, before = np.eye(k), 0.0
    for _ in range(rounds):
        turned = a @ rotation
        u, s, v = np.linalg.svd(a.T @ (turned**3 - turned * (turned**2).sum(axis=0) / p))
        rotation = u @ v
        if s.sum() < before * (1 + tolerance):
            break
        before = s.sum()
    return np.asarray(a @ rotation * lengths)
