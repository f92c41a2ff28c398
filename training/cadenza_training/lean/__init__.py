"""The lean path: a training step on a CPU without autograd, written out by hand, for the instrument's own architecture.

Large products are torch.mm; all else is C++ (kernels.cpp), built for the machine when it is first needed.
Weights lie in one flat buffer, of which the model's parameters are views; each thread works on its own share of the
crops. torch_path.py is its oracle: tests hold losses, gradients and curves against it.
"""
