"""Print the parameters, MACs and published FLOPs of RedNet and ResNet."""

import argparse
import signal
from collections.abc import Sequence

import tensorflow as tf

from involution.costs.models import count
from involution.models import rednet, resnet
from involution.models.rednet import BLOCKS, SMALL
from involution.quiet import without_noise

GIGA = 1e9


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line per model.

    Args:
        arguments: of the command line; those of this process by default.
    """
    depths = _parser().parse_args(arguments).depths
    with without_noise():
        tf.config.list_physical_devices()
    print(f"{'model':<10} {'parameters':>12} {'MACs, G':>10} {'published FLOPs, G':>20}")
    for build in (rednet, resnet):
        for depth in depths:
            model = build(depth)
            costs = count(model)
            print(
                f"{model.name:<10} {costs.parameters:>12,} {costs.macs / GIGA:>10.2f} "
                f"{costs.published_operations / GIGA:>20.2f}"
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m involution.costs",
        description="Print the trainable parameters, the MACs and the published FLOPs of RedNet "
        "and ResNet for one image of 224 x 224 pixels.",
        epilog="The RedNet paper counts as a FLOP each MAC and each single operation of a "
        "convolution's bias, of ReLU and of batch normalisation.",
    )
    parser.add_argument(
        "--depths",
        type=int,
        nargs="+",
        choices=sorted(SMALL | BLOCKS),
        default=list(BLOCKS),
        metavar="DEPTH",
        help=f"depths of the networks: {', '.join(map(str, sorted(SMALL | BLOCKS)))} "
        f"(default: the published ones, {' '.join(map(str, BLOCKS))})",
    )
    return parser


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # a reader that is gone, such as `head`, ends it silently
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
