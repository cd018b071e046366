#!/usr/bin/env bash
# check.sh ENVIRONMENT: the files of all applications are right, and their cases come out as they say. Needs no account.
# FORMAT=github writes each problem as an annotation of a pull request; CASES=no leaves the cases out.
set -euo pipefail
here="$(cd "${BASH_SOURCE[0]%/*}" && pwd)"
. "$here/places.sh"

spillway validate --env "$1" --plan --format "${FORMAT:-text}"
if [ "${CASES:-yes}" = yes ]; then
  spillway test
fi
