"""One job of a peer in Python: peers.py FOLDER N THREADS PEER JOB; prints seconds, peak MB and the number to agree on.
The matrix or frame is in memory and the job runs twice (once when it takes over 5 s): the second is timed."""
import os, sys, time, warnings
folder, n, threads, peer, what = sys.argv[1:6]
for v in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[v] = threads
warnings.filterwarnings("ignore")
try:
    import numpy as np, pandas as pd
    if peer == "statsmodels": import statsmodels.api as sm
    if peer == "sklearn": from sklearn.linear_model import LogisticRegression
except ImportError:
    sys.exit(3)
file = f"{folder}/cohort-{n}.csv"

def peak():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM")) / 1024

def job(f, number):
    for _ in range(2):
        start = time.perf_counter(); r = f(); took = time.perf_counter() - start
        if took > 5: break
    print(f"{took:.6f}\t{peak():.0f}\t{number(r):.12g}")

def matrix(extra):
    c = ["treatment", "age", "sex", "bmi", "sbp", "diabetes", "ckd", "stage", "htn", "copd", "region", "index_date"]
    d = pd.read_csv(file, usecols=c + extra)
    x = [np.ones(len(d)), d.treatment, d.age, d.sex == "M", d.bmi, d.sbp, d.diabetes, d.ckd]
    x += [d.stage == s for s in ("II", "III", "IV")] + [d.htn, d.copd]
    x += [d.region == r for r in sorted(d.region.unique())[1:]] + [((pd.to_datetime(d.index_date) - pd.Timestamp("2010-01-01")).dt.days // 365.25)]
    return d, np.asfortranarray(np.column_stack([np.asarray(v, float) for v in x]))

if peer == "pandas":
    labs = ["age", "bmi", "sbp", "hb", "crea", "crp", "alb", "plt", "ldl", "hba1c", "egfr"]
    d = pd.read_csv(file, usecols=labs + ["sex", "stage", "ckd", "site", "treatment", "cost", "los"])
    if what == "filter_count":
        job(lambda: ((d.age >= 50) & (d.age < 70) & (d.sex == "F") & ((d.stage == "III") | (d.stage == "IV")) & (d.crp > 5) & (d.ckd == 0) & (d.hb < 13)).sum(), float)
    elif what == "group_by":
        job(lambda: d.groupby(["site", "treatment"])[["age", "cost", "los", "crp"]].agg(["count", "mean", "std"]), lambda r: r.iloc[0][("age", "mean")])
    elif what == "table1_quartiles":
        job(lambda: (d.groupby("treatment")[labs].agg(["mean", "std"]), d.groupby("treatment")[labs].quantile([.25, .5, .75])), lambda r: r[0].iloc[0, 0])
elif what == "km_days":
    from statsmodels.duration.survfunc import SurvfuncRight
    d = pd.read_csv(file, usecols=["time", "status", "treatment"])
    def curves(): return [SurvfuncRight(d.time[d.treatment == k], (d.status[d.treatment == k] == 1) * 1) for k in (0, 1)]
    job(curves, lambda r: r[0].surv_prob[np.searchsorted(r[0].surv_times, 1000, "right") - 1])
elif what == "logistic_20":
    d, x = matrix(["resp"]); y = d.resp.to_numpy()
    if peer == "statsmodels":
        job(lambda: sm.Logit(y, x).fit(disp=0), lambda r: r.params[1])
    else:
        mean, sd = x[:, 1:].mean(0), x[:, 1:].std(0); z = (x[:, 1:] - mean) / sd
        job(lambda: LogisticRegression(penalty="none", solver="lbfgs", tol=1e-8, max_iter=500).fit(z, y), lambda r: r.coef_[0][0] / sd[0])
elif what == "poisson_20":
    d, x = matrix(["n_exac", "time_c"]); o = np.log(d.time_c.to_numpy() / 365.25)
    job(lambda: sm.GLM(d.n_exac.to_numpy(), x, family=sm.families.Poisson(), offset=o).fit(), lambda r: r.params[1])
elif what == "linear_20":
    d, x = matrix(["cost"]); y = np.log(d.cost.to_numpy())
    job(lambda: np.linalg.solve(x.T @ x, x.T @ y), lambda r: r[1]) # normal equations, the matrix ready, no standard errors
