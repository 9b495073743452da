# survey.R DIR [api]: what R's packages survey and sampling make of small samples, for comparison with maillage.
# Writes into DIR the inputs, what is expected, and cases.csv: name, arguments ({d}: DIR, {o}: the output), expected, keys.
# With "api", the samples of schools of the survey package as well (they stay out of the repository).
suppressMessages({library(survey); library(sampling)})
options(survey.lonely.psu = "adjust", digits = 15)
words <- commandArgs(TRUE); dir <- words[1]; with_api <- "api" %in% words
dir.create(dir, showWarnings = FALSE, recursive = TRUE)
cases <- NULL
save <- function(data, name) write.csv(format_numbers(data), file.path(dir, name), row.names = FALSE, quote = FALSE, na = "")
format_numbers <- function(data) { for (n in names(data)) if (is.double(data[[n]])) data[[n]] <- ifelse(is.finite(data[[n]]), sprintf("%.15g", data[[n]]), ""); data }
add <- function(name, arguments, expected, keys) {
  save(expected, paste0(name, ".expected.csv"))
  cases <<- rbind(cases, data.frame(name, arguments, expected = paste0(name, ".expected.csv"), keys))
}

# --- estimates, domain by domain, as maillage writes them -------------------------------------------------------------
expit <- function(x) 1 / (1 + exp(-x))
line <- function(by, statistic, variable, category, estimate, variance, ci, n, deff = NA) {
  estimate <- as.numeric(estimate); variance <- as.numeric(variance); ci <- as.numeric(ci)
  data.frame(by, statistic, variable, category, estimate, se = sqrt(variance), cv = sqrt(variance) / abs(estimate),
             lower = ci[1], upper = ci[2], n, deff, neff = n / deff)
}
student <- function(value, variance, df) value + c(-1, 1) * qt(.975, df) * sqrt(variance)
logit_ci <- function(p, variance, df) expit(log(p / (1 - p)) + c(-1, 1) * qt(.975, df) * sqrt(variance) / (p * (1 - p)))
beta_ci <- function(p, variance, df, n) {
  size <- if (variance > 0) p * (1 - p) / variance * (qt(.025, n - 1) / qt(.025, df))^2 else n
  c(if (p > 0) qbeta(.025, size * p, size * (1 - p) + 1) else 0, if (p < 1) qbeta(.975, size * p + 1, size * (1 - p)) else 1)
}
share_ci <- function(p, variance, df, n, kind) if (kind == "beta" || p <= 0 || p >= 1) beta_ci(p, variance, df, n) else logit_ci(p, variance, df)
# A calibrated design keeps the units that it leaves out, at weight 0: their value must be a number.
answered <- function(design, y) {
  missing <- is.na(design$variables[[y]]); design <- design[!missing, ]
  design$variables[[y]][is.na(design$variables[[y]])] <- if (is.numeric(design$variables[[y]])) 0 else ""
  design
}
count <- function(design) sum(weights(design, "sampling") != 0)
# The smallest value whose cumulated share reaches p: qrule "math", which in 4.1 gives the second value below the first share.
reach <- function(x, w, p) { x0 <- x[w > 0]; w0 <- w[w > 0]; o <- order(x0); x0[o][which(cumsum(w0[o]) >= p * sum(w0) * (1 - 1e-12))[1]] }
one_statistic <- function(design, by, statistic, variable, kind) {
  if (statistic == "quantile") {
    part <- strsplit(variable, ":")[[1]]; d <- answered(design, part[1])
    f <- as.formula(paste0("~", part[1])); p <- as.numeric(part[2])
    q <- svyquantile(f, d, p, qrule = reach)[[1]]
    if (anyNA(q)) q <- svyquantile(f, d, p, qrule = reach, interval.type = "xlogit")[[1]] # Woodruff's interval leaves 0..1
    return(line(by, statistic, variable, "", q[1], q[4]^2, q[2:3], count(d)))
  }
  if (statistic == "ratio") {
    part <- strsplit(variable, "/")[[1]]; d <- answered(answered(design, part[1]), part[2])
    r <- svyratio(as.formula(paste0("~", part[1])), as.formula(paste0("~", part[2])), d)
    return(line(by, statistic, variable, "", coef(r), vcov(r), student(as.numeric(coef(r)), as.numeric(vcov(r)), max(1, degf(d))), count(d)))
  }
  if (statistic == "share") {
    d <- answered(design, variable)
    return(do.call(rbind, lapply(sort(unique(na.omit(design_all$variables[[variable]]))), function(level) {
      d$variables$hit_ <- as.numeric(d$variables[[variable]] == level)
      m <- svymean(~hit_, d, deff = TRUE); v <- as.numeric(vcov(m))
      line(by, statistic, variable, level, coef(m), v, share_ci(as.numeric(coef(m)), v, max(1, degf(d)), count(d), kind), count(d), as.numeric(deff(m)))
    })))
  }
  d <- answered(design, variable); f <- as.formula(paste0("~", variable))
  m <- suppressWarnings(if (statistic == "total") svytotal(f, d, deff = TRUE) else svymean(f, d, deff = TRUE)); v <- as.numeric(vcov(m)); b <- as.numeric(coef(m))
  ci <- if (statistic == "balance") 2 * logit_ci((1 + b) / 2, v / 4, max(1, degf(d))) - 1 else student(b, v, max(1, degf(d)))
  line(by, statistic, variable, "", b, v, ci, count(d), as.numeric(deff(m)))
}
expect <- function(design, asked, by = NULL, kind = "logit") {
  design_all <<- design
  labels <- if (is.null(by)) NA else sort(unique(as.character(design$variables[[by]])))
  do.call(rbind, lapply(asked, function(a) do.call(rbind, lapply(labels, function(label) {
    d <- if (is.null(by)) design else { v <- design$variables[[by]]; subset(design, v == label) }
    key <- if (is.null(by)) data.frame(row.names = 1L) else setNames(data.frame(label), by)
    one_statistic(d, key, a[1], a[2], kind)
  }))))
}
ask <- function(asked) paste(vapply(asked, function(a) paste0("--", a[1], " ", a[2]), ""), collapse = " ")
keys_of <- function(by) paste(c(by, "statistic", "variable", "category"), collapse = " ")

# --- a small register and its sample ---------------------------------------------------------------------------------
set.seed(20261122)
N <- 3000
pop <- data.frame(sector = sample(c("A", "B", "C", "D"), N, TRUE, c(.4, .3, .2, .1)), size = sample(c("small", "mid", "large"), N, TRUE, c(.7, .25, .05)),
                  region = sample(c("R1", "R2", "R3"), N, TRUE))
pop$turnover <- round(exp(4 + c(small = 0, mid = 1.5, large = 3)[pop$size] + rnorm(N)) * 1000)
pop$opinion <- sample(c(-1, 0, 1), N, TRUE, c(.3, .35, .35))
pop$invest <- round(pop$turnover * .05 * exp(rnorm(N)) * (runif(N) < .5))
pop$stratum <- paste(pop$size, pop$region, sep = ".")
n_of <- c(small.R1 = 60, small.R2 = 50, small.R3 = 40, mid.R1 = 40, mid.R2 = 35, mid.R3 = 30, large.R1 = 999, large.R2 = 20, large.R3 = 1)
pick <- unlist(lapply(split(seq_len(N), pop$stratum), function(i) i[sample.int(length(i), min(length(i), n_of[pop$stratum[i[1]]]))]))
units <- pop[sort(pick), ]
units$id <- sprintf("U%04d", seq_len(nrow(units)))
units$Nh <- as.vector(table(pop$stratum)[units$stratum])
units$d0 <- units$Nh / as.vector(table(units$stratum)[units$stratum])
units$d <- units$d0 * c(A = .9, B = 1.05, C = 1.1, D = .95)[units$sector]
units$q <- round(runif(nrow(units), .5, 2), 3)
units$opinion[sample(nrow(units), 25)] <- NA
units$answer <- ifelse(is.na(units$opinion), NA, c("worse", "same", "better")[units$opinion + 2])
units$group <- paste0("G", 1 + seq_len(nrow(units)) %% 29 + 100 * match(units$region, c("R1", "R2", "R3")))
units <- units[, c("id", "sector", "size", "region", "stratum", "group", "turnover", "invest", "opinion", "answer", "Nh", "d0", "d", "q")]
save(units, "units.csv")

# --- calibration ------------------------------------------------------------------------------------------------------
total_of <- function(f) as.data.frame(f)
margins <- rbind(
  with(as.data.frame(table(pop$sector, pop$size)), data.frame(variable = "sector*size", category = paste(Var1, Var2, sep = "*"), total = as.numeric(Freq))),
  with(as.data.frame(table(pop$region)), data.frame(variable = "region", category = as.character(Var1), total = as.numeric(Freq))),
  data.frame(variable = "turnover@sector", category = sort(unique(pop$sector)), total = as.vector(tapply(pop$turnover, pop$sector, sum))))
save(margins, "margins.csv")
plain <- rbind(with(as.data.frame(table(pop$sector)), data.frame(variable = "sector", category = as.character(Var1), total = as.numeric(Freq))),
               with(as.data.frame(table(pop$size)), data.frame(variable = "size", category = as.character(Var1), total = as.numeric(Freq))),
               data.frame(variable = "turnover", category = "", total = sum(pop$turnover)))
save(plain, "margins_plain.csv")
mean_turnover <- mean(pop$turnover)
scaled <- function(data) transform(data, tu = turnover / mean_turnover)
base <- svydesign(~1, strata = ~stratum, weights = ~d, fpc = ~Nh, data = scaled(units))
full <- ~sector * size + region + tu:sector; simple <- ~sector + size + tu
totals <- function(f) colSums(model.matrix(f, scaled(pop)))
written <- function(design) data.frame(id = units$id, d = units$d, g = weights(design) / units$d, w = weights(design))
cal <- list(
  linear = calibrate(base, full, totals(full), calfun = "linear"),
  raking = calibrate(base, full, totals(full), calfun = "raking", epsilon = 1e-13, maxit = 200),
  logit = calibrate(base, full, totals(full), calfun = "logit", bounds = c(.2, 4), epsilon = 1e-13, maxit = 200),
  truncated = calibrate(base, simple, totals(simple), calfun = "linear", bounds = c(.8, 1.35), epsilon = 1e-13, maxit = 500),
  scaled = calibrate(base, simple, totals(simple), calfun = "linear", variance = 1 / units$q))
stopifnot(max(abs(calib(model.matrix(simple, scaled(units)), units$d, totals(simple), q = units$q, method = "linear") - written(cal$scaled)$g)) < 1e-8)
calibrate_words <- function(margins, more) paste0("survey calibrate --units {d}/units.csv --margins {d}/", margins, " --weight d --out {o} ", more)
add("calibrate_linear", calibrate_words("margins.csv", "--method linear"), written(cal$linear), "id")
add("calibrate_raking", calibrate_words("margins.csv", "--method raking"), written(cal$raking), "id")
add("calibrate_logit", calibrate_words("margins.csv", "--method logit --bounds 0.2,4"), written(cal$logit), "id")
add("calibrate_truncated", calibrate_words("margins_plain.csv", "--method truncated --bounds 0.8,1.35"), written(cal$truncated), "id")
add("calibrate_scaled", calibrate_words("margins_plain.csv", "--method linear --scale q"), written(cal$scaled), "id")

# --- estimates --------------------------------------------------------------------------------------------------------
everything <- list(c("total", "invest"), c("mean", "turnover"), c("mean", "opinion"), c("ratio", "invest/turnover"), c("share", "answer"),
                   c("balance", "opinion"), c("quantile", "turnover:0.5"), c("quantile", "turnover:0.9"))
estimate_words <- function(weights, design, asked, more = "")
  paste0("survey estimate --units {d}/units.csv --weights {d}/", weights, " --design ", design, " ", ask(asked), " --effects --out {o} ", more)
save(with(units, data.frame(id, d = d0, g = 1, w = d0)), "weights_plain.csv")
fpc <- "stratum=stratum,fpc=Nh"
plain_design <- svydesign(~1, strata = ~stratum, weights = ~d0, fpc = ~Nh, data = units)
add("estimate_plain", estimate_words("weights_plain.csv", fpc, everything), expect(plain_design, everything), keys_of(NULL))
add("estimate_plain_by", estimate_words("weights_plain.csv", fpc, everything, "--by sector"), expect(plain_design, everything, "sector"), keys_of("sector"))
add("estimate_beta", estimate_words("weights_plain.csv", fpc, list(c("share", "answer")), "--by size --interval beta"),
    expect(plain_design, list(c("share", "answer")), "size", "beta"), keys_of("size"))
endless <- svydesign(~1, strata = ~stratum, weights = ~d0, data = units)
totals_only <- list(c("total", "invest"), c("mean", "turnover"))
for (rule in c("adjust", "certainty", "average")) {
  options(survey.lonely.psu = rule)
  add(paste0("estimate_lonely_", rule), estimate_words("weights_plain.csv", "stratum=stratum", totals_only, paste("--lonely", rule)), expect(endless, totals_only), keys_of(NULL))
}
options(survey.lonely.psu = "adjust")
clusters <- svydesign(~group, strata = ~region, weights = ~d0, data = units)
add("estimate_clusters", estimate_words("weights_plain.csv", "stratum=region,cluster=group", everything, "--by sector"), expect(clusters, everything, "sector"), keys_of("sector"))
for (method in c("linear", "raking", "logit")) {
  save(written(cal[[method]]), paste0("weights_", method, ".csv"))
  add(paste0("estimate_", method), estimate_words(paste0("weights_", method, ".csv"), fpc, everything, paste("--margins {d}/margins.csv --method", method, "--by sector")),
      expect(cal[[method]], everything, "sector"), keys_of("sector"))
}
save(written(cal$scaled), "weights_scaled.csv")
add("estimate_scaled", estimate_words("weights_scaled.csv", fpc, everything, "--margins {d}/margins_plain.csv --method linear --scale q --by region"),
    expect(cal$scaled, everything, "region"), keys_of("region"))

# --- allocation: unit by unit, the slow way ---------------------------------------------------------------------------
strata <- data.frame(stratum = names(table(pop$stratum)), N = as.integer(table(pop$stratum)), sd = as.vector(tapply(pop$turnover, pop$stratum, sd)))
strata$max <- ifelse(strata$stratum == "mid.R1", 30, NA); strata$max <- ifelse(is.na(strata$max), strata$N, strata$max)
strata$min <- ifelse(strata$stratum == "large.R1", strata$N, 0)
save(strata, "strata.csv")
n <- pmax(pmin(5, strata$N), strata$min)
while (sum(n) < 400) {
  gain <- ifelse(n < strata$max, (strata$N * strata$sd)^2 * (1 / n - 1 / (n + 1)), -1)
  n[which.max(gain)] <- n[which.max(gain)] + 1
}
add("allocate", "survey allocate --strata {d}/strata.csv --total 400 --min 5 --out {o}", data.frame(stratum = strata$stratum, N = strata$N, n), "stratum")

# --- schools ----------------------------------------------------------------------------------------------------------
if (with_api) {
  data(api)
  school <- function(data) transform(data, id = snum, one = "1")
  write_school <- function(data, name) save(school(data)[, c("id", "one", "stype", "sch.wide", "dnum", "api00", "api99", "enroll", "api.stu", "pw", "fpc")], name)
  write_school(apistrat, "apistrat.csv"); write_school(apiclus1, "apiclus1.csv")
  asked <- list(c("total", "enroll"), c("mean", "api00"), c("ratio", "api.stu/enroll"), c("share", "sch.wide"), c("quantile", "api00:0.5"), c("quantile", "api00:0.25"))
  words_of <- function(name, weights, design, more = "") paste0("survey estimate --units {d}/", name, " --weights {d}/", weights, " --design ", design, " ", ask(asked), " --effects --out {o} ", more)
  weights_of <- function(data, w, name) save(data.frame(id = data$snum, d = data$pw, g = w / data$pw, w = w), name)
  strat <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
  weights_of(apistrat, weights(strat), "apistrat_w.csv")
  add("api_strat", words_of("apistrat.csv", "apistrat_w.csv", "stratum=stype,fpc=fpc"), expect(strat, asked), keys_of(NULL))
  add("api_strat_by", words_of("apistrat.csv", "apistrat_w.csv", "stratum=stype,fpc=fpc", "--by sch.wide"), expect(strat, asked, "sch.wide"), keys_of("sch.wide"))
  clus <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
  weights_of(apiclus1, weights(clus), "apiclus1_w.csv")
  add("api_clus", words_of("apiclus1.csv", "apiclus1_w.csv", "stratum=one,fpc=fpc,cluster=dnum", "--by stype"), expect(clus, asked, "stype"), keys_of("stype"))
  known <- rbind(data.frame(variable = "stype", category = c("E", "H", "M"), total = as.numeric(table(apipop$stype))), data.frame(variable = "api99", category = "", total = sum(apipop$api99)))
  save(known, "api_margins.csv")
  population <- c(`(Intercept)` = nrow(apipop), stypeH = sum(apipop$stype == "H"), stypeM = sum(apipop$stype == "M"), api99 = sum(apipop$api99))
  for (method in c("linear", "raking", "logit")) {
    done <- if (method == "linear") calibrate(clus, ~stype + api99, population) else
      calibrate(clus, ~stype + api99, population, calfun = method, bounds = if (method == "logit") c(.5, 2) else c(-Inf, Inf), epsilon = 1e-12, maxit = 200)
    weights_of(apiclus1, weights(done), paste0("apiclus1_", method, ".csv"))
    add(paste0("api_calibrate_", method), paste0("survey calibrate --units {d}/apiclus1.csv --margins {d}/api_margins.csv --weight pw --out {o} --method ", method, if (method == "logit") " --bounds 0.5,2" else ""),
        data.frame(id = apiclus1$snum, w = weights(done)), "id")
    add(paste0("api_", method), words_of("apiclus1.csv", paste0("apiclus1_", method, ".csv"), "stratum=one,fpc=fpc,cluster=dnum", paste("--margins {d}/api_margins.csv --by stype --method", method)),
        expect(done, asked, "stype"), keys_of("stype"))
  }
}
write.csv(cases, file.path(dir, "cases.csv"), row.names = FALSE)
