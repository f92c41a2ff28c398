"""The nearest half-orthogonal matrices by a few matrix products: what Muon does with an update.

Each step is the best odd quintic for what the step before leaves (Polar Express: Amsel et al. 2025,
arXiv 2505.16932), where PyTorch's Muon takes one fixed quintic five times. Many matrices of one shape go together.
"""

from __future__ import annotations

import torch
from torch import Tensor

Quintics = tuple[tuple[float, float, float], ...]

# For singular values of .001 to 1 in five steps, as published; for .02 to 1 in four, enough for matrices far from square.
FIVE: Quintics = (
    (8.28721201814563, -23.595886519098837, 17.300387312530933),
    (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
    (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
    (3.3184196573706015, -2.488488024314874, 0.51004894012372),
    (2.300652019954817, -1.6689039845747493, 0.4188073119525673),
)
FOUR: Quintics = (
    (7.71097, -22.11375, 16.24874), (3.21528, -2.41117, 0.5013), (2.21831, -1.59399, 0.41075), (1.88421, -1.26019, 0.37602),
)
ROOM = 1.01  # for rounding: but in the last step singular values are kept this much below what the quintic is made for
TIGHT = 1.02


def orthogonal(matrices: Tensor) -> Tensor:
    """(N, A, B) matrices, whose memory is used up, to about the nearest half-orthogonal ones."""
    count, tall, wide = matrices.shape
    quintics = FIVE if tall == wide else FOUR
    side = min(tall, wide)
    x = matrices / (torch.linalg.vector_norm(matrices, dim=(1, 2), keepdim=True) + 1e-20)
    gram, polynomial, y = x.new_empty(count, side, side), x.new_empty(count, side, side), torch.empty_like(x)
    for step, (a, b, c) in enumerate(quintics):
        torch.bmm(x.mT, x, out=gram) if tall > wide else torch.bmm(x, x.mT, out=gram)
        if step == 0:  # the root of the Gram matrix' norm bounds the largest singular value more closely than x's norm
            size = 1 / (torch.linalg.vector_norm(gram, dim=(1, 2), keepdim=True) * TIGHT)
            gram *= size
            x *= size.sqrt()
        if step < len(quintics) - 1:
            a, b, c = a / ROOM, b / ROOM**3, c / ROOM**5
        torch.baddbmm(gram, gram, gram, beta=b, alpha=c, out=polynomial)
        torch.baddbmm(x, x, polynomial, beta=a, out=y) if tall > wide else torch.baddbmm(x, polynomial, x, beta=a, out=y)
        x, y = y, x
    return x
