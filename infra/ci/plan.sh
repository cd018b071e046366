#!/usr/bin/env bash
# plan.sh ENVIRONMENT: plans every application and writes to $OUT
#   plan-APPLICATION.json   for apply.sh, where there is something to do
#   plan.md                 the plans for people
#   changes                 yes or no
# Changes nothing. Exits with 1 where a plan is refused.
set -euo pipefail
here="$(cd "${BASH_SOURCE[0]%/*}" && pwd)"
. "$here/places.sh"

environment="$1"
changes=no
rm -f "$OUT"/plan-*.json "$OUT/changes"
echo "### spillway plan: $environment" >"$OUT/plan.md"

for application in $(applications); do
  plan="$OUT/plan-$application.json"
  text="$OUT/plan-$application.txt"
  exit_code=0
  spillway plan "$application" --env "$environment" --out "$plan" >"$text" || exit_code=$?
  case $exit_code in
    0) rm -f "$plan" ;;
    2) changes=yes ;;
    *)
      echo "spillway plan $application ended with $exit_code" >&2
      exit 1
      ;;
  esac
  # GitHub takes 65,536 characters in a comment; the whole plan is in the log and in its file.
  {
    printf '\n````diff\n'
    head -c "${MOST_BYTES:-50000}" "$text"
    printf '\n````\n'
  } >>"$OUT/plan.md"
  cat "$text"
done

echo "$changes" >"$OUT/changes"
