"""What differs between two FITS files beyond a relative tolerance; NaN positions and integers must be equal."""
import numpy as np
from astropy.io import fits

# Keywords that name the program, the time of writing and the file.
FREE_KEYWORDS = {"DATE", "CAL_VER", "CAL_VCS", "CRDS_VER", "LONGSTRN", "COMMENT", "HISTORY", ""}


def array_difference(ours, peer, rtol):
    ours, peer = np.asarray(ours), np.asarray(peer)
    if ours.shape != peer.shape:
        return f"shape {ours.shape}, peer {peer.shape}"
    if peer.dtype.kind != "f":
        return None if np.array_equal(ours, peer) else f"{np.sum(ours != peer)} values differ"
    if not np.array_equal(np.isnan(ours), np.isnan(peer)):
        return "NaN in other places"
    known = np.isfinite(peer)
    if not known.any():
        return None
    scale = np.maximum(np.abs(peer[known]), 1e-6 * np.abs(peer[known]).max())
    worst = np.max(np.abs(ours[known] - peer[known]) / np.where(scale > 0, scale, 1))
    return None if worst <= rtol else f"deviation {worst:.3g}"


def header_differences(ours, peer):
    for key in sorted((set(ours) | set(peer)) - FREE_KEYWORDS):
        a, b = ours.get(key), peer.get(key)
        same = a == b or (isinstance(a, float) and isinstance(b, float) and np.isclose(a, b, rtol=1e-8, atol=1e-12))
        if not same:
            yield f"{key}: {a!r}, peer {b!r}"


def differences(ours_path, peer_path, rtol=1e-5):
    found = []
    with fits.open(ours_path) as ours, fits.open(peer_path) as peer:
        names = [[(hdu.name, hdu.ver) for hdu in file] for file in (ours, peer)]
        if names[0] != names[1]:
            return [f"HDUs {names[0]}, peer {names[1]}"]
        for a, b in zip(ours, peer):
            # The trees of metadata are compared as models; HDRTAB repeats headers with their dates.
            if b.name in ("ASDF", "HDRTAB"):
                continue
            found += [f"{b.name},{b.ver}: {text}" for text in header_differences(a.header, b.header)]
            if b.data is None:
                continue
            for name in b.data.dtype.names or [None]:
                text = array_difference(a.data if name is None else a.data[name], b.data if name is None else b.data[name], rtol)
                if text:
                    found.append(f"{b.name},{b.ver} {name or ''}: {text}")
    return found
