"""What the operators compute, in float64 NumPy: the truth that their results are compared with.

A reference sums over the taps of a window, and its gradients are worked out by hand. It shares no
code with what it judges. It computes the outputs of some windows only, and the gradients for an
upstream gradient that is zero at all others, so that it is cheap for any size of the input.
"""
