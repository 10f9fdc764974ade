"""Why results files are not joined."""


class UnlikePartsError(ValueError):
    """Parts that do not make one run; the message names them and says why."""
