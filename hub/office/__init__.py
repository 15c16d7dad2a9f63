"""The office's work: each part is a module, and office.py is the one place that knows them all.

Here nothing is imported: what judges needs a few of the parts, and no pages, papers and sheets.
"""
