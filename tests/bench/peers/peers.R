# One job of a peer in R: Rscript peers.R FOLDER N THREADS PEER JOB
# Prints seconds, peak MB, the number both sides must agree on.  The data are in memory and the job runs twice (once when
# it takes over 5 s): the second is timed, as in a warm program.  With COLD set reading the file is timed too, once.
# Exit code 3: a package is not installed; 4: the peer has no such job, or not at this size.
a <- commandArgs(TRUE); folder <- a[1]; n <- a[2]; threads <- as.integer(a[3]); peer <- a[4]; what <- a[5]
cold <- Sys.getenv("COLD") != ""
have <- function(p) if (!suppressWarnings(suppressMessages(require(p, character.only = TRUE, quietly = TRUE)))) quit(status = 3)
have("data.table"); setDTthreads(threads)
began <- NULL
read <- function(v = NULL, from = "cohort") {
  if (is.null(began)) began <<- proc.time()[["elapsed"]]
  fread(file.path(folder, sprintf("%s-%s.csv", from, n)), select = v, showProgress = FALSE, stringsAsFactors = FALSE)
}
columns <- function(v, ...) {
  d <- as.data.frame(read(v, ...))
  for (k in intersect(c("sex", "stage", "region"), v)) d[[k]] <- factor(d[[k]])
  if ("index_date" %in% v) { d$year <- floor(as.numeric(as.Date(d$index_date) - as.Date("2010-01-01")) / 365.25); d$index_date <- NULL }
  if ("status" %in% v) d$ev <- as.integer(d$status == 1)
  d
}
peak <- function() { l <- readLines("/proc/self/status"); as.numeric(gsub("[^0-9]", "", grep("^VmHWM", l, value = TRUE))) / 1024 }
job <- function(f, number) {
  for (i in 1:2) {
    if (!cold) gc(FALSE)
    t <- proc.time()[["elapsed"]]; r <- f(); end <- proc.time()[["elapsed"]]
    if (cold) t <- began
    if (cold || end - t > 5) break
  }
  cat(sprintf("%.6f\t%.0f\t%.12g\n", end - t, peak(), number(r)))
}
c9 <- c("age", "sex", "bmi", "sbp", "diabetes", "ckd", "stage"); c10 <- c("treatment", c9)
c20 <- c(c10, "htn", "copd", "region", "index_date")
plus <- function(v) paste(v, collapse = " + ")
f10 <- plus(c10); f20 <- paste(f10, "+ htn + copd + region + year")
model <- function(left, right = f10) as.formula(paste(left, "~", right))
intervals <- c("treatment", "age", "male", "marker", "dose", "diabetes")
treatment <- function(r) coef(r)[["treatment"]]
se <- function(r) sqrt(vcov(r)["treatment", "treatment"])
labs <- c("age", "bmi", "sbp", "hb", "crea", "crp", "alb", "plt", "ldl", "hba1c", "egfr")
days <- function(more = NULL) columns(c(c10, "time", "status", more))
# a Cox model from the matrix and the response, no frame: what an expert calls
fit <- function(f, x, y) job(function() f(x, y, NULL, NULL, NULL, coxph.control(timefix = FALSE), NULL, "efron", NULL, nocenter = c(-1, 0, 1)),
                             function(r) r$coefficients[[1]])
cox <- function(d, more = "") { f <- as.formula(paste("Surv(time, ev) ~", f10, more)); coxph(f, d) } # whose frame tests look into again

frames <- list(
  import = function() job(function() read(), nrow),
  filter_count = function() {
    d <- read(c("age", "sex", "stage", "crp", "ckd", "hb"))
    job(function() d[age >= 50 & age < 70 & sex == "F" & (stage == "III" | stage == "IV") & crp > 5 & ckd == 0L & hb < 13, .N], identity)
  },
  group_by = function() {
    d <- read(c("age", "cost", "los", "crp", "site", "treatment"))
    job(function() d[, .(.N, mean(age), sd(age), mean(cost), sd(cost), mean(los), sd(los), mean(crp, na.rm = TRUE), sd(crp, na.rm = TRUE)), keyby = .(site, treatment)],
        function(r) r$V2[1])
  },
  table1_quartiles = function() {
    d <- read(c(labs, "treatment"))
    one <- function(z) { z <- z[!is.na(z)]; c(mean(z), sd(z), quantile(z, c(.25, .5, .75), names = FALSE)) }
    job(function() d[, lapply(.SD, one), keyby = treatment, .SDcols = labs], function(r) r$age[1])
  })
survival <- list(
  km_days = function() { d <- columns(c("time", "status", "treatment")); job(function() survfit(Surv(time, ev) ~ treatment, d), function(r) summary(r, times = 1000)$surv[1]) },
  km_continuous = function() { d <- columns(c("time_c", "status", "treatment")); job(function() survfit(Surv(time_c, ev) ~ treatment, d), function(r) summary(r, times = 1000)$surv[1]) },
  logrank_days = function() { d <- columns(c("time", "status", "treatment")); job(function() survdiff(Surv(time, ev) ~ treatment, d), function(r) r$chisq) },
  cox_days = function() { d <- days(); job(function() cox(d), treatment) },
  cox_continuous = function() { d <- columns(c(c10, "time_c", "status")); job(function() coxph(model("Surv(time_c, ev)"), d), treatment) },
  cox_strata = function() { d <- days("site"); job(function() cox(d, "+ strata(site)"), treatment) },
  cox_startstop = function() { d <- columns(c("start", "stop", "event", intervals), "startstop"); job(function() coxph(model("Surv(start, stop, event)", plus(intervals)), d), treatment) },
  cox_startstop_id = function() { d <- columns(c("id", "start", "stop", "event", intervals), "startstop"); job(function() coxph(model("Surv(start, stop, event)", plus(intervals)), d, cluster = id), se) },
  cox_site = function() { d <- days("site"); job(function() coxph(model("Surv(time, ev)"), d, cluster = site), se) },
  ph_test = function() { m <- cox(days()); job(function() cox.zph(m, transform = "km", terms = FALSE), function(r) r$table["treatment", "chisq"]) },
  residuals = function() all_residuals(cox(days())),
  concordance = function() { m <- cox(days()); job(function() concordance(m), function(r) r$concordance) },
  curve_se = function() {
    d <- days(); m <- cox(d)
    one <- data.frame(treatment = 1, age = 60, sex = factor("M", levels(d$sex)), bmi = 27, sbp = 130, diabetes = 0, ckd = 0, stage = factor("II", levels(d$stage)))
    job(function() survfit(m, one), function(r) summary(r, times = 1000)$surv[1])
  },
  weibull_10 = function() { d <- columns(c(c10, "time_c", "status")); job(function() survreg(model("Surv(time_c, ev)"), d), treatment) })
peers <- list(
  datatable = frames,
  survival = survival,
  fit = list(
    cox_days = function() { d <- days(); fit(coxph.fit, model.matrix(model(""), d)[, -1], Surv(d$time, d$ev)) },
    cox_startstop = function() { d <- columns(c("start", "stop", "event", intervals), "startstop"); fit(agreg.fit, as.matrix(d[intervals]), Surv(d$start, d$stop, d$event)) }),
  # robust errors with a cluster a person: the usual call adds residuals up in a quadratic way ...
  usual = list(
    cox_robust = function() { d <- days("id"); job(function() coxph(model("Surv(time, ev)"), d, cluster = id), se) },
    iptw_cox = function() weighted_cox(Surv(time, ev) ~ treatment)),
  # ... which intervals from zero avoid
  detour = list(
    residuals = function() { d <- days(); d$zero <- 0; f <- model("Surv(zero, time, ev)"); environment(f) <- environment(); all_residuals(coxph(f, d)) },
    cox_robust = function() { d <- days("id"); d$zero <- 0; job(function() coxph(model("Surv(zero, time, ev)"), d, cluster = id), se) },
    iptw_cox = function() weighted_cox(Surv(zero, time, ev) ~ treatment)),
  cmprsk = list(
    cuminc_gray = function() { d <- columns(c("time", "status", "treatment")); job(function() cuminc(d$time, d$status, d$treatment), function(r) r$Tests[1, 1]) },
    finegray = function() { d <- days(); x <- model.matrix(model(""), d)[, -1]; job(function() crr(d$time, d$status, x), function(r) r$coef[["treatment"]]) }),
  prodlim = list(cuminc_gray = function() { # the curves alone, no test
    d <- columns(c("time", "status", "treatment")); job(function() prodlim(Hist(time, status) ~ treatment, d), function(r) NA) }),
  curve_se = list(cuminc_gray = function() { # survival's curves with their standard errors, no test
    d <- columns(c("time", "status", "treatment")); d$e <- factor(d$status, 0:2); job(function() survfit(Surv(time, e) ~ treatment, d), function(r) NA) }),
  weighted = list(finegray = function() { # survival's way: weighted intervals, then an ordinary Cox model
    d <- days(); d$e <- factor(d$status, 0:2)
    job(function() coxph(model("Surv(fgstart, fgstop, fgstatus)"), finegray(model("Surv(time, e)"), d, etype = "1"), weights = fgwt, ties = "breslow"), treatment) }),
  glm = list(
    logistic_20 = function() { d <- columns(c(c20, "resp")); job(function() glm(model("resp", f20), binomial, d), treatment) },
    poisson_20 = function() { d <- columns(c(c20, "n_exac", "time_c")); job(function() glm(model("n_exac", paste(f20, "+ offset(log(time_c / 365.25))")), poisson, d), treatment) },
    negbin_20 = function() { d <- columns(c(c20, "n_exac", "time_c")); job(function() MASS::glm.nb(model("n_exac", paste(f20, "+ offset(log(time_c / 365.25))")), d, control = glm.control(1e-10)), treatment) }),
  lm = list(linear_20 = function() { d <- columns(c(c20, "cost")); job(function() lm(model("log(cost)", f20), d), treatment) }))
all_residuals <- function(m)
  job(function() list(residuals(m, "martingale"), residuals(m, "deviance"), residuals(m, "dfbetas")), function(r) { z <- r[[3]][, 1]; z[which.max(abs(z))] })
weighted_cox <- function(formula) {
  d <- days("id"); d$zero <- 0
  job(function() {
    p <- glm(model("treatment", plus(c9)), binomial, d)$fitted.values
    d$w <- ifelse(d$treatment == 1, 1 / p, 1 / (1 - p))
    environment(formula) <- environment()
    coxph(formula, d, weights = w, cluster = id)
  }, se)
}
run <- peers[[peer]][[what]]
if (is.null(run)) quit(status = 4)
if (peer %in% c("survival", "fit", "usual", "detour", "cmprsk", "curve_se", "weighted")) have("survival")
if (peer %in% c("cmprsk", "prodlim")) have(peer)
if (what == "negbin_20") have("MASS")
run()
