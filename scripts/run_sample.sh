#!/bin/sh
# Runs spec2 (first argument: the program) on the sample in data/ and says where the products lie.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/.."
sh scripts/unpack_sample.sh
export CRDS_PATH="$PWD/data/nirspec_fs_sample/crds" CRDS_CONTEXT=jwst_9001.pmap
"$program" run data/nirspec_fs_sample/asn.json --cfg cfgs/calwebb_spec2.cfg --output-dir data/nirspec_fs_sample/products
echo "products:"
ls -l data/nirspec_fs_sample/products
