# The peers' side of the benchmark: data.table and survival, one line "job<TAB>seconds<TAB>number" each.
# Rscript peers.R FILE.csv RUNS
a <- commandArgs(TRUE); file <- a[1]; runs <- as.integer(a[2])
job <- function(name, f) {
  s <- numeric(runs); v <- NA
  for (i in seq_len(runs)) { gc(FALSE); t <- proc.time()[["elapsed"]]; v <- f(); s[i] <- proc.time()[["elapsed"]] - t }
  cat(sprintf("%s\t%.6f\t%.10g\n", name, median(s), v))
}
dt <- suppressWarnings(requireNamespace("data.table", quietly = TRUE))
if (dt) {
  suppressMessages(library(data.table))
  job("import", function() nrow(fread(file, showProgress = FALSE)))
  d <- fread(file, showProgress = FALSE)
} else d <- read.csv(file)
v <- c("age", "bmi", "sbp", "hb", "crp", "alb")
if (dt) {
  job("filter_count", function() d[age >= 50 & sex == "F" & sbp > 120 & diabetes == 1 & stage %in% c("II", "III") & bmi < 35 & !is.na(crp), .N])
  job("group_by", function() d[, .(n = sum(!is.na(hb)), m = mean(hb, na.rm = TRUE), s = sd(hb, na.rm = TRUE)), by = site][order(site)]$m[1])
  job("table1_quartiles", function() {
    q <- d[, lapply(.SD, quantile, c(.25, .5, .75), na.rm = TRUE), by = treatment, .SDcols = v]
    for (k in c("sex", "diabetes", "htn", "ckd", "stage")) d[, .N, by = c("treatment", k)]
    q$age[2]
  })
}
suppressMessages(library(survival))
d <- as.data.frame(d); d$e <- as.integer(d$status == 1)
f <- ~ age + sex + treatment + bmi + sbp + diabetes + htn + ckd + copd + los
job("km_days", function() summary(survfit(Surv(time, e) ~ treatment, d), times = 1000)$surv[1])
job("km_continuous", function() summary(survfit(Surv(time_c, e) ~ treatment, d, timefix = FALSE), times = 1000)$surv[1])
job("logrank_days", function() survdiff(Surv(time, e) ~ treatment, d)$chisq)
job("cox_efron", function() coef(coxph(update(f, Surv(time, e) ~ .), d))[["treatment"]])
if (nrow(d) <= 1e6) job("cox_strata", function() coef(coxph(update(f, Surv(time, e) ~ . + strata(site)), d))[["treatment"]])
job("logistic", function() coef(glm(update(f, resp ~ .), binomial, d))[["treatment"]])
job("linear_model", function() coef(lm(update(f, cost ~ .), d))[["treatment"]])
