"""`spec2 export` gives HDF5 that xarray opens with its dimensions, units, errors and times."""
import os
import subprocess

import numpy as np
import pytest
from astropy.table import Table

xarray = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")


def test_xarray_opens_exported_spectra(products, tmp_path):
    files = products.files("x1dints")
    if not files:
        pytest.skip("no time series in this mode")
    source, output = files[0][0], tmp_path / "spectra.h5"
    subprocess.run([os.environ["SPEC2"], "export", str(source), str(output)], check=True)
    table = Table.read(source, hdu=("EXTRACT1D", 1))
    with xarray.open_dataset(output, engine="h5netcdf") as data:
        assert dict(data.sizes) == {"integration": len(table), "wavelength": table["WAVELENGTH"].shape[1]}
        np.testing.assert_array_equal(data.integration, table["INT_NUM"])
        np.testing.assert_array_equal(data.wavelength, table["WAVELENGTH"][0])
        for name in table.colnames:
            if name in ("INT_NUM", "WAVELENGTH"):
                continue
            variable = data[name.lower().replace("-", "_")]
            np.testing.assert_array_equal(variable, np.asarray(table[name]), err_msg=name)
        assert data.wavelength.units == "um" and data.flux.units == data.flux_error.units == "Jy" and data.mjd_avg.units == "d"
