"""Print the parameters and FLOPs of RedNet and ResNet as the paper's table has them."""

from involution.costs.models import count
from involution.models import rednet, resnet
from involution.models.rednet import BLOCKS


def main() -> None:
    """Print one line a model."""
    print(f"{'model':<10} {'parameters':>12} {'FLOPs, G':>10}")
    for build in (rednet, resnet):
        for depth in BLOCKS:
            model = build(depth)
            costs = count(model)
            print(f"{model.name:<10} {costs.parameters:>12,} {costs.operations / 1e9:>10.2f}")


if __name__ == "__main__":
    main()
