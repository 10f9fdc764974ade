"""Print the parameters and FLOPs of RedNet and ResNet as the paper's table has them."""

from collections.abc import Iterable

from involution.costs.models import count
from involution.models import rednet, resnet
from involution.models.rednet import BLOCKS


def main(depths: Iterable[int] = BLOCKS) -> None:
    """Print one line a model.

    Args:
        depths: of the networks, all by default.
    """
    print(f"{'model':<10} {'parameters':>12} {'FLOPs, G':>10}")
    for build in (rednet, resnet):
        for depth in depths:
            model = build(depth)
            costs = count(model)
            print(f"{model.name:<10} {costs.parameters:>12,} {costs.operations / 1e9:>10.2f}")


if __name__ == "__main__":
    main()
