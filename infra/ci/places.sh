# shellcheck shell=bash
# Read by the other scripts of this folder: how spillway is called, and which applications there are.
#
#   SPILLWAY      the command line               (npm run --silent spillway --)
#   DEFINITIONS   the folder with applications   (flink-sql)
#   OUT           where files are written        (spillway-out)

DEFINITIONS="${DEFINITIONS:-flink-sql}"
OUT="${OUT:-spillway-out}"
mkdir -p "$OUT"

# Words of $SPILLWAY are split on purpose: it is a command with its arguments.
spillway() {
  # shellcheck disable=SC2086
  ${SPILLWAY:-npm run --silent spillway --} "$@" --definitions "$DEFINITIONS"
}

applications() {
  for file in "$DEFINITIONS"/*/application.json; do
    basename "$(dirname "$file")"
  done
}
