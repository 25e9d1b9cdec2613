#!/bin/sh
# Installs spec2 from its build folder ($2), builds the programs of this folder against the package with the cmake given
# ($1), and runs them on the sample ($3). The two ways must give the same spectra.
set -eu
cmake=$1 build=$2 sample=$3
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$cmake" --install "$build" --prefix "$work/prefix" > /dev/null
"$cmake" -G Ninja -S "$here" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release > /dev/null
"$cmake" --build "$work/build" -j 2
export CRDS_PATH="$sample/crds" CRDS_CONTEXT=jwst_9001.pmap
"$work/build/run_association" "$sample/asn.json" "$work/association"
"$work/build/chain_steps" "$sample/jw09001003001_02101_00001_nrs2_rate.fits" "$work/chain_x1d.fits"
"$work/build/memory_report" "$sample/asn.json" "$work/memory" "$work/report.h5" > "$work/report.txt"
for line in "run -> exposure jw09001003001_02101_00001_nrs2 -> " "held by libraries" "my program -> exposure a -> plane SCI: 1 block"; do
  grep -q -- "$line" "$work/report.txt"
done
/usr/bin/python3 "$here/same_spectra.py" "$work/association/jw09001003001_02101_00001_nrs2_x1d.fits" "$work/chain_x1d.fits"
