"""Where it is found: the model, the vectors, the keywords, one store, the search."""

import os

# Two spinning OpenMP threads on a busy machine of two cores collapse (a matrix product fell from
# 128 to 1 GFLOP/s); the setting is read when the first library that uses OpenMP is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
