# One job as a script: awk -v input=cohort -v turns=2 -v statements="a as NAMEa => b on NAMEa as NAME" -f script.awk prepare.yogo
# Of prepare.yogo the sections that the job's words name are taken, and that of its input; then the statements come, once a
# turn, parted by ";" or "=>", NAME standing for r1 and r2 in turn, X9, X10 and X20 for the columns of the models.
BEGIN {
	x9 = "age + sex + bmi + sbp + diabetes + ckd + stage"
	x10 = "treatment + " x9
	x20 = x10 " + htn + copd + region + year"
	gsub("X9", x9, statements)
	gsub("X10", x10, statements)
	gsub("X20", x20, statements)
	gsub(/ *(;|=>) */, "\n", statements)
	words = statements
	gsub(/[^A-Za-z0-9_]+/, " ", words)
	words = " " words " " input " "
}
/^## / { wanted = index(words, " " $2 " "); next }
wanted
END {
	for (turn = 1; turn <= turns; turn++) {
		text = statements
		gsub("NAME", "r" turn, text)
		print text
	}
}
