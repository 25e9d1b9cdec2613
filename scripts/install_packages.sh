#!/bin/sh
# Installs the packages of a list (default: packages.txt) that are missing; asks apt-get only when one is.
set -eu
list=${1:-$(dirname "$0")/../packages.txt}
missing=
for name in $(grep -v '^#' "$list"); do
  dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing="$missing $name"
done
if [ -z "$missing" ]; then
  echo "packages: all installed"
  exit 0
fi
echo "packages: installing$missing"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
echo "packages: done"
