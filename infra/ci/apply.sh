#!/usr/bin/env bash
# apply.sh ENVIRONMENT: performs the plans that plan.sh left in $OUT, exactly those. Each is refused where its application,
# its files or its generations moved since; then plan again. Exits with 1 where one is refused, fails or is taken back.
set -euo pipefail
here="$(cd "${BASH_SOURCE[0]%/*}" && pwd)"
. "$here/places.sh"

environment="$1"
shopt -s nullglob
plans=("$OUT"/plan-*.json)
if [ ${#plans[@]} -eq 0 ]; then
  echo "nothing to do: there is no plan in $OUT"
  exit 0
fi
for plan in "${plans[@]}"; do
  spillway apply "$plan" --env "$environment" --yes
done
