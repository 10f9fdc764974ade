"""The two sides of a comparison, and one process of either."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.compare.errors import ComparisonUsageError
from bench.fingerprint import MEASURED
from bench.session import collection, results

SideName = Literal["before", "after"]
# Where the packages of a tree would be imported from; nothing is imported.
PROBE = (
    "import importlib.util as u, json, sys; "
    "print(json.dumps({n: getattr(u.find_spec(n), 'origin', None) for n in sys.argv[1:]}))"
)


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        name: "before", the revision; or "after", this tree.
        label: what it is, for the terminal.
        tree: the top folder of its code.
        python: the interpreter of its environment.
    """

    name: SideName
    label: str
    tree: Path
    python: Path = Path(sys.executable)

    def check(self, words: Sequence[str]) -> None:
        """Check that its own code runs and takes the options.

        Args:
            words: options of `pytest bench`.

        Raises:
            ComparisonUsageError: if another code would be measured, or the options are wrong.
        """
        self._check_imports()
        if refused := collection.refusal(self._ask, words):
            raise ComparisonUsageError(f"{self.label} {refused.words}")

    def command(
        self, words: Sequence[str], path: Path
    ) -> tuple[Sequence[str], Path, dict[str, str]]:
        """Return what measures in a new process.

        Args:
            words: options of `pytest bench`.
            path: the results file; a run that was interrupted there is resumed.

        Returns:
            The program with its arguments, the folder where it runs, and its environment.
        """
        resumes = ["--resume"] if results.journal_path(path).exists() else []
        command = [
            *(str(self.python), "-m", "pytest", "bench", *words, "--benchmark-only"),
            *(f"--benchmark-json={path}", *resumes),
        ]
        return command, self.tree, self._environment

    @property
    def _environment(self) -> dict[str, str]:
        """Before anything that is installed: an editable install leads to one tree alone."""
        paths = [str(self.tree), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}

    def _check_imports(self) -> None:
        done = self._ask("-c", PROBE, *MEASURED)
        if done.returncode:
            raise ComparisonUsageError(f"{self.python} does not run: {done.stderr.strip()}")
        for name, origin in json.loads(done.stdout).items():
            if origin is None or not Path(origin).resolve().is_relative_to(self.tree.resolve()):
                raise ComparisonUsageError(
                    f"{self.label}: expected the package {name} of {self.tree}. "
                    f"Received: {origin or 'no such package'}"
                )

    def _ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [str(self.python), *words],
                cwd=self.tree,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise ComparisonUsageError(f"{self.python}: {error.strerror}") from error
