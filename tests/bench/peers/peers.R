# One job of a peer in R: Rscript peers.R FOLDER N THREADS PEER JOB
# Prints seconds, peak MB, the number both sides must agree on.  The data are in memory and the job runs twice (once when
# it takes over 10 s): the second is timed, as in a warm program.
a <- commandArgs(TRUE); folder <- a[1]; n <- a[2]; threads <- as.integer(a[3]); peer <- a[4]; what <- a[5]
file <- file.path(folder, sprintf("cohort-%s.csv", n))
have <- function(p) if (!suppressWarnings(suppressMessages(require(p, character.only = TRUE, quietly = TRUE)))) quit(status = 3)
have("data.table"); setDTthreads(threads)
c10 <- c("treatment", "age", "sex", "bmi", "sbp", "diabetes", "ckd", "stage")
c20 <- c(c10, "htn", "copd", "region", "index_date")
columns <- function(v) {
  d <- as.data.frame(fread(file, select = v, showProgress = FALSE, stringsAsFactors = FALSE))
  for (k in intersect(c("sex", "stage", "region"), v)) d[[k]] <- factor(d[[k]])
  if ("index_date" %in% v) { d$year <- floor(as.numeric(as.Date(d$index_date) - as.Date("2010-01-01")) / 365.25); d$index_date <- NULL }
  if ("status" %in% v) d$ev <- as.integer(d$status == 1)
  d
}
peak <- function() { l <- readLines("/proc/self/status"); as.numeric(gsub("[^0-9]", "", grep("^VmHWM", l, value = TRUE))) / 1024 }
job <- function(f, number) {
  for (i in 1:2) {
    gc(FALSE)
    t <- proc.time()[["elapsed"]]; r <- f(); t <- proc.time()[["elapsed"]] - t
    if (t > 10) break
  }
  cat(sprintf("%.6f\t%.0f\t%.12g\n", t, peak(), number(r)))
}
f10 <- "treatment + age + sex + bmi + sbp + diabetes + ckd + stage"
f20 <- paste(f10, "+ htn + copd + region + year")
model <- function(left, right = f10) as.formula(paste(left, "~", right))
treatment <- function(r) coef(r)[["treatment"]]
se <- function(r) sqrt(vcov(r)["treatment", "treatment"])
labs <- c("age", "bmi", "sbp", "hb", "crea", "crp", "alb", "plt", "ldl", "hba1c", "egfr")
if (peer == "datatable") {
  if (what == "import") {
    job(function() fread(file, showProgress = FALSE), nrow)
  } else if (what == "filter_count") {
    d <- fread(file, select = c("age", "sex", "stage", "crp", "ckd", "hb"), showProgress = FALSE)
    job(function() d[age >= 50 & age < 70 & sex == "F" & (stage == "III" | stage == "IV") & crp > 5 & ckd == 0L & hb < 13, .N], identity)
  } else if (what == "group_by") {
    d <- fread(file, select = c("age", "cost", "los", "crp", "site", "treatment"), showProgress = FALSE)
    job(function() d[, .(.N, mean(age), sd(age), mean(cost), sd(cost), mean(los), sd(los), mean(crp, na.rm = TRUE), sd(crp, na.rm = TRUE)), keyby = .(site, treatment)],
        function(r) r$V2[1])
  } else if (what == "table1_quartiles") {
    d <- fread(file, select = c(labs, "treatment"), showProgress = FALSE)
    one <- function(z) { z <- z[!is.na(z)]; c(mean(z), sd(z), quantile(z, c(.25, .5, .75), names = FALSE)) }
    job(function() d[, lapply(.SD, one), keyby = treatment, .SDcols = labs], function(r) r$age[1])
  }
} else if (peer %in% c("survival", "cmprsk")) {
  have(peer); have("survival")
  switch(what,
    km_days = { d <- columns(c("time", "status", "treatment")); job(function() survfit(Surv(time, ev) ~ treatment, d), function(r) summary(r, times = 1000)$surv[1]) },
    km_continuous = { d <- columns(c("time_c", "status", "treatment")); job(function() survfit(Surv(time_c, ev) ~ treatment, d), function(r) summary(r, times = 1000)$surv[1]) },
    logrank_days = { d <- columns(c("time", "status", "treatment")); job(function() survdiff(Surv(time, ev) ~ treatment, d), function(r) r$chisq) },
    cuminc_gray = { d <- columns(c("time", "status", "treatment")); job(function() cuminc(d$time, d$status, d$treatment), function(r) r$Tests[1, 1]) },
    cox_days = { d <- columns(c(c10, "time", "status")); job(function() coxph(model("Surv(time, ev)"), d), treatment) },
    cox_continuous = { d <- columns(c(c10, "time_c", "status")); job(function() coxph(model("Surv(time_c, ev)"), d), treatment) },
    cox_strata = { d <- columns(c(c10, "time", "status", "site")); job(function() coxph(model("Surv(time, ev)", paste(f10, "+ strata(site)")), d), treatment) },
    # the usual call is quadratic here: the expert's detour by way of intervals from zero
    cox_robust = { d <- columns(c(c10, "time", "status", "id")); d$zero <- 0; job(function() coxph(model("Surv(zero, time, ev)"), d, cluster = id), se) },
    cox_site = { d <- columns(c(c10, "time", "status", "site")); job(function() coxph(model("Surv(time, ev)"), d, cluster = site), se) },
    iptw_cox = { # the detour again
      d <- columns(c(c10, "time", "status", "id")); d$zero <- 0
      job(function() {
        p <- glm(treatment ~ age + sex + bmi + sbp + diabetes + ckd + stage, binomial, d)$fitted.values
        d$w <- ifelse(d$treatment == 1, 1 / p, 1 / (1 - p))
        coxph(Surv(zero, time, ev) ~ treatment, d, weights = w, cluster = id)
      }, se) },
    ph_test = { d <- columns(c(c10, "time", "status")); job(function() cox.zph(coxph(model("Surv(time, ev)"), d), transform = "km", terms = FALSE), function(r) r$table["treatment", "chisq"]) },
    residuals = {
      d <- columns(c(c10, "time", "status"))
      job(function() { f <- coxph(model("Surv(time, ev)"), d); list(residuals(f, "martingale"), residuals(f, "deviance"), residuals(f, "dfbetas")) },
          function(r) { z <- r[[3]][, 1]; z[which.max(abs(z))] }) },
    concordance = { d <- columns(c(c10, "time", "status")); job(function() concordance(coxph(model("Surv(time, ev)"), d)), function(r) r$concordance) },
    finegray = {
      if (as.numeric(n) > 1e4) quit(status = 4) # quadratic: half a minute at 10^4
      d <- columns(c(c10, "time", "status")); x <- model.matrix(model(""), d)[, -1]
      job(function() crr(d$time, d$status, x), function(r) r$coef[["treatment"]])
    })
} else if (peer == "glm") {
  switch(what,
    logistic_20 = { d <- columns(c(c20, "resp")); job(function() glm(model("resp", f20), binomial, d), treatment) },
    poisson_20 = { d <- columns(c(c20, "n_exac", "time_c")); job(function() glm(model("n_exac", paste(f20, "+ offset(log(time_c / 365.25))")), poisson, d), treatment) })
} else if (peer == "lm") {
  d <- columns(c(c20, "cost")); job(function() lm(model("log(cost)", f20), d), treatment)
}
