# survey_peer.R DIR: the same calibrations and estimates by R's survey package; CPU seconds.
suppressMessages(library(survey)); options(survey.lonely.psu = "adjust")
dir <- commandArgs(TRUE)[1]
s <- read.csv(file.path(dir, "sample.csv"), stringsAsFactors = TRUE); m <- read.csv(file.path(dir, "margins.csv"), stringsAsFactors = FALSE)
cpu <- function(what, expression) { t <- system.time(value <- expression); cat(sprintf("%s: %.2f s\n", what, t[1] + t[2])); invisible(value) }
cells <- m[m$variable == "sector*size", ]; regions <- m[m$variable == "region", ]; sums <- m[m$variable == "turnover@sector", ]
s$cell <- factor(paste(s$sector, s$size, sep = "*"), levels = cells$category)
# survey stops on an implied margin and on turnover left in euros: one region goes, and turnover is divided by its mean
unit <- sums$total / tapply(cells$total, substr(cells$category, 1, 3), sum); s$tu <- s$turnover / unit[as.integer(s$sector)]
totals <- c(cells$total, regions$total[-1], sums$total / unit)
f <- ~ 0 + cell + region + tu:sector
names(totals) <- colnames(model.matrix(f, s[1:1000, ]))
d <- cpu("svydesign", svydesign(~1, strata = ~stratum, fpc = ~Nh, weights = ~d, data = s))
linear <- cpu("calibrate, linear", calibrate(d, f, totals, calfun = "linear"))
cpu("calibrate, raking", calibrate(d, f, totals, calfun = "raking", epsilon = 1e-9, maxit = 100))
logit <- cpu("calibrate, logit", calibrate(d, f, totals, calfun = "logit", bounds = c(.3, 3), epsilon = 1e-9, maxit = 100))
cpu("total, calibrated variance", svytotal(~invest, logit))
e <- cpu("total by 100 domains, calibrated variance", svyby(~invest, ~cell, logit, svytotal))
cat(sprintf("first: %.6g, se %.6g; peak memory %.0f MB\n", e[1, 2], e[1, 3], sum(gc()[, 6])))
