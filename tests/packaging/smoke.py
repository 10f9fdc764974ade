"""Checks an installed library without TensorFlow: it loads and exports what registers it.

The package is found, not imported, so that its dependencies need not be there.
"""

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

NAMES = {"darwin": "libinvolution_native.dylib", "win32": "involution_native.dll"}

package = find_spec("involution").submodule_search_locations[0]
library = Path(package, "ops", "native", NAMES.get(sys.platform, "libinvolution_native.so"))
print(ctypes.CDLL(str(library)).involution_register, "of", library)
