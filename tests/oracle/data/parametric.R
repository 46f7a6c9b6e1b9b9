## parametric.R - parametric models that survreg does not have: Gompertz, generalised gamma, gamma, Royston-Parmar splines,
## and delayed entry.  Likelihoods written out from their definitions and climbed by optim, polished by Newton on numerical derivatives.
## Rscript parametric.R DATA_DIR OUT_DIR
args <- commandArgs(TRUE); D <- args[1]; O <- args[2]
rd <- function(f) read.csv(file.path(D, paste0(f, ".csv")))
out <- data.frame(case = character(), statistic = character(), term = character(), value = character())
cases <- data.frame(case = character(), dataset = character(), method = character(), spec = character(), rcall = character())
put <- function(case, stat, term, v) out[nrow(out) + 1, ] <<- list(case, stat, term, sprintf("%.17g", v))

## central differences, fourth order
grad <- function(f, b, h = 1e-3 * pmax(abs(b), 0.1)) sapply(seq_along(b), function(j) { e <- replace(0 * b, j, h[j])
  (8 * (f(b + e) - f(b - e)) - (f(b + 2 * e) - f(b - 2 * e))) / (12 * h[j]) })
hess <- function(f, b) { h <- 1e-3 * pmax(abs(b), 0.1); H <- sapply(seq_along(b), function(j) { e <- replace(0 * b, j, h[j])
  (8 * (grad(f, b + e) - grad(f, b - e)) - (grad(f, b + 2 * e) - grad(f, b - 2 * e))) / (12 * h[j]) }); (H + t(H)) / 2 }
fit <- function(case, data, method, spec, f, start, names) {
  o <- optim(start, f, method = "BFGS", control = list(fnscale = -1, maxit = 5000, reltol = 1e-15, parscale = pmax(abs(start), 0.1)))
  b <- o$par
  for (k in 1:6) { H <- hess(f, b); b <- b - solve(H, grad(f, b)) }
  V <- solve(-hess(f, b))
  cases[nrow(cases) + 1, ] <<- list(case, data, method, spec, "optim on the likelihood written out in parametric.R")
  for (j in seq_along(b)) { put(case, "coef", names[j], b[j]); put(case, "se", names[j], sqrt(V[j, j])) }
  put(case, "loglik", "", f(b))
}

lung <- rd("lung"); lung <- lung[complete.cases(lung[, c("time", "status", "age", "sex")]), ]
t <- lung$time; d <- as.numeric(lung$status == 2); X <- cbind(1, lung$age, lung$sex); nm <- c("(Intercept)", "age", "sex")

## Gompertz: hazard exp(x'b + a t)
gomp <- function(t0) function(b) { a <- b[4]; e <- drop(X %*% b[1:3]); H <- function(s) exp(e) * (if (abs(a) < 1e-12) s else expm1(a * s) / a)
  sum(d * (e + a * t)) - sum(H(t)) + sum(H(t0)) }
fit("gompertz.lung", "lung", "gompertz", "age + sex", gomp(0), c(-7, 0.02, -0.5, 5e-4), c(nm, "a"))
fit("gompertz.lung.entry", "lung", "gompertz, delayed entry", "age + sex, entry at time/3", gomp(t / 3), c(-7, 0.02, -0.5, 5e-4), c(nm, "a"))

## generalised gamma (Prentice); pgamma for the tails
gg <- function(b, tied) { mu <- drop(X %*% b[1:3]); s <- exp(b[4]); Q <- if (tied) s else b[5]; w <- (log(t) - mu) / s; k <- Q^-2; u <- k * exp(Q * w)
  lf <- log(abs(Q)) + k * log(k) - lgamma(k) + k * (Q * w - exp(Q * w)) - log(s * t); lS <- pgamma(u, k, lower.tail = Q < 0, log.p = TRUE)
  sum(ifelse(d == 1, lf, lS)) }
fit("gengamma.lung", "lung", "gengamma", "age + sex", function(b) gg(b, FALSE), c(6, -0.01, 0.4, -0.3, 0.8), c(nm, "Log(scale)", "Q"))
fit("gamma.lung", "lung", "gamma", "age + sex", function(b) gg(b, TRUE), c(6, -0.01, 0.4, -0.3), c(nm, "Log(scale)"))

## Weibull with delayed entry (aftreg's model)
wei <- function(b) { mu <- drop(X %*% b[1:3]); s <- exp(b[4]); z <- (log(t) - mu) / s; z0 <- (log(t / 3) - mu) / s
  sum(d * (z - b[4] - log(t))) - sum(exp(z)) + sum(exp(z0)) }
fit("weibull.lung.entry", "lung", "weibull, delayed entry", "age + sex, entry at time/3", wei, c(6, -0.01, 0.4, -0.3), c(nm, "Log(scale)"))

## Royston-Parmar, knots at type 7 quantiles of the log times of deaths
rp <- function(df, scale, entry) { y <- log(t); kn <- quantile(y[d == 1], seq(0, 1, length.out = df + 1), names = FALSE); p3 <- function(v) pmax(v, 0)^3; p2 <- function(v) 3 * pmax(v, 0)^2
  B <- function(y, p) { n <- length(kn); m <- cbind(y); if (identical(p, p2)) m <- cbind(0 * y + 1); for (j in seq_len(n - 2) + 1) { l <- (kn[n] - kn[j]) / (kn[n] - kn[1])
    m <- cbind(m, p(y - kn[j]) - l * p(y - kn[1]) - (1 - l) * p(y - kn[n])) }; m }
  b1 <- B(y, p3); s1 <- B(y, p2); b0 <- B(log(t / 3), p3)
  function(b) { e <- drop(X %*% b[1:3]); z <- e + drop(b1 %*% b[-(1:3)]); ds <- drop(s1 %*% b[-(1:3)]); z0 <- e + drop(b0 %*% b[-(1:3)])
    if (any(ds[d == 1] <= 0)) return(-1e10)
    lS <- function(z) switch(scale, hazard = -exp(z), odds = -log1p(exp(z)), normal = pnorm(-z, log.p = TRUE))
    lf <- switch(scale, hazard = z - exp(z), odds = dlogis(z, log = TRUE), normal = dnorm(z, log = TRUE))
    sum(ifelse(d == 1, lf + log(pmax(ds, 1e-300)) - y, lS(z))) - if (entry) sum(lS(z0)) else 0 } }
for (s in c("hazard", "odds", "normal")) for (df in 1:3)
  fit(paste0("rp.lung.", s, ".", df), "lung", "Royston-Parmar", paste0("age + sex, df ", df, ", scale ", s), rp(df, s, FALSE),
      c(switch(s, hazard = -8.5, odds = -9, normal = -5), 0.016, -0.5, switch(s, hazard = 1.3, odds = 1.7, normal = 1), rep(0.01, df - 1)),
      c(nm, paste0("c", 1:df)))
fit("rp.lung.entry", "lung", "Royston-Parmar, delayed entry", "age + sex, df 2, entry at time/3, scale hazard", rp(2, "hazard", TRUE), c(-8.5, 0.016, -0.5, 1.3, 0.01),
    c(nm, "c1", "c2"))
write.table(out, file.path(O, "parametric.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
write.table(cases, file.path(O, "parametric.cases.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
