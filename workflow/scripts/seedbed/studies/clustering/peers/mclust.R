# Gaussian mixtures by the R package mclust: EM from a hierarchical partition, the shape of the covariances by BIC.
# Rscript --vanilla mclust.R X.csv result.csv NUMBER_OF_CLUSTERS MODEL SEED; see mclust.py.
if (!requireNamespace("mclust", quietly = TRUE)) {
  message("the R package mclust is not installed (Debian: r-cran-mclust; conda-forge: r-mclust)")
  quit(status = 77)
}
suppressPackageStartupMessages(library(mclust))
given <- commandArgs(trailingOnly = TRUE)
points <- as.matrix(read.csv(given[1]))
model <- if (given[4] == "null") NULL else given[4]
set.seed(as.integer(given[5])) # beyond 2000 rows mclust starts from a random subset
found <- Mclust(points, G = as.integer(given[3]), modelNames = model, verbose = FALSE)
if (is.null(found)) stop("no covariance model could be fitted to these data")
write.csv(data.frame(label = found$classification - 1), given[2], row.names = FALSE)
