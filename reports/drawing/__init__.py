"""One figure: panel, scales, labels, palette.

Importing it imports matplotlib, whatever backend the reader of the code has set for it. Figures
need none, and matplotlib refuses to be imported where `MPLBACKEND` names one that is not installed.
"""

import os

_backend = os.environ.pop("MPLBACKEND", None)
try:
    import matplotlib  # noqa: F401 - the first import alone reads the variable
finally:
    if _backend is not None:
        os.environ["MPLBACKEND"] = _backend
