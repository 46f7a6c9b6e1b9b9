#!/bin/sh
# Makes the cohort files of the public data sets from their CSV files and manifests in datasets/.
# A file is made again when its CSV, its manifest or the program is newer.
set -eu
cd "$(dirname "$0")/.."
yogo=${YOGO:-./yogo}
to=${1:-datasets}
mkdir -p "$to"
for manifest in datasets/*.manifest.json; do
	name=$(basename "$manifest" .manifest.json)
	csv=datasets/$name.csv
	cohort=$to/$name.cohort
	if [ -e "$cohort" ] && [ ! "$csv" -nt "$cohort" ] && [ ! "$manifest" -nt "$cohort" ] && [ ! "$yogo" -nt "$cohort" ]; then
		continue
	fi
	"$yogo" import "$csv" -o "$cohort" --manifest "$manifest" --quiet
done
