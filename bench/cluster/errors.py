"""Why a run on a cluster ends before all is done."""


class ClusterUsageError(ValueError):
    """What was asked for cannot be done; the message says why. Exit status 2."""


class ClusterError(RuntimeError):
    """The cluster could not finish the work; the message says why. Exit status 1."""
