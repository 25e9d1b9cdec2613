"""Two x1d files hold the same spectra, to the bit."""

import sys

import numpy
from astropy.io import fits

with fits.open(sys.argv[1]) as one, fits.open(sys.argv[2]) as other:
    names = [(hdu.name, hdu.ver) for hdu in one if hdu.name == "EXTRACT1D"]
    assert names, "no spectra"
    assert names == [(hdu.name, hdu.ver) for hdu in other if hdu.name == "EXTRACT1D"]
    for name in names:
        for column in one[name].columns.names:
            numpy.testing.assert_array_equal(one[name].data[column], other[name].data[column], err_msg=f"{name} {column}")
    print(f"{len(names)} spectra are the same")
