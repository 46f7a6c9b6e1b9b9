## curves.R - simultaneous bands, comparisons of curves, adjusted curves, robust restricted means, MaxCombo:
## written out from their definitions on the numbers of survival's survfit, coxph and residuals.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "lib.R"))
lung <- rd("lung"); veteran <- rd("veteran"); colon2 <- subset(rd("colon"), etype == 2); diabetic <- rd("diabetic"); gbsg <- rd("gbsg")
all_of <- function(r) for (s in names(r)) putv(s, unlist(r[[s]]))

## ---- critical values ----
bridge <- function(k, a, b) {
  A <- function(m, v) { if (v <= 0) return(1); h <- min(k, 12 * sqrt(v)); integrate(function(x) dnorm(x, 0, sqrt(v)) * cos(m * pi * x / (2 * k)), -h, h, rel.tol = 1e-11, subdivisions = 5000)$value }
  sqrt(2 * pi) / k * sum(sapply(seq(1, 61, 2), function(m) exp(-m^2 * pi^2 * (b - a) / (8 * k^2)) * A(m, a) * A(m, 1 - b)))
}
hw <- function(a, b, conf) uniroot(function(k) bridge(k, a, b) - conf, c(0.3, 2.5), tol = 1e-11)$root
ep <- function(a, b, conf) uniroot(function(x) 4 * dnorm(x) / x + dnorm(x) * (x - 1 / x) * log(b * (1 - a) / (a * (1 - b))) - (1 - conf), c(1.5, 7), tol = 1e-12)$root
for (r in list(c(0.1, 0.6), c(0.02, 0.1), c(0.2, 0.8), c(0.04, 0.98), c(0.3, 0.5))) for (conf in c(0.9, 0.95, 0.99))
  K(sprintf("critical.%g.%g.%g", r[1], r[2], conf), "inline", "critical values", sprintf("range %g to %g, level %g", r[1], r[2], conf),
    list(critical = c(hallwellner = hw(r[1], r[2], conf), ep = ep(r[1], r[2], conf))), all_of)

## ---- bands ----
limits <- function(S, reach, scale) switch(scale,        # reach = z se / S
  plain = cbind(pmax(S - reach * S, 0), pmin(S + reach * S, 1)), log = cbind(S * exp(-reach), pmin(S * exp(reach), 1)),
  loglog = cbind(S^exp(-reach / log(S)), S^exp(reach / log(S))),
  arcsin = cbind(sin(pmax(0, asin(sqrt(S)) - 0.5 * reach * sqrt(S / (1 - S))))^2, sin(pmin(pi / 2, asin(sqrt(S)) + 0.5 * reach * sqrt(S / (1 - S))))^2))
bands <- function(fit, kind, scale, conf = 0.95) {
  i <- which(fit$n.event > 0); i <- min(i):max(which(fit$n.event > 0 & fit$n.risk > fit$n.event))
  n <- fit$n; s <- fit$std.err[i]; v <- n * s^2; a <- v / (1 + v)
  k <- if (kind == "ep") ep(a[1], a[length(a)], conf) else hw(a[1], a[length(a)], conf)
  L <- limits(fit$surv[i], if (kind == "ep") k * s else k * (1 + v) / sqrt(n), scale)
  list(critical = c(value = k), lower = setNames(L[, 1], fit$time[i]), upper = setNames(L[, 2], fit$time[i]))
}
for (kind in c("hallwellner", "ep")) for (scale in c("plain", "log", "loglog", "arcsin"))
  K(paste("band", "veteran", kind, scale, sep = "."), "veteran", "band", paste("everybody,", kind, "on the scale", scale),
    bands(survfit(Surv(time, status) ~ 1, data = veteran), kind, scale), all_of)

## ---- comparisons at a time ----
at_time <- function(fit, t) { s <- summary(fit, times = t, extend = TRUE); S <- s$surv; se <- s$std.err; z <- qnorm(0.975)
  d <- S[2] - S[1]; sd <- sqrt(sum(se^2)); r <- S[2] / S[1]; sr <- sqrt(sum((se / S)^2)); q <- (1 - S[2]) / (1 - S[1]); sq <- sqrt(sum((se / (1 - S))^2))
  v <- se^2 / (S * log(S))^2; x <- diff(log(-log(S)))^2 / sum(v)
  list(difference = c(est = d, se = sd, lower = d - z * sd, upper = d + z * sd), ratio = c(est = r, se = sr, lower = r * exp(-z * sr), upper = r * exp(z * sr)),
       risk = c(est = q, se = sq, lower = q * exp(-z * sq), upper = q * exp(z * sq)), test = c(chisq = x, p = pchisq(x, 1, lower.tail = FALSE))) }
for (t in c(180, 365, 700)) K(paste0("at.lung.sex.", t), "lung", "comparison at a time", paste("survival of sex 2 against 1 at", t), at_time(survfit(Surv(time, status) ~ sex, data = lung), t), all_of)

## ---- quantiles: every pair of level stretches ----
quantiles <- function(f0, f1, p, scale, conf = 0.95) {
  h <- switch(scale, plain = identity, log = log, loglog = function(s) log(-log(s)))
  slope <- switch(scale, plain = function(s) 1, log = function(s) 1 / s, loglog = function(s) 1 / (s * log(s)))
  pieces <- function(f) { i <- f$n.event > 0; S <- f$surv[i]; se <- f$std.err[i] * S; d <- ((h(S) - h(1 - p)) / (slope(S) * se))^2
    d <- ifelse(S > 0 & S < 1, d, Inf); d <- ifelse(S < 1 - p, cummax(ifelse(S < 1 - p, d, 0)), d)   # below the level it never comes back
    data.frame(d = d, from = f$time[i], to = c(f$time[i][-1], Inf)) }
  a <- pieces(f0); b <- pieces(f1); g <- expand.grid(i = seq_len(nrow(a)), j = seq_len(nrow(b))); sum2 <- a$d[g$i] + b$d[g$j]
  ok <- g[sum2 <= qchisq(conf, 1), ]; same <- pmax(a$from[g$i], b$from[g$j]) < pmin(a$to[g$i], b$to[g$j])
  list(difference = c(lower = min(b$from[ok$j] - a$to[ok$i]), upper = max(b$to[ok$j] - a$from[ok$i])),
       ratio = c(lower = min(b$from[ok$j] / a$to[ok$i]), upper = max(b$to[ok$j] / a$from[ok$i])),
       test = c(chisq = min(sum2[same]), p = pchisq(min(sum2[same]), 1, lower.tail = FALSE))) }
for (scale in c("plain", "log", "loglog")) for (p in c(0.25, 0.5))
  K(paste("quantile.lung.sex", p, scale, sep = "."), "lung", "comparison of quantiles", paste("time to", p, "of sex 2 against 1, scale", scale),
    quantiles(survfit(Surv(time, status) ~ 1, data = lung, subset = sex == 1), survfit(Surv(time, status) ~ 1, data = lung, subset = sex == 2), p, scale), all_of)

## ---- robust and joint variances: residuals.survfit is the infinitesimal jackknife ----
joint <- function(fit, group, weight, cluster, t, type) {
  r <- residuals(fit, times = t, type = type); r <- as.vector(r) * weight
  m <- rowsum(sapply(sort(unique(group)), function(g) ifelse(group == g, r, 0)), cluster); crossprod(m) }
put_joint <- function(v) list(covariance = c(v11 = v[1, 1], v12 = v[1, 2], v22 = v[2, 2]))
diabetic$w <- 0.5 + (seq_len(nrow(diabetic)) %% 4) / 2
for (t in c(12, 36)) {
  K(paste0("joint.diabetic.surv.", t), "diabetic", "joint variance", paste("S at", t, "by trt, clusters id"), put_joint(with(diabetic, joint(survfit(Surv(time, status) ~ trt, data = diabetic), trt, 1, id, t, "surv"))), all_of)
  K(paste0("joint.diabetic.rmst.", t), "diabetic", "joint variance", paste("RMST to", t, "by trt, clusters id"), put_joint(with(diabetic, joint(survfit(Surv(time, status) ~ trt, data = diabetic), trt, 1, id, t, "auc"))), all_of)
  K(paste0("joint.diabetic.weighted.", t), "diabetic", "joint variance", paste("RMST to", t, "by trt, weights 0.5 + (row %% 4)/2, clusters id"), put_joint(with(diabetic, joint(survfit(Surv(time, status) ~ trt, data = diabetic, weights = w), trt, w, id, t, "auc"))), all_of)
}
K("pseudo.rmst.lung", "lung", "pseudo-values", "RMST to 365, everybody (infinitesimal jackknife)", pseudo(survfit(Surv(time, status) ~ 1, data = lung), times = 365, type = "rmst"), function(v) put("pseudo", seq_along(v), as.vector(v)))

## ---- adjusted curves ----
direct <- function(d, time, status, group, stratum, t) {
  ok <- !is.na(d[[stratum]]); d <- d[ok, ]; q <- table(d[[stratum]]) / nrow(d); L <- sort(unique(d[[group]]))
  S <- V <- matrix(0, length(q), length(L))
  for (s in seq_along(q)) for (g in seq_along(L)) { i <- d[[stratum]] == names(q)[s] & d[[group]] == L[g]
    f <- summary(survfit(Surv(d[[time]][i], d[[status]][i]) ~ 1), times = t, extend = TRUE); S[s, g] <- f$surv; V[s, g] <- f$std.err^2 }
  q <- as.vector(q); m <- colSums(q * S); cov <- diag(colSums(q^2 * V)) + (crossprod(S * sqrt(q)) - outer(m, m)) / nrow(d)
  list(surv = setNames(m, seq_along(m)), se = setNames(sqrt(diag(cov)), seq_along(m)), covariance = c(c12 = cov[1, 2])) }
for (t in c(500, 1500)) K(paste0("direct.gbsg.hormon.", t), "gbsg", "adjusted curve", paste("rfstime by hormon, standardised over grade, at", t), direct(gbsg, "rfstime", "status", "hormon", "grade", t), all_of)
model <- function(d, form, group, t, ties) {
  fit <- coxph(form, data = d, ties = ties, x = TRUE, control = coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 50))
  X <- model.matrix(fit); b <- coef(fit); V <- vcov(fit); n <- nrow(X); r <- as.vector(exp(X %*% b)); x0 <- 0 * X[1, ]
  L <- levels(factor(d[[group]])); y <- fit$y; time <- y[, 1]; dead <- y[, 2]; grp <- factor(d[[group]])
  one <- function(g) { H <- C <- 0; K <- 0 * b     # Efron's hazard, its squares, and the mean of the risk set along it
    for (u in sort(unique(time[dead == 1 & grp == g & time <= t]))) { R <- grp == g & time >= u; D <- R & time == u & dead == 1; m <- sum(D)
      for (k in seq_len(m) - 1) { f <- if (ties == "efron") k / m else 0; s0 <- sum(r[R]) - f * sum(r[D]); s1 <- colSums(X[R, , drop = FALSE] * r[R]) - f * colSums(X[D, , drop = FALSE] * r[D])
        H <- H + 1 / s0; C <- C + 1 / s0^2; K <- K + s1 / s0^2 } }
    S <- exp(-H * r); list(S = S, C = C * mean(S * r)^2, D = -colMeans(S * r * (H * X - rep(K, each = n)))) }
  e <- lapply(L, one); m <- sapply(e, function(x) mean(x$S)); k <- length(L)
  cov <- outer(1:k, 1:k, Vectorize(function(i, j) (i == j) * e[[i]]$C + sum(e[[i]]$D * (V %*% e[[j]]$D)) + (mean(e[[i]]$S * e[[j]]$S) - m[i] * m[j]) / n))
  list(surv = setNames(m, seq_len(k)), se = setNames(sqrt(diag(cov)), seq_len(k)), covariance = c(c12 = cov[1, 2])) }
for (t in c(90, 180, 400)) for (ties in c("efron", "breslow"))
  K(paste("model.veteran.trt", t, ties, sep = "."), "veteran", "adjusted curve", paste("by trt, adjusted for age and karno by a Cox model with a baseline for each trt,", ties, "ties, at", t), model(veteran, Surv(time, status) ~ age + karno + strata(trt), "trt", t, ties), all_of)

## ---- MaxCombo ----
maxcombo <- function(time, status, group, strata = rep(1, length(time))) {
  ok <- !(is.na(time) | is.na(status) | is.na(group) | is.na(strata)); time <- time[ok]; status <- status[ok]; g <- factor(group[ok]); strata <- strata[ok]
  U <- numeric(4); V <- matrix(0, 4, 4)
  for (s in unique(strata)) { S <- 1; i <- strata == s
    for (t in sort(unique(time[i & status == 1]))) { R <- i & time >= t; n <- sum(R); d <- sum(R & time == t & status == 1); p <- sum(R & g == levels(g)[2]) / n
      w <- c(1, 1 - S, S, S * (1 - S)); U <- U + w * (sum(R & time == t & status == 1 & g == levels(g)[2]) - p * d)
      if (n > 1) V <- V + outer(w, w) * d * (n - d) / (n - 1) * p * (1 - p)
      S <- S * (1 - d / n) } }
  z <- U / sqrt(diag(V)); m <- max(abs(z)); C <- cov2cor(V)
  ## inside: (0,1) and (1,0) free, (0,0) their sum, (1,1) given them
  B <- solve(C[2:3, 2:3], C[2:3, 4]); s4 <- sqrt(1 - sum(B * C[2:3, 4])); a <- sqrt(diag(V))[2:3] / sqrt(V[1, 1]); rho <- C[2, 3]; h <- sqrt(1 - rho^2)
  inner <- function(x) { lo <- max(-m, (-m - a[1] * x) / a[2]); hi <- min(m, (m - a[1] * x) / a[2]); if (lo >= hi) return(pnorm(0) * 2)
    outside2 <- pnorm((lo - rho * x) / h) + pnorm((hi - rho * x) / h, lower.tail = FALSE)
    f <- function(y) { mu <- B[1] * x + B[2] * y; dnorm(y, rho * x, h) * (pnorm((-m - mu) / s4) + pnorm((m - mu) / s4, lower.tail = FALSE)) }
    outside2 + integrate(f, lo, hi, rel.tol = 1e-11, abs.tol = 0, subdivisions = 2000)$value }
  cut <- sort(c(-m, m, seq(-m, m, length.out = 41))); f <- function(x) dnorm(x) * sapply(x, inner)
  p <- 2 * pnorm(-m) + sum(sapply(seq_len(length(cut) - 1), function(i) if (cut[i + 1] > cut[i]) integrate(f, cut[i], cut[i + 1], rel.tol = 1e-10, abs.tol = 0)$value else 0))
  list(z = setNames(z, c("00", "01", "10", "11")), max = c(statistic = m, p = p)) }
K("maxcombo.lung.sex", "lung", "MaxCombo", "by sex", with(lung, maxcombo(time, status - 1, sex)), all_of)
K("maxcombo.veteran.trt", "veteran", "MaxCombo", "by trt", with(veteran, maxcombo(time, status, trt)), all_of)
K("maxcombo.veteran.strat", "veteran", "MaxCombo", "by trt stratified by celltype", with(veteran, maxcombo(time, status, trt, celltype)), all_of)
K("maxcombo.gbsg.hormon", "gbsg", "MaxCombo", "by hormon", with(gbsg, maxcombo(rfstime, status, hormon)), all_of)
K("maxcombo.veteran.karno", "veteran", "MaxCombo", "by karno above 50: a small p", with(veteran, maxcombo(time, status, karno > 50)), all_of)
finish("curves")
