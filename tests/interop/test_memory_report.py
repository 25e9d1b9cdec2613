"""`spec2 run --memory-report` gives HDF5 that xarray and h5py open, with numbers that agree with each other."""
import os
import pathlib
import subprocess

import numpy as np
import pytest

xarray = pytest.importorskip("xarray")
h5py = pytest.importorskip("h5py")
pytest.importorskip("h5netcdf")

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "nirspec_fs_sample"
GROUPS = {"samples": "sample", "steps": "step", "exposures": "exposure", "kinds": "kind", "holders": "holder",
          "step_kinds": "row", "blocks": "row"}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("memory")
    environment = {**os.environ, "CRDS_PATH": str(SAMPLE / "crds"), "CRDS_CONTEXT": "jwst_9001.pmap"}
    subprocess.run([os.environ["SPEC2"], "run", str(SAMPLE / "asn.json"), "--output-dir", str(folder), "--memory-report",
                    str(folder / "report.h5")], env=environment, check=True, capture_output=True)
    return folder / "report.h5"


def opened(report, group):
    return xarray.open_dataset(report, engine="h5netcdf", group=group)


def test_h5py_reads_every_column(report):
    with h5py.File(report) as file:
        assert file.attrs["format"] in (b"spec2 memory report", "spec2 memory report")
        assert set(file) == set(GROUPS)
        for group in file.values():
            for column in group.values():
                assert column[...].shape == column.shape


def test_xarray_has_the_dimensions_of_every_table(report):
    for group, dimension in GROUPS.items():
        with opened(report, group) as table:
            assert dimension in table.sizes
            assert table.sizes[dimension] > 0
            for variable in table.data_vars.values():
                assert variable.dims[0] == dimension


def test_numbers_agree(report):
    with opened(report, "steps") as steps, opened(report, "step_kinds") as kinds, opened(report, "blocks") as blocks:
        live = steps.live.sel(moment="after").values
        by_kind = np.zeros_like(live)
        np.add.at(by_kind, kinds.step.values, kinds.live_bytes.values)
        np.testing.assert_array_equal(by_kind, live)
        after = blocks.where((blocks.moment == 2) & (blocks.step >= 0), drop=True)
        by_block = np.zeros_like(live)
        np.add.at(by_block, after.step.values.astype(int), after.bytes.values.astype(int))
        np.testing.assert_array_equal(by_block, live)
        assert (steps.live.sel(moment="peak") >= steps.live.max("moment")).all()
        assert steps.live.units == "byte" and steps.seconds.units == "s"
        assert "extract_2d" in steps.name.values
    with opened(report, "samples") as samples:
        assert (np.diff(samples.time) >= 0).all()
        assert set(samples.event.values) >= {1, 2, 3}


def test_resident_memory_is_the_sum_of_its_parts(report):
    with opened(report, "exposures") as exposures:
        np.testing.assert_array_equal(exposures.parts.sum("part"), exposures.resident_after)
        assert (exposures.parts.sel(part="program") > 0).all()
