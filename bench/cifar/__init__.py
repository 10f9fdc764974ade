"""Train models with either operator on CIFAR: `python -m bench.cifar`."""
