"""The classes of CIFAR-10, in the order of its labels."""

from involution.models.trained import class_names

CLASSES = class_names("cifar10")
