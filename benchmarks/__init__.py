"""Measurements that a person runs; none of them is imported by the rooms."""
