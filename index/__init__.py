"""Where it is found: the model, the vectors, the keywords, one store, the search."""

import corpus as corpus  # first of all: it tells the libraries below what they may do
