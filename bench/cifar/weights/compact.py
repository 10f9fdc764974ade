"""A file of weights as Keras writes it, without what is no weight."""

import os
from pathlib import Path
from typing import Any

import h5py
from h5py import h5f, h5g, h5p

# The oldest format of HDF5 whose groups are small, which all versions since 2017 read. In the
# format that Keras writes, the groups of a small model take more bytes than its weights.
VERSION = h5f.LIBVER_V110


def compact(source: Path, target: Path) -> None:
    """Copy the arrays of a file of weights, each under its name.

    Times, and the names that Keras counts up in each process, are left out: the bytes depend on the
    weights alone.

    Args:
        source: a file of `model.save_weights`.
        target: the file to write, which `model.load_weights` reads like the other.
    """
    with h5py.File(source) as old, _new(target) as new:

        def copy(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                new.create_dataset(name, data=item[()], track_times=False)
            else:
                h5g.create(new.id, name.encode(), gcpl=_timeless(h5p.GROUP_CREATE))

        old.visititems(copy)


def _new(path: Path) -> h5py.File:
    access = h5p.create(h5p.FILE_ACCESS)
    access.set_libver_bounds(VERSION, VERSION)
    creation = _timeless(h5p.FILE_CREATE)
    return h5py.File(h5f.create(os.fsencode(path), h5f.ACC_TRUNC, fcpl=creation, fapl=access))


def _timeless(kind: Any) -> Any:
    """Properties of a file or a group that keeps no times, which h5py itself has no option for."""
    properties = h5p.create(kind)
    properties.set_obj_track_times(False)
    return properties
