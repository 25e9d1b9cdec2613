"""HTCondor's own parser takes the submit files of `spec2 submit`, whatever the folders are called, and says what we meant."""
import json
import os
import re
import shutil
import subprocess
import warnings

import pytest
from conftest import SAMPLE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    htcondor = pytest.importorskip("htcondor")
    classad = pytest.importorskip("classad")


def split_arguments(text):
    """The words of a job's Arguments: blanks part them, single quotes hold them together and are doubled inside."""
    words, word, quoted, begun, i = [], "", False, False, 0
    while i < len(text):
        letter = text[i]
        if quoted and text[i : i + 2] == "''":
            word, i = word + "'", i + 1
        elif letter == "'":
            quoted, begun = not quoted, True
        elif letter == " " and not quoted:
            if begun:
                words.append(word)
            word, begun = "", False
        else:
            word, begun = word + letter, True
        i += 1
    return [*words, word] if begun else words


@pytest.fixture
def batch(tmp_path):
    """The folder of a batch of two tasks, below one with every letter that means something to somebody."""
    folder = tmp_path / "it's $HOME $(task) $x \"100%\" {a} #b"
    folder.mkdir()
    names = ["first", "second"]
    rate = next(SAMPLE.glob("*_rate.fits"))
    products = [{"name": name, "members": [{"expname": rate.name, "exptype": "science"}]} for name in names]
    (folder / "asn.json").write_text(json.dumps({"products": products}))
    shutil.copy(rate, folder)
    words = ["submit", "asn.json", "--engine", "htcondor", "--output-dir", "out", "--dry-run", "--retry", "2", "--threads", "2",
             "--option", "+Project = \"jwst\"", "--account", "group.a", "--max-parallel", "5"]
    environment = {**os.environ, "CRDS_PATH": str(SAMPLE / "crds"), "CRDS_CONTEXT": "jwst_9001.pmap"}
    subprocess.run([os.environ["SPEC2"], *words], cwd=folder, env=environment, check=True, capture_output=True)
    return folder / "out" / "spec2_batch" / "1"


def job_of(path, **macros):
    submit = htcondor.Submit(path.read_text())
    for name, value in macros.items():
        submit[name] = value
    return next(iter(submit.jobs(count=1, clusterid=1)))


def test_jobs_are_what_was_meant(batch):
    job = job_of(batch / "task.sub", task="2", memory="61")
    assert job["Cmd"] == os.environ["SPEC2"]
    assert split_arguments(job["Arguments"]) == ["task", str(batch), "--attempt", "0", "--task", "2"]
    assert job["Iwd"] == str(batch.parents[2])
    assert job["Out"] == str(batch / "logs" / "0_2.out") and job["UserLog"] == str(batch / "logs" / "condor.log")
    assert (job["Spec2Batch"], job["Spec2Task"], job["Project"], job["RequestCpus"]) == (str(batch), 2, "jwst", 2)
    assert job["AcctGroup"] == "group.a"
    gatherer = job_of(batch / "gather.sub")
    assert split_arguments(gatherer["Arguments"]) == ["gather", str(batch), "--attempt", "0"]
    assert gatherer["RequestMemory"] == 96


def test_more_memory_is_asked_after_more_was_used(batch):
    job = job_of(batch / "task.sub", task="1", memory="61")
    ad = classad.ClassAd(str(job))
    assert ad.eval("RequestMemory") == 61
    ad["MemoryUsage"] = 100
    assert ad.eval("RequestMemory") == 150
    ad["MemoryUsage"] = 10
    assert ad.eval("RequestMemory") == 61
    ad.update({"JobStatus": 5, "HoldReasonCode": 34, "NumJobStarts": 2})
    assert ad.eval("PeriodicRelease") is True and ad.eval("PeriodicRemove") is False
    ad["NumJobStarts"] = 3
    assert ad.eval("PeriodicRelease") is False and ad.eval("PeriodicRemove") is True
    ad.update({"HoldReasonCode": 1, "NumJobStarts": 1})
    assert ad.eval("PeriodicRelease") is False and ad.eval("PeriodicRemove") is False


def test_dag_names_its_files_and_all_tasks(batch):
    """There is no parser of DAGs in the package; these are the forms of its manual."""
    forms = [r"#.*", r"JOB (task_\d+) task\.sub", r'VARS (task_\d+) task="\d+" memory="\d+"',
             r"RETRY (task_\d+) 2 UNLESS-EXIT 65",
             r"CATEGORY (task_\d+) tasks", r"MAXJOBS tasks 5", r"FINAL gather gather\.sub"]
    lines = (batch / "batch.dag").read_text().splitlines()
    for line in lines:
        assert any(re.fullmatch(form, line) for form in forms), line
    assert sum(line.startswith("JOB ") for line in lines) == 2
    assert lines[-1].startswith("FINAL")
