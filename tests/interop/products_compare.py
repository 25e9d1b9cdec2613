#!/usr/bin/env python3
"""Compare products with the peer's, HDU by HDU, and open them with the peer's data models.

    python products_compare.py OURS.fits PEER.fits [OURS.fits PEER.fits ...] [--open]

Every HDU must be there in the same order with the same shape, type, keywords, units and values (bit for bit). Keywords that name
the program, the time of writing and the file may differ. --open also opens ours with stdatamodels (needs the peer's Python) and
compares the trees of metadata. Exit status 0 when all holds.
"""
import sys
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")
FREE = {"DATE", "CAL_VER", "CAL_VCS", "FILENAME", "LONGSTRN", "COMMENT", "HISTORY", ""}
# Parts of a tree that the peer fills with what no keyword holds.
FREE_PATHS = ("meta.date", "meta.filename", "meta.calibration_software", "cal_logs", "_fits_hash", "history", "asdf_library",
              "extra_fits")


def keyword_differences(ours, peer):
    for key in peer:
        if key in FREE:
            continue
        if key not in ours:
            yield f"keyword {key} missing"
            continue
        a, b = ours[key], peer[key]
        same = a == b or (isinstance(b, float) and isinstance(a, (int, float)) and np.isclose(a, b, rtol=1e-13, atol=0))
        if not same:
            yield f"keyword {key}: {a!r}, peer {b!r}"
        elif ours.comments[key] != peer.comments[key]:
            yield f"comment of {key}: {ours.comments[key]!r}, peer {peer.comments[key]!r}"
    for key in ours:
        if key not in FREE and key not in peer:
            yield f"keyword {key} not in the peer's"
    mine = [k for k in ours if k not in FREE and k != "EXTVER"]
    theirs = [k for k in peer if k not in FREE and k != "EXTVER"]
    if sorted(mine) == sorted(theirs) and mine != theirs:
        first = next(i for i, (a, b) in enumerate(zip(mine, theirs)) if a != b)
        yield f"order of keywords differs from {mine[first]} (peer {theirs[first]}) on"


def same_values(a, b):
    if a.dtype.names:
        return a.dtype.names == b.dtype.names and all(same_values(np.asarray(a[n]), np.asarray(b[n])) for n in b.dtype.names)
    return a.shape == b.shape and (np.array_equal(a, b, equal_nan=True) if a.dtype.kind == "f" else np.array_equal(a, b))


def compare(ours_path, peer_path):
    found = []
    with fits.open(ours_path) as ours, fits.open(peer_path) as peer:
        names = [[(h.name, h.ver) for h in f] for f in (ours, peer)]
        if names[0] != names[1]:
            return [f"HDUs {names[0]}, peer {names[1]}"]
        for a, b in zip(ours, peer):
            if b.name == "ASDF":
                continue
            label = f"{b.name},{b.ver}"
            found += [f"{label}: {text}" for text in keyword_differences(a.header, b.header)]
            if b.data is not None and not same_values(a.data, b.data):
                found.append(f"{label}: values differ")
    return found


def flat(node, path=""):
    if isinstance(node, dict) or hasattr(node, "items"):
        for key, value in node.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, (list, tuple)):
        for i, value in enumerate(node):
            yield from flat(value, f"{path}[{i}]")
    else:
        yield path, node


def compare_trees(ours_path, peer_path):
    from stdatamodels.jwst import datamodels

    found = []
    with datamodels.open(ours_path) as ours, datamodels.open(peer_path) as peer:
        if type(ours) is not type(peer):
            return [f"opens as {type(ours).__name__}, peer {type(peer).__name__}"]
        mine = dict(flat(ours._instance))
        for path, value in flat(peer._instance):
            if path.startswith(FREE_PATHS) or ".meta.wcs" in path or path.startswith("meta.wcs") or "spectral_region" in path:
                continue
            # Slits of the peer carry a copy of the metadata of the exposure.
            if path.startswith(("slits[", "spec[")) and ".meta." in path and path not in mine:
                continue
            if path not in mine:
                if value is not None:
                    found.append(f"tree: {path} missing")
                continue
            a = mine[path]
            if isinstance(value, np.ndarray):
                same = same_values(np.asarray(a), np.asarray(value))
            else:
                are_numbers = isinstance(value, float) and isinstance(a, (int, float))
                same = a == value or (are_numbers and np.isclose(a, value, rtol=1e-13, atol=0))
            if not same and not path.endswith((".meta.date", ".meta.filename")) and "calibration_software" not in path:
                found.append(f"tree: {path} {a!r}, peer {value!r}")
    return found


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    failures = 0
    for ours, peer in zip(words[::2], words[1::2]):
        found = compare(ours, peer)
        if "--open" in sys.argv:
            found += compare_trees(ours, peer)
        print(f"{ours}: {'equal' if not found else f'{len(found)} differences'}")
        for text in found[:40]:
            print("  ", text)
        failures += bool(found)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
