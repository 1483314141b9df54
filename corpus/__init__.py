"""What is written: files read, articles, laws, words. The leftmost room, imported before any other."""

from corpus.libraries import prepare

prepare()
