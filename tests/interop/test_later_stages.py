"""The peer's own steps take our products and give what they give from the peer's."""
import json
import pathlib
import subprocess
import sys

import pytest
from fits_agreement import differences


def run_in(folder, program, environment):
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def peer_program(name):
    return str(pathlib.Path(sys.executable).parent / name)


def test_extract_1d_of_the_peer_takes_our_calibrated_slits(products, tmp_path):
    files = products.files("cal", "calints")
    assert files
    for name in ("ours", "peer"):
        (tmp_path / name).mkdir()
    for ours, peer in files:
        for name, path in (("ours", ours), ("peer", peer)):
            words = [peer_program("strun"), "jwst.extract_1d.Extract1dStep", str(path), "--output_dir=."]
            run_in(tmp_path / name, words, products.environment)
        results = sorted((tmp_path / "peer").glob("*_extract*1d*.fits"))
        assert results
        for result in results:
            assert differences(tmp_path / "ours" / result.name, result) == []


def test_calwebb_spec3_takes_our_calibrated_slits(products, tmp_path):
    files = products.files("cal")
    if not files or "NRS_FIXEDSLIT" not in exposure_type(files[0][1]):
        pytest.skip("calwebb_spec3 takes no products of this mode")
    for name, paths in (("ours", [a for a, _ in files]), ("peer", [b for _, b in files])):
        folder = tmp_path / name
        folder.mkdir()
        members = [{"expname": str(path), "exptype": "science"} for path in paths]
        association = {
            "asn_type": "spec3", "asn_rule": "Asn_Lv3NRSFSS", "asn_pool": "none", "program": "09001", "asn_id": "a3001",
            "target": "1", "products": [{"name": "combined", "members": members}],
        }
        (folder / "asn.json").write_text(json.dumps(association))
        run_in(folder, [peer_program("strun"), "calwebb_spec3", "asn.json"], products.environment)
    results = sorted((tmp_path / "peer").glob("combined*.fits"))
    assert any(path.name.endswith("_s2d.fits") for path in results) and any(path.name.endswith("_x1d.fits") for path in results)
    for result in results:
        assert differences(tmp_path / "ours" / result.name, result) == []


def exposure_type(path):
    from astropy.io import fits

    return fits.getheader(path)["EXP_TYPE"]
