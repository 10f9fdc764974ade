"""Damaged files, given to a reader one after another."""

import random
import shutil
from collections import Counter


def fuzz(reader, folder, count, seed=0):
    """Damage files and have them read; whatever is raised but a refusal is a fault.

    Returns how many were damaged in each way, and how many of them were refused.
    """
    chance = random.Random(seed)
    whole, path = folder / "whole", folder / "damaged"
    whole.mkdir()
    made = reader.make(whole).relative_to(whole)
    assert not reader.read(whole / made), "the whole file is not read"
    counts = Counter()
    for number in range(count):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(whole, path)
        target = path / made
        patterns = reader.files if target.is_dir() else (target.name,)
        base = target if target.is_dir() else path
        files = sorted(file for pattern in patterns for file in base.glob(pattern))
        file = chance.choice([each for each in files if each.is_file()])
        damage = chance.choice(reader.damages)
        file.write_bytes(damage(file.read_bytes(), chance))
        try:
            refused = reader.read(target)
        except Exception as error:
            kept = folder / f"fault-{number}"
            shutil.copytree(path, kept)
            raise AssertionError(f"{damage.__name__} {file.name}, kept in {kept}") from error
        counts[damage.__name__] += 1
        counts["refused"] += refused
    return counts
