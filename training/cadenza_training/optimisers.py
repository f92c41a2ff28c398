"""What changes the weights: Muon for the matrices inside the blocks, AdamW for all else.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) orthogonalises the update
of a matrix; its rate is scaled to AdamW's root mean square (Liu et al. 2025, arXiv 2502.16982),
so that both kinds of rate are of the same size. Embeddings, the output matrix and vectors are
AdamW's, vectors without weight decay. The rows of conditions learn at a rate of their own (the run's
conditionsRate): the sum of 21 of them drowns a token that is young, and barely moves one that is grown.
"""

from __future__ import annotations

import math

import torch

from .model import CONDITIONS
from .run_config import Run


def build_optimisers(model: torch.nn.Module, run: Run) -> list[torch.optim.Optimizer]:
    """The optimisers, each of whose groups holds its peak rate as `peak`; fused kernels on a GPU."""
    named = list(model.named_parameters())
    matrices = [parameter for name, parameter in named if parameter.ndim == 2 and ".layers." in name]
    inner = {id(parameter) for parameter in matrices}
    outer = [parameter for name, parameter in named if parameter.ndim == 2 and id(parameter) not in inner and name != CONDITIONS]
    conditions = [parameter for name, parameter in named if name == CONDITIONS]
    vectors = [parameter for _, parameter in named if parameter.ndim < 2]
    groups = [
        {"params": outer, "lr": run.learningRate, "weight_decay": run.weightDecay},
        {"params": vectors, "lr": run.learningRate, "weight_decay": 0.0},
    ]
    if conditions:
        groups.append({"params": conditions, "lr": run.learningRate * run.conditionsRate, "weight_decay": run.weightDecay})
    if run.matrixOptimiser == "adamw":
        groups.append({"params": matrices, "lr": run.matrixLearningRate, "weight_decay": run.weightDecay})
    optimisers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups, betas=run.betas, eps=1e-8, fused=named[0][1].is_cuda)
    ]
    if run.matrixOptimiser == "muon":
        optimisers.append(
            torch.optim.Muon(
                matrices,
                lr=run.matrixLearningRate,
                weight_decay=run.weightDecay,
                momentum=0.95,
                adjust_lr_fn="match_rms_adamw",
            )
        )
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]
    return optimisers


def rate_factor(fraction: float, run: Run) -> float:
    """The share of the peak rate when `fraction` (0-1) of the budget is spent: a linear rise, then as the run's schedule says."""
    if fraction < run.warmup:
        return max(fraction / run.warmup, 0.01)
    if run.schedule == "stable":
        return 1.0 if run.decay == 0 else decay_factor((fraction - (1 - run.decay)) / run.decay, run.finalLearningRate)
    progress = min(1.0, (fraction - run.warmup) / (1 - run.warmup))
    return run.finalLearningRate + (1 - run.finalLearningRate) * 0.5 * (1 + math.cos(math.pi * progress))


def decay_factor(progress: float, final: float) -> float:
    """1 - sqrt of the `progress` (0-1) through a decay, at least `final` (Haegele et al. 2024, arXiv 2405.18392)."""
    return max(final, 1 - math.sqrt(min(1.0, max(0.0, progress))))
