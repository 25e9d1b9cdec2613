"""meta.wcs of every image, slit and spectrum, opened with the peer's data models, gives the values that the peer's gives."""
import numpy as np
from stdatamodels.jwst import datamodels

SUFFIXES = ("cal", "calints", "s2d", "x1d", "x1dints")


def parts(model):
    """(name, WCS, shape of the image or of the table) of each slit, spectrum or the one image."""
    if len(getattr(model, "slits", [])):
        return [(slit.name, slit.meta.wcs, slit.data.shape) for slit in model.slits]
    if len(getattr(model, "spec", [])):
        return [(spectrum.name, spectrum.meta.wcs, (1, 500)) for spectrum in model.spec]
    return [("image", model.meta.wcs, model.data.shape)]


def grid_around(wcs, shape):
    """Points in and around the image, between the pixels too."""
    y, x = np.mgrid[-1 : shape[-2] + 1 : 1.7, -3 : shape[-1] + 2 : 7.3]
    return (x[0],) if wcs.pixel_n_dim == 1 else (x, y)


def assert_close(ours, peer, what):
    assert len(ours) == len(peer), what
    for a, b in zip(np.atleast_1d(ours), np.atleast_1d(peer)):
        np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-9, atol=1e-9, equal_nan=True, err_msg=what)


def test_wcs_of_every_part_is_the_peers(products):
    files = products.files(*SUFFIXES)
    assert files
    for ours_path, peer_path in files:
        with datamodels.open(ours_path) as ours, datamodels.open(peer_path) as peer:
            assert type(ours) is type(peer)
            assert [name for name, _, _ in parts(ours)] == [name for name, _, _ in parts(peer)]
            for (name, a, shape), (_, b, _) in zip(parts(ours), parts(peer)):
                what = f"{peer_path.name} {name}"
                assert a.available_frames == b.available_frames, what
                assert repr(a.input_frame) == repr(b.input_frame) and repr(a.output_frame) == repr(b.output_frame), what
                assert a.bounding_box == b.bounding_box or np.allclose(list(a.bounding_box), list(b.bounding_box)), what
                assert a.pixel_shape == b.pixel_shape, what
                grid = grid_around(b, shape)
                first = b.available_frames[0]
                for frame in b.available_frames[1:]:
                    assert_close(
                        a.get_transform(first, frame)(*grid, with_bounding_box=True),
                        b.get_transform(first, frame)(*grid, with_bounding_box=True),
                        f"{what}: {first} to {frame}",
                    )
                sky = b(*grid)
                assert_close(np.atleast_2d(a.invert(*sky)), np.atleast_2d(b.invert(*sky)), f"{what}: back to {first}")
