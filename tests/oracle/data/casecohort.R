## casecohort.R - case-cohort samples: survival::cch on the sample of the National Wilms Tumor Study in nwtco.csv
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "lib.R"))
## The sample: everybody who relapsed, and the subcohort; of a cohort of 4,028.  data(nwtco, package = "survival").
if (length(.args) > 2) {
  d <- survival::nwtco
  d$subcohort <- as.numeric(d$in.subcohort)
  d <- d[d$in.subcohort | d$rel == 1, c("seqno", "instit", "histol", "stage", "study", "rel", "edrel", "age", "subcohort")]
  write.csv(d, file.path(.args[3], "nwtco.csv"), row.names = FALSE, quote = FALSE)
}
w <- rd("nwtco")
w$unfav <- as.numeric(w$histol == 2); w$s2 <- as.numeric(w$stage == 2); w$s3 <- as.numeric(w$stage == 3); w$s4 <- as.numeric(w$stage == 4)
w$years <- w$age / 12
## Late entry: follow-up counted from a day that differs between persons.
w$entry <- ifelse(w$seqno %% 3 == 0, 0, pmin(w$edrel - 1, w$seqno %% 200)); w$entry <- pmax(w$entry, 0)
late <- w[w$entry < w$edrel, ]
E_cch <- function(f) {
  n <- names(f$coefficients); V <- as.matrix(f$var); dimnames(V) <- list(n, n); P <- as.matrix(f$phase2var); dimnames(P) <- list(n, n)
  put("coef", n, f$coefficients); put("se", n, sqrt(diag(V))); putm("vcov", V); putm("phase2", P)
}
D <- "nwtco: time edrel, event rel, terms unfav = histol 2, s2 s3 s4 = stage, years = age / 12; cohort of 4,028"
for (m in c("Prentice", "SelfPrentice", "LinYing"))
  K(paste0("cch.", m), "nwtco", m, D, cch(Surv(edrel, rel) ~ unfav + s2 + s3 + s4 + years, data = w, subcoh = ~subcohort, id = ~seqno, cohort.size = 4028, method = m), E_cch)
K("cch.LinYing.robust", "nwtco", "LinYing robust", paste(D, "; robust"), cch(Surv(edrel, rel) ~ unfav + s2 + s3 + s4 + years, data = w, subcoh = ~subcohort, id = ~seqno, cohort.size = 4028, method = "LinYing", robust = TRUE), E_cch)
for (m in c("I.Borgan", "II.Borgan"))
  K(paste0("cch.", m), "nwtco", m, paste(D, "; sampling strata instit 1 (3,622) and 2 (406)"),
    cch(Surv(edrel, rel) ~ unfav + s2 + s3 + s4 + years, data = w, subcoh = ~subcohort, id = ~seqno, stratum = ~instit, cohort.size = c("1" = 3622, "2" = 406), method = m), E_cch)
L <- "nwtco with late entry: entry 0 where seqno is a multiple of 3, else the smaller of edrel - 1 and seqno modulo 200, rows with entry < edrel; time (entry, edrel]"
for (m in c("Prentice", "SelfPrentice", "LinYing"))
  K(paste0("cch.late.", m), "nwtco", m, L, cch(Surv(entry, edrel, rel) ~ unfav + years, data = late, subcoh = ~subcohort, id = ~seqno, cohort.size = 4028, method = m), E_cch)
for (m in c("I.Borgan", "II.Borgan"))
  K(paste0("cch.late.", m), "nwtco", m, paste(L, "; strata study 3 (1,900) and 4 (2,128)"),
    cch(Surv(entry, edrel, rel) ~ unfav + years, data = late, subcoh = ~subcohort, id = ~seqno, stratum = ~study, cohort.size = c("3" = 1900, "4" = 2128), method = m), E_cch)
finish("casecohort")
