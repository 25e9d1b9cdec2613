"""astropy and specutils read our x1d files as they read the peer's."""
import numpy as np
import pytest
from astropy.table import Table


def test_astropy_reads_tables_with_units(products):
    files = products.files("x1d", "x1dints")
    assert files
    for ours_path, peer_path in files:
        ours, peer = Table.read(ours_path, hdu=("EXTRACT1D", 1)), Table.read(peer_path, hdu=("EXTRACT1D", 1))
        assert ours.colnames == peer.colnames
        for name in peer.colnames:
            assert ours[name].unit == peer[name].unit and ours[name].dtype == peer[name].dtype, name
        assert ours["WAVELENGTH"].unit == "um"


def test_specutils_reads_spectra(products):
    specutils = pytest.importorskip("specutils")
    files = products.files("x1d")
    if not files or Table.read(files[0][1], hdu=("EXTRACT1D", 1))["FLUX"].unit != "Jy":
        pytest.skip("no x1d of calibrated flux in this mode; specutils knows no counts")
    for ours_path, peer_path in files:
        ours, peer = (specutils.SpectrumList.read(path, format="JWST x1d multi") for path in (ours_path, peer_path))
        assert len(ours) == len(peer) > 0
        for a, b in zip(ours, peer):
            assert a.flux.unit == b.flux.unit and a.spectral_axis.unit == b.spectral_axis.unit
            typical = np.nanmedian(np.abs(b.flux.value))
            np.testing.assert_allclose(a.flux.value, b.flux.value, rtol=1e-5, atol=1e-5 * typical, equal_nan=True)
            np.testing.assert_allclose(a.spectral_axis.value, b.spectral_axis.value, rtol=1e-9)
