"""Why a model cannot be measured."""


class ModelError(ValueError):
    """A model cannot be loaded, followed or changed as asked; the message says why."""
