"""What a hosted Space runs: this folder alone, next to an installed `involution`."""

import importlib.util
import sys
from pathlib import Path


def main() -> None:
    """Serve the page at the address and port that the Space sets in the environment."""
    _name_folder()
    from demo.models import shown_models  # noqa: PLC0415 - the folder has its name only now
    from demo.page import launch_options, page  # noqa: PLC0415

    page(shown_models()).launch(**launch_options())


def _name_folder() -> None:
    """Make this folder the package `demo`: a Space gives it another name."""
    folder = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location(
        "demo", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None, "a file of Python has a spec"
    sys.modules["demo"] = importlib.util.module_from_spec(spec)


if __name__ == "__main__":
    main()
