#!/usr/bin/env bash
# drift.sh ENVIRONMENT: does everything run as its files say? Writes $OUT/plan.md. Changes nothing.
# Exits with 0 where it does, 2 where something differs, 1 where it could not be found out.
set -euo pipefail
here="$(cd "${BASH_SOURCE[0]%/*}" && pwd)"
. "$here/places.sh"

"$here/plan.sh" "$1"
if [ "$(cat "$OUT/changes")" = yes ]; then
  echo "what runs in $1 is not what the files say" >&2
  exit 2
fi
