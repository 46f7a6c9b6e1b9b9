# Public data with their manifests; scripts/make-datasets.sh makes the cohort files.
EXTRA_DIST += datasets/README.md \
	datasets/colon.csv datasets/colon.manifest.json \
	datasets/lung.csv datasets/lung.manifest.json \
	datasets/pbc.csv datasets/pbc.manifest.json \
	datasets/pbcseq.csv datasets/pbcseq.manifest.json \
	datasets/veteran.csv datasets/veteran.manifest.json \
	datasets/rotterdam.csv datasets/rotterdam.manifest.json \
	datasets/gbsg.csv datasets/gbsg.manifest.json \
	datasets/heart.csv datasets/heart.manifest.json \
	datasets/jasa.csv datasets/jasa.manifest.json \
	datasets/mgus2.csv datasets/mgus2.manifest.json \
	datasets/nwtco.csv datasets/nwtco.manifest.json \
	datasets/birthwt.csv datasets/birthwt.manifest.json \
	datasets/lalonde.csv datasets/lalonde.manifest.json \
	datasets/km_channing.csv datasets/km_channing.manifest.json \
	datasets/bladder1.csv datasets/bladder1.manifest.json \
	datasets/diabetic.csv datasets/diabetic.manifest.json \
	datasets/va_diabetes.csv datasets/va_diabetes.manifest.json \
	datasets/aSAH.csv datasets/aSAH.manifest.json \
	datasets/epil.csv datasets/epil.manifest.json \
	datasets/diet.csv datasets/diet.manifest.json \
	datasets/potthoffroy.csv datasets/potthoffroy.manifest.json
