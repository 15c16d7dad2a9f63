"""Measurements that people run by hand: make bench-…. Their results stand in docs/performance.md."""
