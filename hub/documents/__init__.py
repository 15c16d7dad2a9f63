"""Papers: what is printed, set by typst in Sarabun. The only place that knows typst and segno. One folder a paper."""
